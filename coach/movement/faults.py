"""From a finished movement to what was wrong with it, against the person's own standing."""

from dataclasses import dataclass
from statistics import median

from coach.domain.calibration import Calibration
from coach.domain.terms import Back, Fault, Spine
from coach.movement.back_line import Bend
from coach.movement.kinds import knees_did_it
from coach.movement.reps import Movement

SHALLOW_DEG = 40.0
KNEES_DEG = 34.0
DRIFT_DEG = 18.0
HANGING_REACH = 0.85
HYPER_DEG = -8.0
SOFT_DEG = 12.0
HEAD_DEG = 22.0
BOW_LIMIT = 0.012
BOW_SPREADS = 4.0
RESIDUAL_LIMIT = 0.02
RATIO_LIMIT = 0.06


@dataclass(frozen=True, slots=True)
class BackSeen:
    """What the bottom frames of one rep showed of the back.

    outline: the dorsal outline, station by station, empty when it was not seen
    ratio: length of the trunk over its length when standing
    """

    outline: tuple[float, ...]
    ratio: float


def movement_faults(movement: Movement) -> tuple[Fault, ...]:
    """Every fault but the back's, in the order in which they are declared."""
    zero = movement.standing
    bottom = [s.measures for s in movement.around_bottom()]
    found: list[Fault] = []
    top = min(s.lean_deg for s in movement.top)
    if top < HYPER_DEG:
        found.append(Fault.HYPEREXTENDED)
    squat = knees_did_it(movement)
    if squat:
        found.append(Fault.SQUATTING)
    elif movement.lean_deg < SHALLOW_DEG:
        found.append(Fault.SHALLOW)
    if top > SOFT_DEG:
        found.append(Fault.SOFT_LOCKOUT)
    if not squat and movement.knee_deg > KNEES_DEG:
        found.append(Fault.KNEES_BENDING)
    arm = median(m.arm_deg for m in bottom)
    hanging = median(m.reach for m in bottom) > HANGING_REACH and abs(arm) < 90
    if hanging and arm > DRIFT_DEG:
        found.append(Fault.ARMS_DRIFTING)
    if abs(median(m.neck_deg for m in bottom) - zero.neck_deg) > HEAD_DEG:
        found.append(Fault.HEAD_OFF)
    return tuple(found)


def judge_back(bend: Bend | None, seen: BackSeen, own: Calibration) -> Back:
    """The verdict on the back against the person's own neutral reps."""
    limit = max(BOW_LIMIT, BOW_SPREADS * own.spread)
    if bend is not None and bend.residual <= RESIDUAL_LIMIT:
        where = Spine.UNCLEAR
        if bend.bow > limit:
            if bend.lower > 1.5 * bend.upper:
                where = Spine.LUMBAR
            elif bend.upper > 1.5 * bend.lower:
                where = Spine.THORACIC
        return Back(True, "contour", bend.bow, limit, where)
    if seen.ratio > 0 and own.ratio > 0:
        return Back(True, "landmarks", own.ratio - seen.ratio, RATIO_LIMIT)
    return Back(False, "none")

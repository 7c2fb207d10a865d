"""From a finished movement to what was wrong with it, against own standing and own neutral reps."""

from dataclasses import replace
from statistics import median

from coach.domain.calibration import Calibration
from coach.domain.terms import Back, Evidence, Fault, Spine, Unit
from coach.movement.back_line import bend
from coach.movement.kinds import SQUAT_DROP, SQUAT_KNEE_DEG, frontal, squatted
from coach.movement.movements import Movement, Top
from coach.movement.neutral import Shape

SHALLOW_DEG = 40.0
"""Half-way between a hinge with its pass of about 50 degrees and one turned back at 30."""
KNEES_DEG = 34.0
HYPER_DEG = 10.0
SOFT_DEG = 12.0
DRIFT_DEG = 18.0
HANGING_REACH, HANGING_DEG = 0.85, 90.0
"""An arm hangs when it is straight and below the shoulder; others cannot drift."""
FACE_DEG = 12.0
"""The model shows only about half of what a neck does: this is 20 to 25 degrees of it."""

LANDMARK_LIMIT, BOW_LIMIT = 0.014, 0.018
"""Bow from which a back is called rounded, in torso lengths, by the landmarks alone and with the
outline's word: 25 degrees of flexion bow the outline by 0.01 to 0.03, and the two other signs add
as much. The outline accuses and does not acquit: a palm on the low back fills the very bow."""
BOW_RANGE = -0.005, 0.03
RESIDUAL_LIMIT = 0.02
"""What the outline may say for and against; beyond the residual, hands or elbows are in it and it
says nothing."""
SHRINK_BOW = 1 / 3
"""A flexed trunk is also shorter from hip to shoulder: 3 % count like a bow of 0.01 ..."""
DEPTH_SHRINK_PER_DEG = 0.002
"""(of which a deeper fold alone takes so much) ..."""
NECK_BOW_PER_DEG, NECK_RANGE_DEG = 0.001, (-10.0, 30.0)
"""... and its upper end leans further than the whole, which turns the neck against it. Neither
sign would do alone: depth shortens the trunk too, and a dropped head turns the neck."""
BULGE_LIMIT, BULGE_RESIDUAL = 0.057, 0.01
"""A back that bulges so far beyond a straight line, and so smoothly, is round whoever it is: of 170
straight ones the roundest bulged by 0.055."""
THORACIC_NECK_DEG, LUMBAR_NECK_DEG = 20.0, 9.0
"""The neck's turn tells which end of the trunk bent."""


def movement_faults(movement: Movement) -> tuple[Evidence, ...]:
    """The faults on the way and at the bottom that own standing is enough for."""
    bottom = [s.measures for s in movement.around_bottom()]
    squat = squatted(movement)
    found: list[Evidence] = []
    if squat:
        found.append(_squatting(movement))
    elif movement.lean_deg < SHALLOW_DEG:
        found.append(Evidence(Fault.SHALLOW, movement.lean_deg, SHALLOW_DEG))
    if not squat and not frontal(movement) and movement.knee_deg > KNEES_DEG:
        found.append(Evidence(Fault.KNEES_BENDING, movement.knee_deg, KNEES_DEG))
    arm = median(m.arm_deg for m in bottom)
    hanging = median(m.reach for m in bottom) > HANGING_REACH and abs(arm) < HANGING_DEG
    if hanging and arm > DRIFT_DEG:
        found.append(Evidence(Fault.ARMS_DRIFTING, arm, DRIFT_DEG))
    return tuple(found)


def top_fault(top: Top) -> Evidence | None:
    """Leaning back is seen when it happens; short of straight only when nothing more comes."""
    if -top.lean_deg > HYPER_DEG:
        return Evidence(Fault.HYPEREXTENDED, -top.lean_deg, HYPER_DEG)
    if top.over and top.lean_deg > SOFT_DEG:
        return Evidence(Fault.SOFT_LOCKOUT, top.lean_deg, SOFT_DEG)
    return None


def back_faults(shape: Shape, back: Back, own: Calibration | None) -> tuple[Evidence, ...]:
    """Those of back and neck, against the person's own neutral shape where it is known."""
    found: list[Evidence] = []
    if is_rounded(back):
        assert back.bow is not None and back.limit is not None, "what is rounded was measured"
        found.append(Evidence(Fault.ROUNDED_BACK, back.bow, back.limit, Unit.TORSOS))
    if back.judged and own is not None:
        turned = shape.face_deg - own.face_deg
        if abs(turned) > FACE_DEG:
            found.append(Evidence(Fault.HEAD_OFF, turned, FACE_DEG))
    return tuple(found)


def _squatting(movement: Movement) -> Evidence:
    """The knees from the side; from the front, where they cannot be measured, the hips."""
    if frontal(movement):
        return Evidence(Fault.SQUATTING, 100 * movement.drop, 100 * SQUAT_DROP, Unit.HIPS)
    return Evidence(Fault.SQUATTING, movement.knee_deg, SQUAT_KNEE_DEG)


def judge_back(shape: Shape, own: Calibration) -> Back:
    """The verdict on the back against the person's own neutral reps."""
    if shape.ratio <= 0 or own.ratio <= 0:
        return Back(False, "none")
    neck = shape.neck_deg - own.neck_deg
    deeper = max(0.0, shape.hip_deg - own.hip_deg)
    shrunk = own.ratio - shape.ratio - DEPTH_SHRINK_PER_DEG * deeper
    bow = SHRINK_BOW * shrunk + NECK_BOW_PER_DEG * _within(neck, NECK_RANGE_DEG)
    back = Back(True, "landmarks", bow, LANDMARK_LIMIT)
    if not is_rounded(back) and shape.outline and own.outline:
        found = bend(shape.outline, own.outline)
        if found.residual <= RESIDUAL_LIMIT:
            back = Back(True, "contour", bow + _within(found.bow, BOW_RANGE), BOW_LIMIT)
    if is_rounded(back) and neck > THORACIC_NECK_DEG:
        return replace(back, where=Spine.THORACIC)
    if is_rounded(back) and neck < LUMBAR_NECK_DEG:
        return replace(back, where=Spine.LUMBAR)
    return back


def judge_first(shape: Shape) -> Back:
    """The verdict while own neutral is being learned: straight, unless it is plainly not."""
    if not shape.outline:
        return Back(True, "landmarks", 0.0, BOW_LIMIT)
    bulge = bend(shape.outline, (0.0,) * len(shape.outline))
    if bulge.bow > BULGE_LIMIT and bulge.residual < BULGE_RESIDUAL:
        return Back(True, "contour", bulge.bow, BULGE_LIMIT)
    return Back(True, "contour", 0.0, BOW_LIMIT)


def is_rounded(back: Back) -> bool:
    return back.judged and back.bow is not None and back.limit is not None and back.bow > back.limit


def _within(value: float, limits: tuple[float, float]) -> float:
    low, high = limits
    return min(high, max(low, value))

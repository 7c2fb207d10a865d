"""The words of the field, as enums and small values that every other part shares."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import erf, sqrt


class Command(StrEnum):
    """What a person can say to the coach. The value is its id in packs, journals and the CLI."""

    WAKE = "hey-coach"
    SOMEBODY = "somebody-else"
    DONE = "done"
    AGAIN = "again"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    HOW_MANY = "how-many"
    HELP = "help"
    YES = "yes"
    NO = "no"
    GOOD = "good"
    ROUNDED = "rounded"
    HOW_AM_I = "how-am-i-doing"
    HURTS = "it-hurts"
    WEIGHT = "weight"
    WHY = "why"


class Fault(StrEnum):
    """What can go wrong in a rep, in the order in which corrections are chosen."""

    ROUNDED_BACK = "rounded-back"
    HYPEREXTENDED = "hyperextended"
    SQUATTING = "squatting"
    SHALLOW = "shallow"
    SOFT_LOCKOUT = "soft-lockout"
    KNEES_BENDING = "knees-bending"
    ARMS_DRIFTING = "arms-drifting"
    HEAD_OFF = "head-off"


AT_THE_TOP = frozenset({Fault.HYPEREXTENDED, Fault.SOFT_LOCKOUT})
"""Faults that show only when the rep has come back, so that they are known after it."""


class Side(StrEnum):
    """The leg stood on, in drills that are done on one leg."""

    LEFT = "left"
    RIGHT = "right"


class Arms(StrEnum):
    """Where the arms are in a drill whose load grows by them, in guide A's order."""

    LOW_BACK = "low-back"
    EARS = "ears"
    CHEST = "chest"


class Question(StrEnum):
    """What no camera can see, so it is asked. The value is its cue."""

    CONTACT = "ask.contact"
    CONTACT_ALL = "ask.contact-all"
    BACK = "ask.back"
    STRETCH = "ask.stretch"
    PAIN = "ask.pain"


class Verdict(StrEnum):
    """What the coach can honestly say of a rep."""

    CLEAN = "clean"
    FAULT = "fault"
    UNJUDGED = "unjudged"


class View(StrEnum):
    """From where the camera sees the person."""

    SIDE = "side"
    OBLIQUE = "oblique"
    FRONT = "front"
    ABSENT = "absent"


class Framing(StrEnum):
    """Why a view cannot be judged, as something the person can mend."""

    NOBODY = "nobody"
    TURN_SIDEWAYS = "turn-sideways"
    STEP_BACK = "step-back"
    FEET_HIDDEN = "feet-hidden"
    HEAD_HIDDEN = "head-hidden"
    COMPANY = "company"


class Device(StrEnum):
    """What a session can lose and get back."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    STORE = "store"
    VOICE = "voice"


class Spine(StrEnum):
    """Which part of the back bowed, where it is clear."""

    LUMBAR = "lumbar"
    THORACIC = "thoracic"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Back:
    """What the back line showed around the bottom of one rep.

    judged: whether the numbers below support a verdict at all
    method: "contour" (virtual dowel), "landmarks" (fall-back) or "none"
    bow: mean sagitta against the person's own neutral, in torso lengths
    limit: the bow from which the back counts as rounded, in torso lengths
    """

    judged: bool
    method: str
    bow: float | None = None
    limit: float | None = None
    where: Spine = Spine.UNCLEAR


class Unit(StrEnum):
    """In what a fault is measured."""

    DEGREES = "degrees"
    TORSOS = "torso lengths"
    HIPS = "percent of the hips' height"


ERRORS = {Unit.DEGREES: 7.0, Unit.TORSOS: 0.009}
"""One standard deviation: what every angle from a camera carries, and how far the bows of 76 clean
reps of rendered people scattered. Of the hips' height none is known."""


SUREST = 0.99
"""Nobody should claim to be surer than this of what a camera saw."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The number behind a fault, in `unit`, and the limit that it passed.

    shallow: below the limit; head-off: positive for a chin that drops, negative for one that lifts
    """

    fault: Fault
    measured: float
    limit: float
    unit: Unit = Unit.DEGREES

    @property
    def confidence(self) -> float | None:
        """0..1, that the true value lies beyond the limit; None where no error is known."""
        error = ERRORS.get(self.unit)
        if error is None:
            return None
        short = self.fault is Fault.SHALLOW
        over = self.limit - self.measured if short else abs(self.measured) - self.limit
        return min(SUREST, 0.5 * (1 + erf(over / error / sqrt(2))))


@dataclass(frozen=True, slots=True)
class Rep:
    """One completed movement: stand, bottom, stand.

    number: 1-based within the set
    t: time of the bottom, monotonic seconds (a clip's own time when recorded)
    lean_deg: trunk lean at the bottom beyond own standing
    knee_deg: knee flexion at the bottom beyond own standing; None when unseen
    evidence: what each fault was seen by
    """

    number: int
    t: float
    verdict: Verdict
    faults: tuple[Fault, ...]
    lean_deg: float
    knee_deg: float | None
    back: Back
    duration_s: float
    evidence: tuple[Evidence, ...] = ()

    def with_fault(self, found: Evidence) -> "Rep":
        """The same rep with one more fault, or with what it came to in the end."""
        others = tuple(one for one in self.evidence if one.fault is not found.fault)
        faults = sorted({*self.faults, found.fault}, key=list(Fault).index)
        return replace(self, verdict=Verdict.FAULT, faults=tuple(faults), evidence=(*others, found))

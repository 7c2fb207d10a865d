"""Everything that can be done: imperative, frozen. `step` returns these; only the loop acts."""

from dataclasses import dataclass
from enum import IntEnum

from coach.domain.calibration import Calibration
from coach.domain.mastery import Progress
from coach.domain.terms import Arms, Command, Rep, Side


@dataclass(frozen=True, slots=True)
class Effect:
    pass


class Priority(IntEnum):
    """Who may speak first when two things want to be said; higher interrupts lower."""

    COUNT = 1
    TALK = 2
    CORRECTION = 3
    NEWS = 4
    """About the coach itself: a device gone or back. Said once, so a hush keeps it waiting."""
    URGENT = 5


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to say: an id of the voice pack and the values for its blanks."""

    id: str
    values: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Speak(Effect):
    utterance: int
    cue: Cue


@dataclass(frozen=True, slots=True)
class StopSpeaking(Effect):
    pass


@dataclass(frozen=True, slots=True)
class UseLanguage(Effect):
    """From now on speak and understand this language."""

    language: str


@dataclass(frozen=True, slots=True)
class StartTimer(Effect):
    timer: int
    seconds: float


@dataclass(frozen=True, slots=True)
class CancelTimer(Effect):
    timer: int


@dataclass(frozen=True, slots=True)
class StartSession(Effect):
    """Somebody called the coach: open a record for what follows.

    resumed: it goes on with the session before, after a stop or a silence
    """

    program: str
    person: str = "me"
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class OfRep(Effect):
    """One rep and its place; `cue` is the correction it earned."""

    drill: str
    set_number: int
    rep: Rep
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class RecordRep(OfRep):
    """Keep the rep for good, before it is counted aloud."""


@dataclass(frozen=True, slots=True)
class AmendRep(OfRep):
    """What the top of the rep has shown, into its record."""


@dataclass(frozen=True, slots=True)
class RecordSet(Effect):
    """Keep the end of a set and what the gate said of it.

    streak: the longest run of kept reps
    check: it was the set without feedback that decides whether a drill stayed
    """

    drill: str
    set_number: int
    reps: int
    clean: int
    outcome: str
    streak: int = 0
    check: bool = False
    side: Side | None = None
    arms: Arms | None = None
    weight_kg: float | None = None


@dataclass(frozen=True, slots=True)
class RecordProgress(Effect):
    """Keep how far the person has come with one drill."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class RecordAnswer(Effect):
    """Keep what the person said when asked; None when there was no answer."""

    drill: str
    set_number: int
    question: str
    answer: bool | None


@dataclass(frozen=True, slots=True)
class RecordCalibration(Effect):
    """Keep the person's own neutral back for every later session."""

    calibration: Calibration


@dataclass(frozen=True, slots=True)
class EndSession(Effect):
    """The training session is over: close its record."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ignore(Effect):
    """Nothing was done, and why: nothing is dropped in silence."""

    reason: str


@dataclass(frozen=True, slots=True)
class WatchOrder:
    """What to watch for, and for whom; the answers carry `id`.

    drill: id of the drill, or "none" for free observation (only true hinges count)
    calibration: the person's own neutral back, if it is known
    neutral_reps: without a calibration, so many first reps are taken as neutral
    """

    id: int
    drill: str
    calibration: Calibration | None = None
    neutral_reps: int = 2


@dataclass(frozen=True, slots=True)
class Wants:
    """What the session needs from its senses at this moment: derived, never stored."""

    listen: frozenset[Command]
    watch: WatchOrder | None

"""What the coach knows at one moment, as a value; and what it therefore wants to hear and see."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from coach.domain.calibration import Calibration
from coach.domain.cueing import Cueing
from coach.domain.effects import Wants, WatchOrder
from coach.domain.program import Block, Program
from coach.domain.talk import Talk
from coach.domain.terms import Command, Device, Framing, Rep, Verdict

NEUTRAL_REPS = 2
"""So many first reps of somebody new show what their own neutral back looks like."""


class Phase(StrEnum):
    IDLE = "idle"
    SETUP = "setup"
    SET = "set"
    ASK = "ask"
    REST = "rest"
    PAUSED = "paused"
    ENDED = "ended"


class Question(StrEnum):
    """What no camera can see, so it is asked. The value is its cue."""

    CONTACT = "ask.contact"
    CONTACT_ALL = "ask.contact-all"
    STRETCH = "ask.stretch"


class Purpose(StrEnum):
    """What a timer is for; at most one of each runs."""

    SPEECH = "speech"
    SILENCE = "silence"
    PACE = "pace"
    REST = "rest"
    UNCALLED = "uncalled"


@dataclass(frozen=True, slots=True)
class Opened:
    """All that a session is begun with; the first line of its journal."""

    program: Program
    calibration: Calibration | None = None
    block: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the program we are: the checkpoint that a pause or a rest comes back to."""

    block: int = 0
    step: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """The set at hand.

    number: which set of the session, from 1
    watch: the watch order that reps must answer
    paced: reps done by time because nobody could see them
    provisional: a neutral back learned in this set, not yet vouched for
    """

    number: int
    watch: int
    reps: tuple[Rep, ...] = ()
    paced: int = 0
    cueing: Cueing = field(default_factory=Cueing)
    provisional: Calibration | None = None

    @property
    def neutral(self) -> int:
        """How many first reps made the provisional neutral back."""
        return 0 if self.provisional is None else min(NEUTRAL_REPS, len(self.reps))

    @property
    def done(self) -> int:
        return len(self.reps) + self.paced

    @property
    def clean(self) -> int:
        return sum(rep.verdict is Verdict.CLEAN for rep in self.reps)


@dataclass(frozen=True, slots=True)
class Tally:
    """What this session came to so far."""

    sets: int = 0
    reps: int = 0
    clean: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """The whole state; `step` makes the next one.

    before_pause: the phase that "resume" goes back to
    nudges: how often silence was answered since the last sign of life
    framed: the framing remark made last and when, so that it is not nagged
    next_id: the id that the next utterance, timer or watch gets
    """

    opened: Opened
    phase: Phase = Phase.IDLE
    place: Place = Place()
    work: Work | None = None
    question: Question | None = None
    before_pause: Phase | None = None
    resumable: bool = False
    kept: bool | None = None
    calibration: Calibration | None = None
    tally: Tally = Tally()
    sets_begun: int = 0
    talk: Talk = field(default_factory=Talk)
    timers: tuple[tuple[Purpose, int], ...] = ()
    nudges: int = 0
    missing: frozenset[Device] = frozenset()
    framed: tuple[Framing, float] | None = None
    next_id: int = 1

    @property
    def block(self) -> Block:
        return self.opened.program.blocks[self.place.block]

    @property
    def sees(self) -> bool:
        return Device.CAMERA not in self.missing

    @property
    def hears(self) -> bool:
        return Device.MICROPHONE not in self.missing

    @property
    def active(self) -> bool:
        return self.phase not in (Phase.IDLE, Phase.ENDED)


def begin(opened: Opened) -> Session:
    session = Session(opened, calibration=opened.calibration)
    return replace(session, place=Place(block=opened.block))


_C = Command
LISTEN: dict[Phase, frozenset[Command]] = {
    Phase.IDLE: frozenset({_C.WAKE}),
    Phase.SETUP: frozenset({_C.DONE, _C.AGAIN, _C.NEXT, _C.PAUSE, _C.HELP, _C.HOW_MANY, _C.STOP}),
    Phase.SET: frozenset({_C.DONE, _C.AGAIN, _C.NEXT, _C.PAUSE, _C.HELP, _C.HOW_MANY, _C.STOP}),
    Phase.ASK: frozenset({_C.YES, _C.NO, _C.AGAIN, _C.NEXT, _C.PAUSE, _C.HELP, _C.STOP}),
    Phase.REST: frozenset({_C.NEXT, _C.AGAIN, _C.PAUSE, _C.HOW_MANY, _C.HELP, _C.STOP}),
    Phase.PAUSED: frozenset({_C.RESUME, _C.HELP, _C.STOP}),
    Phase.ENDED: frozenset(),
}
"""Few phrases at a time: each one more is one more word that other talk can be taken for."""


def wants(session: Session) -> Wants:
    """What to listen for and to watch now; derived, so that nothing can be left switched on."""
    order = None
    if session.phase is Phase.SET and session.work and session.sees:
        order = WatchOrder(
            session.work.watch, session.block.drill.id, session.calibration, NEUTRAL_REPS
        )
    listen = LISTEN[session.phase]
    if session.talk.current is not None:
        listen |= {Command.STOP}
    return Wants(listen, order)

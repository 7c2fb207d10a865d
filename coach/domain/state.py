"""What the coach knows at one moment, as a value; and what it therefore wants to hear and see."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from coach.domain.calibration import Calibration
from coach.domain.cueing import Cueing
from coach.domain.drills import DRILLS, usual
from coach.domain.mastery import NOBODY_YET, Mastery, Progress, arms_at
from coach.domain.people import Person
from coach.domain.program import Block, Program
from coach.domain.talk import Talk
from coach.domain.terms import Arms, Device, Framing, Question, Rep, Side, Verdict
from coach.domain.today import START, Place, first

__all__ = ["Opened", "Phase", "Place", "Purpose", "Question", "Session", "Tally", "Work"]

NEUTRAL_REPS = 2
"""So many first reps of somebody new show what their own neutral back looks like."""


class Phase(StrEnum):
    IDLE = "idle"
    WHO = "who"
    SETUP = "setup"
    SET = "set"
    ASK = "ask"
    REST = "rest"
    PAUSED = "paused"
    ENDED = "ended"


class Purpose(StrEnum):
    """What a timer is for; at most one of each runs."""

    SPEECH = "speech"
    SILENCE = "silence"
    PACE = "pace"
    LOCKOUT = "lockout"
    REST = "rest"
    UNCALLED = "uncalled"
    LOOKOUT = "lookout"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Opened:
    """All that a session is begun with; the first line of its journal.

    household: the others who may say that it is them
    day: today, counted as by `date.toordinal`; 0 where no calendar is known
    language: what is spoken at first
    languages: what else can be both spoken and understood here
    """

    program: Program
    calibration: Calibration | None = None
    mastery: Mastery = NOBODY_YET
    person: str = "me"
    household: tuple[Person, ...] = ()
    day: int = 0
    language: str = "en"
    languages: frozenset[str] = frozenset()


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
    side: Side | None = None
    arms: Arms | None = None
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

    me: who trains; others: the rest of the household
    language: what is spoken now
    candidates: who is still to be asked whether it is them, the first one now
    questions: what is still to be asked after this set, the first one now
    kept: what the person said of the contacts or the back
    waiting: progress that only counts once the stretch has been asked about
    called_on: the day on which this session began
    before_pause: the phase that "resume" goes back to
    nudges: how often silence was answered since the last sign of life
    framed: the framing remark made last and when, so that it is not nagged
    next_id: the id that the next utterance, timer or watch gets
    """

    opened: Opened
    me: Person
    others: tuple[Person, ...] = ()
    language: str = "en"
    candidates: tuple[str, ...] = ()
    day: int = 0
    phase: Phase = Phase.IDLE
    place: Place = START
    work: Work | None = None
    questions: tuple[Question, ...] = ()
    before_pause: Phase | None = None
    resumable: bool = False
    kept: bool | None = None
    waiting: Progress | None = None
    tally: Tally = Tally()
    called_on: int = 0
    sets_begun: int = 0
    talk: Talk = field(default_factory=Talk)
    timers: tuple[tuple[Purpose, int], ...] = ()
    nudges: int = 0
    missing: frozenset[Device] = frozenset()
    framed: tuple[Framing, float] | None = None
    next_id: int = 1

    @property
    def program(self) -> Program:
        return self.me.program or self.opened.program

    @property
    def mastery(self) -> Mastery:
        return self.me.mastery

    @property
    def calibration(self) -> Calibration | None:
        return self.me.calibration

    @property
    def own_block(self) -> Block:
        """What the program says is due, whatever it may have to fall back to first."""
        return self.program.blocks[self.place.block]

    @property
    def on_detour(self) -> bool:
        return self.mastery.detour(self.own_block.drill) in DRILLS

    @property
    def block(self) -> Block:
        """What is really trained: the block at hand, or the drill that it falls back to."""
        detour = self.mastery.detour(self.own_block.drill)
        return usual(DRILLS[detour]) if detour in DRILLS else self.own_block

    @property
    def side(self) -> Side | None:
        sides = self.block.drill.sides
        return sides[self.place.side] if sides else None

    @property
    def progress(self) -> Progress:
        return self.mastery.of(self.block.drill.id, self.side)

    @property
    def arms(self) -> Arms | None:
        return arms_at(self.block, self.progress)

    @property
    def steps(self) -> tuple[str, ...]:
        """Cues of the setup: the drill unless it was set up before, then side and arms."""
        drill = () if self.place.brief else self.block.drill.setup
        side = (f"side.{self.side}",) if self.side else ()
        arms = (f"arms.{self.arms}",) if self.arms else ()
        return (*drill, *side, *arms)

    @property
    def question(self) -> Question | None:
        return self.questions[0] if self.questions else None

    @property
    def sees(self) -> bool:
        return Device.CAMERA not in self.missing

    @property
    def hears(self) -> bool:
        return Device.MICROPHONE not in self.missing

    @property
    def lookout(self) -> int | None:
        """The watch for somebody to train with, while nobody can call and nobody trains."""
        if self.phase is not Phase.IDLE or self.hears or not self.sees:
            return None
        return next((timer for why, timer in self.timers if why is Purpose.LOOKOUT), None)

    @property
    def active(self) -> bool:
        return self.phase not in (Phase.IDLE, Phase.WHO, Phase.ENDED)


def begin(opened: Opened) -> Session:
    me = Person(opened.person, opened.calibration, opened.mastery)
    session = Session(opened, me, opened.household, opened.language, day=opened.day)
    return replace(session, place=first(session.program, session.mastery) or START)

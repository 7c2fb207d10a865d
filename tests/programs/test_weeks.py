"""What holds for any model person, whatever they do for weeks."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from coach import config, programs
from coach.adapters.packs import load_pack
from coach.domain.drills import DRILLS
from coach.domain.effects import Effect, EndSession, RecordProgress, RecordSet, StartSession
from coach.domain.events import Event
from coach.domain.mastery import Mastery, State
from coach.domain.program import Program, Stage
from coach.domain.session import Phase, Session
from coach.domain.state import Opened
from coach.domain.terms import Command, Fault
from coach.rehearsal import rehearse
from coach.trainees import Trainee

PACK = load_pack("en")
PROGRAMS = [programs.read(path) for path in sorted(config.PROGRAMS.glob("*.yaml"))]
NUMBERS = st.frozensets(st.integers(1, 60), max_size=20)
TRAINEES = st.builds(
    Trainee,
    faults=st.dictionaries(st.sampled_from(Fault), NUMBERS, max_size=3),
    always=st.dictionaries(st.sampled_from(Fault), st.integers(1, 3), max_size=2),
    unseen=NUMBERS,
    answers=st.fixed_dictionaries(
        {},
        optional={
            "ask.stretch": st.sampled_from(["yes", "no"]),
            "ask.back": st.sampled_from(["good", "rounded"]),
            "ask.pain": st.sampled_from(["yes", "no"]),
        },
    ),
    never_says=st.frozensets(st.sampled_from(Command), max_size=2),
    sessions=st.lists(st.integers(0, 40), min_size=1, max_size=5).map(tuple),
    says=st.lists(st.sampled_from([c for c in Command if c != Command.STOP]), max_size=4).map(
        tuple
    ),
)


class Record:
    """Every set with the mastery it was done with, session by session."""

    def __init__(self) -> None:
        self.mastery = Mastery()
        self.sessions: list[list[tuple[RecordSet, Mastery]]] = []
        self.ends = 0

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        for effect in effects:
            match effect:
                case StartSession(resumed=False):
                    self.sessions.append([])
                case RecordSet():
                    self.sessions[-1].append((effect, self.mastery))
                case RecordProgress(progress):
                    self.mastery = self.mastery.knowing(progress)
                case EndSession():
                    self.ends += 1
                case _:
                    pass


def weeks(program: Program, trainee: Trainee) -> tuple[Session, Record]:
    record = Record()
    return rehearse(Opened(program), PACK, (record,), trainee), record


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PROGRAMS), TRAINEES)
def test_every_session_comes_to_an_end_in_good_time(program: Program, trainee: Trainee) -> None:
    session, record = weeks(program, trainee)
    assert session.phase is Phase.IDLE
    most = sum(2 * max(b.tries, b.sets) * max(1, len(b.drill.sides)) + 3 for b in program.blocks)
    assert all(len(sets) <= most for sets in record.sessions)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PROGRAMS), TRAINEES)
def test_load_comes_after_both_stages_have_stayed(program: Program, trainee: Trainee) -> None:
    _, record = weeks(program, trainee)
    for done, mastery in (one for sets in record.sessions for one in sets):
        if DRILLS[done.drill].stage is Stage.LOAD:
            stayed = {
                DRILLS[one.drill].stage
                for one in mastery.progress
                if mastery.state(DRILLS[one.drill]) is State.RETAINED
            }
            assert {Stage.PATTERN, Stage.BODYWEIGHT} <= stayed


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PROGRAMS), TRAINEES)
def test_only_drills_of_the_program_and_their_fall_backs(
    program: Program, trainee: Trainee
) -> None:
    _, record = weeks(program, trainee)
    allowed = {block.drill.id for block in program.blocks}
    allowed |= {to for block in program.blocks for _, to in block.drill.fall_back}
    assert {done.drill for sets in record.sessions for done, _ in sets} <= allowed

"""A rehearsal: a whole session with a model person, always the same and without any wait."""

from collections.abc import Sequence

import pytest

from coach import config, programs
from coach.adapters import clock
from coach.adapters.packs import load_pack
from coach.domain.effects import Effect, EndSession, RecordAnswer, RecordSet, Speak
from coach.domain.events import Event
from coach.domain.session import Phase, Session
from coach.domain.state import Opened
from coach.domain.terms import Fault
from coach.rehearsal import rehearse
from coach.trainees import BUILT_IN, Trainee

PACK = load_pack("en")
PROGRAMS = programs.names(config.PROGRAMS)

STEADY = Trainee()
ROUNDS = Trainee(faults={Fault.ROUNDED_BACK: frozenset({5})})


class Log:
    def __init__(self) -> None:
        self.steps: list[tuple[Event, Sequence[Effect]]] = []

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        self.steps.append((event, effects))

    def all(self, kind: type[Effect]) -> list[Effect]:
        return [effect for _, effects in self.steps for effect in effects if type(effect) is kind]


def played(program: str, trainee: Trainee = STEADY) -> tuple[Session, Log]:
    log = Log()
    opened = Opened(programs.load(program, config.PROGRAMS))
    return rehearse(opened, PACK, (log,), trainee), log


@pytest.fixture(autouse=True)
def no_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever slept or asked a real clock would fail here."""
    monkeypatch.delattr(clock, "time")


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_comes_to_its_end(program: str) -> None:
    session, log = played(program)
    assert session.phase is Phase.IDLE
    assert [end.reason for end in log.all(EndSession)] == ["finished"]  # type: ignore[attr-defined]


def test_it_reads_the_same_every_time() -> None:
    assert played("first-hinge", ROUNDS)[1].steps == played("first-hinge", ROUNDS)[1].steps


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_model_person_can_be_rehearsed(name: str) -> None:
    session, log = played("first-hinge", BUILT_IN[name])
    assert session.phase is Phase.IDLE
    assert log.all(EndSession)


def test_a_rounded_rep_fails_the_gate_and_the_next_set_passes_it() -> None:
    _, log = played("dowel-only", ROUNDS)
    outcomes = [str(one.outcome) for one in log.all(RecordSet)]  # type: ignore[attr-defined]
    assert outcomes == ["lost", "passed"]
    said = [effect.cue.id for effect in log.all(Speak)]  # type: ignore[attr-defined]
    assert "correct.rounded-back.lumbar" in said
    assert said.index("gate.failed") < said.index("rest.start") < said.index("gate.passed")


def test_every_question_is_answered() -> None:
    _, log = played("dowel-only")
    answers = [one.answer for one in log.all(RecordAnswer)]  # type: ignore[attr-defined]
    assert answers and None not in answers


def test_the_person_speaks_only_when_the_coach_is_quiet() -> None:
    """Each utterance of the coach is heard to its end: nothing has to be cut."""
    _, log = played("dowel-only")
    assert not [
        effect for _, effects in log.steps for effect in effects if "Stop" in type(effect).__name__
    ]

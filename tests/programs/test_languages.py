"""Whoever takes over is spoken to, and understood, in their own language."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import permutations
from pathlib import Path

import pytest

from coach import config, programs
from coach.adapters.packs import Packs, languages, load_pack
from coach.domain.effects import Effect
from coach.domain.events import CommandHeard, Event
from coach.domain.people import Person
from coach.domain.session import Session
from coach.domain.state import Opened
from coach.domain.terms import Command
from coach.household import Household
from coach.rehearsal import rehearse
from coach.store import people
from coach.store.memory import Memory
from coach.trainees import Trainee
from coach.transcript import Transcript

PROGRAM = programs.read(config.PROGRAMS / "dowel-only.yaml")


@pytest.mark.parametrize(("first", "second"), list(permutations(languages(), 2)))
def test_the_words_are_those_of_whoever_takes_over(first: str, second: str) -> None:
    lines: list[tuple[str, str]] = []
    transcript = Transcript(Packs(), lambda time, who, what, style: lines.append((who, what)))
    opened = Opened(
        PROGRAM,
        household=(Person("Eva", language=second),),
        language=first,
        languages=frozenset({second}),
    )
    rehearse(opened, load_pack(first), (transcript,), Trainee(), called=(None, "Eva"))
    said = [what for who, what in lines if who == "coach"]
    hello = load_pack(second).cues["hello"].format(name="Eva")
    taken_over = said.index(hello)
    own, other = _texts(first), _texts(second)
    assert {line for line in said[:taken_over] if line in other - own} == set()
    assert {line for line in said[taken_over:] if line in own - other} == set()
    assert len(set(said[taken_over:]) & other) > 5


def _texts(language: str) -> set[str]:
    return {text[:1].upper() + text[1:] for text in load_pack(language).cues.values()}


@contextmanager
def household(folder: Path, **chosen: str) -> Iterator[Household]:
    with closing(Memory(folder, "Ada", PROGRAM.id, print)) as memory:
        for name, language in chosen.items():
            people.choose(memory.connection, name, language=language)
        yield Household(memory, "Ada")


def test_a_language_without_its_recogniser_is_told_and_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_DATA", str(tmp_path / "no models"))
    told: list[str] = []
    with household(tmp_path, Eva="es", Finn="en") as house:
        opened = house.opened(PROGRAM, "en", tmp_path, hears=True, notice=told.append)
        assert opened.languages == frozenset()
        assert len(told) == 1 and "coach models fetch vosk-es" in told[0] and "'en'" in told[0]
        typed = house.opened(PROGRAM, "en", tmp_path, hears=False, notice=told.append)
        assert typed.languages == {"es"} and len(told) == 1


def test_only_whoever_has_chosen_a_language_changes_it() -> None:
    others = (Person("Eva", language="es"), Person("Finn"), Person("Gil", language="xx"))
    opened = Opened(PROGRAM, household=others, languages=frozenset({"es"}))
    spoken: list[str] = []

    def note(event: Event, session: Session, effects: Sequence[Effect]) -> None:
        if isinstance(event, CommandHeard) and event.command is Command.WAKE:
            spoken.append(session.language)

    calls = ("Eva", "guest", None, "Finn", "Eva", "Gil", "me")
    rehearse(opened, load_pack("en"), (note,), Trainee(), called=calls)
    # A guest goes on in the language that was just understood, and so does who cannot be.
    assert spoken == ["es", "es", "es", "en", "es", "es", "en"]

"""Who lives here, as it is known when a run begins: people, their programs and languages."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from coach import models, programs
from coach.adapters.packs import load_pack
from coach.domain.people import GUEST
from coach.domain.program import Program
from coach.domain.state import Opened
from coach.speech.voice_pack import PackError
from coach.store import people
from coach.store.memory import Memory


class Household:
    """The people whom a memory knows, seen from the one whom the coach was started for."""

    def __init__(self, memory: Memory, person: str) -> None:
        self._db = memory.connection
        self._person = person
        known = people.names(self._db)
        self._others = [name for name in known if name not in (person, GUEST)]

    @property
    def names(self) -> tuple[str, ...]:
        """Who can say that it is them; with one person there is nothing to say."""
        return (self._person, *self._others) if self._others else ()

    @property
    def reminders(self) -> dict[str, str]:
        """The time of day at which each person wants to be reminded, of those who do."""
        chosen = [people.choices(self._db, name) for name in (self._person, *self._others)]
        return {one.name: one.remind for one in chosen if one.remind is not None}

    def opened(
        self,
        program: Program,
        language: str,
        own_programs: Path,
        hears: bool,
        notice: Callable[[str], None],
    ) -> Opened:
        """What is known of everybody; `hears`: a recogniser has to understand what is said."""
        me = people.person(self._db, self._person)
        others = []
        for name in self._others:
            other = people.person(self._db, name)
            used = people.choices(self._db, name).program
            others.append(replace(other, program=_program(used, own_programs)))
        spoken = {one.language for one in others if one.language} - {language}
        problems = {one: _problem(one, hears) for one in sorted(spoken)}
        for one, problem in problems.items():
            if problem is not None:
                notice(f"{problem} Until then the coach goes on in '{language}' for '{one}'.")
        ready = frozenset(one for one, problem in problems.items() if problem is None)
        known = (me.calibration, me.mastery, me.name, tuple(others))
        return Opened(program, *known, people.today(), language, ready)


def _program(name: str | None, own: Path) -> Program | None:
    """Their own; None for the one that the coach was started with."""
    if name is None:
        return None
    try:
        return programs.load_or_last_good(name, own)[0]
    except programs.ProgramFileError:
        return None


def _problem(language: str, hears: bool) -> str | None:
    """Why this language cannot be used here; None when it can."""
    try:
        load_pack(language)
        if hears:
            models.require(f"vosk-{language}")
    except (PackError, models.ModelError) as error:
        return str(error)
    except KeyError:
        return f"No listening model is known for '{language}'; add one to coach/models.toml."
    return None

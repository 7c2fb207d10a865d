"""The built-in trainees are the regression suite of every program, in every language.

What each of them went through, week by week, is kept in `weeks/`; `pytest --update` writes what
came, to be read and kept. The words of the languages differ, what happens does not.
"""

import difflib
from collections.abc import Sequence
from pathlib import Path

import pytest

from coach import config, programs
from coach.adapters.packs import languages, load_pack
from coach.domain.effects import Effect, EndSession, RecordSet, Speak
from coach.domain.events import DayBegan, Event
from coach.domain.session import Phase, Session
from coach.domain.state import Opened
from coach.rehearsal import rehearse
from coach.trainees import BUILT_IN, Trainee

TOLD = (
    "check.",
    "fall-back",
    "load.",
    "tries.",
    "week.missed",
    "gate.",
    "set.",
    "pain.",
    "silence",
)
WEEKS = Path(__file__).parent / "weeks"


class Diary:
    """Sets, ends of sessions and what was said that a session hangs on."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.said: list[Speak] = []

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        if isinstance(event, DayBegan):
            self.lines.append(f"day {event.day}")
        for effect in effects:
            match effect:
                case RecordSet():
                    what = [effect.drill, *filter(None, (effect.side, effect.arms))]
                    blind = " (check)" if effect.check else ""
                    done = f"{effect.clean} of {effect.reps} clean: {effect.outcome}"
                    self.lines.append(f"  {' '.join(what)}{blind}: {done}")
                case EndSession(reason):
                    self.lines.append(f"  ended: {reason}")
                case Speak(_, cue):
                    self.said.append(effect)
                    if cue.id.startswith(TOLD) and not cue.id.startswith("set.start"):
                        self.lines.append(f"    {cue.id}")
                case _:
                    pass


def diary(program: str, trainee: Trainee, language: str = "en") -> tuple[Session, Diary]:
    kept = Diary()
    opened = Opened(programs.read(config.PROGRAMS / f"{program}.yaml"))
    return rehearse(opened, load_pack(language), (kept,), trainee), kept


@pytest.mark.parametrize("program", programs.names(config.PROGRAMS))
@pytest.mark.parametrize("name", BUILT_IN)
def test_the_weeks_come_out_as_they_were(program: str, name: str, update: bool) -> None:
    session, kept = diary(program, BUILT_IN[name])
    assert session.phase is Phase.IDLE
    path = WEEKS / f"{program}.{name}.txt"
    told = "\n".join(kept.lines) + "\n"
    if update:
        path.write_text(told)
    written = path.read_text()
    difference = difflib.unified_diff(written.splitlines(), told.splitlines(), lineterm="")
    assert written == told, "\n".join(difference)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("program", programs.names(config.PROGRAMS))
def test_every_language_has_the_words(program: str, language: str) -> None:
    """A cue without a text, or a blank without a value, would raise."""
    pack = load_pack(language)
    for name, trainee in BUILT_IN.items():
        _, kept = diary(program, trainee.model_copy(update={"sessions": (0, 2, 20)}), language)
        assert all(pack.text(effect.cue) for effect in kept.said), name


def test_nobody_lifts_before_the_drills_without_weight_have_stayed() -> None:
    for program in ("first-hinge", "home-hinge", "strength-day"):
        _, kept = diary(program, BUILT_IN["steady"])
        first = kept.lines.index(next((x for x in kept.lines if "loaded-rdl" in x), kept.lines[-1]))
        checked = [line for line in kept.lines[:first] if "(check)" in line]
        assert program == "strength-day" or len(checked) >= 2
        assert program != "strength-day" or not any("loaded" in line for line in kept.lines)

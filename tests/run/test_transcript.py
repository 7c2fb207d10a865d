"""What people read: who, what and when, one line each."""

import pytest

from coach.adapters.packs import load_pack
from coach.domain.effects import Cue, EndSession, RecordSet, Speak, StartTimer
from coach.domain.events import (
    CommandHeard,
    DeviceFailed,
    DeviceRecovered,
    Event,
    OtherMovementSeen,
    PoweredUp,
    RepCompleted,
    TimerExpired,
    ViewChanged,
)
from coach.domain.session import begin
from coach.domain.terms import Command, Device, Fault, Framing, View
from coach.transcript import Transcript
from tests.domain import make

SESSION = begin(make.opened())


class Page:
    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str]] = []
        self.transcript = Transcript(load_pack, self._show)

    def _show(self, time: str, who: str, what: str, style: str) -> None:
        assert style, "each line has a style"
        self.lines.append((time, who, what))

    def add(self, event: Event, *effects: object) -> list[tuple[str, str]]:
        """The lines that this step adds, without their times."""
        before = len(self.lines)
        self.transcript(event, SESSION, effects)  # type: ignore[arg-type]
        return [(who, what) for _, who, what in self.lines[before:]]


@pytest.fixture
def page() -> Page:
    return Page()


def test_times_count_from_the_first_event(page: Page) -> None:
    page.add(CommandHeard(1000.0, Command.DONE))
    page.add(CommandHeard(1061.5, Command.DONE))
    assert [time for time, _, _ in page.lines] == ["00:00.0", "01:01.5"]


def test_a_cue_is_shown_in_the_words_that_are_spoken(page: Page) -> None:
    [(who, text)] = page.add(PoweredUp(0.0), Speak(1, Cue("count", (("n", 3),))))
    assert (who, text) == ("coach", "Three")


def test_a_command_is_shown_as_it_was_said_with_how_long_it_took(page: Page) -> None:
    heard = CommandHeard(0.0, Command.DONE, "i am done", latency_s=0.31)
    assert page.add(heard) == [("you", "i am done  (310 ms)")]
    assert page.add(CommandHeard(0.0, Command.NEXT)) == [("you", "next")]


def test_a_rep_shows_its_faults_and_what_was_measured(page: Page) -> None:
    [(who, clean)] = page.add(RepCompleted(0.0, 1, make.rep()))
    [(_, rounded)] = page.add(RepCompleted(0.0, 1, make.rep(Fault.ROUNDED_BACK)))
    assert who == "rep"
    assert "clean" in clean
    assert "lean 60 deg" in clean
    assert "rounded-back" in rounded
    assert "clean" not in rounded


def test_the_gate_shows_the_set_and_its_outcome(page: Page) -> None:
    assert page.add(PoweredUp(0.0), RecordSet("dowel-hinge", 2, 8, 7, "lost")) == [
        ("gate", "set 2: 8 reps, 7 clean, gate lost")
    ]


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (DeviceFailed(0.0, Device.CAMERA, "Gone; plug it in."), ("camera", "Gone; plug it in.")),
        (DeviceRecovered(0.0, Device.CAMERA), ("camera", "is back")),
        (OtherMovementSeen(0.0, 1, "squat"), ("view", "not a hinge: squat")),
    ],
)
def test_what_else_people_should_know(page: Page, event: Event, shown: tuple[str, str]) -> None:
    assert page.add(event) == [shown]


def test_the_end_is_shown_with_its_reason(page: Page) -> None:
    assert page.add(PoweredUp(0.0), EndSession("finished")) == [("session", "finished")]


def test_what_nobody_needs_to_read_is_left_out(page: Page) -> None:
    assert page.add(TimerExpired(0.0, 3), StartTimer(4, 15.0)) == []
    assert page.add(ViewChanged(0.0, View.ABSENT, False, Framing.NOBODY)) == [], "not in a set"

"""Virtual time: whatever is due next is done next, and a run ends when nobody is left."""

from queue import SimpleQueue

import numpy as np
import pytest

from coach.adapters.clock import VirtualClock
from coach.adapters.recorded import RecordedMicrophone
from coach.adapters.tape import Tape
from coach.adapters.trainee import Leaving
from coach.domain.events import CommandHeard, Event, PoweredUp, ShutdownRequested
from coach.domain.session import Phase, begin
from coach.domain.terms import Command
from coach.loop import Loop
from coach.ports import SAMPLE_RATE, Block
from coach.simulation import Feed, simulate
from tests.domain import make
from tests.run.room import Ears, Eyes, Mouth, hear_out, into_the_set

DAY_S = 24 * 3600.0


class Run:
    """A loop in virtual time with a recorded microphone."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.inbox: SimpleQueue[Event] = SimpleQueue()
        self.microphone = RecordedMicrophone(self.clock, Tape(self.clock, wanted=False))
        leaving = Leaving(self.microphone, self.clock, self.inbox.put)
        self.loop = Loop(begin(make.opened()), Mouth(), Ears(), Eyes(), None, (leaving,))

    def on(self, *feeds: Feed) -> float:
        """Go on until it ends; the time it then is."""
        simulate(self.loop, self.clock, self.inbox, feeds, DAY_S)
        return self.clock.t

    def hears_stop_at(self, t: float) -> Feed:
        def sense(block: Block) -> tuple[Event, ...]:
            return (CommandHeard(block.t, Command.STOP),) if block.t - 0.02 < t <= block.t else ()

        return Feed(self.microphone, sense)


@pytest.fixture
def run() -> Run:
    return Run()


def test_calls_and_timers_come_in_the_order_of_their_times(run: Run) -> None:
    came: list[float] = []
    for t in (3.0, 1.0, 2.0):
        run.clock.call_at(t, lambda: came.append(run.clock.t))
    run.clock.call_at(4.0, lambda: run.inbox.put(ShutdownRequested(run.clock.t)))
    assert run.on() == 4.0
    assert came == [1.0, 2.0, 3.0]


def test_it_ends_when_nothing_can_happen_any_more(run: Run) -> None:
    assert run.on() == 0.0
    assert run.loop.session.phase is Phase.IDLE


def test_a_recording_that_ends_with_stop_ends_the_run_soon_after(run: Run) -> None:
    run.microphone.say(0.0, np.ones(8 * SAMPLE_RATE, np.int16))
    into_the_set(run.loop)
    assert 8.0 < run.on(run.hears_stop_at(5.0)) < 20.0
    assert run.loop.session.phase is Phase.ENDED


def test_nobody_leaves_while_there_is_more_to_be_said(run: Run) -> None:
    run.microphone.say(60.0, np.ones(SAMPLE_RATE, np.int16))
    run.loop.handle(PoweredUp(0.0))
    hear_out(run.loop)
    assert 61.0 < run.on(run.hears_stop_at(0.0)) < 70.0


def test_nobody_leaves_in_the_middle_of_a_session(run: Run) -> None:
    """The recording is over, but the session goes on until its own end."""
    into_the_set(run.loop)
    assert run.on(run.hears_stop_at(50.0)) > 50.0

"""A microphone that brings nothing but zeros is told once; one that has ever sounded is not."""

import numpy as np

from coach.adapters.hearing import MUTED_S, Hearing
from coach.domain.events import CommandHeard, DeviceFailed, DeviceRecovered, Event
from coach.domain.terms import Command, Device
from coach.ports import SAMPLE_RATE, Block

BLOCK_S = 0.02


class Microphone:
    """Blocks of one value; the ears behind it hear a command in every block that is not zero."""

    def __init__(self) -> None:
        self.t = 0.0
        self.hearing = Hearing(self)

    def gives(self, value: int, seconds: float) -> list[Event]:
        events: list[Event] = []
        for _ in range(round(seconds / BLOCK_S)):
            self.t += BLOCK_S
            samples = np.full(round(BLOCK_S * SAMPLE_RATE), value, np.int16)
            events += self.hearing.feed(Block(self.t, samples))
        return events

    def listen_for(self, commands: frozenset[Command]) -> None:
        self.wanted = commands

    def feed(self, block: Block) -> tuple[Event, ...]:
        return (CommandHeard(block.t, Command.DONE),) if block.samples.any() else ()


def test_silence_from_the_start_is_told_once_with_the_remedy() -> None:
    microphone = Microphone()
    assert microphone.gives(0, MUTED_S - 1.0) == []
    [failed] = microphone.gives(0, 60.0)
    assert isinstance(failed, DeviceFailed)
    assert failed.device is Device.MICROPHONE
    assert "is it muted?" in failed.reason


def test_the_first_sound_brings_it_back_before_what_was_heard() -> None:
    microphone = Microphone()
    microphone.gives(0, 60.0)
    assert [type(e) for e in microphone.gives(3, BLOCK_S)] == [DeviceRecovered, CommandHeard]


def test_a_microphone_that_has_sounded_may_be_silent() -> None:
    microphone = Microphone()
    assert [type(event) for event in microphone.gives(1, BLOCK_S)] == [CommandHeard]
    assert microphone.gives(0, 10 * MUTED_S) == []


def test_the_ears_hear_every_block() -> None:
    assert len(Microphone().gives(5, 1.0)) == 50

"""What is missing at start is picked up when it appears: models, cameras, microphones, speakers."""

import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest

from coach import pump as pumps
from coach.adapters import player
from coach.adapters.late import LateEars, LateEyes, LateSource
from coach.adapters.packs import load_pack
from coach.adapters.player import SoundSpeaker
from coach.adapters.sound_devices import Opened
from coach.domain.effects import WatchOrder
from coach.domain.events import CommandHeard, DeviceRecovered, Event, SpeechFinished
from coach.domain.terms import Command, Device
from coach.ports import Block, DeviceError, Frame
from coach.pump import Pump

SOON_S = 10.0
SOUND = np.zeros(160, np.int16)


class Microphone:
    def open(self) -> None:
        pass

    def read(self, timeout_s: float) -> Block | None:
        return Block(1.0, SOUND)

    def close(self) -> None:
        pass


class Ears:
    """Hears whatever is wanted, in every block."""

    def __init__(self) -> None:
        self._wanted: frozenset[Command] = frozenset()

    def listen_for(self, commands: frozenset[Command]) -> None:
        self._wanted = commands

    def feed(self, block: Block) -> tuple[Event, ...]:
        return tuple(CommandHeard(block.t, command) for command in self._wanted)


class Eyes:
    def __init__(self) -> None:
        self.order: WatchOrder | None = None

    def watch(self, order: WatchOrder | None) -> None:
        self.order = order

    def feed(self, frame: Frame) -> tuple[Event, ...]:
        return ()


class Shelf:
    """Where a model or a device is, or is not yet."""

    def __init__(self, thing: Any) -> None:
        self.filled = threading.Event()
        self._thing = thing

    def take(self) -> Any:
        if not self.filled.is_set():
            raise DeviceError("It is not there yet; plug it in.")
        return self._thing


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> "SimpleQueue[Event]":
    monkeypatch.setattr(pumps, "RETRY_S", 0.01)
    monkeypatch.setattr(player, "RETRY_S", 0.02)
    return SimpleQueue()


@pytest.mark.parametrize("missing", ["model", "microphone"])
def test_a_microphone_or_its_model_that_comes_later(
    inbox: "SimpleQueue[Event]", missing: str
) -> None:
    model, device = Shelf(Ears()), Shelf(Microphone())
    later = model if missing == "model" else device
    (device if later is model else model).filled.set()
    ears = LateEars(lambda pack: model.take(), load_pack("en"))

    def with_its_model() -> Any:
        ears.load()
        return device.take()

    pump = Pump(Device.MICROPHONE, LateSource(with_its_model), ears.feed, inbox.put, lambda: 1.0)
    pump.start()
    try:
        assert not pump.opened(SOON_S)
        ears.listen_for(frozenset({Command.DONE}))
        later.filled.set()
        assert inbox.get(timeout=SOON_S) == DeviceRecovered(1.0, Device.MICROPHONE)
        assert inbox.get(timeout=SOON_S) == CommandHeard(1.0, Command.DONE)
    finally:
        pump.close()


def test_eyes_remember_what_to_watch_until_their_model_is_there() -> None:
    made = Eyes()
    shelf = Shelf(made)
    eyes = LateEyes(shelf.take)
    frame = Frame(1.0, np.zeros((2, 2, 3), np.uint8))
    order = WatchOrder(7, "dowel-hinge")
    eyes.watch(order)
    assert eyes.feed(frame) == ()
    with pytest.raises(DeviceError):
        eyes.load()
    shelf.filled.set()
    eyes.load()
    eyes.feed(frame)
    assert made.order == order


class Stream:
    """A sound card's stream that takes everything at once."""

    latency = 0.0

    def __init__(self) -> None:
        self.played = threading.Event()

    def write(self, data: bytes) -> bool:
        if any(data):
            self.played.set()
        threading.Event().wait(0.001)
        return False

    def abort(self) -> None:
        pass

    close = abort


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    shelf = Shelf(Opened("output", "card", Stream(), 16_000, 1))
    monkeypatch.setattr(player, "open_stream", lambda *_: shelf.take())
    monkeypatch.setattr(player, "close_stream", lambda _: None)
    yield shelf


def test_a_speaker_that_comes_later(inbox: "SimpleQueue[Event]", card: Shelf) -> None:
    speaker = SoundSpeaker(inbox.put)
    with pytest.raises(DeviceError):
        speaker.open()
    try:
        speaker.play(1, SOUND + 1)
        early = inbox.get(timeout=SOON_S)
        assert isinstance(early, SpeechFinished)
        assert not early.completed, "it took its time, and did not sound"
        card.filled.set()
        assert isinstance(inbox.get(timeout=SOON_S), DeviceRecovered)
        speaker.play(2, SOUND + 1)
        late = inbox.get(timeout=SOON_S)
        assert isinstance(late, SpeechFinished)
        assert late.completed
        assert card.take().stream.played.is_set()
    finally:
        speaker.close()

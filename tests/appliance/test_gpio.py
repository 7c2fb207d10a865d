"""A light, a button and a mute switch, on gpiozero's own mock pins."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.clock import RealClock
from coach.adapters.gpio import Panel
from coach.adapters.packs import load_pack
from coach.devices import furnish
from coach.domain.events import CommandHeard, Event, PoweredUp
from coach.domain.session import Session, begin, step
from coach.domain.terms import Command, Device
from coach.ports import Block, DeviceError, Frame
from coach.room import Wish
from coach.settings import Pins
from tests.domain import make

gpiozero = pytest.importorskip("gpiozero", reason="gpiozero is in the extras [pi] and [dev]")
from gpiozero.pins.mock import MockFactory  # noqa: E402

LIGHT, BUTTON, MUTE = 17, 27, 22
ALL = Pins(LIGHT, BUTTON, MUTE)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockFactory]:
    factory = MockFactory()
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.reset()


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def panel(
    board: MockFactory, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Panel]:
    monkeypatch.setattr("coach.adapters.gpio.LONG_PRESS_S", 0.05)
    monkeypatch.setattr("coach.adapters.gpio.BOUNCE_S", None)
    panel = Panel(ALL, events.append, lambda: 1.0)
    yield panel
    panel.close()


class Camera:
    """A camera that remembers what was done to it; `broken` is its failure switch."""

    def __init__(self, board: MockFactory) -> None:
        self._light = board.pin(LIGHT)
        self.broken = False
        self.lit_while: dict[str, bool] = {}

    def open(self) -> None:
        self.lit_while["open"] = bool(self._light.state)
        if self.broken:
            raise DeviceError("The camera is gone; plug it in again.")

    def read(self, timeout_s: float) -> Frame | None:
        self.lit_while["read"] = bool(self._light.state)
        return None

    def close(self) -> None:
        self.lit_while["close"] = bool(self._light.state)


def called(panel: Panel) -> Session:
    """A session in which the coach waits for "done"."""
    session = begin(make.opened())
    for event in (PoweredUp(0.0), CommandHeard(1.0, Command.WAKE)):
        session, effects = step(session, event)
        panel(event, session, effects)
    return session


def test_the_light_is_on_exactly_while_the_camera_is_open(panel: Panel, board: MockFactory) -> None:
    camera = Camera(board)
    lit = panel.lit(lambda: camera)()
    assert not board.pin(LIGHT).state
    lit.open()
    lit.read(0.1)
    lit.close()
    assert camera.lit_while == {"open": True, "read": True, "close": True}
    assert not board.pin(LIGHT).state


def test_a_camera_that_does_not_open_leaves_the_light_off(panel: Panel, board: MockFactory) -> None:
    camera = Camera(board)
    camera.broken = True
    lit = panel.lit(lambda: camera)()
    with pytest.raises(DeviceError):
        lit.open()
    lit.close()
    assert not board.pin(LIGHT).state


def test_a_short_press_is_done(panel: Panel, board: MockFactory, events: list[Event]) -> None:
    called(panel)
    board.pin(BUTTON).drive_low()
    board.pin(BUTTON).drive_high()
    assert [(e.command, e.text) for e in events if isinstance(e, CommandHeard)] == [
        (Command.DONE, "button")
    ]


def test_a_long_press_is_again(panel: Panel, board: MockFactory, events: list[Event]) -> None:
    import time

    called(panel)
    board.pin(BUTTON).drive_low()
    until = time.monotonic() + 5.0
    while not events and time.monotonic() < until:
        time.sleep(0.01)
    board.pin(BUTTON).drive_high()
    assert [e.command for e in events if isinstance(e, CommandHeard)] == [Command.AGAIN]


def test_a_press_calls_the_coach(panel: Panel, board: MockFactory, events: list[Event]) -> None:
    session, effects = step(begin(make.opened()), PoweredUp(0.0))
    panel(PoweredUp(0.0), session, effects)
    board.pin(BUTTON).drive_low()
    board.pin(BUTTON).drive_high()
    assert [e.command for e in events if isinstance(e, CommandHeard)] == [Command.WAKE]


def test_nothing_is_heard_while_the_switch_is_closed(panel: Panel, board: MockFactory) -> None:
    heard: list[float] = []

    def ears(block: Block) -> tuple[Event, ...]:
        heard.append(block.t)
        return ()

    feed = panel.mutable(ears)
    sound = np.zeros(320, np.int16)
    feed(Block(1.0, sound))
    board.pin(MUTE).drive_low()
    feed(Block(2.0, sound))
    board.pin(MUTE).drive_high()
    feed(Block(3.0, sound))
    assert heard == [1.0, 3.0]


def test_what_is_not_wired_changes_nothing(board: MockFactory, events: list[Event]) -> None:
    panel = Panel(Pins(button=BUTTON), events.append, lambda: 1.0)
    camera = Camera(board)
    assert panel.lit(lambda: camera)() is camera
    panel.close()


def test_a_light_that_cannot_work_keeps_the_camera_off(
    board: MockFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_pins(*_: object, **__: object) -> None:
        raise OSError("no such chip")

    monkeypatch.setattr(gpiozero, "LED", no_pins)
    clip = "file:" + str(tmp_path / "never-opened.mp4")
    wish = Wish(camera=clip, microphone="none", speaker="none", pins=Pins(light=LIGHT))
    room = furnish(wish, load_pack("en"), RealClock(), lambda event: None)
    room.close()
    assert "The camera stays off. GPIO 17 cannot be used" in room.problems[Device.CAMERA]
    assert Device.CAMERA not in room.last_work

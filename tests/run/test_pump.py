"""A device's thread: what it brings, how its loss and return are told, how it ends."""

import itertools
import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue

import pytest

from coach import pump as module
from coach.domain.events import CommandHeard, DeviceFailed, DeviceRecovered, Event
from coach.domain.terms import Command, Device
from coach.ports import DeviceError
from coach.pump import Pump

SOON_S = 10.0
"""Longer than anything here takes; only a failing test waits for it."""


class Plugged:
    """A device that can be unplugged and plugged in again; brings 1, 2, 3 ... one by one."""

    def __init__(self) -> None:
        self.there = threading.Event()
        self.there.set()
        self.bring: SimpleQueue[int] = SimpleQueue()
        self.opened = 0
        self.closed = 0
        self.slow = threading.Event()
        self.slow.set()

    def open(self) -> None:
        self.slow.wait(SOON_S)
        if not self.there.is_set():
            raise DeviceError("The device is not there; plug it in.")
        self.opened += 1

    def read(self, timeout_s: float) -> int | None:
        if not self.there.is_set():
            raise DeviceError("The device is gone; plug it in again.")
        try:
            return self.bring.get(timeout=0.01)
        except Empty:
            return None

    def close(self) -> None:
        self.closed += 1


class Room:
    """A pump on a device, with the inbox that its events end in."""

    def __init__(self) -> None:
        self.device = Plugged()
        self.inbox: SimpleQueue[Event] = SimpleQueue()
        self.ticks = itertools.count()
        self.pump = Pump(
            Device.CAMERA, self.device, self._feed, self.inbox.put, lambda: float(next(self.ticks))
        )

    def _feed(self, item: int) -> tuple[Event, ...]:
        if item < 0:
            raise ValueError("a mistake of our own")
        return tuple(CommandHeard(float(item), Command.DONE) for _ in range(item))

    def next(self) -> Event:
        return self.inbox.get(timeout=SOON_S)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setattr(module, "RETRY_S", 0.01)
    room = Room()
    yield room
    room.pump.close()


def test_what_the_sense_makes_of_each_item_reaches_the_inbox(room: Room) -> None:
    room.pump.start()
    room.device.bring.put(1)
    room.device.bring.put(2)
    assert [room.next().t for _ in range(3)] == [1.0, 2.0, 2.0]


def test_a_device_missing_at_the_start_is_a_problem_not_an_event(room: Room) -> None:
    room.device.there.clear()
    room.pump.start()
    assert room.pump.opened(SOON_S) is False
    assert room.pump.problem == "The device is not there; plug it in."
    assert room.inbox.empty()


def test_a_device_that_comes_later_is_back(room: Room) -> None:
    room.device.there.clear()
    room.pump.start()
    room.pump.opened(SOON_S)
    room.device.there.set()
    back = room.next()
    assert isinstance(back, DeviceRecovered)
    assert back.device is Device.CAMERA


def test_a_device_that_opens_after_it_was_given_up_is_back_too(room: Room) -> None:
    room.device.slow.clear()
    room.pump.start()
    assert room.pump.opened(0.0) is False
    room.device.slow.set()
    assert isinstance(room.next(), DeviceRecovered)


def test_a_loss_is_told_once_with_its_reason_and_so_is_the_return(room: Room) -> None:
    room.pump.start()
    assert room.pump.opened(SOON_S)
    for _ in range(2):
        room.device.there.clear()
        lost = room.next()
        room.device.there.set()
        back = room.next()
        assert isinstance(lost, DeviceFailed)
        assert lost.reason == "The device is gone; plug it in again."
        assert isinstance(back, DeviceRecovered)
    room.device.bring.put(1)
    assert isinstance(room.next(), CommandHeard)


def test_a_mistake_of_our_own_is_a_loss_too_and_not_the_end(room: Room) -> None:
    room.pump.start()
    room.device.bring.put(-1)
    lost = room.next()
    assert isinstance(lost, DeviceFailed)
    assert "a mistake of our own" in lost.reason
    assert isinstance(room.next(), DeviceRecovered)


def test_after_each_loss_the_device_is_closed_before_it_is_opened_again(room: Room) -> None:
    room.pump.start()
    room.pump.opened(SOON_S)
    room.device.there.clear()
    room.next()
    room.device.there.set()
    room.next()
    assert room.device.opened == 2
    assert room.device.closed >= 1


def test_closing_ends_the_thread_and_closes_the_device(room: Room) -> None:
    room.pump.start()
    room.pump.opened(SOON_S)
    room.pump.close()
    assert room.device.closed == 1
    assert not any(thread.name == Device.CAMERA for thread in threading.enumerate())

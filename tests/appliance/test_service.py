"""What systemd is told: alive only by evidence of work, ready once the coach speaks."""

import os
import socket
from pathlib import Path

import pytest

from coach.domain.events import CommandHeard, DeviceFailed, Event, PoweredUp, ShutdownRequested
from coach.domain.session import Session, begin, step
from coach.domain.terms import Command, Device
from coach.service import FRESH_S, Service, service_manager
from tests.domain import make


class Machine:
    """A service with a clock and two devices that work when they are told to."""

    def __init__(self, session: Session | None = None) -> None:
        self.t = 100.0
        self.worked = {Device.CAMERA: self.t, Device.MICROPHONE: self.t}
        self.told: list[str] = []
        self.session = session or begin(make.opened())
        last = {device: lambda device=device: self.worked[device] for device in self.worked}
        self.service = Service(lambda: self.t, last, self.told.append)

    def happens(self, event: Event) -> None:
        self.session, effects = step(self.session, event)
        self.service(event, self.session, effects)

    def second(self, *working: Device) -> None:
        self.t += 1.0
        self.worked |= dict.fromkeys(working, self.t)
        self.service.beat(self.session)

    @property
    def fed(self) -> int:
        return self.told.count("WATCHDOG=1")


BOTH = (Device.CAMERA, Device.MICROPHONE)


def test_the_watchdog_is_fed_while_everything_works() -> None:
    machine = Machine()
    for _ in range(60):
        machine.second(*BOTH)
    assert machine.fed == 60


@pytest.mark.parametrize("hangs", BOTH)
def test_a_device_that_hangs_ends_in_a_new_start(hangs: Device) -> None:
    machine = Machine()
    works = [device for device in BOTH if device is not hangs]
    for _ in range(int(FRESH_S)):
        machine.second(*works)
    assert machine.told == ["WATCHDOG=1"] * int(FRESH_S)
    machine.second(*works)
    machine.second(*works)
    assert machine.told[int(FRESH_S) :] == ["WATCHDOG=trigger"]


def test_a_halt_of_the_whole_machine_is_no_hang() -> None:
    machine = Machine()
    machine.t += 2 * FRESH_S
    machine.second()
    machine.second(*BOTH)
    assert machine.told == ["WATCHDOG=1"]


def test_a_device_that_works_again_in_time_does_not() -> None:
    machine = Machine()
    for second in range(60):
        machine.second(*(BOTH if second % int(FRESH_S) == 0 else ()))
    assert machine.fed == 60


@pytest.mark.parametrize("gone", BOTH)
def test_a_device_known_to_be_missing_does_not(gone: Device) -> None:
    machine = Machine()
    machine.happens(DeviceFailed(machine.t, gone, "unplugged"))
    for _ in range(60):
        machine.second(*(device for device in BOTH if device is not gone))
    assert machine.fed == 60


def test_many_turns_of_the_loop_feed_it_once_a_second() -> None:
    machine = Machine()
    for _ in range(1000):
        machine.t += 0.01
        machine.worked = dict.fromkeys(BOTH, machine.t)
        machine.service.beat(machine.session)
    assert machine.fed <= 11


def test_ready_comes_with_the_first_cue_and_only_once() -> None:
    machine = Machine()
    machine.second(*BOTH)
    assert "READY=1" not in machine.told
    machine.happens(PoweredUp(1.0))
    machine.happens(CommandHeard(2.0, Command.WAKE))
    assert machine.told.count("READY=1") == 1


def test_the_status_is_plain_words() -> None:
    machine = Machine()
    machine.happens(PoweredUp(1.0, (Device.CAMERA,)))
    assert machine.told[-1] == "STATUS=Waiting to be called, without camera."


def test_stopping_is_said_at_the_end() -> None:
    machine = Machine()
    machine.happens(ShutdownRequested(1.0, "SIGTERM"))
    assert machine.told[-1] == "STOPPING=1"


def test_it_goes_to_the_socket_that_systemd_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = os.fspath(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(path)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        tell = service_manager()
        tell("READY=1")
        assert systemd.recv(100) == b"READY=1"
        tell.__self__.socket.close()  # type: ignore[attr-defined]


def test_without_systemd_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    service_manager()("READY=1")

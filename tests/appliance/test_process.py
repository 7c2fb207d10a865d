"""The real process as a service: ready, fed, killed, taken up again; and nothing plugged in."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.store.database import COPIES
from tests.process import COACH

SOON_S = 60.0


class Systemd:
    """Starts the coach and hears what it tells its service manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(os.fspath(folder / "notify"))
        self._socket.settimeout(SOON_S)
        self._log = (folder / "log").open("w")
        self.process: subprocess.Popen[str] | None = None

    def start(self, *words: str) -> "Systemd":
        self.process = subprocess.Popen(
            [*COACH, "run", *words, "--state-dir", str(self._folder / "state")],
            stdin=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "NOTIFY_SOCKET": os.fspath(self._folder / "notify")},
            text=True,
        )
        return self

    def hears(self, assignment: str) -> None:
        """Waits for it; TimeoutError when nothing comes any more."""
        for _ in range(int(10 * SOON_S)):
            if self._socket.recv(1000).decode().startswith(assignment):
                return
        raise AssertionError(f"{assignment} never came; the log says:\n{self.log}")

    def types(self, line: str) -> None:
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def ends(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        with self.process:
            status = self.process.wait(SOON_S)
        self.process = None
        return status

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text()

    def close(self) -> None:
        if self.process is not None:
            self.ends(signal.SIGKILL)
        self._log.close()
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    systemd = Systemd(tmp_path)
    yield systemd
    systemd.close()


TYPING = ("--camera", "none", "--microphone", "keyboard", "--speaker", "none")


def test_killed_in_the_middle_and_taken_up_again(systemd: Systemd, tmp_path: Path) -> None:
    copies = tmp_path / "state" / COPIES
    systemd.start(*TYPING).hears("READY=1")
    systemd.types("hey coach")
    systemd.hears("STATUS=Setting up")
    systemd.hears("WATCHDOG=1")
    assert systemd.ends(signal.SIGKILL) == -signal.SIGKILL

    systemd.start(*TYPING).hears("READY=1")
    systemd.hears("STATUS=Setting up")
    assert "I was cut off for a moment" in systemd.log
    assert systemd.ends(signal.SIGTERM) == 0
    systemd.hears("STOPPING=1")

    systemd.start(*TYPING).hears("STATUS=Waiting to be called")
    while not list(copies.glob("*.sqlite3")):
        systemd.hears("WATCHDOG=1")
    assert systemd.ends(signal.SIGTERM) == 0
    assert systemd.log.count("I was cut off") == 1


def test_with_nothing_plugged_in_it_waits_for_what_was_named(
    systemd: Systemd, tmp_path: Path
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("camera: v4l2:/dev/video99\nmicrophone: Nosuch\nspeaker: Nosuch\n")
    systemd.start("--config", str(config)).hears("READY=1")
    systemd.hears("STATUS=Waiting to be called, without camera, microphone, speaker.")
    for _ in range(3):
        systemd.hears("WATCHDOG=1")
    assert systemd.ends(signal.SIGTERM) == 0
    assert "Traceback" not in systemd.log

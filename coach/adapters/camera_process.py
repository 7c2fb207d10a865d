"""A live camera: a capture process that can be killed, and the newest of its frames."""

import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from typing import IO, Any

import numpy as np

from coach.adapters.camera_child import HEADER
from coach.ports import DeviceError, Frame

OPEN_S = 8.0
"""How long the first frame may take; a cold sensor with its libraries needs some seconds."""
HEARTBEAT_S = 2.0
"""Frames come all the time: silence for so long is a camera that hangs."""
_HANGS = "The camera hangs: plug it in again."
END_S = 2.0
"""A killed process ends at once, but for one that is stuck in the kernel: that is left to it."""


class ProcessCamera:
    """`Camera` of the ports over `camera_child`; `kind` and `arguments` are the child's.

    `open` waits for the first frame. `read` raises DeviceError once when the capture process has
    ended or hangs; after `close` it can be opened again.
    """

    def __init__(self, kind: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", "coach.adapters.camera_child", kind, *arguments]
        self._child: subprocess.Popen[bytes] | None = None
        self._said: IO[Any] | None = None
        self._news = threading.Condition()
        self._newest: Frame | None = None
        self._last = 0.0
        self._ended = False

    def open(self) -> None:
        self.close()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        self._newest, self._ended, self._last = None, False, time.monotonic()
        self._child = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._said
        )
        threading.Thread(
            target=self._receive, args=(self._child,), name="camera-frames", daemon=True
        ).start()
        with self._news:
            came = self._news.wait_for(lambda: self._newest or self._ended, OPEN_S)
            if came and not self._ended:
                return
        reason = self._reason() if self._ended else "The camera does not answer: plug it in again."
        self.close()
        raise DeviceError(reason)

    def read(self, timeout_s: float) -> Frame | None:
        with self._news:
            self._news.wait_for(lambda: self._newest or self._ended, timeout_s)
            frame, self._newest = self._newest, None
            if frame is not None:
                return frame
            if self._child is None:
                return None
            if self._ended:
                raise DeviceError(self._reason())
            if time.monotonic() - self._last > HEARTBEAT_S:
                raise DeviceError(_HANGS)
            return None

    def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()  # a hanging camera library hears nothing gentler
            with suppress(subprocess.TimeoutExpired):
                child.wait(END_S)
        with self._news:
            self._newest = None
        if self._said is not None:
            self._said.close()
            self._said = None

    def _receive(self, child: "subprocess.Popen[bytes]") -> None:
        """The thread that empties the pipe, so that the newest frame is never an old one."""
        assert child.stdout is not None
        with child.stdout as pipe:
            while header := pipe.read(HEADER.size):
                if len(header) < HEADER.size:
                    break
                t, height, width = HEADER.unpack(header)
                data = pipe.read(height * width * 3)
                if len(data) < height * width * 3:
                    break
                image = np.frombuffer(data, np.uint8).reshape(height, width, 3)
                with self._news:
                    if child is not self._child:
                        break
                    self._newest, self._last = Frame(t, image), time.monotonic()
                    self._news.notify_all()
        with self._news:
            if child is self._child:
                self._ended = True
                self._news.notify_all()

    def _reason(self) -> str:
        """The child's last words, when they are a sentence for people."""
        if self._child is not None:
            try:
                self._child.wait(END_S)
            except subprocess.TimeoutExpired:
                return _HANGS
        words = ""
        if self._said is not None:
            self._said.seek(0)
            words = self._said.read().decode(errors="replace").strip()
        last = words.splitlines()[-1] if words else ""
        if last.endswith(".") and self._child is not None and self._child.returncode == 1:
            return last
        return "The camera's process ended by itself: plug the camera in again."

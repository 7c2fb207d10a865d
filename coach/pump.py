"""One thread per device: open, read, feed, put the events in the inbox; open again when lost."""

import contextlib
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from coach.domain.events import DeviceFailed, DeviceRecovered, Event
from coach.domain.terms import Device
from coach.ports import DeviceError

Item = TypeVar("Item")
Read = TypeVar("Read", covariant=True)

RETRY_S = 2.0
READ_S = 0.5
CLOSE_S = 2.0


class Source(Protocol[Read]):
    """What a camera and a microphone have in common."""

    def open(self) -> None: ...

    def read(self, timeout_s: float) -> Read | None: ...

    def close(self) -> None: ...


class Pump(Generic[Item]):
    """Feeds a sense from a device.

    The first try to open is reported by `opened`, so that the coach can name what is missing in
    one go; every later loss and return is an event. `last_work` is when the last item came and
    was fed, in the clock's seconds: evidence for the watchdog.
    """

    def __init__(
        self,
        device: Device,
        source: Source[Item],
        feed: Callable[[Item], Iterable[Event]],
        emit: Callable[[Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._device = device
        self._source = source
        self._feed = feed
        self._emit = emit
        self._clock = clock
        self._closing = threading.Event()
        self._tried = threading.Event()
        self._works = False
        self.problem: str | None = None
        self.last_work = clock()
        self._thread = threading.Thread(target=self._run, name=device.value, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def opened(self, timeout_s: float) -> bool:
        """Whether the device opened at the first try; waits for that try.

        When it comes after that it counts as back: the session was told that it is missing.
        """
        self._tried.wait(timeout_s)
        self._tried.set()
        return self._works

    def close(self) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # Linux: the name that `top -H` shows
            Path("/proc/thread-self/comm").write_text(self._device.value)
        while not self._closing.is_set():
            try:
                self._source.open()
                self._came()
                self._pump()
            except DeviceError as error:
                self._went(str(error))
                self._closing.wait(RETRY_S)
            except Exception as error:
                # A thread that died in silence would leave the coach deaf or blind for good.
                self._went(f"The coach's own work on the {self._device} failed: {error!r}.")
                self._closing.wait(RETRY_S)
            finally:
                self._source.close()

    def _pump(self) -> None:
        while not self._closing.is_set():
            item = self._source.read(READ_S)
            if item is not None:
                for event in self._feed(item):
                    self._emit(event)
                self.last_work = self._clock()

    def _came(self) -> None:
        self.last_work = self._clock()
        worked, self._works = self._works, True  # before looking at `tried`: see `opened`
        if self._tried.is_set() and not worked:
            self._emit(DeviceRecovered(self._clock(), self._device))
        self._tried.set()

    def _went(self, reason: str) -> None:
        if self._works:
            self._emit(DeviceFailed(self._clock(), self._device, reason))
        self._works, self.problem = False, reason
        self._tried.set()

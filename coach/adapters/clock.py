"""Real time, and time that stands still until a simulation moves it."""

import heapq
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float: ...

    def sleep_until(self, t: float) -> None: ...

    def call_at(self, t: float, act: Callable[[], None]) -> None: ...


class RealClock:
    def now(self) -> float:
        return time.monotonic()

    def sleep_until(self, t: float) -> None:
        time.sleep(max(0.0, t - time.monotonic()))

    def call_at(self, t: float, act: Callable[[], None]) -> None:
        timer = threading.Timer(max(0.0, t - time.monotonic()), act)
        timer.daemon = True
        timer.start()


class VirtualClock:
    """Time stands still until the simulation moves it; `due` is what was asked to be called."""

    def __init__(self) -> None:
        self.t = 0.0
        self.due: list[tuple[float, int, Callable[[], None]]] = []
        self._calls = 0

    def now(self) -> float:
        return self.t

    def sleep_until(self, t: float) -> None:
        pass

    def call_at(self, t: float, act: Callable[[], None]) -> None:
        self._calls += 1
        heapq.heappush(self.due, (t, self._calls, act))

"""How late the coach's own voice comes back through the microphone: devices, buffers, air."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]

WINDOW = SAMPLE_RATE // 2
"""Samples heard that are compared at a time."""

EVERY = SAMPLE_RATE // 10
"""New samples between two looks."""

LONGEST = round(0.6 * SAMPLE_RATE)
"""The longest delay that is looked for."""

MOVED = round(0.01 * SAMPLE_RATE)
"""A delay that differs by less is the same one."""

CLEAR = 10.0
"""An echo's peak stands out of the rest of the correlation by this many standard deviations."""


class DelayFinder:
    """Correlates what is heard with what was played, with the phase transform.

    Knapp and Carter, The generalized correlation method for estimation of time delay (1976).

    own: the coach's voice from one index to another, on the same clock as what is heard
    seen: what the latest look alone has found, None where no echo stood out
    """

    def __init__(self, own: Callable[[int, int], Samples]) -> None:
        self._own = own
        self._heard: Samples = np.zeros(WINDOW, np.int16)
        self._fresh = 0
        self._new = 0
        self.seen: int | None = None

    @property
    def fresh(self) -> Samples:
        """The latest of what was fed, up to `WINDOW`, without anything forgotten."""
        return self._heard[WINDOW - self._fresh :]

    def forget(self) -> None:
        """What was heard until now says nothing about what comes."""
        self._heard = np.zeros(WINDOW, np.int16)
        self._fresh = 0
        self.seen = None

    def feed(self, heard: Samples, start: int) -> int | None:
        """The delay in samples, once two looks in a row agree on it; else None.

        start: index of the first sample heard
        """
        self._heard = np.concatenate((self._heard[len(heard) :], heard))
        self._fresh = min(WINDOW, self._fresh + len(heard))
        self._new += len(heard)
        if self._new < EVERY:
            return None
        self._new = 0
        before, self.seen = self.seen, self._look(start + len(heard))
        if self.seen is None or before is None or abs(self.seen - before) > MOVED:
            return None
        return self.seen

    def _look(self, stop: int) -> int | None:
        own = np.fft.rfft(self._own(stop - WINDOW - LONGEST, stop).astype(np.float32))
        late: npt.NDArray[np.float32] = np.zeros(LONGEST + WINDOW, np.float32)
        late[LONGEST:] = self._heard
        cross = np.fft.rfft(late) * np.conj(own)
        size = np.abs(cross)
        likeness = np.fft.irfft(cross / np.maximum(size, 1e-3 * size.max() + 1e-9))[:LONGEST]
        peak = int(np.argmax(likeness))
        spread = float(np.std(likeness))
        clear = spread > 0.0 and likeness[peak] > CLEAR * spread
        return peak if clear else None

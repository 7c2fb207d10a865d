"""How late the coach's own voice comes back through the microphone: devices, buffers, air."""

import numpy as np
import numpy.typing as npt

from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]

WINDOW = 2 * SAMPLE_RATE
"""Samples compared at a time."""

EVERY = SAMPLE_RATE // 2
"""New samples between two looks."""

LONGEST = round(0.6 * SAMPLE_RATE)
"""The longest delay that is looked for."""

MOVED = round(0.01 * SAMPLE_RATE)
"""A delay that differs by less is the same one."""

CLEAR = 8.0
"""An echo's peak stands out of the rest of the correlation by this many standard deviations."""


class DelayFinder:
    """Correlates what is heard with what was played, with the phase transform.

    Knapp and Carter, The generalized correlation method for estimation of time delay (1976).

    heard, own: the last `WINDOW` samples of what was fed, the newest last
    """

    def __init__(self) -> None:
        self.heard: Samples = np.zeros(WINDOW, np.int16)
        self.own: Samples = np.zeros(WINDOW, np.int16)
        self._new = 0
        self._before: int | None = None

    def feed(self, heard: Samples, own: Samples) -> int | None:
        """The delay in samples, once two looks in a row agree on it; else None."""
        self.heard = np.concatenate((self.heard[len(heard) :], heard))
        self.own = np.concatenate((self.own[len(own) :], own))
        self._new += len(heard)
        if self._new < EVERY:
            return None
        self._new = 0
        found, before = self._look(), self._before
        self._before = found
        if found is None or before is None or abs(found - before) > MOVED:
            return None
        return found

    def _look(self) -> int | None:
        heard = np.fft.rfft(self.heard.astype(np.float32), 2 * WINDOW)
        own = np.fft.rfft(self.own.astype(np.float32), 2 * WINDOW)
        cross = heard * np.conj(own)
        size = np.abs(cross)
        likeness = np.fft.irfft(cross / np.maximum(size, 1e-3 * size.max() + 1e-9))[:LONGEST]
        peak = int(np.argmax(likeness))
        spread = float(np.std(likeness))
        clear = spread > 0.0 and likeness[peak] > CLEAR * spread
        return peak if clear else None

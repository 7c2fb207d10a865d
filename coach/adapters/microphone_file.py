"""A recording in place of a microphone."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from coach.adapters.sound import read_wav
from coach.ports import SAMPLE_RATE, Block

BLOCK = 320

SILENCE_AFTER_S = 1.0
"""Silence after the recording, so that a word at its very end has an end."""


class WavMicrophone:
    """The `Microphone` port on a WAV file.

    paced: blocks come at real speed and carry the clock's time; else as fast as they are read,
        with `t` in the recording's own time
    """

    def __init__(
        self, path: Path, paced: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._paced = paced
        self._clock = clock
        self._start = 0.0
        self._at = 0

    def open(self) -> None:
        sound = read_wav(self._path)
        silence = np.zeros(round(SILENCE_AFTER_S * SAMPLE_RATE) + -len(sound) % BLOCK, np.int16)
        self._samples = np.concatenate((sound, silence))
        self._start = self._clock() if self._paced else 0.0
        self._at = 0

    @property
    def ended(self) -> bool:
        return self._at >= len(self._samples)

    def read(self, timeout_s: float) -> Block | None:
        if self.ended:
            return None
        t = self._start + (self._at + BLOCK) / SAMPLE_RATE
        if self._paced:
            wait_s = t - self._clock()
            if wait_s > timeout_s:
                time.sleep(timeout_s)
                return None
            time.sleep(max(0.0, wait_s))
        samples = self._samples[self._at : self._at + BLOCK]
        self._at += BLOCK
        return Block(t, samples)

    def close(self) -> None:
        self._at = len(self._samples) if hasattr(self, "_samples") else 0

"""The coach must not hear itself: its own output is taken out of what the microphone brings.

Full duplex with the echo canceller of pyaec (the Speex algorithm: an adaptive filter learns the
way from the loudspeaker to the microphone). Where pyaec cannot be loaded or does not help, half
duplex: the ears are shut while the coach speaks, and a bit longer for the room's own echo.
"""

import ctypes
from collections import deque
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.ports import SAMPLE_RATE, Block

Samples = npt.NDArray[np.int16]

FRAME = 320
"""Samples the canceller takes at a time: 20 ms."""

TAIL_S = 0.4
"""How late an echo may arrive: what both devices buffer, plus the room."""

KEPT_S = 6.0
"""How much of its own voice is remembered."""

JITTER_S = 0.06
"""Threads wake up unevenly; a stream is taken as gapless unless its clock is off by more."""

HELPS_DB = 3.0
"""A canceller that takes away less than this of a loud echo is not working."""

JUDGED_FRAMES = 250
"""Loud frames (5 s) over which the canceller is judged."""


class Duplex(StrEnum):
    FULL = "full-duplex"
    HALF = "half-duplex"


class Stream:
    """Where a stream of samples lies on the common clock, in samples; jitter is ironed out."""

    def __init__(self) -> None:
        self._next: int | None = None

    def place(self, t: float, count: int) -> int:
        """Index of the first of `count` samples, of which the first is stamped `t`."""
        stamped = round(t * SAMPLE_RATE)
        if self._next is None or abs(stamped - self._next) > JITTER_S * SAMPLE_RATE:
            self._next = stamped
        start = self._next
        self._next += count
        return start


class OwnVoice:
    """The last seconds of what the speaker played, by index; silence where nothing was."""

    def __init__(self) -> None:
        self._stream = Stream()
        self._pieces: deque[tuple[int, Samples]] = deque()

    def add(self, samples: Samples, t: float) -> None:
        start = self._stream.place(t, len(samples))
        if samples.any():
            self._pieces.append((start, samples))
        while self._pieces and self._pieces[0][0] < start - KEPT_S * SAMPLE_RATE:
            self._pieces.popleft()

    def between(self, start: int, stop: int) -> Samples:
        out = np.zeros(stop - start, np.int16)
        for at, piece in tuple(self._pieces):  # the player's thread adds while we read
            a, b = max(start, at), min(stop, at + len(piece))
            if a < b:
                out[a - start : b - start] = piece[a - at : b - at]
        return out


class EchoGuard:
    """Takes the coach's own voice out of the microphone's blocks.

    `heard_own` may be called from the player's thread, `clean` from the microphone's.
    """

    def __init__(self, canceller: "Canceller | None") -> None:
        self._canceller = canceller
        self._own = OwnVoice()
        self._stream = Stream()
        self._gains_db: deque[float] = deque(maxlen=JUDGED_FRAMES)
        self._quiet_power = 100.0

    @property
    def duplex(self) -> Duplex:
        if self._canceller is None:
            return Duplex.HALF
        judged = len(self._gains_db) == JUDGED_FRAMES
        if judged and float(np.median(self._gains_db)) < HELPS_DB:
            return Duplex.HALF
        return Duplex.FULL

    def heard_own(self, samples: Samples, t: float) -> None:
        self._own.add(samples, t)

    def clean(self, block: Block) -> Block:
        """The block without own voice; every block must be whole frames of 20 ms."""
        count = len(block.samples)
        start = self._stream.place(block.t - count / SAMPLE_RATE, count)
        audible = self._own.between(start - round(TAIL_S * SAMPLE_RATE), start + count)
        if not audible.any():
            self._quiet_power += 0.1 * (_power(block.samples) - self._quiet_power)
            return block
        duplex = self.duplex
        out = block.samples
        if self._canceller is not None:
            own = audible[-count:]
            out = np.concatenate(
                [
                    self._cancelled(block.samples[i : i + FRAME], own[i : i + FRAME])
                    for i in range(0, count, FRAME)
                ]
            )
        return Block(block.t, out if duplex is Duplex.FULL else np.zeros_like(block.samples))

    def _cancelled(self, heard: Samples, own: Samples) -> Samples:
        assert self._canceller is not None
        out = self._canceller.cancel(heard, own)
        before = _power(heard)
        if before > 10.0 * self._quiet_power and own.any():
            self._gains_db.append(10.0 * float(np.log10(before / _power(out))))
        return out


class Canceller:
    """pyaec's echo canceller, called without its own slow conversion to Python lists."""

    def __init__(self) -> None:
        import pyaec

        self._aec: Any = pyaec.Aec(FRAME, round(TAIL_S * SAMPLE_RATE), SAMPLE_RATE, False)
        self._call: Any = pyaec.lib.AecCancelEcho

    def cancel(self, heard: Samples, own: Samples) -> Samples:
        out = np.zeros(len(heard), np.int16)
        self._call(self._aec._aec, _pointer(heard), _pointer(own), _pointer(out), len(out))
        return out


def new_guard() -> EchoGuard:
    """Full duplex where pyaec loads, half duplex elsewhere."""
    try:
        return EchoGuard(Canceller())
    except (ImportError, OSError, AttributeError, RuntimeError):
        return EchoGuard(None)  # pyaec fails in all these ways where its library does not load


def _pointer(samples: Samples) -> Any:
    return np.ascontiguousarray(samples).ctypes.data_as(ctypes.POINTER(ctypes.c_int16))


def _power(samples: Samples) -> float:
    return float(np.mean(np.square(samples.astype(np.float32)))) + 1.0

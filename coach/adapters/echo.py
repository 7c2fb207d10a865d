"""The coach must not hear itself: its own output is taken out of what the microphone brings.

Full duplex with the echo canceller of pyaec (the Speex algorithm: an adaptive filter learns the
way from the loudspeaker to the microphone). Where pyaec cannot be loaded or does not help, half
duplex: the ears are shut while the coach speaks, and a bit longer for the room's own echo.
"""

import ctypes
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.adapters.echo_delay import MOVED, DelayFinder
from coach.ports import SAMPLE_RATE, Block

Samples = npt.NDArray[np.int16]

FRAME = 160
"""Samples the canceller takes at a time: 10 ms."""

FILTER_S = 0.128
"""How long an echo may ring after its delay: a longer filter learns more slowly (measured)."""

KEPT_S = 6.0
"""How much of its own voice is remembered."""

JITTER_S = 0.06
"""Threads wake up unevenly; a stream is taken as gapless unless its clock is off by more."""

HELPS_DB = 3.0
"""A canceller that takes away less than this of a loud echo is not working."""

JUDGED_FRAMES = 500
"""Loud frames (5 s) over which the canceller is judged."""

ECHO_DB = 10.0
"""Louder than the room by this, while the coach speaks: an echo, or somebody speaking too."""

TAIL_S = 0.3
"""How long after its own voice the microphone may still bring its echo."""

ECHOLESS_S = 1.0
"""So much of its own voice without an echo (the latest comes after 0.6 s): headphones, or a
speakerphone that cancels by itself."""

OWN_POWER = 1e5
"""Own voice that an echo would be heard of; its sentences have about 1e7."""


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

    Until the delay of the echo is known (a second or two of the first utterance) a loud echo is
    muted, unless there proves to be none; afterwards only the echo goes and people are heard over
    the coach. `heard_own` may be called from the player's thread, `clean` from the microphone's.
    """

    def __init__(self, canceller: "Callable[[], Canceller] | None") -> None:
        self._new_canceller = canceller
        self._canceller: Canceller | None = None
        self._own = OwnVoice()
        self._stream = Stream()
        self._finder = DelayFinder()
        self._delay: int | None = None
        self._gains_db: deque[float] = deque(maxlen=JUDGED_FRAMES)
        self._quiet_power = 100.0
        self._unechoed_s = 0.0

    @property
    def duplex(self) -> Duplex:
        """How the coach listens while it speaks; for the doctor."""
        if self._new_canceller is None:
            return Duplex.HALF
        judged = len(self._gains_db) == JUDGED_FRAMES
        if judged and float(np.median(self._gains_db)) < HELPS_DB:
            return Duplex.HALF
        return Duplex.FULL

    def heard_own(self, samples: Samples, t: float) -> None:
        self._own.add(samples, t)

    def clean(self, block: Block) -> Block:
        """The block without own voice; it must be whole frames of 10 ms."""
        count = len(block.samples)
        start = self._stream.place(block.t - count / SAMPLE_RATE, count)
        delay = self._delay or 0
        audible = self._own.between(start - delay - round(TAIL_S * SAMPLE_RATE), start + count)
        power = _power(block.samples)
        if not audible.any():
            self._quiet_power += 0.05 * (power - self._quiet_power)
            return block
        self._learn_delay(block.samples, self._own.between(start, start + count))
        out = self._cancelled(block.samples, start)
        loud = power > self._quiet_power * 10.0 ** (ECHO_DB / 10.0)
        self._look_for_an_echo(self._own.between(start, start + count), loud)
        unknown = self._canceller is None and self._unechoed_s < ECHOLESS_S
        if self.duplex is Duplex.HALF or (loud and unknown):
            out = np.zeros_like(block.samples)
        return Block(block.t, out)

    def _look_for_an_echo(self, own: Samples, loud: bool) -> None:
        """How much the coach has said without a sound coming back; once that is clear it stays."""
        if self._unechoed_s >= ECHOLESS_S:
            return
        if loud:
            self._unechoed_s = 0.0
        elif _power(own) > OWN_POWER:
            self._unechoed_s += len(own) / SAMPLE_RATE

    def _learn_delay(self, heard: Samples, own: Samples) -> None:
        if self._new_canceller is None:
            return
        found = self._finder.feed(heard, own)
        if found is None or (self._delay is not None and abs(found - self._delay) < MOVED):
            return
        self._delay = found
        self._canceller = self._practised(self._new_canceller(), len(heard))

    def _practised(self, canceller: "Canceller", block: int) -> "Canceller":
        """What was heard before this block teaches it the room, so that it helps at once.

        Without it, what is left of the coach's first cue and a person's word are heard as one.
        """
        heard, own = self._finder.heard[:-block], self._finder.own[:-block]
        lag = self._lag()
        for at in range((len(heard) - lag) % FRAME, len(heard) - lag, FRAME):
            canceller.cancel(heard[lag + at : lag + at + FRAME], own[at : at + FRAME])
        return canceller

    def _lag(self) -> int:
        """The filter wants the echo a little after its reference, never before it."""
        return max(0, (self._delay or 0) - MOVED)

    def _cancelled(self, heard: Samples, start: int) -> Samples:
        if self._canceller is None or self._delay is None:
            return heard
        first = start - self._lag()
        own = self._own.between(first, first + len(heard))
        frames = []
        for i in range(0, len(heard), FRAME):
            out = self._canceller.cancel(heard[i : i + FRAME], own[i : i + FRAME])
            before = _power(heard[i : i + FRAME])
            if before > self._quiet_power * 10.0 ** (ECHO_DB / 10.0) and own[i : i + FRAME].any():
                self._gains_db.append(10.0 * float(np.log10(before / _power(out))))
            frames.append(out)
        return np.concatenate(frames)


class Canceller:
    """pyaec's echo canceller, called without its own slow conversion to Python lists."""

    def __init__(self) -> None:
        import pyaec

        # The last argument switches on the suppressor of what the filter leaves over.
        self._aec: Any = pyaec.Aec(FRAME, round(FILTER_S * SAMPLE_RATE), SAMPLE_RATE, True)
        self._call: Any = pyaec.lib.AecCancelEcho

    def cancel(self, heard: Samples, own: Samples) -> Samples:
        out = np.zeros(len(heard), np.int16)
        self._call(self._aec._aec, _pointer(heard), _pointer(own), _pointer(out), len(out))
        return out


def new_guard() -> EchoGuard:
    """Full duplex where pyaec loads, half duplex elsewhere."""
    try:
        Canceller()
    except (ImportError, OSError, AttributeError, RuntimeError):
        return EchoGuard(None)  # pyaec fails in all these ways where its library does not load
    return EchoGuard(Canceller)


def _pointer(samples: Samples) -> Any:
    return np.ascontiguousarray(samples).ctypes.data_as(ctypes.POINTER(ctypes.c_int16))


def _power(samples: Samples) -> float:
    return float(np.mean(np.square(samples.astype(np.float32)))) + 1.0

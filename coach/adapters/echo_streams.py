"""Where the samples of microphone and speaker lie on one clock, so that they can be compared.

A thread that wakes up late stamps late, and a device that was starved takes many blocks at once.
Within a stream the count of samples is right, then, and the stamps are not: between the coach's
voice and its echo the count never moved in recordings in which the stamps moved by 0.2 s.
"""

from collections import deque

import numpy as np
import numpy.typing as npt

from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]

ADRIFT = round(0.06 * SAMPLE_RATE)
"""So far from its stamps a count is put right."""

LATE_BLOCKS = 15
"""Of so many blocks the least late one tells how late a stream really is."""

SILENCE = SAMPLE_RATE // 2
"""After so much silence, or so long without a device, no own voice is in the air any more."""

STARVED = 4
"""A device that ran dry so many times in `STARVED_WITHIN` plays in pieces, not a voice."""

STARVED_WITHIN = 10 * SAMPLE_RATE

ONE_GAP = SAMPLE_RATE // 10
"""What runs dry again so soon has not recovered in between."""

KEPT = 6 * SAMPLE_RATE
"""How much is remembered of its own voice, and of what was heard with and without it."""


class Stream:
    """The index of each block's first sample: its count, put right where it is truly adrift."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._late: deque[int] = deque(maxlen=LATE_BLOCKS)

    def place(self, t: float, count: int) -> int:
        """Index of the first of `count` samples, of which the first is stamped `t` seconds."""
        stamped = round(t * SAMPLE_RATE)
        if self._next is None:
            self._next = stamped
        self._late.append(stamped - self._next)
        late = min(self._late)
        if abs(late) > ADRIFT and len(self._late) == LATE_BLOCKS:
            self._next += late
            self._late.clear()
        start = self._next
        self._next += count
        return start


class Ring:
    """The last `KEPT` samples of a stream, by index."""

    def __init__(self) -> None:
        self._samples: Samples = np.zeros(KEPT, np.int16)

    def put(self, start: int, samples: Samples) -> None:
        self._samples[np.arange(start, start + len(samples)) % KEPT] = samples

    def get(self, start: int, stop: int) -> Samples:
        return self._samples[np.arange(start, stop) % KEPT]


class OwnVoice:
    """The last seconds of what the speaker played, by index; silence where nothing was.

    `add` is called from the player's thread, all else from the microphone's.

    moved: samples by which the count was put right so far, only ever while nothing is in the air:
        what is played from then on comes back so much sooner by the count
    """

    def __init__(self) -> None:
        self._next: int | None = None
        self._silent = SILENCE
        self._ring = Ring()
        self._gaps: deque[int] = deque(maxlen=STARVED)
        self.moved = 0

    @property
    def stop(self) -> int:
        """Index after the latest sample."""
        return self._next or 0

    @property
    def gap(self) -> int | None:
        """Index of the latest block before which the device ran dry; None where it never did."""
        return self._gaps[-1] if self._gaps else None

    @property
    def starved(self) -> bool:
        """Whether the device runs dry again and again."""
        gaps = tuple(self._gaps)
        return len(gaps) == STARVED and self.stop - gaps[0] < STARVED_WITHIN

    def add(self, samples: Samples, t: float, gap: bool = False) -> None:
        """`samples` were handed to the device at `t` seconds."""
        stamped = round(t * SAMPLE_RATE)
        start = stamped if self._next is None else self._next
        sounds = bool(samples.any())
        off = abs(stamped - start)
        if gap:
            start = stamped  # what was lost is not counted, and the delay is in doubt anyway
        elif off > SILENCE or (off > ADRIFT and not sounds and self._silent >= SILENCE):
            self.moved += stamped - start
            start = stamped
        if gap and self._gaps and start - self._gaps[-1] < ONE_GAP:
            self._gaps[-1] = start
        elif gap:
            self._gaps.append(start)
        self._silent = 0 if sounds else self._silent + len(samples)
        silence = min(start - self.stop, KEPT)
        if silence > 0:
            self._ring.put(start - silence, np.zeros(silence, np.int16))
        self._ring.put(start, samples)
        self._next = start + len(samples)

    def between(self, start: int, stop: int) -> Samples:
        """The samples with these indices; zeros for what is yet to come."""
        out = np.zeros(stop - start, np.int16)
        last = min(stop, self._next or start)
        if last > start:
            out[: last - start] = self._ring.get(start, last)
        return out

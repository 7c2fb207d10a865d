"""How the echo comes later and later, or sooner: microphone and speaker have a clock each.

Two clocks run apart by up to 0.1 ms a second, and a sound server hurries or slows one of them to
hold a delay. A filter that learns the way through the room does not catch up with that: at 0.05 ms
a second it took 11 dB away instead of 47. Moved along with the clocks, it takes 44.
"""

import numpy as np

from coach.adapters.echo_canceller import FRAME, Samples, Signal

LOOKED = 5
"""Frames (50 ms) from one look at the echo to the next."""

FURTHEST = 32
"""Samples (2 ms) that it may be off then: less than a voice's period, which looks the same."""

SMALLEST = 1.0 / 16.0
"""Samples by which the echo is moved at least."""

_TIMES = 4
"""Values a sample of the correlation; between those a parabola has its peak."""

FITS = 0.2
"""The made-up echo is the one that is heard where it leaves no more than this of the power; else
somebody speaks over it, or the way through the room is not known well enough."""

WITHIN = 0.1
"""Share of the made-up echo's power within a window that is soft at both ends; with less of it, the
echo has only just begun or ended there, and so short a piece of it fits by chance."""

AT_ONCE = 0.8
"""How much of what the echo is off by is put right at once: each look is a bit wrong."""

HURRIED, HURRIED_AT_MOST = 0.002, 0.5
"""How much of that is added to the speed, in samples a frame, and at most of that over the frames
since the last look."""

FASTEST = 0.05
"""Samples a frame: no two clocks that work run further apart than by 0.3 ms a second. What the echo
is off by more than that is no matter of clocks: it has jumped."""

BLIND = 12_000
"""Frames (2 minutes) without a look for which it goes on. A count of samples may be put right
meanwhile, and a speed that is wrong by a millionth is a sample off a minute."""

_LAGS = np.arange(-FURTHEST * _TIMES, FURTHEST * _TIMES + 1)
_WINDOW = np.hanning(LOOKED * FRAME)


class Drift:
    """A loop that locks on the echo, of the second order: it knows how fast the clocks part, too.

    So it stays right through silence, in which there is no echo to see.
    """

    def __init__(self) -> None:
        self._heard: Signal = np.zeros(LOOKED * FRAME)
        self._made_up: Signal = np.zeros(LOOKED * FRAME)
        self._frames = 0
        self._since = 0
        """Frames since it was last seen how late the echo is."""
        self._speed = 0.0
        """Samples a frame."""
        self._late = 0.0
        """Samples not put right yet."""

    def feed(self, heard: Samples, made_up: Signal, sure: bool) -> float:
        """Samples by which the echo comes later now than it was made up.

        heard: a frame
        made_up: the echo in it, as the filter has learnt it
        sure: whether it is known, but for the clocks, how late the echo comes
        """
        here = slice(self._frames * FRAME, (self._frames + 1) * FRAME)
        self._heard[here], self._made_up[here] = heard, made_up
        self._frames = (self._frames + 1) % LOOKED
        self._since += 1
        if self._since <= BLIND:
            self._late += self._speed
        if sure and self._frames == 0 and made_up.any():
            self._look()
        if abs(self._late) < SMALLEST:
            return 0.0
        late, self._late = self._late, 0.0
        return late

    def _look(self) -> None:
        late = lateness(self._heard, self._made_up)
        if late is None:
            return
        self._late += AT_ONCE * late
        if abs(late) <= FASTEST * self._since:
            speed = self._speed + late * min(HURRIED, HURRIED_AT_MOST / self._since)
            self._speed = min(max(speed, -FASTEST), FASTEST)
        self._since = 0


def lateness(heard: Signal, made_up: Signal) -> float | None:
    """Samples by which the echo in `heard` is later than the one made up; None: it is another.

    heard, made_up: `LOOKED` frames; where they correlate most, the square of what is left is least
    """
    power = made_up @ made_up
    heard, made_up = heard * _WINDOW, made_up * _WINDOW
    if made_up @ made_up < WITHIN * power:
        return None
    size = 2 * len(heard)
    cross = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(made_up, size))
    likeness = _TIMES * np.fft.irfft(cross, _TIMES * size)
    at = int(np.argmax(likeness[_LAGS]))
    if at in (0, len(_LAGS) - 1):
        return None  # it rises still
    best = int(_LAGS[at])
    before, peak, after = likeness[[best - 1, best, best + 1]]
    bend = 2.0 * peak - before - after + 1e-9
    off = 0.5 * (after - before) / bend
    left = heard @ heard + made_up @ made_up - 2.0 * peak - bend * off**2
    return float(best + off) / _TIMES if left < FITS * (heard @ heard) else None

"""How the echo comes later and later, or sooner: microphone and speaker have a clock each.

Two clocks run apart by up to 0.1 ms a second, and a sound server hurries or slows one of them to
hold a delay. A filter that learns the way through the room does not catch up with that: at 0.05 ms
a second it took 10 dB away instead of 47. Moved along with the clocks, it takes 46.
"""

import numpy as np

from coach.adapters.echo_canceller import FRAME, Samples, Signal

LOOKED = 5
"""It is looked how late the echo is after so many frames (50 ms)."""

FURTHEST = 32
"""Samples (2 ms) that it may be off then: less than a voice's period, which looks the same."""

STEPS = 16
"""Parts of a sample to which that is found, and in which it is put right."""

FITS = 0.2
"""The made-up echo is the one that is heard where it leaves no more than this of the power; else
somebody speaks over it, or the way through the room is not known well enough."""

WITHIN = 0.1
"""Share of the made-up echo's power within a window that is soft at both ends; with less of it, the
echo has only just begun or ended there, and so short a piece of it fits by chance."""

AT_ONCE = 0.8
"""How much of what the echo is off by is put right at once: each look is a bit wrong."""

HURRIED, HURRIED_AT_MOST = 0.002, 0.5
"""How much of that the clocks' speed is changed by, per frame, and over all the frames since."""

FASTEST = 0.05
"""Samples a frame: no two clocks that work run further apart than by 0.3 ms a second."""

_LAGS = np.arange(-FURTHEST * STEPS, FURTHEST * STEPS + 1)
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

    def feed(self, heard: Samples, made_up: Signal, sure: bool) -> float:
        """Samples by which the echo comes later now than it was made up.

        heard: a frame
        made_up: the echo that was taken out of it
        sure: whether it is known, but for the clocks, how late the echo comes
        """
        here = slice(self._frames * FRAME, (self._frames + 1) * FRAME)
        self._heard[here], self._made_up[here] = heard, made_up
        self._frames = (self._frames + 1) % LOOKED
        self._since += 1
        self._late += self._speed
        if sure and self._frames == 0 and made_up.any():
            self._look()
        if abs(self._late) < 1.0 / STEPS:
            return 0.0
        late, self._late = self._late, 0.0
        return late

    def _look(self) -> None:
        late = lateness(self._heard, self._made_up)
        if late is None:
            return
        self._late += AT_ONCE * late
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
    likeness = STEPS * np.fft.irfft(cross, STEPS * size)
    best = int(_LAGS[np.argmax(likeness[_LAGS])])
    left = heard @ heard + made_up @ made_up - 2.0 * likeness[best]
    return best / STEPS if left < FITS * (heard @ heard) else None

"""Takes an echo away: a filter that learns the way from the speaker to the microphone.

The partitioned-block frequency-domain Kalman filter. It knows how sure it is of each part of what
it has learnt, so it learns fast at first, holds still while somebody speaks over the echo, and
tells how much echo it must have left over, which a Wiener filter then takes away as well.

Enzner and Vary, Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free
telephones (2006); Kuech, Mabande and Enzner, State-space architecture of the partitioned-block-
based acoustic echo controller (2014).
"""

import numpy as np
import numpy.typing as npt

from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]
Signal = npt.NDArray[np.float64]
Spectra = npt.NDArray[np.complex128]

FRAME = 160
"""Samples taken at a time: 10 ms. What comes out is as much later."""

PARTS = round(0.128 * SAMPLE_RATE / FRAME)
"""Frames for which an echo may ring: 0.128 s. A longer filter learns more slowly (measured)."""

STAYS = 0.9995
"""How much of the way stays the same from one frame to the next: half of it after 14 s."""

SMOOTHED = 0.9
"""How much of what is known of the near sound's spectrum stays from one frame to the next."""

FIRST_GUESS = np.exp(-0.3 * np.arange(PARTS))[:, np.newaxis]
"""How far from zero each part of an unknown way may be (variance): less for what comes later."""

LEAST_GAIN = 0.03
"""What is taken for an echo's rest is not made quieter than this."""

LOUDER = 2.0
"""Where more than so many times the power of what is heard would be left of it, another echo came
than was thought, or none at all, as when the speaker ran dry: it is left as it was heard."""

NO_ECHO = 100.0
"""Where it would be so much more, no echo came, and there is nothing to be learnt from that."""


class Canceller:
    """made_up: the echo in the latest frame, as the filter has learnt it

    left: mean power that the filter alone has left of the latest sound; to compare two by
    """

    def __init__(self) -> None:
        bins = FRAME + 1
        self._own = np.zeros(2 * FRAME)
        self._spectra: Spectra = np.zeros((PARTS, bins), np.complex128)
        self._way: Spectra = np.zeros((PARTS, bins), np.complex128)
        self._unsure: Signal = np.repeat(FIRST_GUESS, bins, axis=1)
        self._near: Signal = np.full(bins, 1e4)
        self._window = np.sqrt(np.hanning(2 * FRAME + 1)[:-1])
        self._before = np.zeros(FRAME)
        self._tail = np.zeros(FRAME)
        self.made_up: Signal = np.zeros(FRAME)
        self.left = 0.0

    def cancel(self, heard: Samples, own: Samples, learn: bool = True) -> Samples:
        """`heard` without the echo of `own`, a frame late; both are whole frames.

        learn: whether this is an echo of `own` for sure, to learn the way from
        """
        power, frames = 0.0, []
        for at in range(0, len(heard), FRAME):
            now = heard[at : at + FRAME].astype(np.float64)
            left, echo_left = self._filtered(now, own[at : at + FRAME], learn)
            left_power = float(left @ left)
            power += left_power
            if left_power > LOUDER * (now @ now):
                left = now
            frames.append(self._without_rest(left, echo_left))
        self.left = power / len(heard)
        return np.concatenate(frames)

    def move(self, late: float) -> None:
        """The echo comes later from now on, by `late` samples and parts of one."""
        size = 2 * PARTS * FRAME
        way = np.fft.rfft(np.fft.irfft(self._way, axis=1)[:, :FRAME].ravel(), size)
        way *= np.exp(-2j * np.pi * late * np.arange(len(way)) / size)
        parts = np.fft.irfft(way)[: PARTS * FRAME].reshape(PARTS, FRAME)
        self._way = np.fft.rfft(parts, 2 * FRAME, axis=1)

    def _filtered(self, heard: Signal, own: Samples, learn: bool) -> tuple[Signal, Signal | None]:
        """What the filter leaves, and the power of the echo that must be left in it, by bin."""
        self._own = np.concatenate((self._own[FRAME:], own))
        self._spectra = np.roll(self._spectra, 1, axis=0)
        self._spectra[0] = np.fft.rfft(self._own)
        if not self._spectra.any():
            self.made_up = np.zeros(FRAME)
            return heard, None
        self.made_up = np.fft.irfft((self._spectra * self._way).sum(axis=0))[FRAME:]
        left = heard - self.made_up
        powers = np.square(np.abs(self._spectra))
        if learn and left @ left < NO_ECHO * (heard @ heard):
            self._learn(left, powers)
        # Half of a transform of two frames is this frame's.
        return left, 0.5 * (powers * self._unsure).sum(axis=0)

    def _learn(self, left: Signal, powers: Signal) -> None:
        error = np.fft.rfft(np.concatenate((np.zeros(FRAME), left)))
        self._near = SMOOTHED * self._near + (1.0 - SMOOTHED) * np.square(np.abs(error))
        expected = 0.5 * (powers * self._unsure).sum(axis=0) + self._near
        step = self._unsure / expected
        change = np.fft.irfft(step * np.conj(self._spectra) * error, axis=1)
        change[:, FRAME:] = 0.0  # a part of the way is one frame long
        self._way = STAYS * (self._way + np.fft.rfft(change, axis=1))
        self._unsure *= STAYS**2 * (1.0 - 0.5 * step * powers)
        self._unsure += (1.0 - STAYS**2) * np.square(np.abs(self._way))

    def _without_rest(self, left: Signal, rest: Signal | None) -> Samples:
        """Wiener filter in windows that overlap by a frame; `rest`: the power of what is left."""
        both = np.concatenate((self._before, left)) * self._window
        self._before = left
        if rest is not None:
            spectrum = np.fft.rfft(both)
            gain = 1.0 - rest / (np.square(np.abs(spectrum)) + 1.0)
            both = np.fft.irfft(spectrum * np.clip(gain, LEAST_GAIN, 1.0))
        both = both * self._window
        out = self._tail + both[:FRAME]
        self._tail = both[FRAME:]
        return np.clip(np.round(out), -32768, 32767).astype(np.int16)

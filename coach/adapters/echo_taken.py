"""How much quieter the sound became as the coach's own voice was taken out of it."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from coach.adapters.echo_canceller import FRAME
from coach.adapters.echo_streams import KEPT, Ring
from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]
Powers = npt.NDArray[np.float32]

OWN_VOICE_DB, LET_THROUGH_DB = 12.0, 2.0
"""What became quieter by more was an echo, and what is left of it is no word: a recogniser
understands it however quiet it is. Words of people became quieter by 10 at most. Where an echo may
have been let through meanwhile, not all of it is taken away afterwards either: 2.3 to 24 dB of it,
and 1 to 1.5 of people who are louder than it."""

MOSTLY_OWN_DB = 6.0
"""Of a frame that became quieter by more, most was own voice."""

LOUDEST_FRAMES = 20
"""A word's loudest part (0.2 s)."""


class TakenAway:
    def __init__(self) -> None:
        self._heard, self._kept = Ring(), Ring()
        self._stop = 0

    def add(self, heard: Samples, kept: Samples) -> None:
        """Sound of whole frames, and the same without own voice."""
        self._heard.put(self._stop, heard)
        self._kept.put(self._stop, kept)
        self._stop += len(heard)

    def again(self, seconds: float, without_own: Callable[[Samples], Samples]) -> None:
        """It is known better now how to take own voice out; where less is left then, that counts.

        without_own: takes it out of the latest `seconds` of sound
        """
        heard, kept = self._latest(seconds)
        if not len(heard):
            return
        better = without_own(heard)
        less = np.repeat(_powers(better) < _powers(kept), FRAME)
        self._kept.put(self._stop - len(kept), np.where(less, better, kept))

    def db(self, seconds: float) -> float:
        """By how much the loudest 0.2 s of the latest `seconds` became quieter."""
        heard, kept = (_loudest(_powers(samples)) for samples in self._latest(seconds))
        return gain_db(heard, kept)

    def own_s(self, seconds: float) -> float:
        """For how many of the latest `seconds` own voice was most of what was heard."""
        heard, kept = (_powers(samples) for samples in self._latest(seconds))
        own = heard > kept * 10.0 ** (MOSTLY_OWN_DB / 10.0)
        return float(np.count_nonzero(own)) * FRAME / SAMPLE_RATE

    def _latest(self, seconds: float) -> tuple[Samples, Samples]:
        """Whole frames, heard and kept; as much as there is, and is remembered."""
        count = min(round(seconds * SAMPLE_RATE / FRAME) * FRAME, self._stop, KEPT)
        start = self._stop - count
        return self._heard.get(start, self._stop), self._kept.get(start, self._stop)


def power(samples: Samples) -> float:
    """The mean square; silence has 1, so that it has a logarithm."""
    return float(np.mean(np.square(samples.astype(np.float32)))) + 1.0


def gain_db(before: float, after: float) -> float:
    """Of two powers."""
    return 10.0 * float(np.log10(before / after))


def _powers(samples: Samples) -> Powers:
    """The mean power of each frame."""
    squares = np.square(samples.astype(np.float32)).reshape(-1, FRAME)
    powers: Powers = squares.mean(axis=1) + np.float32(1.0)
    return powers


def _loudest(powers: Powers) -> float:
    width = min(LOUDEST_FRAMES, len(powers))
    return float(np.convolve(powers, np.full(width, 1.0 / width), "valid").max())

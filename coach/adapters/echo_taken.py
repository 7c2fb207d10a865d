"""How much quieter the sound became as the coach's own voice was taken out of it."""

from collections import deque

import numpy as np
import numpy.typing as npt

from coach.adapters.echo_canceller import FRAME
from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]
Powers = npt.NDArray[np.float32]

OWN_VOICE_DB = 12.0
"""What became quieter by more was an echo, and what is left of it is no word: a recogniser
understands it however quiet it is. Words of people became quieter by 10 at most."""

LOUDEST_FRAMES, KEPT_BLOCKS = 20, 600
"""A word's loudest part (0.2 s), and for how long it is known what was taken away (6 s or more)."""


class TakenAway:
    def __init__(self) -> None:
        self._blocks: deque[tuple[Samples, Samples]] = deque(maxlen=KEPT_BLOCKS)

    def add(self, heard: Samples, kept: Samples) -> None:
        """Sound of whole frames, and the same without own voice; neither is changed afterwards."""
        self._blocks.append((heard, kept))

    def db(self, seconds: float) -> float:
        """By how much the loudest 0.2 s of the latest `seconds` became quieter."""
        heard, kept = (_loudest(powers) for powers in self._latest(seconds))
        return 10.0 * float(np.log10(heard / kept))

    def own_s(self, seconds: float) -> float:
        """For how many of the latest `seconds` hardly anything but own voice was heard."""
        heard, kept = self._latest(seconds)
        own = heard > kept * 10.0 ** (OWN_VOICE_DB / 10.0)
        return float(np.count_nonzero(own)) * FRAME / SAMPLE_RATE

    def _latest(self, seconds: float) -> tuple[Powers, Powers]:
        frames = round(seconds * SAMPLE_RATE / FRAME)
        heard, kept = (np.concatenate(blocks) for blocks in zip(*self._blocks, strict=True))
        return _powers(heard, frames), _powers(kept, frames)


def _powers(samples: Samples, frames: int) -> Powers:
    """The mean power of each of the last `frames`, of fewer where there are no more."""
    squares = np.square(samples.astype(np.float32)).reshape(-1, FRAME)[-frames:]
    powers: Powers = squares.mean(axis=1) + np.float32(1.0)
    return powers


def _loudest(powers: Powers) -> float:
    width = min(LOUDEST_FRAMES, len(powers))
    return float(np.convolve(powers, np.full(width, 1.0 / width), "valid").max())

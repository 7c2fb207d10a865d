"""How much quieter the sound became as the coach's own voice was taken out of it."""

from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from coach.adapters.echo_canceller import FRAME
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

LOUDEST_FRAMES, KEPT_BLOCKS = 20, 600
"""A word's loudest part (0.2 s), and for how long it is known what was taken away (6 s or more)."""


class TakenAway:
    def __init__(self) -> None:
        self._blocks: deque[tuple[Samples, Samples]] = deque(maxlen=KEPT_BLOCKS)

    def add(self, heard: Samples, kept: Samples) -> None:
        """Sound of whole frames, and the same without own voice; neither is changed afterwards."""
        self._blocks.append((heard, kept))

    def again(self, seconds: float, without_own: Callable[[Samples], Samples]) -> None:
        """It is known better now how to take own voice out; where less is left then, that counts.

        without_own: takes it out of the latest `seconds` of sound
        """
        blocks: deque[tuple[Samples, Samples]] = deque()
        while self._blocks and sum(len(heard) for heard, _ in blocks) < seconds * SAMPLE_RATE:
            blocks.appendleft(self._blocks.pop())
        if not blocks:
            return
        heard, kept = (np.concatenate(part) for part in zip(*blocks, strict=True))
        better = without_own(heard)
        frames = len(heard) // FRAME
        less = np.repeat(_powers(better, frames) < _powers(kept, frames), FRAME)
        self._blocks.append((heard, np.where(less, better, kept)))

    def db(self, seconds: float) -> float:
        """By how much the loudest 0.2 s of the latest `seconds` became quieter."""
        heard, kept = (_loudest(powers) for powers in self._latest(seconds))
        return 10.0 * float(np.log10(heard / kept))

    def own_s(self, seconds: float) -> float:
        """For how many of the latest `seconds` own voice was most of what was heard."""
        heard, kept = self._latest(seconds)
        own = heard > kept * 10.0 ** (MOSTLY_OWN_DB / 10.0)
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

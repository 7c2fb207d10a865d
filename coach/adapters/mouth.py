"""Cues to sound: the pack's words, the rendered voice, the speaker; and text where it is silent.

Every utterance is answered by exactly one `SpeechFinished`, whatever the speaker does: when it
fails, the text is shown for as long as reading takes, and the session goes on.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from coach.domain.effects import Cue
from coach.domain.events import DeviceFailed, DeviceRecovered, Event, SpeechFinished
from coach.domain.terms import Device
from coach.ports import DeviceError, Speaker
from coach.speech.voice_pack import VoicePack

Samples = npt.NDArray[np.int16]


class SpeakingMouth:
    """The loop's mouth.

    samples: text -> sound at 16 kHz, cached; raises DeviceError when it cannot be rendered
    text_only: shows nothing, but takes as long as reading does
    """

    def __init__(
        self,
        pack: VoicePack,
        samples: Callable[[str], Samples],
        speaker: Speaker,
        text_only: Speaker,
        emit: Callable[[Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._pack = pack
        self._samples = samples
        self._speaker = speaker
        self._text_only = text_only
        self._emit = emit
        self._clock = clock
        self._speaker_sound = True
        self._used: Speaker = speaker

    def speak(self, utterance: int, cue: Cue) -> None:
        text = self._pack.text(cue)
        try:
            samples = self._samples(text)
        except DeviceError as error:
            self._failed(error)
            samples = _reading_time(text)
            self._used = self._text_only
            self._used.play(utterance, samples)
            return
        try:
            self._used = self._speaker
            self._speaker.play(utterance, samples)
        except DeviceError as error:
            self._failed(error)
            self._used = self._text_only
            self._used.play(utterance, samples)
        else:
            self._recovered()

    def stop(self) -> None:
        self._used.stop()

    def _failed(self, error: DeviceError) -> None:
        if self._speaker_sound:
            self._speaker_sound = False
            self._emit(DeviceFailed(self._clock(), Device.SPEAKER, str(error)))

    def _recovered(self) -> None:
        if not self._speaker_sound:
            self._speaker_sound = True
            self._emit(DeviceRecovered(self._clock(), Device.SPEAKER))


__all__ = ["SpeakingMouth", "SpeechFinished"]


def _reading_time(text: str) -> Samples:
    return np.zeros(int(16_000 * (0.5 + 0.05 * len(text))), np.int16)

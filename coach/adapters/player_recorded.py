"""Speakers without a sound card: one writes the conversation to a WAV file, one keeps time only."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.adapters.sound import Timeline
from coach.domain.events import Event, SpeechFinished
from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]


class SilentSpeaker:
    """The `Speaker` port without sound: the text is shown elsewhere."""

    def __init__(
        self, emit: Callable[[Event], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._emit = emit
        self._clock = clock
        self._lock = threading.Lock()
        self._ending: threading.Timer | None = None
        self._utterance: int | None = None

    def open(self) -> None:
        pass

    def play(self, utterance: int, samples: Samples) -> None:
        self.stop()
        with self._lock:
            self._utterance = utterance
            self._ending = threading.Timer(
                len(samples) / SAMPLE_RATE, self._finish, (utterance, True)
            )
            self._ending.daemon = True
            self._ending.start()

    def stop(self) -> None:
        utterance = self._utterance
        if utterance is not None:
            if self._ending is not None:
                self._ending.cancel()
            self._finish(utterance, False)

    def close(self) -> None:
        self.stop()

    def _finish(self, utterance: int, completed: bool) -> None:
        with self._lock:
            if self._utterance != utterance:
                return  # the other side was faster: reported once already
            self._utterance = None
        self._emit(SpeechFinished(self._clock(), utterance, completed=completed))


class WavSpeaker(SilentSpeaker):
    """Lays every utterance where it began; `close` writes the recording."""

    def __init__(
        self,
        emit: Callable[[Event], None],
        path: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(emit, clock)
        self._path = path
        self._timeline = Timeline()
        self._start = clock()
        self._began = 0.0
        self._samples: Samples = np.zeros(0, np.int16)

    def open(self) -> None:
        self._start = self._clock()
        self._timeline.write(self._path)  # a path that cannot be written shows at the start

    def play(self, utterance: int, samples: Samples) -> None:
        super().play(utterance, samples)
        self._began, self._samples = self._clock() - self._start, samples

    def _finish(self, utterance: int, completed: bool) -> None:
        sounded = self._samples
        if not completed:
            sounded = sounded[: round((self._clock() - self._start - self._began) * SAMPLE_RATE)]
        self._timeline.add(self._began, sounded)
        self._samples = sounded[:0]
        super()._finish(utterance, completed)

    def close(self) -> None:
        super().close()
        self._timeline.write(self._path)

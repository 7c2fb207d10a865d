"""Recordings in place of devices: the same ports, on a clock that can be real or virtual.

With a `RealClock` each device is read by its own thread, as a real one is. With a `VirtualClock`
the simulation reads whichever is due next (`next_t`), so a session runs as fast as it can be
computed, and always the same way.
"""

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.adapters.clock import Clock
from coach.adapters.tape import Tape
from coach.domain.events import Event, SpeechFinished
from coach.ports import SAMPLE_RATE, Block, DeviceError, Frame

Samples = npt.NDArray[np.int16]

BLOCK_S = 0.02
_BLOCK = round(BLOCK_S * SAMPLE_RATE)


class RecordedMicrophone:
    """Silence, with recordings laid into it at given times.

    trouble: the failure switch; while it is set the device is gone, and this says why
    """

    def __init__(self, clock: Clock, tape: Tape) -> None:
        self._clock = clock
        self._tape = tape
        self._t = clock.now()
        self._said: deque[tuple[float, Samples]] = deque()
        self._ahead: Samples = np.zeros(0, np.int16)
        self._closed = False
        self.trouble: str | None = None

    def open(self) -> None:
        _fail(self.trouble)
        self._closed = False
        self._t = self._clock.now()

    def close(self) -> None:
        self._closed = True

    def say(self, t: float, samples: Samples) -> None:
        """Somebody says this at `t`, or now when that is past. From any thread."""
        t = max(t, self._t + BLOCK_S)
        self._said.append((t, samples))
        self._tape.lay(t, samples)

    @property
    def quiet(self) -> bool:
        """Whether everything has been said."""
        return not self._said and not len(self._ahead)

    @property
    def next_t(self) -> float:
        return self._t + BLOCK_S

    def read(self, timeout_s: float) -> Block | None:
        _fail(self.trouble)
        if self._closed:
            return None
        while self._said:
            self._lay_ahead(*self._said.popleft())
        block = np.zeros(_BLOCK, np.int16)
        head = self._ahead[:_BLOCK]
        block[: len(head)] = head
        self._ahead = self._ahead[_BLOCK:]
        self._t = self.next_t
        self._clock.sleep_until(self._t)
        return Block(self._t, block)

    def _lay_ahead(self, t: float, samples: Samples) -> None:
        at = max(0, round((t - self._t) * SAMPLE_RATE))
        missing = at + len(samples) - len(self._ahead)
        if missing > 0:
            self._ahead = np.concatenate((self._ahead, np.zeros(missing, np.int16)))
        self._ahead[at : at + len(samples)] += samples


class RecordedCamera:
    """Parts of a clip, played on demand; between them the last picture stands still.

    Frames are stamped with the clock, not with the clip's own time. DeviceError when the clip
    cannot be read.

    trouble: the failure switch; while it is set the device is gone, and this says why
    """

    def __init__(self, clock: Clock, clip: Path) -> None:
        self._clock = clock
        self._clip = clip
        self._t = clock.now()
        self._begin_at: tuple[float, float, float] | None = None
        self._left = 0.0
        self._reader: Any = None
        self._image: npt.NDArray[np.uint8] | None = None
        self.trouble: str | None = None

    def open(self) -> None:
        import cv2

        _fail(self.trouble)
        self._reader = cv2.VideoCapture(str(self._clip))
        self._period_s = 1.0 / (self._reader.get(cv2.CAP_PROP_FPS) or 15.0)
        found, self._image = self._reader.read()
        if not found:
            raise DeviceError(f"The clip {self._clip} cannot be read; give a video file.")
        self._t = self._clock.now()

    def close(self) -> None:
        if self._reader is not None:
            self._reader.release()
        self._image = None

    def play(self, t: float, begin_s: float, end_s: float) -> None:
        """From `t` on show this part of the clip, given in the clip's own seconds."""
        self._begin_at = (t, begin_s, end_s)

    @property
    def next_t(self) -> float:
        return self._t + self._period_s

    def read(self, timeout_s: float) -> Frame | None:
        _fail(self.trouble)
        if self._image is None:
            return None
        self._t = max(self.next_t, self._clock.now())
        self._clock.sleep_until(self._t)
        if self._begin_at is not None and self._begin_at[0] <= self._t:
            self._seek(*self._begin_at[1:])
            self._begin_at = None
        if self._left > 0:
            self._left -= 1
            self._image = self._next_image(self._image)
        return Frame(self._t, self._image)

    def _seek(self, begin_s: float, end_s: float) -> None:
        import cv2

        self._reader.set(cv2.CAP_PROP_POS_MSEC, begin_s * 1000)
        self._left = (end_s - begin_s) / self._period_s

    def _next_image(self, standing: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The clip's next picture; at its end the last one stays."""
        found, image = self._reader.read()
        if not found:
            self._left = 0.0
        return image if found else standing


class SilentSpeaker:
    """The `Speaker` port without a sound card: utterances take their time, and go on the tape."""

    def __init__(self, clock: Clock, emit: Callable[[Event], None], tape: Tape) -> None:
        self._clock = clock
        self._emit = emit
        self._tape = tape
        self._lock = threading.Lock()
        self._saying: tuple[int, float, Samples] | None = None

    def open(self) -> None:
        pass

    def close(self) -> None:
        self.stop()

    def play(self, utterance: int, samples: Samples) -> None:
        self.stop()
        began = self._clock.now()
        with self._lock:
            self._saying = (utterance, began, samples)
        ends = began + len(samples) / SAMPLE_RATE
        self._clock.call_at(ends, lambda: self._end(utterance, completed=True))

    def stop(self) -> None:
        saying = self._saying
        if saying is not None:
            self._end(saying[0], completed=False)

    def _end(self, utterance: int, completed: bool) -> None:
        with self._lock:
            saying = self._saying
            if saying is None or saying[0] != utterance:
                return  # it was cut, or ended, already: reported once
            self._saying = None
        _, began, samples = saying
        now = self._clock.now()
        self._tape.lay(began, samples[: round((now - began) * SAMPLE_RATE)])
        self._emit(SpeechFinished(now, utterance, completed))


def _fail(trouble: str | None) -> None:
    if trouble is not None:
        raise DeviceError(trouble)

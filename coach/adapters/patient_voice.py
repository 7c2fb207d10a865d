"""The voice where its engine may hang or be missing: nobody waits for it, and it is tried again.

Sentences that were rendered before come from the disk at once. Anything else is rendered in a
thread of its own, and waited for so long as a pause in talk may last: an engine that hangs must
neither stop the session nor starve the watchdog.
"""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Protocol

import numpy as np
import numpy.typing as npt

from coach.domain.events import DeviceFailed, DeviceRecovered, Event
from coach.domain.terms import Device
from coach.ports import DeviceError

Samples = npt.NDArray[np.int16]

PATIENCE_S = 3.0
"""espeak-ng takes 0.06 s for a cue on a desktop, Piper 0.5 s."""

RETRY_S = 30.0


class Renderer(Protocol):
    """What `tts.Voice` can do: `kept` looks on the disk, `samples` renders or raises."""

    def kept(self, text: str) -> Samples | None: ...

    def samples(self, text: str) -> Samples: ...


class PatientVoice:
    """Reports through `emit` that the engine fails, once, and that it works again.

    failed: a text that could not be rendered before now, to be tried again
    """

    def __init__(
        self,
        voice: Renderer,
        emit: Callable[[Event], None],
        clock: Callable[[], float],
        failed: str | None = None,
    ) -> None:
        self._voice = voice
        self._emit = emit
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = failed
        self._wanted: SimpleQueue[str | None] = SimpleQueue()
        self._rendered: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._work, name="voice", daemon=True).start()

    def use(self, voice: Renderer) -> None:
        """From now on this voice, of another language."""
        self._voice = voice

    def samples(self, text: str) -> Samples | None:
        """The sound of a text, or None where it is not to be had now."""
        samples = self._voice.kept(text)
        if samples is not None or self._failed is not None:
            return samples
        self._wanted.put(text)
        try:
            while self._rendered.get(timeout=PATIENCE_S) != text:
                pass  # a late answer to an earlier question
        except Empty:
            self._fails(text, f"The speech engine takes too long for '{text}'; it is tried again.")
        return self._voice.kept(text)

    def close(self) -> None:
        self._wanted.put(None)

    def _work(self) -> None:
        while True:
            try:
                text = self._wanted.get(timeout=RETRY_S)
            except Empty:
                if self._failed is not None:
                    self._render(self._failed)
                continue
            if text is None:
                return
            self._render(text)
            self._rendered.put(text)

    def _render(self, text: str) -> None:
        try:
            self._voice.samples(text)
        except DeviceError as error:
            self._fails(text, str(error))
        else:
            self._works()

    def _fails(self, text: str, reason: str) -> None:
        with self._lock:
            known, self._failed = self._failed, text
        if known is None:
            self._emit(DeviceFailed(self._clock(), Device.VOICE, reason))

    def _works(self) -> None:
        with self._lock:
            known, self._failed = self._failed, None
        if known is not None:
            self._emit(DeviceRecovered(self._clock(), Device.VOICE))

"""The loudspeaker: one utterance at a time, cut within a block, telling what really sounded."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coach.adapters.sound import resampled
from coach.adapters.sound_devices import Opened, close_stream, open_stream, still_there
from coach.domain.events import DeviceFailed, DeviceRecovered, Event, SpeechFinished
from coach.domain.terms import Device
from coach.ports import SAMPLE_RATE, DeviceError

Samples = npt.NDArray[np.int16]

BLOCK_S = 0.01
LATENCY_S = 0.03
"""Measured: a cue sounds 60 ms after `play`, without gaps; two thirds of this give gaps."""

ASKED_EVERY_S = 1.0
"""How often a sound server is asked whether the device is still there."""

RETRY_S = 1.0


@dataclass(slots=True)
class _Playing:
    utterance: int
    samples: Samples
    began: float
    at: int = 0


class SoundSpeaker:
    """The `Speaker` port on PortAudio.

    One thread writes block after block, silence between utterances, so a cue starts at once.
    When the device goes, that thread emits `DeviceFailed`, tries again every second and emits
    `DeviceRecovered`; meanwhile utterances take their time in silence and end as not completed.

    emit: gets every event, from the player's thread
    heard_own: gets every block played, when it was handed to the device, and whether that had run
        dry before (echo reference)
    underflows: how often the device ran dry
    """

    def __init__(
        self,
        emit: Callable[[Event], None],
        device: str | None = None,
        heard_own: Callable[[Samples, float, bool], None] = lambda samples, t, gap: None,
    ) -> None:
        self._emit = emit
        self._device = device
        self._heard_own = heard_own
        self._lock = threading.Lock()
        self._now: _Playing | None = None
        self._sounding: deque[tuple[float, int]] = deque()
        self._closing = threading.Event()
        self._opened: Opened | None = None
        self._thread: threading.Thread | None = None
        self.underflows = 0

    def open(self) -> None:
        """Raises `DeviceError` when the device is not there; it is tried again all the same."""
        self._closing.clear()
        try:
            self._opened = open_stream("output", self._device, BLOCK_S, LATENCY_S)
        finally:
            self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
            self._thread.start()

    def play(self, utterance: int, samples: Samples) -> None:
        with self._lock:
            cut = self._take()
            self._now = _Playing(utterance, samples, time.monotonic())
        self._report_cut(cut)

    def stop(self) -> None:
        with self._lock:
            cut = self._take()
        self._report_cut(cut)

    def close(self) -> None:
        self.stop()
        self._closing.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def _take(self) -> list[int]:
        """Whatever has not ended yet is over; the caller holds the lock and reports it."""
        cut = [utterance for _, utterance in self._sounding]
        self._sounding.clear()
        if self._now is not None:
            cut.append(self._now.utterance)
            self._now = None
        return cut

    def _report_cut(self, cut: list[int]) -> None:
        for utterance in cut:
            self._emit(SpeechFinished(time.monotonic(), utterance, completed=False))

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._opened is None:
                self._retry()
            else:
                self._play_on(self._opened)
        if self._opened is not None:
            close_stream(self._opened)
            self._opened = None

    def _play_on(self, opened: Opened) -> None:
        import sounddevice

        latency_s = float(opened.stream.latency)
        asked = time.monotonic()
        reason = "unplugged"
        try:
            while not self._closing.is_set():
                now = time.monotonic()
                self._write(opened, self._next_block(latency_s), now)
                self._report_ended(now, completed=True)
                if now - asked > ASKED_EVERY_S:
                    asked = now
                    if not still_there(opened):
                        break
            else:
                return
        except sounddevice.PortAudioError as error:
            reason = str(error.args[0])
        self._opened = None
        close_stream(opened)
        self.stop()  # what was sounding did not sound to its end
        self._emit(
            DeviceFailed(
                time.monotonic(),
                Device.SPEAKER,
                f"The speaker is gone ({reason}); plug it in again.",
            )
        )

    def _write(self, opened: Opened, block: Samples, now: float) -> None:
        out = resampled(block, SAMPLE_RATE, opened.rate)
        dry = bool(opened.stream.write(np.repeat(out, opened.channels).tobytes()))
        self.underflows += dry
        self._heard_own(block, now, dry)

    def _next_block(self, latency_s: float) -> Samples:
        count = round(BLOCK_S * SAMPLE_RATE)
        block = np.zeros(count, np.int16)
        with self._lock:
            if self._now is not None:
                piece = self._now.samples[self._now.at : self._now.at + count]
                block[: len(piece)] = piece
                self._now.at += count
                if self._now.at >= len(self._now.samples):
                    # A device that was starved takes all at once; it sounds for as long as ever.
                    lasts_s = len(self._now.samples) / SAMPLE_RATE
                    ends = max(time.monotonic() + BLOCK_S, self._now.began + lasts_s) + latency_s
                    self._sounding.append((ends, self._now.utterance))
                    self._now = None
        return block

    def _report_ended(self, now: float, completed: bool) -> None:
        """An utterance has ended when its last block has left the device, not when it was sent."""
        with self._lock:
            ended = []
            while self._sounding and self._sounding[0][0] <= now:
                ended.append(self._sounding.popleft()[1])
        for utterance in ended:
            self._emit(SpeechFinished(now, utterance, completed=completed))

    def _retry(self) -> None:
        again = time.monotonic() + RETRY_S
        while time.monotonic() < again and not self._closing.is_set():
            time.sleep(BLOCK_S)
            self._next_block(0.0)
            self._report_ended(time.monotonic(), completed=False)
        try:
            self._opened = open_stream("output", self._device, BLOCK_S, LATENCY_S)
        except DeviceError:
            return
        self._emit(DeviceRecovered(time.monotonic(), Device.SPEAKER))

"""A real microphone through PortAudio."""

import contextlib
import queue
import threading
import time

import numpy as np

from coach.adapters.sound import Converter
from coach.adapters.sound_devices import BLOCK_S, Opened, close_stream, open_stream
from coach.ports import Block, DeviceError

LATENCY_S = 0.1
"""What PortAudio buffers: less than this drops blocks on a busy machine (measured)."""

QUEUED = 100
"""Blocks (2 s) that may wait for a slow listener before the oldest are dropped and counted."""

SILENT_S = 2.0
"""A stream that brings nothing for so long is a device that was unplugged."""


class SoundMicrophone:
    """The `Microphone` port. `read` raises `DeviceError` once the device is gone; `open` retries.

    device: (part of) a name as in `coach doctor`; None for the system's default
    overflows: blocks that PortAudio or our own queue had to drop
    """

    def __init__(self, device: str | None = None) -> None:
        self._device = device
        self._blocks: queue.Queue[Block] = queue.Queue(QUEUED)
        self._closing = threading.Event()
        self._lost: str | None = None
        self._opened: Opened | None = None
        self._heard_at = 0.0
        self.overflows = 0

    def open(self) -> None:
        self.close()
        self._opened = open_stream("input", self._device, LATENCY_S)
        self._closing = threading.Event()
        self._lost = None
        self._heard_at = time.monotonic()
        threading.Thread(
            target=self._capture, args=(self._opened, self._closing), name="microphone", daemon=True
        ).start()

    def read(self, timeout_s: float) -> Block | None:
        try:
            block = self._blocks.get(timeout=timeout_s)
        except queue.Empty:
            if self._lost is None and time.monotonic() - self._heard_at > SILENT_S:
                self._lost = "it brings no sound any more"
            if self._lost is not None:
                raise DeviceError(
                    f"The microphone is gone ({self._lost}); plug it in again."
                ) from None
            return None
        self._heard_at = time.monotonic()
        return block

    def close(self) -> None:
        self._closing.set()
        if self._opened is not None:
            close_stream(self._opened)
            self._opened = None

    def _capture(self, opened: Opened, closing: threading.Event) -> None:
        """Take blocks from PortAudio and queue them; nothing else happens on this thread."""
        import sounddevice

        convert = Converter(opened.rate, opened.channels)
        frames = round(BLOCK_S * opened.rate)
        while not closing.is_set():
            try:
                data, overflowed = opened.stream.read(frames)
            except sounddevice.PortAudioError as error:
                if not closing.is_set():
                    self._lost = str(error.args[0])
                return
            self.overflows += bool(overflowed)
            samples = convert(np.frombuffer(data, np.int16))
            if len(samples):
                self._put(Block(time.monotonic(), samples))

    def _put(self, block: Block) -> None:
        try:
            self._blocks.put_nowait(block)
        except queue.Full:
            self.overflows += 1
            with contextlib.suppress(queue.Empty):
                self._blocks.get_nowait()
            self._blocks.put_nowait(block)

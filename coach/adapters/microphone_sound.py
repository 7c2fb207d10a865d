"""A real microphone through PortAudio."""

import contextlib
import queue
import threading
import time

import numpy as np

from coach.adapters.sound import Converter
from coach.adapters.sound_devices import Opened, close_stream, open_stream, still_there
from coach.ports import Block, DeviceError

BLOCK_S = 0.02
LATENCY_S = 0.1
"""What PortAudio buffers: less than this drops blocks on a busy machine (measured)."""

QUEUED = 100
"""Blocks (2 s) that may wait for a slow listener before the oldest are dropped and counted."""

ASKED_EVERY_S = 1.0
"""How often a sound server is asked whether the device is still there."""

JOIN_S = 1.0

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
        self._thread: threading.Thread | None = None
        self._heard_at = 0.0
        self.overflows = 0

    def open(self) -> None:
        self.close()
        opened = open_stream("input", self._device, BLOCK_S, LATENCY_S)
        self._closing = threading.Event()
        self._lost = None
        self._heard_at = time.monotonic()
        self._thread = threading.Thread(
            target=self._capture, args=(opened, self._closing), name="microphone", daemon=True
        )
        self._thread.start()

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
        if self._thread is not None:
            # A driver can hang in a read when its device is pulled: such a thread is left behind.
            self._thread.join(JOIN_S)
            self._thread = None

    def _capture(self, opened: Opened, closing: threading.Event) -> None:
        """Take blocks from PortAudio and queue them; nothing else happens on this thread."""
        import sounddevice

        convert = Converter(opened.rate, opened.channels)
        frames = round(BLOCK_S * opened.rate)
        asked = time.monotonic()
        try:
            while not closing.is_set():
                data, overflowed = opened.stream.read(frames)
                now = time.monotonic()
                self.overflows += bool(overflowed)
                samples = convert(np.frombuffer(data, np.int16))
                if len(samples):
                    self._put(Block(now, samples))
                if now - asked > ASKED_EVERY_S:
                    asked = now
                    if not still_there(opened):
                        self._lost = "unplugged"
                        return
        except sounddevice.PortAudioError as error:
            self._lost = str(error.args[0])
        finally:
            close_stream(opened)

    def _put(self, block: Block) -> None:
        try:
            self._blocks.put_nowait(block)
        except queue.Full:
            self.overflows += 1
            with contextlib.suppress(queue.Empty):
                self._blocks.get_nowait()
            self._blocks.put_nowait(block)

"""Lets the real picamera2 run against libcamera's `virtual` pipeline, on a machine without a Pi.

Python loads this by itself where it is on the path. Four things of a Pi are stood in for: `pykms`
(wanted for a preview on the screen only), the DMA heap that frame buffers come from (memory files
here), the raw stream (the virtual pipeline has none), and the sensor's frame clock.
"""

import mmap
import os
import queue
import sys
import threading
import time
import types
from typing import Any

FRAMES_PER_S = 30.0


class _AnyName:
    def __getattr__(self, name: str) -> str:
        return name


_kms: Any = types.ModuleType("pykms")
_kms.PixelFormat = _AnyName()
sys.modules["pykms"] = _kms

import libcamera  # noqa: E402 - the stand-in for pykms has to come first
import picamera2.picamera2 as real  # noqa: E402
from picamera2.allocators.allocator import Allocator, Sync  # noqa: E402


class _Mapped(Sync):
    def __init__(self, allocator: "MemoryFiles", buffer: Any, write: bool) -> None:
        self._map = allocator.maps[buffer]

    def __enter__(self) -> mmap.mmap:
        return self._map

    def __exit__(self, *details: object) -> None:
        pass


class MemoryFiles(Allocator):
    """Frame buffers in memory files; the virtual pipeline fills two planes (NV12)."""

    def __init__(self) -> None:
        super().__init__()
        self.sync = _Mapped
        self.maps: dict[Any, mmap.mmap] = {}
        self._by_stream: dict[Any, list[Any]] = {}

    def allocate(self, configuration: Any, use_case: Any) -> None:
        for stream in configuration:
            luma = stream.stride * stream.size.height
            sizes = (luma, stream.frame_size - luma)
            self._by_stream[stream.stream] = [
                self._buffer(stream.frame_size, sizes) for _ in range(stream.buffer_count)
            ]

    def buffers(self, stream: Any) -> list[Any]:
        return self._by_stream[stream]

    def _buffer(self, size: int, planes: tuple[int, ...]) -> Any:
        handle = os.memfd_create("frame", os.MFD_CLOEXEC)
        os.ftruncate(handle, size)
        described, offset = [], 0
        for length in planes:
            plane = libcamera.FrameBuffer.Plane()
            plane.fd, plane.offset, plane.length = handle, offset, length
            described.append(plane)
            offset += length
        buffer = libcamera.FrameBuffer(described)
        self.maps[buffer] = mmap.mmap(handle, size, mmap.MAP_SHARED)
        os.close(handle)  # libcamera keeps its own copy of the handle
        return buffer


class PacedCamera:
    """Passes requests on at the pace of a sensor; everything else goes straight through."""

    def __init__(self, camera: Any) -> None:
        self._camera = camera
        self._waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._camera, name)

    def queue_request(self, request: Any) -> None:
        self._waiting.put(request)

    def start(self, *arguments: Any) -> Any:
        started = self._camera.start(*arguments)
        self._stopped.clear()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return started

    def stop(self, *arguments: Any) -> Any:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        self._waiting = queue.SimpleQueue()
        return self._camera.stop(*arguments)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stopped.is_set():
            due = max(due + 1 / FRAMES_PER_S, time.monotonic())
            self._stopped.wait(due - time.monotonic())
            try:
                request = self._waiting.get(timeout=0.1)
            except queue.Empty:
                continue
            if not self._stopped.is_set():
                self._camera.queue_request(request)


def _raw_modes(self: Any) -> list[dict[str, Any]]:
    roles = libcamera.StreamRole
    generate = self.camera.generate_configuration
    formats = (generate([roles.Raw]) or generate([roles.VideoRecording])).at(0).formats
    return [
        {"format": str(pixels), "size": (size.width, size.height)}
        for pixels in formats.pixel_formats
        for size in formats.sizes(pixels)
    ]


_open = real.Picamera2._open_camera


def _open_paced(self: Any) -> None:
    _open(self)
    self.camera = PacedCamera(self.camera)


real.DmaAllocator = MemoryFiles
real.Picamera2._get_raw_modes = _raw_modes
real.Picamera2._open_camera = _open_paced

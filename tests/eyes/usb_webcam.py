"""A USB webcam in software, for the kernel's own driver: python -m tests.eyes.usb_webcam FORMAT

FORMAT is what its pictures are: MJPG, YUYV or NV12. As root, with the kernel's modules vhci-hcd and
uvcvideo. Killing it pulls its plug; after SIGUSR1 it sends no more pictures, but answers.

It speaks USB/IP, as the kernel does with a device of another machine, from the point on where the
two are connected (Linux, Documentation/usb/usbip_protocol.rst), and is a webcam of the USB Video
Class 1.0 with one size, one bulk endpoint and no knobs.
"""

import select
import signal
import socket
import struct
import sys
import time
from collections import deque
from pathlib import Path

import cv2
import numpy as np

WIDTH, HEIGHT = 640, 480
FRAMES_PER_S = {"MJPG": 30, "YUYV": 10, "NV12": 10}
"""Pictures that are not compressed come slower, as they do from real webcams."""
READOUT = 0.8
"""Of a picture's time so much is spent sending it, as its sensor reads it out line by line."""
CHUNK = {"MJPG": 2048, "YUYV": 16384, "NV12": 16384}
"""Bytes sent at once, two of which are UVC's own."""

HIGH_SPEED = 3
ENDPOINT = 0x81
UNLINK, SUBMITTED, UNLINKED = 2, 3, 4
REFUSED, TAKEN_BACK = -32, -104


def picture(kind: str) -> bytes:
    """Eight bars: white, yellow, cyan, green, magenta, red, blue, black."""
    blue, red, green = ([0 if n & bit else 191 for n in range(8)] for bit in (1, 2, 4))
    bars = np.array([blue, green, red], np.uint8).T
    image = np.tile(np.repeat(bars, WIDTH // 8, axis=0), (HEIGHT, 1, 1))
    if kind == "MJPG":
        return cv2.imencode(".jpg", image)[1].tobytes()
    if kind == "YUYV":
        return cv2.cvtColor(image, cv2.COLOR_BGR2YUV_YUYV).tobytes()
    planes = cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420).reshape(6, -1)  # four of Y, U, V
    return planes[:4].tobytes() + planes[4:].T.tobytes()


def described(*numbers: int | bytes) -> bytes:
    """A descriptor: its length, and then bytes."""
    body = b"".join(n if isinstance(n, bytes) else bytes([n]) for n in numbers)
    return bytes([len(body) + 1]) + body


def word(number: int) -> bytes:
    return struct.pack("<H", number)


def long(number: int) -> bytes:
    return struct.pack("<I", number)


DEVICE = described(
    1, word(0x200), 0xEF, 2, 1, 64, word(0x1D6B), word(0x0102), word(0x100), 0, 0, 0, 1
)  # fmt: skip


def configuration(kind: str, most: int) -> bytes:
    """What it is and can: control interface, camera, output, streaming interface, format, size.

    most: bytes of a picture
    """
    interval = long(10_000_000 // FRAMES_PER_S[kind])
    if kind == "MJPG":
        shape, frame = described(0x24, 6, 1, 1, 1, 1, 0, 0, 0, 0), 7
    else:
        name, bits = {"YUYV": (b"YUY2", 16), "NV12": (b"NV12", 12)}[kind]
        guid = name + bytes.fromhex("00001000800000aa00389b71")
        shape, frame = described(0x24, 4, 1, 1, guid, bits, 1, 0, 0, 0, 0), 5
    rate = long(most * 8 * FRAMES_PER_S[kind])
    size = word(WIDTH) + word(HEIGHT)
    shape += described(0x24, frame, 1, 0, size, rate, rate, long(most), interval, 1, interval)
    shape += described(0x24, 13, 1, 1, 4)  # its colours: sRGB's, with BT.601's matrix
    terminals = described(0x24, 2, 1, word(0x201), 0, 0, word(0), word(0), word(0), 3, bytes(3))
    terminals += described(0x24, 3, 2, word(0x101), 0, 1, 0)
    all_of_it = (
        described(11, 0, 2, 14, 3, 0, 0)
        + described(4, 0, 0, 0, 14, 1, 0, 0)
        + described(0x24, 1, word(0x100), word(13 + len(terminals)), long(48_000_000), 1, 1)
        + terminals
        + described(4, 1, 0, 1, 14, 2, 0, 0)
        + described(0x24, 1, 1, word(14 + len(shape)), ENDPOINT, 0, 2, 0, 0, 0, 1, 0)
        + shape
        + described(5, ENDPOINT, 2, word(512), 0)
    )
    return described(2, word(9 + len(all_of_it)), 2, 1, 0, 0x80, 250) + all_of_it


class Webcam:
    """At the other end of `line` is the kernel."""

    def __init__(self, line: socket.socket, kind: str) -> None:
        self._line = line
        self._kind = kind
        data = picture(kind)
        step = CHUNK[kind] - 2
        self._chunks = [data[n : n + step] for n in range(0, len(data), step)]
        self._configuration = configuration(kind, len(data))
        self._probe = struct.pack(
            "<HBBIHHHHHII", 1, 1, 1, 10_000_000 // FRAMES_PER_S[kind], 0, 0, 0, 0, 0, len(data),
            CHUNK[kind],
        )  # fmt: skip
        self._asked: deque[int] = deque()
        self._chunk = self._parity = 0
        self._begun = 0.0
        self.silent = False

    def serve(self) -> None:
        while True:
            wait_s = max(0.0, self._due() - time.monotonic()) if self._sends() else None
            if select.select([self._line], [], [], wait_s)[0]:
                self._answer()
            elif self._sends():
                self._send()

    def _sends(self) -> bool:
        return bool(self._asked) and not self.silent

    def _due(self) -> float:
        spent = READOUT * self._chunk / len(self._chunks)
        return self._begun + spent / FRAMES_PER_S[self._kind]

    def _send(self) -> None:
        """The next piece of the picture, and after the last one the next picture."""
        last = self._chunk == len(self._chunks) - 1
        data = bytes([2, 0x80 | last << 1 | self._parity]) + self._chunks[self._chunk]
        self._reply(SUBMITTED, self._asked.popleft(), 0, data)
        self._chunk += 1
        if last:
            self._chunk, self._parity = 0, 1 - self._parity
            self._begun = max(self._begun + 1 / FRAMES_PER_S[self._kind], time.monotonic() - 0.1)

    def _answer(self) -> None:
        command, number, _, inward, endpoint = struct.unpack(">5I", self._receive(20))
        rest = self._receive(28)
        if command == UNLINK:
            (other,) = struct.unpack(">I", rest[:4])
            pending = other in self._asked
            if pending:
                self._asked.remove(other)
                self._chunk = 0
            self._reply(UNLINKED, number, TAKEN_BACK if pending else 0)
        elif endpoint:
            self._asked.append(number)
        else:
            (length,) = struct.unpack(">i", rest[4:8])
            sent = b"" if inward else self._receive(length)
            answer = self._control(rest[20:])
            if answer is None:
                self._reply(SUBMITTED, number, REFUSED)
            else:
                self._reply(SUBMITTED, number, 0, answer[:length], len(sent))

    def _control(self, setup: bytes) -> bytes | None:
        """The answer to a request; None refuses it."""
        kind, request, value = struct.unpack("<BBH4x", setup)
        match kind, request, value >> 8:
            case 0x80, 6, 1:
                return DEVICE
            case 0x80, 6, 2:
                return self._configuration
            case 0x80, 0, _:  # its status
                return bytes(2)
            case ((0x00 | 0x01 | 0x02), _, _):  # configurations, interfaces and halts, as they come
                return b""
            case 0x21, 1, (1 | 2):  # probe and commit: it has but one way to be
                return b""
            case 0xA1, (0x81 | 0x82 | 0x83 | 0x87), (1 | 2):
                return self._probe
        return None

    def _reply(
        self, command: int, number: int, status: int, data: bytes = b"", taken: int = 0
    ) -> None:
        actual = len(data) + taken
        header = struct.pack(">5I5i8x", command, number, 0, 0, 0, status, actual, 0, 0, 0)
        self._line.sendall(header + data)

    def _receive(self, length: int) -> bytes:
        data = self._line.recv(length, socket.MSG_WAITALL)
        if len(data) < length:
            sys.exit()
        return data


def main(kind: str) -> None:
    kernels, ours = socket.socketpair()
    attach = Path("/sys/devices/platform/vhci_hcd.0/attach")
    attach.write_text(f"0 {kernels.fileno()} 1 {HIGH_SPEED}")
    kernels.close()
    webcam = Webcam(ours, kind)
    signal.signal(signal.SIGUSR1, lambda *_: setattr(webcam, "silent", True))
    webcam.serve()


if __name__ == "__main__":
    main(sys.argv[1])

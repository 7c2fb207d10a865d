"""A webcam through OpenCV and V4L2; runs in the capture process only (`camera_child`)."""

import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from coach.adapters.camera_pixels import turned
from coach.ports import DeviceError, Frame

SIZE = (640, 480)


def first_webcam(devices: Path = Path("/sys/class/video4linux")) -> str | None:
    """The first webcam on USB, if any; `devices` is where the kernel lists video devices.

    A Pi's decoders and its own camera are video devices too, which give no pictures by this way,
    and a webcam has a second node, with an index above 0, for what is not a picture.
    """
    for node in sorted(devices.glob("video*"), key=lambda node: int(node.name[5:])):
        bus = (node / "device" / "subsystem").resolve().name
        if bus == "usb" and (node / "index").read_text().strip() == "0":
            return f"/dev/{node.name}"
    return None


def frames(device: str, degrees: int = 0) -> Iterator[Frame]:
    """Every frame of the webcam from now on, turned clockwise by `degrees`."""
    if not Path(device).exists():
        raise DeviceError(f"There is no camera at {device}: plug it in, or name another.")
    capture = cv2.VideoCapture(device, cv2.CAP_V4L2)
    if not capture.isOpened():
        raise DeviceError(
            f"The camera at {device} does not open: close the program that uses it, or unplug it "
            "and plug it in again."
        )
    try:
        # Compressed pictures fit through USB at full rate. Two buffers: with more, a picture may
        # be old; with one, a picture is lost when it begins before the last one is decoded.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, SIZE[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, SIZE[1])
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 2)
        while True:
            ok, image = capture.read()
            if not ok:
                raise DeviceError(f"The camera at {device} is gone: plug it in again.")
            yield Frame(time.monotonic(), turned(np.asarray(image, dtype=np.uint8), degrees))
    finally:
        # OpenCV complains when it lets go of a camera that is gone: before our sentence, not after.
        capture.release()

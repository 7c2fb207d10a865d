"""The Pi's own camera through picamera2; runs in the capture process only (`camera_child`)."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from coach.adapters.camera_pixels import to_bgr, turned
from coach.ports import DeviceError, Frame

SIZE = (640, 480)
"""Enough for the pose model, whose own input is 256 x 256."""
FRAMES_PER_S = 15.0


def frames(degrees: int = 0) -> Iterator[Frame]:
    """Every frame of the main stream from now on, turned clockwise by `degrees`."""
    try:
        from picamera2 import Picamera2
    except ImportError as error:
        raise DeviceError(
            "picamera2 is not installed: run `sudo apt install python3-picamera2` and set the "
            "coach up again."
        ) from error
    if not Picamera2.global_camera_info():
        raise DeviceError("No camera is connected to the board: check its ribbon cable.")
    camera = Picamera2()
    _configure(camera)
    camera.start()
    # The wish above may have been changed to what the camera can do: what counts is what it says.
    actual = camera.camera_configuration()["main"]
    width, height = actual["size"]
    while True:
        buffer = np.asarray(camera.capture_buffer("main"), dtype=np.uint8)
        image = to_bgr(buffer, str(actual["format"]), width, height, int(actual["stride"]))
        yield Frame(time.monotonic(), turned(image, degrees))


def _configure(camera: Any) -> None:
    wish = camera.create_video_configuration(main={"size": SIZE, "format": "YUV420"})
    wish["controls"] = {
        name: value
        for name, value in {"FrameRate": FRAMES_PER_S}.items()
        if name in camera.camera_controls
    }
    camera.align_configuration(wish)
    try:
        camera.configure(wish)
    except RuntimeError:
        # Some pipelines know one format only; it is the one that they propose by themselves.
        wish["main"]["format"] = "NV12"
        camera.configure(wish)

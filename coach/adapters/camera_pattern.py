"""A camera without a device: a moving bar, and a switch to make it fail as real ones do."""

import os
import time
from collections.abc import Iterator

import numpy as np

from coach.ports import DeviceError, Frame

FRAMES_PER_S = 30.0


def frames(failure: str = "", after: int = 5) -> Iterator[Frame]:
    """`failure` after so many frames: "unplug" (an error), "crash" or "hang"."""
    n = 0
    while True:
        if n == after and failure == "unplug":
            raise DeviceError("The camera is gone: plug it in again.")
        if n == after and failure == "crash":
            os._exit(1)
        if n == after and failure == "hang":
            time.sleep(3600)
        image = np.zeros((48, 64, 3), np.uint8)
        image[:, n % 64] = 255
        n += 1
        yield Frame(time.monotonic(), image)
        time.sleep(1 / FRAMES_PER_S)

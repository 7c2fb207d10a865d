"""What the eyes saw, as a film: the overlay on every frame, and each verdict for a moment."""

from pathlib import Path

import cv2

from coach.adapters.eyes import Look
from coach.adapters.overlay import draw
from coach.domain.terms import Rep
from coach.ports import DeviceError

VERDICT_S = 1.5


class Movie:
    """An MP4 that grows with every look; `close` finishes the file.

    rate: frames per second of the film; raises DeviceError when the file cannot be written
    """

    def __init__(self, path: Path, rate: float) -> None:
        self._path, self._rate = path, rate
        self._writer: cv2.VideoWriter | None = None
        self._rep: Rep | None = None
        self._until = 0.0

    def add(self, look: Look) -> None:
        if look.rep is not None:
            self._rep, self._until = look.rep, look.frame.t + VERDICT_S
        picture = draw(look, self._rep if look.frame.t < self._until else None)
        if self._writer is None:
            size = (picture.shape[1], picture.shape[0])
            code = cv2.VideoWriter.fourcc(*"mp4v")
            self._writer = cv2.VideoWriter(str(self._path), code, self._rate, size)
            if not self._writer.isOpened():
                raise DeviceError(
                    f"{self._path} cannot be written: give a name ending in .mp4 in a folder that "
                    "exists."
                )
        self._writer.write(picture)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.release()
            self._writer = None

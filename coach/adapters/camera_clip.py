"""A recorded clip as a camera, with the clip's own times."""

import time
from pathlib import Path

import cv2
import numpy as np

from coach.ports import DeviceError, Frame


class ClipCamera:
    """Plays a video file once: at real speed, or as fast as it is read.

    `Frame.t` is the clip's own time from 0, plus `start_t`, so that a live loop can place it on
    its own clock. At real speed a frame that is already late is skipped, as a live camera would;
    as fast as possible every frame is given out.
    """

    def __init__(self, path: Path, fast: bool = False, start_t: float = 0.0) -> None:
        self._path, self._fast, self._start_t = path, fast, start_t
        self._capture: cv2.VideoCapture | None = None
        self._began: float | None = None
        self._index = 0
        self.rate = 30.0
        """Frames per second, once it is open; the usual 30 where the file does not say."""

    def open(self) -> None:
        if not self._path.is_file():
            raise DeviceError(f"There is no clip at {self._path}: check the path.")
        # A decoder for each core would keep frames of its own and gain nothing: one is faster than
        # the eyes.
        capture = cv2.VideoCapture(str(self._path), cv2.CAP_ANY, [cv2.CAP_PROP_N_THREADS, 1])
        if not capture.isOpened() or capture.get(cv2.CAP_PROP_FRAME_COUNT) == 0:
            capture.release()
            raise DeviceError(
                f"{self._path} is not a video that can be read: give an MP4, MOV or WebM file."
            )
        said = float(capture.get(cv2.CAP_PROP_FPS))
        self.rate = said if 0 < said < 1000 else 30.0
        self._capture, self._index, self._began = capture, 0, None

    def read(self, timeout_s: float) -> Frame | None:
        capture = self._capture
        if capture is None:
            return None
        while True:
            t = self._index / self.rate
            late = self._wait(t, timeout_s)
            if late is None:
                return None
            if late:
                if not capture.grab():
                    return None
                self._index += 1
                continue
            ok, image = capture.read()
            if not ok:
                return None
            self._index += 1
            return Frame(self._start_t + t, np.asarray(image, dtype=np.uint8))

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _wait(self, t: float, timeout_s: float) -> bool | None:
        """Sleep until the frame is due: False in time, True too late, None not due in time."""
        if self._fast:
            return False
        if self._began is None:
            self._began = time.monotonic()
        ahead = self._began + t - time.monotonic()
        if ahead > timeout_s:
            time.sleep(timeout_s)
            return None
        if ahead > 0:
            time.sleep(ahead)
        return ahead < -0.1

"""The colours of a picture at some of its points."""

import cv2
import numpy as np
import numpy.typing as npt

_ACROSS, _DOWN = np.tile([-1, 0, 1], 3), np.repeat([-1, 0, 1], 3)


def colours_at(
    image: npt.NDArray[np.uint8], points: npt.NDArray[np.float32]
) -> npt.NDArray[np.uint8]:
    """(n, 3) YCrCb in bytes: means of 3 x 3 pixels, for a point outside of the nearest ones.

    image: (height, width, 3) BGR, at least 3 x 3; points: (n, 2) pixels
    """
    height, width = image.shape[:2]
    inside = np.fmin(np.fmax(points, 1), (width - 2, height - 2))  # of NaN, too
    x, y = inside.astype(np.intp).T[:, :, None]
    means = image[y + _DOWN, x + _ACROSS].sum(axis=1, dtype=np.uint16) // 9
    return np.asarray(cv2.cvtColor(means.astype(np.uint8)[None], cv2.COLOR_BGR2YCrCb)[0], np.uint8)

"""The colours of a picture at some of its points."""

import cv2
import numpy as np
import numpy.typing as npt

_AROUND = np.array([(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1)], np.float32)
_NONE = np.empty(0, np.float32)
"""In place of a second map: the first has x and y."""


def colours_at(
    image: npt.NDArray[np.uint8], points: npt.NDArray[np.float32]
) -> npt.NDArray[np.uint8]:
    """(n, 3) YCrCb in bytes: means of 3 x 3 pixels, for a point outside of the nearest ones.

    What is no number has the colour of any point.
    image: (height, width, 3) BGR; points: (n, 2) pixels
    """
    places = points[:, None] + _AROUND
    patches = cv2.remap(image, places, _NONE, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    means = cv2.reduce(patches, 1, cv2.REDUCE_AVG)
    return np.asarray(cv2.cvtColor(means, cv2.COLOR_BGR2YCrCb)[:, 0], np.uint8)

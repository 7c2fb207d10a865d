"""Where on the frame the pose model looks: a turned square around the whole body."""

from dataclasses import dataclass
from math import atan2, cos, floor, hypot, pi, sin

import numpy as np
import numpy.typing as npt

CROP = 256
"""Side of the landmark model's input, in pixels."""
_MARGIN = 1.25
"""The square's side over the circle's diameter."""


@dataclass(frozen=True, slots=True)
class Region:
    """A square on the frame: centre and side in pixels, turned by `angle` radians."""

    x: float
    y: float
    side: float
    angle: float

    @property
    def radius(self) -> float:
        """Of the circle around the whole body, in pixels."""
        return self.side / (2 * _MARGIN)

    def to_frame(self) -> npt.NDArray[np.float64]:
        """(2, 3) map from pixels of the crop to pixels of the frame."""
        scale = self.side / CROP
        c, s = cos(self.angle) * scale, sin(self.angle) * scale
        half = CROP / 2
        return np.array(
            [[c, -s, self.x - (c - s) * half], [s, c, self.y - (s + c) * half]], dtype=np.float64
        )


def region_around(circle: npt.NDArray[np.float64]) -> Region:
    """1.25 times the circle given by its centre and a point on it, turned so that this is up."""
    (x0, y0), (x1, y1) = circle
    angle = pi / 2 - atan2(y0 - y1, x1 - x0)
    angle -= 2 * pi * floor((angle + pi) / (2 * pi))
    return Region(float(x0), float(y0), 2 * _MARGIN * hypot(x1 - x0, y1 - y0), angle)


def sigmoid(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-x)))

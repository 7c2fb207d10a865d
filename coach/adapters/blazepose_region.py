"""Where on the frame the pose model looks: a turned square around the whole body.

Computed as MediaPipe computes it, to the last bit: in single precision, in its order, in shares of
the frame. Each frame's landmarks say where to look in the next, so that what differs by a rounding
differs by pixels some ten frames later.

Sources, in MediaPipe 0.10.21: `alignment_points_to_rects_calculator.cc`,
`image_to_tensor_utils.cc`, `image_to_tensor_converter_opencv.cc`,
`landmark_projection_calculator.cc`.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, floor, pi, sin

import cv2
import numpy as np
import numpy.typing as npt

Single = np.float32
Singles = npt.NDArray[np.float32]

CROP = 256
"""Side of the landmark model's input, in pixels."""
_CORNERS = np.array([(0, 1), (0, 0), (1, 0), (1, 1)], Single)
_MARGIN = Single(1.25)
"""The square's side over the circle's diameter."""


def _of_c(name: str, arguments: int) -> Callable[..., np.float32]:
    function = getattr(ctypes.CDLL(None), name)
    function.argtypes, function.restype = [ctypes.c_float] * arguments, ctypes.c_float
    return lambda *values: Single(function(*values))


# Numpy has its own, which differ from these in the last bit.
_cos, _sin, _atan2 = _of_c("cosf", 1), _of_c("sinf", 1), _of_c("atan2f", 2)


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A square on the frame, turned by `angle` radians.

    centre, size: (2,) x and y, in shares of the frame's width and height
    frame: (2,) width and height in pixels
    """

    centre: Singles
    size: Singles
    angle: np.float32
    frame: Singles

    @property
    def middle(self) -> Singles:
        """(2,) pixels of the frame."""
        return self.centre * self.frame

    @property
    def side(self) -> np.float32:
        """In pixels of the frame."""
        return Single((self.size * self.frame).max())

    @property
    def radius(self) -> float:
        """Of the circle around the whole body, in pixels of the frame."""
        return float(self.side / (2 * _MARGIN))

    def to_frame(self) -> npt.NDArray[np.float64]:
        """(2, 3) map from pixels of the crop to pixels of the frame."""
        scale, angle = float(self.side) / CROP, float(self.angle)
        c, s = cos(angle) * scale, sin(angle) * scale
        half = CROP / 2
        x, y = self.middle
        return np.array([[c, -s, x - (c - s) * half], [s, c, y - (s + c) * half]], dtype=np.float64)

    def project(self, points: Singles) -> Singles:
        """(n, 2) points in shares of the crop, as shares of the frame."""
        x, y = (without_padding(points, self.size * self.frame) - Single(0.5)).T
        c, s = _cos(self.angle), _sin(self.angle)
        return np.array([c * x - s * y, s * x + c * y]).T * self.size + self.centre


def region_around(circle: Singles, frame: Singles) -> Region:
    """1.25 times a circle, turned so that the point on it is up.

    circle: (2, 2) its centre and a point on it, in shares of the frame
    """
    points = circle * frame
    x, y = points[1] - points[0]
    size = 2 * np.sqrt(x * x + y * y) / frame
    angle = Single(pi / 2) - _atan2(-y, x)
    return Region(
        centre=points[0] / frame,
        size=(size * frame).max() / frame * _MARGIN,
        angle=Single(float(angle) - 2 * pi * floor((float(angle) + pi) / (2 * pi))),
        frame=frame,
    )


def without_padding(points: Singles, size: Singles) -> Singles:
    """(n, 2) shares of a square as shares of the rectangle of this size centred in it."""
    width, height = size
    ratio = height / width
    padding = np.array([0, (1 - ratio) / 2] if ratio < 1 else [(1 - 1 / ratio) / 2, 0], Single)
    return np.asarray((points - padding) / (1 - (padding + padding)))


def cut_out(
    image: npt.NDArray[np.uint8],
    middle: Singles,
    side: np.float32,
    angle: np.float32,
    pixels: int,
    border: int,
    into: npt.NDArray[np.uint8] | None = None,
) -> npt.NDArray[np.uint8]:
    """A turned square of the image, given in its pixels, scaled to `pixels` x `pixels`.

    border: OpenCV's border mode, for what lies outside the image
    """
    # The corners as `cv::RotatedRect::points` finds them; cv2.boxPoints rounds differently from one
    # version to the next. An affine map, though half as dear, rounds differently, too.
    turn = float(Single(float(angle * Single(180)) / pi)) * pi / 180
    c, s = Single(cos(turn)) * Single(0.5), Single(sin(turn)) * Single(0.5)
    aside, down = np.array([(s, -c), (c, s)], Single) * side
    low, high = middle - aside - down, middle + aside - down
    corners = np.array([low, high, 2 * middle - low, 2 * middle - high])
    to_crop = cv2.getPerspectiveTransform(corners, _CORNERS * Single(pixels))
    cut = cv2.warpPerspective(
        image, to_crop, (pixels, pixels), into, flags=cv2.INTER_LINEAR, borderMode=border
    )
    return np.asarray(cut, dtype=np.uint8)


def sigmoid(x: Singles) -> Singles:
    """In single precision, but for the exponential, which numpy rounds differently in it."""
    smallest = Single(-80)  # beyond, nothing is left of the answer, and the exponential overflows
    return np.asarray(1 / (1 + np.exp(-np.maximum(x, smallest), dtype=np.float64).astype(Single)))

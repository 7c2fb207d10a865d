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
from functools import cache
from math import cos, floor, pi, sin

import cv2
import numpy as np
import numpy.typing as npt

Single = np.float32
Singles = npt.NDArray[np.float32]
Pair = tuple[np.float32, np.float32]
"""Two single numbers and no array: of two values, most of what an array costs is its overhead, the
more so after a run of the model has emptied the caches."""
Circle = tuple[Pair, Pair]
"""Its centre and a point on it."""

CROP = 256
"""Side of the landmark model's input, in pixels."""
_MARGIN = Single(1.25)
"""The square's side over the circle's diameter."""
_ONE, _TWO, _HALF = Single(1), Single(2), Single(0.5)
"""A plain number beside single ones makes doubles of them in some versions of numpy."""


def _of_c(name: str, arguments: int) -> Callable[..., np.float32]:
    function = getattr(ctypes.CDLL(None), name)
    function.argtypes, function.restype = [ctypes.c_float] * arguments, ctypes.c_float
    return lambda *values: Single(function(*values))


# Numpy has its own, which differ from these in the last bit.
_cos, _sin, _atan2 = _of_c("cosf", 1), _of_c("sinf", 1), _of_c("atan2f", 2)


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A square on the frame, turned by `angle` radians.

    centre, size: x and y, in shares of the frame's width and height
    frame: width and height in pixels
    """

    centre: Pair
    size: Pair
    angle: np.float32
    frame: Pair

    @property
    def middle(self) -> Pair:
        """In pixels of the frame."""
        return in_pixels(self.centre, self.frame)

    @property
    def pixels(self) -> Pair:
        """Width and height in pixels of the frame, which differ by roundings at most."""
        return in_pixels(self.size, self.frame)

    @property
    def side(self) -> np.float32:
        """In pixels of the frame."""
        return max(self.pixels)

    @property
    def radius(self) -> float:
        """Of the circle around the whole body, in pixels of the frame."""
        return float(self.side / (_TWO * _MARGIN))

    def to_frame(self) -> npt.NDArray[np.float64]:
        """(2, 3) map from pixels of the crop to pixels of the frame."""
        scale, angle = float(self.side) / CROP, float(self.angle)
        c, s = cos(angle) * scale, sin(angle) * scale
        half = CROP / 2
        x, y = map(float, self.middle)
        return np.array([[c, -s, x - (c - s) * half], [s, c, y - (s + c) * half]], dtype=np.float64)

    def project(self, points: Singles) -> Singles:
        """(n, 2) points in shares of the crop, as shares of the frame."""
        x, y = (without_padding(points, self.pixels) - _HALF).T
        c, s = _cos(self.angle), _sin(self.angle)
        turned = np.array([c * x - s * y, s * x + c * y]).T
        return turned * np.array(self.size) + np.array(self.centre)


def region_around(circle: Circle, frame: Pair) -> Region:
    """1.25 times a circle, turned so that the point on it is up.

    circle: its centre and a point on it, in shares of the frame
    """
    centre, point = (in_pixels(one, frame) for one in circle)
    side = max(diameters(centre, point, frame))
    width, height = in_shares((side, side), frame)
    angle = float(Single(pi / 2) - _atan2(-(point[1] - centre[1]), point[0] - centre[0]))
    return Region(
        centre=in_shares(centre, frame),
        size=(width * _MARGIN, height * _MARGIN),
        angle=Single(angle - 2 * pi * floor((angle + pi) / (2 * pi))),
        frame=frame,
    )


def in_pixels(shares: Pair, frame: Pair) -> Pair:
    return shares[0] * frame[0], shares[1] * frame[1]


def in_shares(pixels: Pair, frame: Pair) -> Pair:
    return pixels[0] / frame[0], pixels[1] / frame[1]


def diameters(centre: Pair, point: Pair, frame: Pair) -> Pair:
    """Of the circle around a centre through a point, all in pixels: along x, and along y.

    They differ by roundings at most, as they have been shares of the frame in between.
    """
    x, y = point[0] - centre[0], point[1] - centre[1]
    diameter = _TWO * np.sqrt(x * x + y * y)
    return in_pixels(in_shares((diameter, diameter), frame), frame)


def without_padding(points: Singles, size: Pair) -> Singles:
    """(n, 2) shares of a square as shares of the rectangle of this size centred in it."""
    width, height = size
    ratio = height / width
    x = y = Single(0)
    if ratio < 1:
        y = (_ONE - ratio) * _HALF
    else:
        x = (_ONE - _ONE / ratio) * _HALF
    padding = np.array([x, y])
    return np.asarray((points - padding) / (_ONE - (padding + padding)))


def cut_out(
    image: npt.NDArray[np.uint8],
    middle: Pair,
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
    c, s = Single(cos(turn)) * _HALF * side, Single(sin(turn)) * _HALF * side
    x, y = middle
    low, high = (x - s - c, y + c - s), (x + s - c, y - c - s)
    opposite = [(_TWO * x - px, _TWO * y - py) for px, py in (low, high)]
    to_crop = cv2.getPerspectiveTransform(np.array([low, high, *opposite]), _corners(pixels))
    cut = cv2.warpPerspective(
        image, to_crop, (pixels, pixels), into, flags=cv2.INTER_LINEAR, borderMode=border
    )
    return np.asarray(cut, dtype=np.uint8)


@cache
def _corners(pixels: int) -> Singles:
    return np.array([(0, pixels), (0, 0), (pixels, 0), (pixels, pixels)], Single)


_LEAST = Single(-80)
"""Below this nothing is left of a sigmoid; a little further the exponential overflows."""


def sigmoid(x: Singles) -> Singles:
    """To the last bit: with the C library's exponential, which numpy uses for complex numbers."""
    return np.asarray(1 / (1 + np.exp(-np.maximum(x, _LEAST).astype(np.complex64)).real))


def quick_sigmoid(x: Singles) -> Singles:
    """For many numbers, at a tenth of the time; one in 4000 has another last bit."""
    return np.asarray(1 / (1 + np.exp(-np.maximum(x, _LEAST), dtype=np.float64).astype(Single)))

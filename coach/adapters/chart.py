"""Curves over the weeks as one picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from coach.ports import DeviceError

WIDTH, ROW, LEFT, RIGHT = 1200, 150, 90, 30
FONT = cv2.FONT_HERSHEY_SIMPLEX
INK, PALE, LINE = (70, 70, 70), (225, 225, 225), (170, 110, 40)


@dataclass(frozen=True, slots=True)
class Curve:
    """`points`: place on the time axis, 0..1, and value."""

    title: str
    points: Sequence[tuple[float, float]]


def write_chart(path: Path, heading: str, curves: Sequence[Curve], first: str, last: str) -> None:
    """One row a curve, each in its own scale; DeviceError when the file cannot be written."""
    picture = np.full((60 + ROW * len(curves) + 40, WIDTH, 3), 255, np.uint8)
    _text(picture, heading, (LEFT, 35), 0.7)
    for row, curve in enumerate(curves):
        _draw(picture, 60 + row * ROW, curve)
    bottom = picture.shape[0] - 15
    _text(picture, first, (LEFT, bottom), 0.45)
    _text(picture, last, (WIDTH - RIGHT - 90, bottom), 0.45)
    try:
        written = path.parent.is_dir() and cv2.imwrite(str(path), picture)
    except cv2.error:
        written = False
    if not written:
        raise DeviceError(
            f"{path} cannot be written: give a name ending in .png in a folder that exists."
        )


def _draw(picture: np.ndarray, top: int, curve: Curve) -> None:
    values = [value for _, value in curve.points]
    low, high = min([0.0, *values]), max([*values, 1e-9])
    span = (high - low) or 1.0

    def at(point: tuple[float, float]) -> tuple[int, int]:
        share = (point[1] - low) / span
        x = LEFT + round((WIDTH - LEFT - RIGHT) * point[0])
        return x, top + ROW - 20 - round((ROW - 50) * share)

    _text(picture, curve.title, (LEFT, top + 16), 0.5)
    for value in (low, high):
        y = at((0.0, value))[1]
        cv2.line(picture, (LEFT, y), (WIDTH - RIGHT, y), PALE, 1)
        _text(picture, f"{value:.3g}", (10, y + 4), 0.45)
    for one, other in pairwise(curve.points):
        cv2.line(picture, at(one), at(other), LINE, 2, cv2.LINE_AA)
    for point in curve.points:
        cv2.circle(picture, at(point), 3, LINE, -1, cv2.LINE_AA)


def _text(picture: np.ndarray, text: str, at: tuple[int, int], size: float) -> None:
    cv2.putText(picture, text, at, FONT, size, INK, 1, cv2.LINE_AA)

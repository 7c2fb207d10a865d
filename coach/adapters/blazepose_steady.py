"""The circle around the body, smoothed, so that the region stands still with the person.

The 1 euro filter (Casiez, Roussel, Vogel 2012) with MediaPipe's constants, rounded where MediaPipe
rounds, as its landmarks are only ours while the regions are the same to the last bit. Source:
`one_euro_filter.cc` and `landmarks_smoothing_calculator_utils.cc` of MediaPipe 0.10.21.
"""

from dataclasses import dataclass
from math import pi

import numpy as np

from coach.adapters.blazepose_region import (
    Circle,
    Pair,
    Single,
    diameters,
    in_pixels,
    in_shares,
)

_MIN_CUTOFF, _BETA, _DERIVATIVE_CUTOFF = float(Single(0.01)), 10.0, 1.0
"""Single numbers, as they are among MediaPipe's options."""
_SMALLEST = 1e-6
"""Diameter in pixels below which nothing is smoothed."""
_STILL = Single(0)


@dataclass(frozen=True, slots=True)
class Value:
    """What the filter keeps of one number: the last one, raw and smoothed, and its speed."""

    raw: np.float32
    smooth: np.float32
    speed: np.float32 = _STILL

    def next(self, raw: np.float32, scale: float, rate: float) -> "Value":
        """With the next number; `scale`: of a speed, `rate`: per second."""
        now = (float(raw) - float(self.raw)) * scale * rate
        speed = _low_pass(self.speed, Single(now), _alpha(_DERIVATIVE_CUTOFF, rate))
        cutoff = _MIN_CUTOFF + _BETA * abs(float(speed))
        return Value(raw, _low_pass(self.smooth, raw, _alpha(cutoff, rate)), speed)


@dataclass(frozen=True, slots=True)
class Steady:
    """What the filter keeps of a circle, in pixels: x and y of its centre and of its point."""

    t_us: int
    values: tuple[Value, ...]

    def circle(self, frame: Pair) -> Circle:
        """In shares of the frame."""
        x, y, px, py = (value.smooth for value in self.values)
        return in_shares((x, y), frame), in_shares((px, py), frame)


def steadied(last: Steady | None, t: float, circle: Circle, frame: Pair) -> tuple[Circle, Steady]:
    """The circle seen at `t` seconds, smoothed, and what to give here next time."""
    t_us = round(t * 1e6)
    centre, point = (in_pixels(one, frame) for one in circle)
    raw = (*centre, *point)
    along_x, along_y = diameters(centre, point, frame)
    diameter = (along_x + along_y) * Single(0.5)
    if last is None or diameter < _SMALLEST:
        state = Steady(t_us, tuple(Value(one, one) for one in raw))
        return state.circle(frame), state
    if t_us <= last.t_us:
        return last.circle(frame), last
    rate, scale = 1 / ((t_us - last.t_us) * 1000 * 1e-9), float(Single(1) / diameter)
    values = zip(last.values, raw, strict=True)
    state = Steady(t_us, tuple(value.next(now, scale, rate) for value, now in values))
    return state.circle(frame), state


def _alpha(cutoff: float, rate: float) -> np.float32:
    return Single(1 / (1 + 1 / (2 * pi * cutoff) / (1 / rate)))


def _low_pass(last: np.float32, new: np.float32, alpha: np.float32) -> np.float32:
    return Single(float(alpha * new) + (1 - float(alpha)) * float(last))

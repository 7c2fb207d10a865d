"""The circle around the body, smoothed, so that the region stands still with the person.

The 1 euro filter (Casiez, Roussel, Vogel 2012) with MediaPipe's constants, rounded where MediaPipe
rounds, as its landmarks are only ours while the regions are the same to the last bit. Source:
`one_euro_filter.cc` and `landmarks_smoothing_calculator_utils.cc` of MediaPipe 0.10.21.
"""

from dataclasses import dataclass
from math import pi

import numpy as np
import numpy.typing as npt

from coach.adapters.blazepose_region import Single, Singles

_MIN_CUTOFF, _BETA, _DERIVATIVE_CUTOFF = 0.01, 10.0, 1.0
_SMALLEST = 1e-6
"""Diameter in pixels below which nothing is smoothed."""


@dataclass(frozen=True, slots=True, eq=False)
class Steady:
    """What the filter keeps of a circle: the last values in pixels, raw and smoothed, and speed."""

    t_us: int
    raw: Singles
    smooth: Singles
    speed: Singles


def steadied(
    last: Steady | None, t: float, circle: Singles, frame: Singles
) -> tuple[Singles, Steady]:
    """The circle seen at `t` seconds, smoothed, and what to give here next time.

    circle: (2, 2) centre and a point on it, in shares of the frame
    """
    t_us = round(t * 1e6)
    raw = circle * frame
    x, y = raw[1] - raw[0]
    diameter = (2 * np.sqrt(x * x + y * y) / frame * frame).sum() / 2
    if last is None or diameter < _SMALLEST:
        return circle, Steady(t_us, raw, raw, np.zeros_like(raw))
    if t_us <= last.t_us:
        return last.smooth / frame, last
    rate = 1 / ((t_us - last.t_us) * 1000 * 1e-9)
    now = (raw.astype(np.float64) - last.raw) * float(1 / diameter) * rate
    speed = _low_pass(last.speed, now.astype(Single), _alpha(_DERIVATIVE_CUTOFF, rate))
    cutoff = _MIN_CUTOFF + _BETA * np.abs(speed.astype(np.float64))
    smooth = _low_pass(last.smooth, raw, _alpha(cutoff, rate))
    return smooth / frame, Steady(t_us, raw, smooth, speed)


def _alpha(cutoff: float | npt.NDArray[np.float64], rate: float) -> Singles:
    return np.asarray(1 / (1 + 1 / (2 * pi * cutoff) / (1 / rate)), Single)


def _low_pass(last: Singles, new: Singles, alpha: Singles) -> Singles:
    kept = (1 - alpha.astype(np.float64)) * last
    return np.asarray(alpha * new + kept, Single)

"""The virtual dowel: how the dorsal outline of the mask runs between hip and shoulder.

No key-point model has a point between hip and shoulder, so rounding is read from the outline: rays
along the dorsal normal of the hip -> shoulder axis leave the person at `STATIONS`; what they find,
less the outline of the person's own neutral reps, bows when the spine flexes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

from coach.movement.pose import Landmark, Mask, Pose

Values = npt.NDArray[np.float64]
L = Landmark

STATIONS: Values = np.linspace(0.05, 1.0, 20)
"""Where the rays start, from hip (0) to shoulder (1)."""
_REACH: Values = np.linspace(0.01, 0.6, 60)
"""How far the rays are followed, in torso lengths."""
_SURE = 3.0
"""Logit from which a pixel is the person: a mask bleeds into a wall of the shirt's colour, but it
is less sure of it there."""
_INNER = 0.3
"""Of the outlines around the bottom this quantile is kept, because masks err outwards: hair, hands
and walls add to a back, next to nothing takes away from it."""
_TRUST = 6.0
"""Deviations (of a normal distribution) beyond which a station has no say: a bend in the low back
is no parabola either, and must not be taken for a hand. From 5 to 8 it makes no difference."""
_TURNS = 12
"""Rounds of the robust fit; it has settled long before."""


@dataclass(frozen=True, slots=True, eq=False)
class BackLine:
    """The dorsal outline in one frame.

    outline: (stations,) distance from the hip -> shoulder axis, in torso lengths
    points: (stations, 2) the same in pixels of the frame
    """

    outline: Values
    points: Values


@dataclass(frozen=True, slots=True)
class Bend:
    """How an outline differs from a reference, in torso lengths.

    bow: mean distance of the smooth difference from its chord, positive when rounder
    residual: what the smooth curve leaves unexplained; hands and elbows make it large
    """

    bow: float
    residual: float


def back_line(pose: Pose, mask: Mask, facing: int) -> BackLine | None:
    """Cast the rays; None when the points do not make a trunk."""
    p = pose.points.astype(np.float64)
    hip = (p[L.LEFT_HIP] + p[L.RIGHT_HIP]) / 2
    shoulder = (p[L.LEFT_SHOULDER] + p[L.RIGHT_SHOULDER]) / 2
    axis = shoulder - hip
    if not np.isfinite(axis).all() or float(np.hypot(*axis)) < 1.0:
        return None
    # y runs down in a picture: for someone who faces right, up the back and a quarter turn to the
    # left of it is dorsal.
    dorsal = facing * np.array([axis[1], -axis[0]])
    starts = hip + STATIONS[:, None] * axis
    inside = _sample(mask, starts[:, None] + _REACH[None, :, None] * dorsal) - _SURE
    left = np.argmax(inside < 0, axis=1)
    left = np.where((inside < 0).any(axis=1), np.maximum(left, 1), len(_REACH) - 1)
    rows = np.arange(len(STATIONS))
    a, b = inside[rows, left - 1], inside[rows, left]
    share = np.clip(a / np.where(a == b, 1.0, a - b), 0.0, 1.0)
    outline = _REACH[left - 1] + share * (_REACH[1] - _REACH[0])
    return BackLine(outline, starts + outline[:, None] * dorsal)


def typical(lines: Sequence[BackLine]) -> tuple[float, ...]:
    """One outline for several frames; empty for none."""
    if not lines:
        return ()
    # By hand, because np.quantile loads masked arrays: 1.2 MB, and 10 ms in the midst of a rep.
    ordered = np.sort([line.outline for line in lines], axis=0)
    place, share = divmod(_INNER * (len(lines) - 1), 1)
    low, high = ordered[int(place)], ordered[min(int(place) + 1, len(lines) - 1)]
    return tuple((low + share * (high - low)).tolist())


def bend(outline: Sequence[float] | Values, reference: Sequence[float] | Values) -> Bend:
    """The bend of `outline` against `reference`, both (stations,) in torso lengths.

    A parabola over the stations, fitted with Tukey's biweight (Beaton, Tukey 1974), so that a hand
    or a piece of wall in the outline has no say.
    """
    difference = np.asarray(outline) - np.asarray(reference)
    u = (STATIONS - STATIONS[0]) / (STATIONS[-1] - STATIONS[0])
    basis = np.stack([np.ones_like(u), u, u * (1 - u)], axis=1)
    weight = np.ones_like(u)
    for _ in range(_TURNS):
        fit = np.linalg.lstsq(basis * weight[:, None], difference * weight, rcond=None)[0]
        rest = np.abs(difference - basis @ fit)
        limit = _TRUST * max(1.48 * median(rest.tolist()), 0.003)
        weight = np.sqrt(np.clip(1 - (rest / limit) ** 2, 1e-9, 1.0))
    return Bend(bow=float(fit[2]) / 6, residual=median(rest.tolist()))


def _sample(mask: Mask, points: Values) -> Values:
    """Bilinear values of the mask at (..., 2) pixels of the frame; outside it the nearest edge."""
    on_crop = points @ mask.from_frame[:, :2].T + mask.from_frame[:, 2]
    size = mask.logits.shape[0]
    x, y = np.clip(on_crop[..., 0], 0, size - 1.001), np.clip(on_crop[..., 1], 0, size - 1.001)
    i, j = x.astype(np.intp), y.astype(np.intp)
    u, v = x - i, y - j
    m = mask.logits
    top = m[j, i] * (1 - u) + m[j, i + 1] * u
    bottom = m[j + 1, i] * (1 - u) + m[j + 1, i + 1] * u
    return np.asarray(top * (1 - v) + bottom * v, dtype=np.float64)

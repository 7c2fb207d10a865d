"""The virtual dowel: how the dorsal outline of the mask runs between hip and shoulder.

No key-point model has a point between hip and shoulder, so rounding is read from the outline: rays
along the dorsal normal of the hip -> shoulder axis meet the edge of the mask at `STATIONS`; what
they find, less the person's own standing, bows when the spine flexes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coach.movement.pose import Landmark, Mask, Pose

Values = npt.NDArray[np.float64]
L = Landmark

STATIONS: Values = np.linspace(0.02, 0.90, 23)
"""Where the rays start, from hip (0) to shoulder (1)."""
_REACH: Values = np.linspace(0.0, 0.6, 49)
"""How far the rays are followed, in torso lengths."""


@dataclass(frozen=True, slots=True, eq=False)
class BackLine:
    """The dorsal outline in one frame.

    outline: (stations,) distance from the hip -> shoulder axis, in torso lengths
    points: (stations, 2) the same in pixels of the frame
    torso: hip to shoulder in pixels
    """

    outline: Values
    points: Values
    torso: float


@dataclass(frozen=True, slots=True)
class Bend:
    """How an outline differs from a reference, in torso lengths.

    bow: mean distance from the chord, positive when the back is rounder than the reference
    lower, upper: turn of the line in the lumbar and in the thoracic half, in degrees
    residual: what a smooth curve leaves unexplained; hands and elbows make it large
    """

    bow: float
    lower: float
    upper: float
    residual: float


def back_line(pose: Pose, mask: Mask, facing: int) -> BackLine | None:
    """Cast the rays; None where the trunk is not inside the mask or its edge is out of reach."""
    p = pose.points.astype(np.float64)
    hip = (p[L.LEFT_HIP] + p[L.RIGHT_HIP]) / 2
    shoulder = (p[L.LEFT_SHOULDER] + p[L.RIGHT_SHOULDER]) / 2
    axis = shoulder - hip
    torso = float(np.hypot(*axis))
    if not np.isfinite(p).all() or torso < 1.0:
        return None
    # y runs down in a picture: for someone who faces right, up the back and a quarter turn to the
    # left of it is dorsal.
    dorsal = facing * np.array([axis[1], -axis[0]])
    rays = hip + STATIONS[:, None, None] * axis + _REACH[None, :, None] * dorsal
    inside = _sample(mask, rays)
    if (inside[:, 0] < 0).any() or (inside[:, -1] > 0).any():
        return None
    last = inside.shape[1] - 1 - np.argmax((inside > 0)[:, ::-1], axis=1)
    rows = np.arange(len(STATIONS))
    a, b = inside[rows, last], inside[rows, last + 1]
    outline = _REACH[last] + a / (a - b) * (_REACH[1] - _REACH[0])
    points = hip + STATIONS[:, None] * axis + outline[:, None] * dorsal
    return BackLine(outline, points, torso)


def bend(outline: Values, reference: Values) -> Bend:
    """The bend of `outline` against `reference`, both (stations,) in torso lengths."""
    difference = outline - reference
    chord = np.interp(STATIONS, STATIONS[[0, -1]], difference[[0, -1]])
    curve = np.polyfit(STATIONS, difference, 4)
    slope = np.degrees(np.arctan(np.polyval(np.polyder(curve), [STATIONS[0], 0.46, STATIONS[-1]])))
    return Bend(
        bow=float((difference - chord).mean()),
        lower=float(slope[0] - slope[1]),
        upper=float(slope[1] - slope[2]),
        residual=float(np.std(difference - np.polyval(curve, STATIONS))),
    )


def _sample(mask: Mask, points: Values) -> Values:
    """Bilinear values of the mask at (..., 2) pixels of the frame; outside it is background."""
    on_crop = points @ mask.from_frame[:, :2].T + mask.from_frame[:, 2]
    size = mask.logits.shape[0]
    x, y = np.clip(on_crop[..., 0], 0, size - 1.001), np.clip(on_crop[..., 1], 0, size - 1.001)
    i, j = x.astype(np.intp), y.astype(np.intp)
    u, v = x - i, y - j
    m = mask.logits
    top = m[j, i] * (1 - u) + m[j, i + 1] * u
    bottom = m[j + 1, i] * (1 - u) + m[j + 1, i + 1] * u
    return np.asarray(top * (1 - v) + bottom * v, dtype=np.float64)

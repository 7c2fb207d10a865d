"""The shape of a person around the bottom of a rep, and their own neutral one."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from coach.domain.calibration import Calibration
from coach.movement.back_line import BackLine, bend, typical
from coach.movement.movements import Movement

AGREED_BOW = 0.012
"""Neutral outlines stray less than this from their mean (nine people of ten: 0.008), in torso
lengths; those that stray more would make a straight back round."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one rep showed around its bottom; the fields are those of `Calibration`."""

    outline: tuple[float, ...]
    ratio: float
    neck_deg: float
    face_deg: float
    hip_deg: float


def shape(movement: Movement, lines: Sequence[tuple[float, BackLine]]) -> Shape:
    """The shape in this movement; `lines` are the back lines seen in it, with their times."""
    bottom = [s.measures for s in movement.around_bottom()]
    times = {m.t for m in bottom}
    standing = movement.standing.torso
    return Shape(
        outline=typical([line for t, line in lines if t in times]),
        ratio=median(m.torso for m in bottom) / standing if standing > 0 else 0.0,
        neck_deg=median(m.neck_deg for m in bottom),
        face_deg=median(m.face_deg for m in bottom),
        hip_deg=movement.hip_deg,
    )


def calibrate(shapes: Sequence[Shape]) -> Calibration:
    """The mean of a person's own neutral reps (at least one)."""
    return Calibration(
        outline=_own_outline([s.outline for s in shapes if s.outline]),
        ratio=float(np.mean([s.ratio for s in shapes])),
        neck_deg=float(np.mean([s.neck_deg for s in shapes])),
        face_deg=float(np.mean([s.face_deg for s in shapes])),
        hip_deg=float(np.mean([s.hip_deg for s in shapes])),
    )


def _own_outline(outlines: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """Their mean; empty where they do not agree, as with elbows that come and go in them."""
    if not outlines:
        return ()
    mean = tuple(np.mean(outlines, axis=0).tolist())
    agreed = all(abs(bend(outline, mean).bow) < AGREED_BOW for outline in outlines)
    return mean if agreed else ()

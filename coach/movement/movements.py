"""What a movement is made of: frames from own standing, the way there and back, and the top."""

from dataclasses import dataclass
from math import acos, degrees
from statistics import median

from coach.movement.measures import Measures

DROP_SCALE_DEG = 150.0
"""A squat lowers the hips instead: 20 % of their height count like 30 degrees of lean."""
BOTTOM = 0.9
"""The bottom is where a movement is at least so deep, in parts of its depth; less than that on the
way up, and it is passed."""
SIDE_WIDTH = 0.4
"""Shoulders wider than this (in torso lengths) show a person who stands rather to the front:
there the lean is read from how much shorter the trunk has become, once that is beyond doubt."""
SHORTENED_DEG = 30.0


@dataclass(frozen=True, slots=True)
class Standing:
    """The person's own zero: medians over the last standing frames.

    The angles are of those at rest: a descent's first degrees would be taken for standing, the more
    of them the more frames there are in a second. Lengths hardly change in these degrees.
    """

    lean_deg: float = 0.0
    knee_deg: float = 0.0
    hip_deg: float = 0.0
    torso: float = 0.0
    height: float = 0.0
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A frame of a movement; `lean_deg` and `drop` are from own standing, `drop` in 0..1."""

    measures: Measures
    lean_deg: float
    drop: float

    @classmethod
    def seen(cls, measures: Measures, zero: Standing | None) -> "Sample":
        """A frame from own standing, or from upright while that is not known."""
        if zero is None:
            return cls(measures, measures.lean_deg, 0.0)
        lean = measures.lean_deg - zero.lean_deg
        if zero.width > SIDE_WIDTH and zero.torso > 0:
            shortened = degrees(acos(min(1.0, max(-1.0, measures.rise / zero.torso))))
            lean = max(lean, shortened if shortened > SHORTENED_DEG else 0.0)
        drop = 1.0 - measures.height / zero.height if zero.height > 0 else 0.0
        return cls(measures, lean, max(0.0, drop))

    @property
    def depth_deg(self) -> float:
        return max(self.lean_deg, self.drop * DROP_SCALE_DEG)


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement there and back: the way down and up, the return, and the zero it started from.

    back: None while the person is still on the way up
    """

    standing: Standing
    down: tuple[Sample, ...]
    back: Sample | None

    @property
    def last(self) -> Sample:
        return self.back or self.down[-1]

    @property
    def bottom(self) -> Sample:
        return max(self.down, key=lambda s: s.depth_deg)

    @property
    def lean_deg(self) -> float:
        return max(s.lean_deg for s in self.down)

    @property
    def drop(self) -> float:
        return max(s.drop for s in self.down)

    @property
    def knee_deg(self) -> float:
        knees = [s.measures.knee_deg for s in self.around_bottom()]
        return median(knees) - self.standing.knee_deg

    @property
    def hip_deg(self) -> float:
        hips = [s.measures.hip_deg for s in self.around_bottom()]
        return median(hips) - self.standing.hip_deg

    @property
    def neck_deg(self) -> float:
        """How far the head is bowed against the trunk at the bottom, beyond that at the return."""
        bottom = median(s.measures.neck_deg for s in self.around_bottom())
        return bottom - self.last.measures.neck_deg

    def around_bottom(self) -> tuple[Sample, ...]:
        """The frames in which the movement was about as deep as it became."""
        least = BOTTOM * self.bottom.depth_deg
        return tuple(s for s in self.down if s.depth_deg >= least)


@dataclass(frozen=True, slots=True)
class Top:
    """What was seen at the top since the return; `over` once the person rests or leans again."""

    samples: tuple[Sample, ...]
    over: bool

    @property
    def lean_deg(self) -> float:
        """The furthest back."""
        return min(s.lean_deg for s in self.samples)

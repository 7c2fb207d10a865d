"""From where the camera sees the person, and why a view cannot be judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot

from coach.domain.events import ViewChanged
from coach.domain.terms import Framing, View
from coach.movement.measures import Point, facing_evidence
from coach.movement.pose import Landmark, Observation, Pose

L = Landmark

_SETTLE_S = 0.5
"""A view must last so long before it is said; a passing arm is no change of view."""
_OBLIQUE_WIDTH, _FRONT_WIDTH = 0.35, 0.55
"""Distance between the shoulders in the picture over the trunk's height, when standing."""
_HELD_WIDTH = 0.05
"""Who stands right at that edge is not told to turn with every breath: a side view ends so much
later."""
_UPRIGHT = 0.8
"""Widths say something about the view only while the trunk is upright: its rise over its length."""
_SEEN = 0.5
_FEET = (L.LEFT_ANKLE, L.RIGHT_ANKLE, L.LEFT_HEEL, L.RIGHT_HEEL)
_HEAD = (L.NOSE, L.LEFT_EAR, L.RIGHT_EAR)


@dataclass(frozen=True, slots=True)
class Seen:
    """How the person stands to the camera."""

    view: View = View.ABSENT
    reason: Framing | None = Framing.NOBODY

    @property
    def judgeable(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True)
class ViewWatch:
    """The state of the fold: what was last said, and what has been seen since when instead.

    facing: decided over time, +1 right, -1 left; 0 while nothing was seen
    width: smoothed distance between the shoulders of the upright person, in torso lengths
    """

    said: Seen | None = None
    candidate: Seen = Seen()
    since: float | None = None
    evidence: float = 0.0
    width: float = 0.0

    @property
    def facing(self) -> int:
        return -1 if self.evidence < 0 else 1

    @property
    def judgeable(self) -> bool:
        """Once it was, until the person has been told otherwise: moving, they turn a little."""
        return self.candidate.judgeable or (self.said is not None and self.said.judgeable)

    def see(self, observation: Observation) -> tuple["ViewWatch", tuple[ViewChanged, ...]]:
        state = self
        points: list[Point] = []
        if observation.pose is not None:
            points = observation.pose.points.tolist()
            evidence = self.evidence + 0.1 * (facing_evidence(points) - self.evidence)
            state = replace(state, evidence=evidence, width=_width(points, self.width))
        now = _seen(observation, points, state.width, self.candidate.view)
        if state.since is None or now != state.candidate:
            state = replace(state, candidate=now, since=observation.t)
        since = state.since if state.since is not None else observation.t
        if state.candidate == state.said or observation.t - since < _SETTLE_S:
            return state, ()
        event = ViewChanged(observation.t, now.view, now.judgeable, now.reason)
        return replace(state, said=now), (event,)


def _width(p: Sequence[Point], before: float) -> float:
    left, right = p[L.LEFT_SHOULDER], p[L.RIGHT_SHOULDER]
    x, y = ((left[i] + right[i] - p[L.LEFT_HIP][i] - p[L.RIGHT_HIP][i]) / 2 for i in (0, 1))
    length = hypot(x, y)
    if not length > 0 or -y < _UPRIGHT * length:
        return before
    now = abs(left[0] - right[0]) / length
    return now if before == 0.0 else before + 0.2 * (now - before)


def _seen(observation: Observation, points: Sequence[Point], width: float, before: View) -> Seen:
    pose = observation.pose
    if pose is None:
        return Seen()
    view = View.SIDE
    if width > _FRONT_WIDTH:
        view = View.FRONT
    elif width > _OBLIQUE_WIDTH + (_HELD_WIDTH if before is View.SIDE else 0.0):
        view = View.OBLIQUE
    if observation.company:
        return Seen(view, Framing.COMPANY)
    feet = _hidden(observation, pose, points, _FEET)
    head = _hidden(observation, pose, points, _HEAD)
    if feet and head:
        return Seen(view, Framing.STEP_BACK)
    if feet:
        return Seen(view, Framing.FEET_HIDDEN)
    if head:
        return Seen(view, Framing.HEAD_HIDDEN)
    if view is not View.SIDE:
        return Seen(view, Framing.TURN_SIDEWAYS)
    return Seen(view, None)


def _hidden(
    observation: Observation, pose: Pose, points: Sequence[Point], which: tuple[int, ...]
) -> bool:
    """No point of the group is surely inside the picture."""
    for i in which:
        x, y = points[i]
        inside = 0 <= x < observation.width and 0 <= y < observation.height
        if inside and pose.visibility[i] >= _SEEN:
            return False
    return True

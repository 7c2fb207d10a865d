"""From measures to movements: stand, down, up, stand, by two thresholds.

Two thresholds, enter and exit, so that noise cannot count (the scheme of ML Kit's
`RepetitionCounter`), both from the person's own standing, which is learned while they stand.
A movement ends with the return; one without never ends. What happens at the top after it (leaning
back, hips short of straight) is followed until the person rests there or leans forward again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import acos, degrees
from statistics import median

from coach.movement.measures import Measures

ENTER_DEG, EXIT_DEG = 20.0, 15.0
"""Trunk lean beyond own standing at which a movement begins, and at which it is over. Whether it
was deep enough to be a rep is decided when it is over (`kinds`)."""
DROP_SCALE_DEG = 150.0
"""A squat lowers the hips instead: 20 % of their height count like 30 degrees of lean."""
BOTTOM = 0.9
"""The bottom is where a movement is at least so deep, in parts of its depth; less than that on the
way up, and it is passed."""
SIDE_WIDTH = 0.4
"""Shoulders wider than this (in torso lengths) show a person who stands rather to the front:
there the lean is read from how much shorter the trunk has become, once that is beyond doubt."""
SHORTENED_DEG = 30.0
UPRIGHT_DEG, STRAIGHT_DEG, STRIDE = 15.0, 40.0, 1.0
"""What may be taken for standing: trunk upright, knees rather straight, feet under the body."""
STANDING_S = 2.0
SETTLED_DEG, SETTLED_S, SETTLED_SHARE = 1.5, 0.12, 0.45
"""At rest: the lean has changed so little for this share of the way up, which a slow rep needs to
become different from its own last degrees, and for so long at least."""
TURNED_DEG = 3.0
"""Who leans forward again by so much had been at the top, however briefly."""
SWAY_DEG = 8.0
"""Standing sways less than this; leaning back at the top is not standing."""
RESTING_DEG_S, LEANT_BACK_DEG = 15.0, -12.0
"""Who hardly moves at the top of a quick set stands, be it a little further back than before."""
LOCKOUT_LIMIT_S, LOCKOUT_LIMIT_SHARE = 1.0, 1.0
"""Who never comes to rest is counted after this time and this share of the way up."""


class Phase(Enum):
    """Where in a movement the person is."""

    UNKNOWN = "unknown"
    STANDING = "standing"
    DOWN = "down"
    LOCKOUT = "lockout"


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


@dataclass(frozen=True, slots=True)
class Reps:
    """The state of the fold: phase, the frames of own standing, and those of this movement.

    still: the last frames of standing, and whether the person was at rest in them
    recent: the last three frames of any kind
    deepest: depth of this movement so far, in degrees; passed: it is on the way up from there
    """

    phase: Phase = Phase.UNKNOWN
    zero: Standing | None = None
    still: tuple[tuple[Measures, bool], ...] = ()
    recent: tuple[Measures, ...] = ()
    down: tuple[Sample, ...] = ()
    deepest: float = 0.0
    passed: bool = False
    top: tuple[Sample, ...] = ()

    def see(self, measures: Measures) -> tuple["Reps", Movement | Top | None, Sample]:
        """The next state, what this frame completed or showed of a top, and the frame itself."""
        sample = _sample(measures, self.zero)
        recent = (*self.recent, measures)[-3:]
        state, seen = replace(self, recent=recent)._next(measures, sample)
        return state, seen, sample

    def _next(self, measures: Measures, sample: Sample) -> tuple["Reps", Movement | Top | None]:
        depth = sample.depth_deg
        match self.phase:
            case Phase.UNKNOWN | Phase.STANDING:
                if depth >= ENTER_DEG:
                    return replace(self, phase=Phase.DOWN, down=(), deepest=0.0)._under_way(sample)
                upright = _stands(measures) and (
                    self.zero is None or abs(sample.lean_deg) < SWAY_DEG
                )
                at_rest = _slow(self.recent[0], measures)
                return (self._stand(measures, at_rest) if upright else self), None
            case Phase.DOWN:
                if depth < EXIT_DEG and _straight(measures):
                    movement = Movement(self.zero or Standing(), self.down, sample)
                    return replace(self, phase=Phase.LOCKOUT, top=(sample,)), movement
                return self._under_way(sample)
            case Phase.LOCKOUT:
                state = replace(self, top=(*self.top, sample))
                if depth >= EXIT_DEG or state._settled():
                    return state._left(), Top(state.top, over=True)
                return state, Top(state.top, over=False)

    def finish(self) -> Top | None:
        """The top whose rest was not seen, when the recording ends there."""
        return Top(self.top, over=True) if self.phase is Phase.LOCKOUT else None

    def _under_way(self, sample: Sample) -> tuple["Reps", Movement | None]:
        """Down or up; with the bottom just passed, the movement as far as it went."""
        deepest = max(self.deepest, sample.depth_deg)
        passed = sample.depth_deg < BOTTOM * deepest
        state = replace(self, down=(*self.down, sample), deepest=deepest, passed=passed)
        if not passed or self.passed:
            return state, None
        return state, Movement(self.zero or Standing(), state.down, None)

    def _settled(self) -> bool:
        top = self.top
        least = BOTTOM * self.deepest
        left = max(s.measures.t for s in self.down if s.depth_deg >= least)
        now, back = top[-1].measures.t, top[0].measures.t
        way_up = back - left
        if now - back > LOCKOUT_LIMIT_S + LOCKOUT_LIMIT_SHARE * way_up:
            return True
        if top[-1].lean_deg - min(s.lean_deg for s in top) > TURNED_DEG:
            return True
        since = now - max(SETTLED_S, SETTLED_SHARE * way_up)
        leans = [s.lean_deg for s in (*self.down[-1:], *top) if s.measures.t >= since]
        whole = top[0].measures.t <= since or self.down[-1].measures.t <= since
        return whole and len(leans) >= 3 and max(leans) - min(leans) < SETTLED_DEG

    def _left(self) -> "Reps":
        state = replace(self, phase=Phase.STANDING, down=(), top=())
        for sample in _resting(self.top):
            state = state._stand(sample.measures, at_rest=True)
        return state

    def _stand(self, measures: Measures, at_rest: bool) -> "Reps":
        kept = (one for one in self.still if measures.t - one[0].t < STANDING_S)
        still = (*kept, (measures, at_rest))
        if len(still) < 3:
            return replace(self, still=still)
        frames = [m for m, _ in still]
        rest = [m for m, at_rest in still if at_rest] or frames
        zero = Standing(
            lean_deg=median(m.lean_deg for m in rest),
            knee_deg=median(m.knee_deg for m in rest),
            hip_deg=median(m.hip_deg for m in rest),
            torso=median(m.torso for m in frames),
            height=median(m.height for m in frames),
            width=median(m.width for m in frames),
        )
        return replace(self, phase=Phase.STANDING, still=still, zero=zero)


def _sample(measures: Measures, zero: Standing | None) -> Sample:
    if zero is None:
        return Sample(measures, measures.lean_deg, 0.0)
    lean = measures.lean_deg - zero.lean_deg
    if zero.width > SIDE_WIDTH and zero.torso > 0:
        shortened = degrees(acos(min(1.0, max(-1.0, measures.rise / zero.torso))))
        lean = max(lean, shortened if shortened > SHORTENED_DEG else 0.0)
    drop = 1.0 - measures.height / zero.height if zero.height > 0 else 0.0
    return Sample(measures, lean, max(0.0, drop))


def _resting(top: Sequence[Sample]) -> list[Sample]:
    """The frames in which the person did not move: all the standing there is in a quick set."""
    found = []
    for before, now, after in zip(top, top[1:], top[2:], strict=False):
        slow = _slow(before.measures, after.measures)
        if slow and _stands(now.measures) and LEANT_BACK_DEG < now.lean_deg < SWAY_DEG:
            found.append(now)
    return found


def _slow(before: Measures, after: Measures) -> bool:
    return abs(after.lean_deg - before.lean_deg) <= RESTING_DEG_S * (after.t - before.t)


def _stands(measures: Measures) -> bool:
    return abs(measures.lean_deg) < UPRIGHT_DEG and _straight(measures)


def _straight(measures: Measures) -> bool:
    return abs(measures.knee_deg) < STRAIGHT_DEG and measures.stride < STRIDE

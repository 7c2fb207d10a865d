"""From measures to movements: stand, down, up, stand, by two thresholds.

Two thresholds, enter and exit, so that noise cannot count (the scheme of ML Kit's
`RepetitionCounter`), both from the person's own standing, which is learned while they stand.
A movement ends with the return; one without never ends. What happens at the top after it (leaning
back, hips short of straight) is followed until the person rests there or leans forward again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from statistics import median

from coach.movement.measures import Measures
from coach.movement.movements import BOTTOM, Movement, Sample, Standing, Top

ENTER_DEG, EXIT_DEG = 20.0, 15.0
"""Trunk lean beyond own standing at which a movement begins, and at which it is over. Whether it
was deep enough to be a rep is decided when it is over (`kinds`)."""
RETURNED_KNEE_DEG = 50.0
"""Who has come back bends the knees less: so much lowers the hips by a tenth, as EXIT_DEG does."""
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
ON_SHARE = 2.5
"""The newest frame alone is believed where it goes on as the median has been going: the same way,
by at most so many of its last steps. A wild frame mostly does not, and waits for the median."""
LOCKOUT_LIMIT_S, LOCKOUT_LIMIT_SHARE = 1.0, 1.0
"""Who never comes to rest is counted after this time and this share of the way up."""


class Phase(Enum):
    """Where in a movement the person is."""

    UNKNOWN = "unknown"
    STANDING = "standing"
    DOWN = "down"
    LOCKOUT = "lockout"


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

    def wants_newest(self, measures: Measures) -> bool:
        """Whether `see` has a use for the newest frame beside these: where the body rises."""
        now = Sample.seen(measures, self.zero)
        match self.phase:
            case Phase.DOWN:
                return now.depth_deg < self.down[-1].depth_deg
            case Phase.LOCKOUT:
                return now.lean_deg < self.top[-1].lean_deg
        return False

    def see(
        self, measures: Measures, newest: Measures | None = None
    ) -> tuple["Reps", Movement | Top | None, Sample]:
        """The next state, what this frame completed or showed of a top, and the frame itself.

        measures: of the median of the last three frames
        newest: of the last of them alone
        """
        now = Sample.seen(measures, self.zero)
        last = now if newest is None else Sample.seen(newest, self.zero)
        recent = (*self.recent, measures)[-3:]
        state, seen = replace(self, recent=recent)._next(now, last)
        return state, seen, now

    def _next(self, now: Sample, last: Sample) -> tuple["Reps", Movement | Top | None]:
        measures, depth = now.measures, now.depth_deg
        match self.phase:
            case Phase.UNKNOWN | Phase.STANDING:
                if depth >= ENTER_DEG:
                    began = replace(self, phase=Phase.DOWN, down=(), deepest=0.0)
                    return began._under_way(now, depth)
                upright = _stands(measures) and (self.zero is None or abs(now.lean_deg) < SWAY_DEG)
                at_rest = _slow(self.recent[0], measures)
                return (self._stand(measures, at_rest) if upright else self), None
            case Phase.DOWN:
                on = _goes_on(self.down[-1].depth_deg, depth, last.depth_deg)
                newest = last if on else now
                if newest.depth_deg < EXIT_DEG and _straight(newest.measures, RETURNED_KNEE_DEG):
                    movement = Movement(self.zero or Standing(), self.down, now)
                    return replace(self, phase=Phase.LOCKOUT, top=(now,)), movement
                return self._under_way(now, newest.depth_deg)
            case Phase.LOCKOUT:
                state = replace(self, top=(*self.top, now))
                on = _goes_on(self.top[-1].lean_deg, now.lean_deg, last.lean_deg)
                shown = (*state.top, last) if on else state.top
                if depth >= ENTER_DEG or state._settled():
                    return state._left(), Top(shown, over=True)
                return state, Top(shown, over=False)

    def finish(self) -> Top | None:
        """The top whose rest was not seen, when the recording ends there."""
        return Top(self.top, over=True) if self.phase is Phase.LOCKOUT else None

    def _under_way(self, sample: Sample, depth: float) -> tuple["Reps", Movement | None]:
        """Down or up, at this depth now; with the bottom just passed, the movement so far."""
        deepest = max(self.deepest, sample.depth_deg)
        passed = depth < BOTTOM * deepest
        state = replace(self, down=(*self.down, sample), deepest=deepest, passed=passed)
        if not passed or self.passed:
            return state, None
        return state, Movement(self.zero or Standing(), state.down, None)

    def _settled(self) -> bool:
        top = self.top
        least = BOTTOM * self.deepest
        left = max(s.measures.t for s in self.down if s.depth_deg >= least)
        now = top[-1].measures.t
        back = next((s.measures.t for s in top if s.depth_deg < EXIT_DEG), now)
        way_up = back - left
        if now - back > LOCKOUT_LIMIT_S + LOCKOUT_LIMIT_SHARE * way_up:
            return True
        if top[-1].lean_deg - min(s.lean_deg for s in top) > TURNED_DEG:
            return True
        since = now - max(SETTLED_S, SETTLED_SHARE * way_up)
        leans = [s.lean_deg for s in (*self.down[-1:], *top) if s.measures.t >= since]
        whole = self.down[-1].measures.t <= since
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


def _resting(top: Sequence[Sample]) -> list[Sample]:
    """The frames in which the person did not move: all the standing there is in a quick set."""
    found = []
    for before, now, after in zip(top, top[1:], top[2:], strict=False):
        slow = _slow(before.measures, after.measures)
        if slow and _stands(now.measures) and LEANT_BACK_DEG < now.lean_deg < SWAY_DEG:
            found.append(now)
    return found


def _goes_on(before: float, now: float, newest: float) -> bool:
    """Of a value that falls: whether the newest only falls on."""
    return 0 < now - newest <= ON_SHARE * (before - now)


def _slow(before: Measures, after: Measures) -> bool:
    return abs(after.lean_deg - before.lean_deg) <= RESTING_DEG_S * (after.t - before.t)


def _stands(measures: Measures) -> bool:
    return abs(measures.lean_deg) < UPRIGHT_DEG and _straight(measures)


def _straight(measures: Measures, limit_deg: float = STRAIGHT_DEG) -> bool:
    return abs(measures.knee_deg) < limit_deg and measures.stride < STRIDE

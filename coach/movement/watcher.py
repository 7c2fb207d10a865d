"""The whole observer as one pure fold: `watch(state, observation) -> (state, events)`.

Observations come in the order of their times, any of them without a pose or with nonsense in it.
Three frames make one: each landmark is the median of its last three places, which removes a single
wild frame, keeps the depth of a rep and costs one frame of delay. On the way up and at the top the
newest frame is looked at by itself, too, so that what it makes plain is told at once.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from coach.domain.calibration import Calibration
from coach.domain.effects import WatchOrder
from coach.domain.events import (
    Event,
    FaultSeen,
    LockoutSeen,
    NeutralLearned,
    OtherMovementSeen,
    RepCompleted,
)
from coach.domain.terms import Back, Evidence, Fault, Rep, Verdict
from coach.movement.back_line import BackLine, back_line
from coach.movement.faults import (
    back_faults,
    is_rounded,
    judge_back,
    judge_first,
    movement_faults,
    top_fault,
)
from coach.movement.kinds import Kind, kind
from coach.movement.measures import measure
from coach.movement.movements import Movement, Sample, Top
from coach.movement.neutral import Shape, calibrate, shape
from coach.movement.pose import Observation, Pose
from coach.movement.reps import Phase, Reps
from coach.movement.view import ViewWatch

FREE = "none"
"""The drill of free observation: only true hinges count."""
_MASK_FROM_DEG = 30.0
"""On the way down from here: the mask costs a quarter of what the landmarks do."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The state of the fold.

    sample, line: of the last frame, for drawing only
    counted: the top at hand, if any, is that of a rep; accused: its fault that has been told
    """

    order: WatchOrder
    view: ViewWatch = field(default_factory=ViewWatch)
    reps: Reps = field(default_factory=Reps)
    recent: tuple[Observation, ...] = ()
    lines: tuple[tuple[float, BackLine], ...] = ()
    counted: bool = False
    accused: Evidence | None = None
    own: Calibration | None = None
    neutral: tuple[Shape, ...] = ()
    number: int = 0
    sample: Sample | None = None
    line: BackLine | None = None


def begin(order: WatchOrder) -> Watch:
    return Watch(order, own=order.calibration)


def wants_mask(state: Watch) -> bool:
    """Whether the next frame's mask would be used: only what is around the bottom judges a back."""
    sample = state.sample
    return (
        state.reps.phase is Phase.DOWN
        and not state.reps.passed
        and state.view.judgeable
        and sample is not None
        and sample.lean_deg > _MASK_FROM_DEG
    )


def wants_look(state: Watch) -> bool:
    """Whether this is a time to look for company: standing still, when some frames may be late."""
    return state.reps.phase is Phase.STANDING


def watch(state: Watch, observation: Observation) -> tuple[Watch, tuple[Event, ...]]:
    """The next state, and what this frame let us know."""
    view, events = state.view.see(observation)
    recent = (*state.recent, observation)[-3:]
    state = replace(state, view=view, recent=recent, sample=None, line=None)
    steady = _median(recent)
    if steady is None or steady.pose is None:
        return state, events
    measures = measure(steady.t, steady.pose, view.facing)
    if measures is None:
        return state, events
    line = None
    if steady.mask is not None:
        line = back_line(steady.pose, steady.mask, view.facing)
    newest = None
    if observation.pose is not None and state.reps.wants_newest(measures):
        newest = measure(observation.t, observation.pose, view.facing)
    reps, seen, sample = state.reps.see(measures, newest)
    told: tuple[Event, ...] = ()
    if isinstance(seen, Movement) and seen.back is None:
        told = _foretell(state, seen, observation.t)
    elif isinstance(seen, Movement):
        state, told = _tell(state, seen, observation.t)
    elif isinstance(seen, Top):
        state, told = _tell_top(state, seen, observation.t)
    lines = state.lines if reps.phase is Phase.DOWN else ()
    if line is not None and reps.phase is Phase.DOWN:
        lines = (*lines, (steady.t, line))
    state = replace(state, reps=reps, lines=lines, line=line, sample=sample)
    return state, (*events, *told)


def finish(state: Watch, t: float) -> tuple[Watch, tuple[Event, ...]]:
    """What is still owed when a recording ends."""
    top = state.reps.finish()
    return (state, ()) if top is None else _tell_top(state, top, t)


def _tell(state: Watch, movement: Movement, t: float) -> tuple[Watch, tuple[Event, ...]]:
    order = state.order
    what = kind(movement)
    if what is Kind.NOTHING:
        return state, ()
    if what is Kind.OTHER or (what is not Kind.HINGE and order.drill == FREE):
        return state, (OtherMovementSeen(t, order.id, what.value),)

    found = shape(movement, state.lines)
    state, back, learned = _judge_back(state, found, t)
    own = None if learned else state.own
    evidence = (*movement_faults(movement), *back_faults(found, back, own))
    faults = tuple(sorted((one.fault for one in evidence), key=list(Fault).index))
    verdict = Verdict.FAULT if faults else Verdict.CLEAN if back.judged else Verdict.UNJUDGED
    number = state.number + 1
    rep = Rep(
        number=number,
        t=movement.bottom.measures.t,
        verdict=verdict,
        faults=faults,
        lean_deg=movement.lean_deg,
        knee_deg=movement.knee_deg,
        back=back,
        duration_s=movement.last.measures.t - movement.down[0].measures.t,
        evidence=evidence,
    )
    state = replace(state, number=number, counted=True, accused=None)
    return state, (*learned, RepCompleted(t, order.id, rep))


def _foretell(state: Watch, movement: Movement, t: float) -> tuple[Event, ...]:
    """The faults that the rep would have if it came back now."""
    _, told = _tell(state, movement, t)
    reps = (event.rep for event in told if isinstance(event, RepCompleted))
    return tuple(FaultSeen(t, state.order.id, one) for rep in reps for one in rep.evidence)


def _tell_top(state: Watch, top: Top, t: float) -> tuple[Watch, tuple[Event, ...]]:
    """Of a rep's top: a fault when it is seen, and what it came to when it is over."""
    found = top_fault(top) or state.accused
    news = found is not None and state.accused is None
    if not state.counted or not (news or top.over):
        return state, ()
    state = replace(state, counted=not top.over, accused=found)
    return state, (LockoutSeen(t, state.order.id, found, top.over),)


def _judge_back(
    state: Watch, found: Shape, t: float
) -> tuple[Watch, Back, tuple[NeutralLearned, ...]]:
    if not (found.outline or state.view.judgeable):
        return state, Back(False, "none"), ()
    if state.own is not None:
        return state, judge_back(found, state.own), ()
    first = judge_first(found)
    if is_rounded(first):
        return state, first, ()
    neutral = (*state.neutral, found)
    if len(neutral) < state.order.neutral_reps:
        return replace(state, neutral=neutral), first, ()
    own = calibrate(neutral)
    return replace(state, own=own), first, (NeutralLearned(t, state.order.id, own),)


def _median(recent: tuple[Observation, ...]) -> Observation | None:
    """The middle one of three observations with each landmark's median place."""
    poses = [o.pose for o in recent if o.pose is not None]
    if len(recent) < 3 or len(poses) < 3:
        return None
    a, b, c = (p.points for p in poses)
    points = np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))
    middle = poses[1]
    return replace(recent[1], pose=Pose(points, middle.depth, middle.visibility))

"""Whatever the pose model says: nothing raises, and nothing is counted backwards."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.domain.effects import WatchOrder
from coach.domain.events import RepCompleted, ViewChanged
from coach.domain.terms import View
from coach.movement import watcher
from coach.movement.pose import Mask, Observation, Pose
from coach.movement.watcher import FREE
from tests.movement.stick import observations, pose, rep, stand

DISTURBANCES = (
    "none",
    "nan",
    "jump",
    "gap",
    "dim",
    "infinite",
    "point",
    "blank mask",
    "noise mask",
)


def _disturbed(o: Observation, what: str, seed: int) -> Observation | None:
    rng = np.random.default_rng(seed)
    p = o.pose
    assert p is not None
    points, visibility = p.points.copy(), p.visibility
    mask = None
    match what:
        case "nan":
            points[rng.integers(33, size=4)] = np.nan
        case "infinite":
            points[rng.integers(33)] = np.inf
        case "jump":
            points += rng.normal(0, 200, 2).astype(np.float32)
        case "gap":
            return None
        case "dim":
            visibility = rng.random(33).astype(np.float32)
        case "point":
            points[:] = points[0]
        case "blank mask":
            mask = Mask(np.full((256, 256), -9, np.float32), np.eye(2, 3, dtype=np.float32))
        case "noise mask":
            logits = rng.normal(0, 6, (256, 256)).astype(np.float32)
            mask = Mask(logits, np.eye(2, 3, dtype=np.float32))
    return Observation(o.t, o.width, o.height, Pose(points, p.depth, visibility), mask)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 160), st.sampled_from(DISTURBANCES)), max_size=60),
    st.sampled_from(["bodyweight-hinge", FREE]),
)
def test_no_stream_raises_or_counts_backwards(
    disturbances: list[tuple[int, str]], drill: str
) -> None:
    stream = observations(stand() + 4 * (rep() + stand(0.4)))
    changed = dict(disturbances)
    state = watcher.begin(WatchOrder(1, drill))
    numbers, times = [], []
    for n, o in enumerate(stream):
        seen = _disturbed(o, changed.get(n, "none"), n)
        if seen is None:
            seen = Observation(o.t, o.width, o.height)
        watcher.wants_mask(state)
        state, events = watcher.watch(state, seen)
        numbers += [e.rep.number for e in events if isinstance(e, RepCompleted)]
        times += [e.rep.t for e in events if isinstance(e, RepCompleted)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert times == sorted(times)
    assert len(numbers) <= 5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=66, max_size=66), st.integers(1, 12))
def test_any_points_at_all_are_survived(values: list[float], repeats: int) -> None:
    points = np.array(values, np.float32).reshape(33, 2)
    wild = Pose(points, np.zeros(33, np.float32), np.ones(33, np.float32))
    state = watcher.begin(WatchOrder(1, FREE))
    for n in range(repeats):
        state, _ = watcher.watch(state, Observation(n / 15, 640, 480, wild))


@settings(max_examples=30, deadline=None)
@given(st.integers(-3, 3))
def test_frames_of_the_same_time_are_survived(step: int) -> None:
    state = watcher.begin(WatchOrder(1, FREE))
    for n in range(8):
        state, _ = watcher.watch(state, Observation(1.0 + n * step * 1e-9, 640, 480, pose()))


def test_nobody_at_all_gives_one_view_and_no_rep() -> None:
    state = watcher.begin(WatchOrder(1, FREE))
    told = []
    for n in range(90):
        state, events = watcher.watch(state, Observation(n / 15, 640, 480))
        told += events
    assert [e.view for e in told if isinstance(e, ViewChanged)] == [View.ABSENT]
    assert len(told) == 1

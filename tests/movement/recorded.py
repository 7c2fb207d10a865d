"""Rendered sets with truth, as the pose model saw them (data/README.md)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coach.domain.effects import WatchOrder
from coach.domain.events import Event, LockoutSeen, RepCompleted
from coach.domain.terms import Evidence, Fault, Rep
from coach.movement import watcher
from coach.movement.pose import Mask, Observation, Pose

DATA = Path(__file__).parent / "data"
SETS = ("dowel", "dumbbells", "crossed")


@dataclass(frozen=True)
class TrueRep:
    start: float
    end: float
    faults: frozenset[Fault]


@dataclass(frozen=True)
class Recorded:
    observations: tuple[Observation, ...]
    reps: tuple[TrueRep, ...]


def recorded(name: str) -> Recorded:
    kept = np.load(DATA / f"{name}.npz")
    width, height = (int(n) for n in kept["size"])
    seen = zip(kept["masked"].tolist(), kept["masks"], kept["from_frame"], strict=True)
    masks = {i: (bits, from_frame) for i, bits, from_frame in seen}
    observations = []
    for i, (t, points) in enumerate(zip(kept["times"], kept["landmarks"], strict=True)):
        values = points.astype(np.float32)
        pose = None
        if np.isfinite(values).all():
            pose = Pose(values[:, :2], values[:, 2], values[:, 3])
        mask = None
        if i in masks:
            bits, from_frame = masks[i]
            person = np.unpackbits(bits).reshape(256, 256)
            mask = Mask(person.astype(np.float32) * 12 - 3, from_frame)
        observations.append(Observation(float(t), width, height, pose, mask))
    reps = tuple(
        TrueRep(float(a), float(b), frozenset(map(Fault, faults.split())))
        for a, b, faults in zip(kept["start"], kept["end"], kept["faults"].tolist(), strict=True)
    )
    return Recorded(tuple(observations), reps)


def told(
    observations: Sequence[Observation], order: WatchOrder, finish: bool = True
) -> Iterator[tuple[float, Event]]:
    """Every event with the time of the frame that let it be known."""
    state = watcher.begin(order)
    t = 0.0
    for observation in observations:
        t = observation.t
        if not watcher.wants_mask(state):
            observation = replace(observation, mask=None)
        state, events = watcher.watch(state, observation)
        yield from ((t, event) for event in events)
    if finish:
        state, events = watcher.finish(state, t)
        yield from ((t, event) for event in events)


def reps_seen(observations: Sequence[Observation], order: WatchOrder) -> list[Rep]:
    return reps_of(event for _, event in told(observations, order))


def reps_of(events: Iterable[Event]) -> list[Rep]:
    """The reps in these events, with what their tops showed."""
    reps: list[Rep] = []
    for event in events:
        match event:
            case RepCompleted(rep=rep):
                reps.append(rep)
            case LockoutSeen(fault=Evidence() as fault):
                reps[-1] = reps[-1].with_fault(fault)
    return reps

"""Clips with truth, as the watcher sees them: from the pose model, or from a cache of its words."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coach.adapters.blazepose import BlazePose
from coach.adapters.camera_clip import ClipCamera
from coach.config import models_dir
from coach.domain.effects import WatchOrder
from coach.domain.events import Event, FaultSeen, LockoutSeen, RepCompleted
from coach.domain.terms import Evidence, Fault, Rep
from coach.movement import watcher
from coach.movement.pose import Mask, Observation, Pose

NEUTRAL_REPS = 2
RETURNED_DEG, RETURNED_DROP = 15.0, 0.1
"""A rep can be seen to have come back: the trunk is within so much of own standing, and the hips
within a tenth of their height (which is 15 degrees of a squat's depth, as the eyes take it)."""
LEANT_BACK_DEG = 10.0
"""Leaning back can be seen: the trunk so far behind own standing."""
RISEN = 0.9
"""The bottom can be seen to be passed: a tenth of the way up is done."""
_LABELS = {
    "round_lumbar": Fault.ROUNDED_BACK,
    "round_thoracic": Fault.ROUNDED_BACK,
    "squat": Fault.SQUATTING,
    "hyperextension": Fault.HYPEREXTENDED,
    "arm_drift": Fault.ARMS_DRIFTING,
    "head_off_dowel": Fault.HEAD_OFF,
    "shallow": Fault.SHALLOW,
}
_LOGIT_SCALE = 12.0


@dataclass(frozen=True)
class TrueRep:
    """A rendered rep.

    start, end: its first and last frame, what happens at the top included
    rising: when the bottom could be seen to be passed
    returned: when the person could be seen to have come back
    leant_back: when they could be seen to lean back at the top, if they did
    """

    start: float
    end: float
    rising: float
    returned: float
    leant_back: float | None
    preset: str
    faults: frozenset[Fault]
    rounding_deg: float


@dataclass(frozen=True)
class RealClip:
    path: Path
    exercise: str
    view: str
    reps: int
    fault: str

    @property
    def is_hinge(self) -> bool:
        return self.fault != "not a hinge"


@dataclass(frozen=True)
class Told:
    """A rep with all that was told of it, and the times of the frames with which that was known.

    judgeable: whether it was seen from the side
    hasty: faults that were told at the bottom and that the rep had not in the end
    """

    t: float
    rep: Rep
    judgeable: bool
    known: dict[Fault, float]
    hasty: tuple[Fault, ...]


def rendered_truth(path: Path) -> list[TrueRep]:
    film = json.loads(path.read_text())["frames"]
    frames: dict[int, list[dict]] = {}
    for frame in film:
        if frame["rep"] >= 0 and frame["preset"] not in ("lead", "tail"):
            frames.setdefault(frame["rep"], []).append(frame)
    upright, height = film[0]["angles"]["trunk_incl"], _hips(film[0])
    found = []
    for _, rep in sorted(frames.items()):
        bottom = max(rep, key=lambda f: f["x"])
        after = [f for f in rep if f["t"] > bottom["t"] and f["phase"] in ("up", "stand")]
        lean = {f["t"]: f["angles"]["trunk_incl"] - upright for f in after}
        low = {f["t"]: 1 - _hips(f) / height > RETURNED_DROP for f in after}
        angles = bottom["angles"]
        found.append(
            TrueRep(
                rep[0]["t"],
                rep[-1]["t"],
                next(f["t"] for f in after if f["x"] < RISEN * bottom["x"]),
                next(t for t in lean if lean[t] < RETURNED_DEG and not low[t]),
                next((t for t in lean if lean[t] < -LEANT_BACK_DEG), None),
                rep[0]["preset"],
                frozenset(_LABELS[x] for x in rep[0]["rep_labels"] if x in _LABELS),
                max(angles["lumbar_flexion"], angles["thoracic_flexion"]),
            )
        )
    return found


def _hips(frame: dict) -> float:
    """Pixels from the ankles up to the hips, in the middle of either."""
    y = {name: frame["kp2d"][name][1] for name in ("23", "24", "27", "28")}
    return (y["27"] + y["28"] - y["23"] - y["24"]) / 2


def real_clips(folder: Path) -> list[RealClip]:
    return [
        RealClip(folder / r["file"], r["exercise"], r["view"], int(r["reps"]), r["fault"])
        for r in csv.DictReader((folder / "index.csv").open())
    ]


class Source:
    """Clips as observations; every `step`-th frame only."""

    def __init__(self, cache: Path | None, step: int = 1) -> None:
        self._cache = cache / str(step) if cache else None
        self._step = step

    def watch(self, clip: Path, drill: str) -> tuple[Told, ...]:
        state = watcher.begin(WatchOrder(1, drill, neutral_reps=NEUTRAL_REPS))
        found: list[Told] = []
        early: dict[Fault, float] = {}
        t = 0.0
        for observation in self._observations(clip):
            t = observation.t
            if not watcher.wants_mask(state):
                observation = replace(observation, mask=None)
            state, events = watcher.watch(state, observation)
            _note(found, early, t, events, state.view.judgeable)
        state, events = watcher.finish(state, t)
        _note(found, early, t, events, state.view.judgeable)
        return tuple(found)

    def company(self, clip: Path) -> list[float]:
        """The times of the frames in which somebody else was seen."""
        return [o.t for o in self._observations(clip) if o.company]

    def _observations(self, clip: Path) -> Iterator[Observation]:
        if self._cache is None:
            yield from self._live(clip)
            return
        kept = self._cache / f"{clip.stem}.npz"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            _keep(kept, list(self._live(clip)))
        yield from _kept(kept)

    def _live(self, clip: Path) -> Iterator[Observation]:
        camera = ClipCamera(clip, fast=True)
        camera.open()
        model = BlazePose(models_dir())
        index = 0
        while (frame := camera.read(1.0)) is not None:
            if index % self._step == 0:
                yield model.observe(frame, want_mask=True)
            index += 1
        camera.close()


def _note(
    found: list[Told],
    early: dict[Fault, float],
    t: float,
    events: tuple[Event, ...],
    judgeable: bool,
) -> None:
    """`early`: faults of the rep under way, with the times when they became known."""
    for event in events:
        match event:
            case FaultSeen(fault=seen):
                early.setdefault(seen.fault, t)
            case RepCompleted(rep=rep):
                known = {fault: early.get(fault, t) for fault in rep.faults}
                found.append(Told(t, rep, judgeable, known, tuple(early.keys() - known.keys())))
                early.clear()
            case LockoutSeen(fault=Evidence() as seen):
                last = found[-1]
                known = {seen.fault: t} | last.known
                found[-1] = replace(last, rep=last.rep.with_fault(seen), known=known)


def frame_rate(clip: Path) -> float:
    camera = ClipCamera(clip, fast=True)
    camera.open()
    camera.close()
    return camera.rate


def _keep(path: Path, observations: list[Observation]) -> None:
    empty = np.full((33, 4), np.nan, np.float32)
    points, logits, maps = [], [], []
    shape = next((o.mask.logits.shape for o in observations if o.mask is not None), (2, 2))
    for o in observations:
        p, m = o.pose, o.mask
        points.append(empty if p is None else np.c_[p.points, p.depth, p.visibility])
        quiet = np.zeros(shape) if m is None else m.logits * _LOGIT_SCALE
        logits.append(np.clip(quiet, -127, 127).astype(np.int8))
        maps.append(np.zeros((2, 3), np.float32) if m is None else m.from_frame)
    np.savez_compressed(
        path,
        P=np.array(points),
        T=np.array([o.t for o in observations]),
        M=np.array(logits),
        F=np.array(maps),
        C=np.array([o.company for o in observations]),
        wh=(observations[0].width, observations[0].height),
    )


def _kept(path: Path) -> Iterator[Observation]:
    kept = np.load(path)
    width, height = (int(n) for n in kept["wh"])
    columns = (kept[name] for name in "PTMFC")
    for p, t, m, f, c in zip(*columns, strict=True):
        if np.isnan(p).any():
            yield Observation(float(t), width, height)
            continue
        mask = Mask(m.astype(np.float32) / np.float32(_LOGIT_SCALE), f)
        pose = Pose(p[:, :2], p[:, 2], p[:, 3])
        yield Observation(float(t), width, height, pose, mask, bool(c))

"""Clips with truth, as the watcher sees them: from the pose model, or from a cache of its words."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.adapters.blazepose import BlazePose
from coach.adapters.camera_clip import ClipCamera
from coach.config import models_dir
from coach.domain.effects import WatchOrder
from coach.domain.events import RepCompleted
from coach.domain.terms import Fault, Rep
from coach.movement import watcher
from coach.movement.pose import Mask, Observation, Pose

NEUTRAL_REPS = 2
RETURNED_DEG = 15.0
"""Trunk lean beyond own standing under which a rep has come back."""
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
    returned: when the trunk was back within `RETURNED_DEG` of own standing
    risen: when the way up had ended
    """

    start: float
    end: float
    returned: float
    risen: float
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
    """A rep, and the time of the frame with which it was told."""

    t: float
    rep: Rep


def rendered_truth(path: Path) -> list[TrueRep]:
    film = json.loads(path.read_text())["frames"]
    frames: dict[int, list[dict]] = {}
    for frame in film:
        if frame["rep"] >= 0 and frame["preset"] not in ("lead", "tail"):
            frames.setdefault(frame["rep"], []).append(frame)
    standing = film[0]["angles"]["trunk_incl"]
    found = []
    for _, rep in sorted(frames.items()):
        bottom = max(rep, key=lambda f: f["x"])
        angles = bottom["angles"]
        found.append(
            TrueRep(
                rep[0]["t"],
                rep[-1]["t"],
                next(
                    f["t"]
                    for f in rep
                    if f["t"] > bottom["t"]
                    and f["phase"] in ("up", "stand")
                    and f["angles"]["trunk_incl"] - standing < RETURNED_DEG
                ),
                max(f["t"] for f in rep if f["phase"] == "up"),
                rep[0]["preset"],
                frozenset(_LABELS[x] for x in rep[0]["rep_labels"] if x in _LABELS),
                max(angles["lumbar_flexion"], angles["thoracic_flexion"]),
            )
        )
    return found


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
        t = 0.0
        for observation in self._observations(clip):
            t = observation.t
            if not watcher.wants_mask(state):
                observation = Observation(
                    t, observation.width, observation.height, observation.pose
                )
            state, events = watcher.watch(state, observation)
            found += [Told(t, e.rep) for e in events if isinstance(e, RepCompleted)]
        state, events = watcher.finish(state, t)
        found += [Told(t, e.rep) for e in events if isinstance(e, RepCompleted)]
        return tuple(found)

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


def frame_rate(clip: Path) -> float:
    return ClipCamera(clip, fast=True).rate


def _keep(path: Path, observations: list[Observation]) -> None:
    empty = np.full((33, 4), np.nan, np.float32)
    points, logits, maps = [], [], []
    for o in observations:
        p, m = o.pose, o.mask
        points.append(empty if p is None else np.c_[p.points, p.depth, p.visibility])
        quiet = np.zeros((256, 256)) if m is None else m.logits * _LOGIT_SCALE
        logits.append(np.clip(quiet, -127, 127).astype(np.int8))
        maps.append(np.zeros((2, 3), np.float32) if m is None else m.from_frame)
    np.savez_compressed(
        path,
        P=np.array(points),
        T=np.array([o.t for o in observations]),
        M=np.array(logits),
        F=np.array(maps),
        wh=(observations[0].width, observations[0].height),
    )


def _kept(path: Path) -> Iterator[Observation]:
    kept = np.load(path)
    width, height = (int(n) for n in kept["wh"])
    for p, t, m, f in zip(kept["P"], kept["T"], kept["M"], kept["F"], strict=True):
        if np.isnan(p).any():
            yield Observation(float(t), width, height)
            continue
        mask = Mask(m.astype(np.float32) / np.float32(_LOGIT_SCALE), f)
        yield Observation(float(t), width, height, Pose(p[:, :2], p[:, 2], p[:, 3]), mask)

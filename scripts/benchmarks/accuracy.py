"""How well the eyes count and judge: tables over rendered and real clips with truth.

    python scripts/benchmarks/accuracy.py [--data DIR] [--more DIR ...] [--cache DIR] [--details]

Every clip goes through the same watcher as a live person's picture. `--cache` keeps the landmarks
and masks of each clip, so that a change of the pure part is measured in seconds.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.adapters.blazepose import BlazePose
from coach.adapters.camera_clip import ClipCamera
from coach.config import ROOT, models_dir
from coach.domain.effects import WatchOrder
from coach.domain.events import Event, RepCompleted
from coach.domain.terms import Fault, Rep
from coach.movement import watcher
from coach.movement.pose import Mask, Observation, Pose

LABELS = {
    "round_lumbar": Fault.ROUNDED_BACK,
    "round_thoracic": Fault.ROUNDED_BACK,
    "squat": Fault.SQUATTING,
    "hyperextension": Fault.HYPEREXTENDED,
    "arm_drift": Fault.ARMS_DRIFTING,
    "head_off_dowel": Fault.HEAD_OFF,
    "shallow": Fault.SHALLOW,
}
NEUTRAL_REPS = 2
LOGIT_SCALE = 12.0


@dataclass(frozen=True)
class TrueRep:
    start: float
    end: float
    preset: str
    faults: frozenset[Fault]
    rounding_deg: float


@dataclass(frozen=True)
class Seen:
    name: str
    reps: tuple[Rep, ...]
    events: tuple[Event, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="more rendered clips")
    parser.add_argument("--cache", type=Path, help="keep landmarks and masks here")
    parser.add_argument("--step", type=int, default=1, help="take every n-th frame only")
    parser.add_argument("--only", default="", help="only clips whose name holds this")
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"Skipped: no clips with truth at {options.data}.")
        return
    source = Source(options.cache, options.step)
    folders = [options.data / "rendered", *options.more]
    clips = [c for folder in folders for c in sorted(folder.glob("*.mp4"))]
    rendered(source, [c for c in clips if options.only in c.name], options.details)
    real(source, options.data / "real", options.only, options.details)


def rendered(source: "Source", clips: list[Path], details: bool) -> None:
    exact = free_hinges = free_squats = free_missed = 0
    hits: dict[str, list[bool]] = {}
    clean = false = 0
    for clip in clips:
        truth = true_reps(clip.with_suffix(".json"))
        seen = source.watch(clip, "bodyweight-hinge")
        exact += len(seen.reps) == len(truth)
        pairs = [(t, _match(t, seen.reps)) for t in truth]
        knows_neutral = not any(t.faults for t in truth[:NEUTRAL_REPS])
        if details or len(seen.reps) != len(truth):
            print(f"  {seen.name}: {len(seen.reps)} of {len(truth)}")
        for true, rep in pairs:
            if rep is None:
                continue
            for fault in true.faults:
                if fault in (Fault.ROUNDED_BACK, Fault.HEAD_OFF) and not knows_neutral:
                    continue
                name = fault.value
                if fault is Fault.ROUNDED_BACK:
                    name += " >= 40" if true.rounding_deg >= 38 else " 25"
                hits.setdefault(name, []).append(fault in rep.faults)
                if details and fault not in rep.faults:
                    print(f"    missed {name} ({true.preset}) {_short(rep)}")
            if not true.faults:
                clean += 1
                false += len(rep.faults)
                if details and rep.faults:
                    print(f"    false {true.preset} {_short(rep)}")
        free = source.watch(clip, watcher.FREE)
        for true in truth:
            counted = _match(true, free.reps) is not None
            if Fault.SQUATTING in true.faults:
                free_squats += counted
            else:
                free_hinges += 1
                free_missed += not counted
    print(f"Rendered clips: count exact on {exact} of {len(clips)}")
    print(
        f"  free observation: {free_squats} squats counted, {free_missed} of {free_hinges} missed"
    )
    for name, caught in sorted(hits.items()):
        print(f"  {name}: recall {np.mean(caught):.3f} ({sum(caught)} of {len(caught)})")
    if clean:
        print(f"  clean reps: {false} false faults on {clean} ({100 * false / clean:.1f} per 100)")


def real(source: "Source", folder: Path, only: str, details: bool) -> None:
    rows = [r for r in csv.DictReader((folder / "index.csv").open()) if only in r["file"]]
    side: list[int] = []
    other: list[int] = []
    phantoms = 0
    accused = caught = judged_clean = rounded = 0
    for row in rows:
        clip, truth = folder / row["file"], int(row["reps"])
        free = source.watch(clip, watcher.FREE)
        if row["fault"] == "not a hinge":
            phantoms += len(free.reps)
            print(
                f"  {row['view']:11} {len(free.reps):3} of   0  {row['file']} ({row['exercise']})"
            )
            continue
        seen = source.watch(clip, "bodyweight-hinge")
        off = len(seen.reps) - truth
        (side if row["view"] == "side" else other).append(off)
        backs = sum(Fault.ROUNDED_BACK in r.faults for r in seen.reps)
        if "rounded-back" in row["fault"]:
            rounded += 1
            caught += backs > 0
        elif row["fault"] == "none":
            judged_clean += 1
            accused += backs > 0
        print(
            f"  {row['view']:11} {len(seen.reps):3} of {truth:3}  {row['file']}"
            f" (free {len(free.reps)}, rounded {backs}; truth {row['fault']})"
        )
        if details:
            for rep in seen.reps:
                print("    ", _short(rep))
    print(f"Real, side view: exact on {sum(o == 0 for o in side)} of {len(side)},", end=" ")
    print(f"worst off by {max(map(abs, side), default=0)}")
    print(f"Real, other views: within one on {sum(abs(o) <= 1 for o in other)} of {len(other)}")
    print(f"Real, not a hinge: {phantoms} phantom reps")
    print(f"Real, rounded: caught {caught} of {rounded}; accused {accused} of {judged_clean} clean")


def true_reps(path: Path) -> list[TrueRep]:
    frames: dict[int, list[dict]] = {}
    for frame in json.loads(path.read_text())["frames"]:
        if frame["rep"] >= 0 and frame["preset"] not in ("lead", "tail"):
            frames.setdefault(frame["rep"], []).append(frame)
    found = []
    for _, rep in sorted(frames.items()):
        bottom = max(rep, key=lambda f: f["x"])
        angles = bottom["angles"]
        found.append(
            TrueRep(
                rep[0]["t"],
                rep[-1]["t"],
                rep[0]["preset"],
                frozenset(LABELS[x] for x in rep[0]["rep_labels"] if x in LABELS),
                max(angles["lumbar_flexion"], angles["thoracic_flexion"]),
            )
        )
    return found


def _match(true: TrueRep, reps: tuple[Rep, ...]) -> Rep | None:
    return next((r for r in reps if true.start <= r.t <= true.end), None)


def _short(rep: Rep) -> str:
    back = rep.back
    bow = "-" if back.bow is None else f"{back.bow:+.4f}/{back.limit or 0:.4f}"
    knee = "-" if rep.knee_deg is None else f"{rep.knee_deg:.0f}"
    return (
        f"#{rep.number} t {rep.t:.1f} lean {rep.lean_deg:.0f} knee {knee} {back.method} {bow}"
        f" {back.where} {[f.value for f in rep.faults]}"
    )


class Source:
    """Clips as observations, from the pose model or from the cache."""

    def __init__(self, cache: Path | None, step: int) -> None:
        self._cache = cache / str(step) if cache else None
        self._step = step

    def watch(self, clip: Path, drill: str) -> Seen:
        state = watcher.begin(WatchOrder(1, drill, neutral_reps=NEUTRAL_REPS))
        events: list[Event] = []
        t = 0.0
        for observation in self._observations(clip):
            t = observation.t
            if not watcher.wants_mask(state):
                observation = Observation(
                    t, observation.width, observation.height, observation.pose
                )
            state, told = watcher.watch(state, observation)
            events.extend(told)
        state, told = watcher.finish(state, t)
        events.extend(told)
        reps = tuple(e.rep for e in events if isinstance(e, RepCompleted))
        return Seen(clip.stem, reps, tuple(events))

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


def _keep(path: Path, observations: list[Observation]) -> None:
    empty = np.full((33, 4), np.nan, np.float32)
    points, logits, maps = [], [], []
    for o in observations:
        p, m = o.pose, o.mask
        points.append(empty if p is None else np.c_[p.points, p.depth, p.visibility])
        quiet = np.zeros((256, 256)) if m is None else m.logits * LOGIT_SCALE
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
        mask = Mask(m.astype(np.float32) / np.float32(LOGIT_SCALE), f)
        yield Observation(float(t), width, height, Pose(p[:, :2], p[:, 2], p[:, 3]), mask)


if __name__ == "__main__":
    sys.exit(main())

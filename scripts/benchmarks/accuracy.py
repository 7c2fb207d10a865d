"""How well the eyes count and judge: tables over rendered and real clips with truth.

    python scripts/benchmarks/accuracy.py [--data DIR] [--more DIR ...] [--cache DIR] [--details]

Every clip goes through the same watcher as a live person's picture. `--cache` keeps the landmarks
and masks of each clip, so that a change of the watcher is measured in seconds. It also keeps where
somebody else was seen, so that a change of `clothes` wants an empty one.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from clips import (
    NEUTRAL_REPS,
    RealClip,
    Source,
    Told,
    TrueRep,
    frame_rate,
    real_clips,
    rendered_truth,
)

from coach.config import ROOT
from coach.domain.terms import Fault, Rep
from coach.movement.watcher import FREE

HINGE = "bodyweight-hinge"
AIDED = (Fault.ROUNDED_BACK, Fault.HEAD_OFF)
"""Faults that are judged against own neutral reps, so not where one of those has a fault itself."""
VISIBLE = RETURN, BOTTOM, TOP = (
    "rep, from the return",
    "fault of the bottom, from the rise",
    "fault of the top, from leaning back",
)
"""What is timed, from when it can be seen in the truth: see `clips.TrueRep`."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="more rendered clips")
    parser.add_argument("--everyday", type=Path, help="clips of other movement")
    parser.add_argument(
        "--front", type=Path, nargs="*", default=[], help="somebody stands in front"
    )
    parser.add_argument("--cache", type=Path, help="keep what the pose model saw")
    parser.add_argument("--only", default="", help="only clips whose name holds this")
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"Skipped: no clips with truth at {options.data}.")
        return
    source, only = Source(options.cache), options.only
    folders = [options.data / "rendered", *options.more]
    films = [c for f in folders for c in _films(f, only)]
    rendered(source, films, options.details)
    if options.everyday is not None:
        everyday(source, _films(options.everyday, only))
    people = [c for c in real_clips(options.data / "real") if only in c.path.name]
    real(source, people, options.details)
    fronts = [c for f in options.front for c in _films(f, only)]
    company(source, [*films, *(c.path for c in people)], fronts)
    slow(source, options.cache, films, 20, "Rendered, of 20 frames/s,")
    slow(source, options.cache, [c.path for c in people if c.is_hinge], 30, "Real")


def rendered(source: Source, clips: list[Path], details: bool) -> None:
    exact = free_hinges = free_squats = free_missed = 0
    hits: dict[str, list[bool]] = {}
    late: dict[str, list[float]] = {what: [] for what in VISIBLE}
    clean = false = hasty = 0
    for clip in clips:
        truth = rendered_truth(clip.with_suffix(".json"))
        told = source.watch(clip, HINGE)
        hasty += sum(len(x.hasty) for x in told)
        exact += len(told) == len(truth)
        knows_neutral = not any(t.faults for t in truth[:NEUTRAL_REPS])
        if details or len(told) != len(truth):
            print(f"  {clip.stem}: {len(told)} of {len(truth)}")
        for true in truth:
            found = _match(true, told)
            if found is not None:
                _note_delays(late, true, found)
            rep = None if found is None else found.rep
            for fault in true.faults:
                if fault in AIDED and not knows_neutral:
                    continue
                name = fault.value
                if fault is Fault.ROUNDED_BACK:
                    name += " >= 40" if true.rounding_deg >= 38 else " 25"
                caught = rep is not None and fault in rep.faults
                hits.setdefault(name, []).append(caught)
                if details and not caught:
                    print(f"    missed {name} ({true.preset}) {_short(rep)}")
            if not true.faults:
                clean += 1
                false += 0 if rep is None else len(rep.faults)
                if details and rep is not None and rep.faults:
                    print(f"    false {true.preset} {_short(rep)}")
        free = source.watch(clip, FREE)
        for true in truth:
            counted = _match(true, free) is not None
            if Fault.SQUATTING in true.faults:
                free_squats += counted
            else:
                free_hinges += 1
                free_missed += not counted
    print(f"Rendered clips: count exact on {exact} of {len(clips)}")
    print(
        f"  free observation: {free_squats} squats counted, {free_missed} of {free_hinges} missed"
    )
    for name, caught_each in sorted(hits.items()):
        print(f"  {name}: recall {np.mean(caught_each):.3f} ({sum(caught_each)} of", end=" ")
        print(f"{len(caught_each)})")
    if clean:
        print(f"  clean reps: {false} false faults on {clean} ({100 * false / clean:.1f} per 100)")
    print(f"  {hasty} faults told at the bottom that the rep had not in the end")
    for what, delays in late.items():
        if delays:
            frames = 15 * np.array(delays)
            p50, p95 = np.quantile(frames, [0.5, 0.95])
            print(f"  {what}: known {p50:.1f} frames of 15 a second later (median),", end=" ")
            print(f"p95 {p95:.1f}, at most {max(frames):.1f};", end=" ")
            print(f"{np.count_nonzero(frames <= 2.001)} of {len(frames)} within 2")


def _note_delays(late: dict[str, list[float]], true: TrueRep, found: Told) -> None:
    late[RETURN].append(found.t - true.returned)
    for fault in true.faults & found.known.keys():
        if fault is not Fault.HYPEREXTENDED:
            late[BOTTOM].append(found.known[fault] - true.rising)
        elif true.leant_back is not None:
            late[TOP].append(found.known[fault] - true.leant_back)


def everyday(source: Source, clips: list[Path]) -> None:
    """Clips beside which `NAME.json` says how many hinges are in them: {"reps": 0}."""
    phantoms = missed = hinges = 0
    for clip in clips:
        truth = json.loads(clip.with_suffix(".json").read_text())["reps"]
        told = len(source.watch(clip, FREE))
        hinges += truth
        phantoms += max(0, told - truth)
        missed += max(0, truth - told)
        if told != truth:
            print(f"  {clip.stem}: {told} of {truth}")
    print(f"Everyday movement: {phantoms} phantom reps in {len(clips)} clips,", end=" ")
    print(f"{missed} of {hinges} hinges missed")


def real(source: Source, clips: list[RealClip], details: bool) -> None:
    side: list[int] = []
    other: list[int] = []
    missed = hinges = phantoms = squatting = 0
    accused = caught = clean = rounded = 0
    for clip in clips:
        free = source.watch(clip.path, FREE)
        if not clip.is_hinge:
            phantoms += len(free)
            print(f"  {clip.view:11} {len(free):3} of   0  {clip.path.name} ({clip.exercise})")
            continue
        told = source.watch(clip.path, HINGE)
        off = len(told) - clip.reps
        (side if clip.view == "side" else other).append(off)
        faults = [f for x in told for f in x.rep.faults]
        backs = faults.count(Fault.ROUNDED_BACK)
        if "squatting" not in clip.fault:
            hinges += clip.reps
            missed += max(0, clip.reps - len(free))
        if "rounded-back" in clip.fault:
            rounded += 1
            caught += backs > 0
        elif clip.fault == "none":
            clean += 1
            accused += backs > 0
            squatting += Fault.SQUATTING in faults
        print(
            f"  {clip.view:11} {len(told):3} of {clip.reps:3}  {clip.path.name}"
            f" (free {len(free)}, rounded {backs}; truth {clip.fault})"
        )
        if details:
            for x in told:
                print("    ", _short(x.rep))
    print(f"Real, side view: exact on {sum(o == 0 for o in side)} of {len(side)},", end=" ")
    print(f"worst off by {max(map(abs, side), default=0)}")
    print(f"Real, other views: within one on {sum(abs(o) <= 1 for o in other)} of {len(other)}")
    print(f"Real, free observation: {missed} of {hinges} hinges missed, {phantoms} phantom reps")
    print(
        f"Real, rounded: caught {caught} of {rounded}; accused {accused} of {clean} clean,", end=""
    )
    print(f" {squatting} of them of squatting")


def company(source: Source, alone: list[Path], fronts: list[Path]) -> None:
    """Beside `fronts`, `NAME.json` says when somebody is in front: {"front": [FROM, TO]} in s."""
    wrong = [c.stem for c in alone if source.company(c)]
    print(f"Somebody else seen in {len(wrong)} of {len(alone)} clips of one person", *wrong)
    after: list[float] = []
    for clip in fronts:
        came, went = json.loads(clip.with_suffix(".json").read_text())["front"]
        seen = next((t for t in source.company(clip) if came - 1 <= t <= went), None)
        if seen is None:
            print(f"  {clip.stem}: not seen")
        else:
            after.append(seen - came)
    if after:
        late = f"{np.quantile(after, 0.95):.1f} s"
        print(f"Somebody in front: seen in {len(after)} of {len(fronts)} clips,", end=" ")
        print(f"{late} after they stand there (p95)")


def slow(source: Source, cache: Path | None, films: list[Path], rate: int, what: str) -> None:
    """The lean at the bottom at 10 frames a second against that of all, in films of this rate."""
    differences: dict[bool, list[float]] = {True: [], False: []}
    counts = 0
    tenth = Source(cache, step=rate // 10)
    clips = [c for c in films if round(frame_rate(c)) == rate]
    for clip in clips:
        fast, few = source.watch(clip, HINGE), tenth.watch(clip, HINGE)
        counts += len(fast) == len(few)
        if len(fast) == len(few):
            for a, b in zip(fast, few, strict=True):
                differences[a.judgeable].append(abs(a.rep.lean_deg - b.rep.lean_deg))
    print(f"{what} at 10 frames/s: {counts} of {len(clips)} clips count as with all frames")
    for judgeable, found in differences.items():
        if found:
            view = "from the side" if judgeable else "from where the coach asks to turn"
            p95, most = np.quantile(found, 0.95), max(found)
            print(f"  lean at the bottom {view}: differs by {p95:.1f} degrees (p95),", end="")
            print(f" {most:.1f} at most over {len(found)} reps")


def _films(folder: Path, only: str) -> list[Path]:
    return [c for c in sorted(folder.glob("*.mp4")) if only in c.name]


def _match(true: TrueRep, told: tuple[Told, ...]) -> Told | None:
    return next((x for x in told if true.start <= x.rep.t <= true.end), None)


def _short(rep: Rep | None) -> str:
    if rep is None:
        return "not counted"
    back = rep.back
    bow = "-" if back.bow is None else f"{back.bow:+.4f}/{back.limit or 0:.4f}"
    knee = "-" if rep.knee_deg is None else f"{rep.knee_deg:.0f}"
    return (
        f"#{rep.number} t {rep.t:.1f} lean {rep.lean_deg:.0f} knee {knee} {back.method} {bow}"
        f" {back.where} {[f.value for f in rep.faults]}"
    )


if __name__ == "__main__":
    sys.exit(main())

"""What seeing costs, beside MediaPipe, in one run: CPU per frame, memory, and how well they agree.

    python scripts/benchmarks/eyes.py CLIP [--reference PYTHON] [--rounds N]

MediaPipe runs in its own environment (`--reference`, or one made in .cache on the first run). The
sides take turns and the best round of each counts: other work on the machine only ever adds. Ratios
hold better than milliseconds. All are given the same pictures, decoded beforehand: two versions of
OpenCV do not decode every clip alike. The first second is not counted, in which models are loaded
(MediaPipe loads its own before the first frame); those that are loaded later are.

Each frame's landmarks say where to look in the next, so that the least difference grows. How much,
MediaPipe beside itself shows, its first frame one grey level brighter.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

CACHE = Path(__file__).resolve().parents[2] / ".cache"
"""On a disk: the pictures of a clip are up to 2 GB, and a temporary folder may be memory."""
FRAMES = 300
LOADING = 30
"""Frames at the start whose time is not counted."""
FRAME_S = 0.033333
"""MediaPipe's own distance between two frames; ours get the same times."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--reference", type=Path, help="a Python that has mediapipe==0.10.21")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(SIDES[options.side]()))
        return
    reference = options.reference or _reference()
    ran: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryFile(dir=CACHE) as pictures:
        if _decode(options.clip, pictures) <= LOADING:
            sys.exit(f"{options.clip} is no clip of more than {LOADING} frames.")
        for _ in range(options.rounds):
            for side in SIDES:
                python = reference if side.startswith("mediapipe") else Path(sys.executable)
                pictures.seek(0)
                ran[side].append(_run(python, side, options.clip, pictures))
    best = {side: min(rounds, key=lambda r: r["ms"]) for side, rounds in ran.items()}
    _print(best)


def _print(best: dict[str, dict[str, Any]]) -> None:
    other = best["mediapipe"]
    print(f"{'':22} {'CPU ms/frame':>12} {'ratio':>6} {'memory MB':>10}")
    for side, result in best.items():
        ratio = result["ms"] / other["ms"]
        print(f"{side:22} {result['ms']:12.2f} {ratio:6.2f} {result['mb']:10.0f}", end="")
        print(_rest(result, other["ms"]) if "model" in result else "")
    reference = best["mediapipe unsmoothed"]["points"]
    print("landmarks differ from those of MediaPipe, unsmoothed:")
    for side in ("eyes", "mediapipe brighter"):
        off = _distances(best[side]["points"], reference)
        print(f"  {side:20} {off[len(off) // 2]:.2f} px (median), ", end="")
        print(f"{off[int(0.99 * len(off))]:.2f} px (99 %)")


def _rest(result: dict[str, Any], other_ms: float) -> str:
    rest = result["ms"] - result["model"]
    shares = f"{rest / other_ms:.0%} of mediapipe's, {rest / result['model']:.0%} of the model's"
    return f"   all but the model: {shares}"


def _distances(some: list[Any], others: list[Any]) -> list[float]:
    return sorted(
        ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5
        for a, b in zip(some, others, strict=True)
        if a and b
        for (ax, ay), (bx, by) in zip(a, b, strict=True)
    )


def _eyes(masks: bool) -> dict[str, Any]:
    from coach.adapters import blazepose, blazepose_detector, blazepose_landmarks, tflite
    from coach.adapters.eyes import BlazePoseEyes
    from coach.config import models_dir
    from coach.domain.effects import WatchOrder
    from coach.movement.pose import Observation, Pose
    from coach.ports import Frame

    spent = 0.0

    class Timed:
        """The interpreter with its own CPU time taken."""

        def __init__(self, interpreter: Any) -> None:
            self._interpreter = interpreter

        def __getattr__(self, name: str) -> Any:
            return getattr(self._interpreter, name)

        def invoke(self) -> None:
            nonlocal spent
            began = time.process_time()
            self._interpreter.invoke()
            spent += time.process_time() - began

    make = tflite.interpreter
    modules: tuple[Any, ...] = (blazepose_landmarks, blazepose_detector)
    for module in modules:
        module.interpreter = lambda model, threads: Timed(make(model, threads))
    model = blazepose.BlazePose(models_dir())
    poses: list[Pose | None] = []

    class Model:
        def observe(
            self, frame: Frame, want_mask: bool = False, may_look: bool = False
        ) -> Observation:
            seen = model.observe(frame, want_mask and masks, may_look)
            poses.append(seen.pose)
            return seen

    eyes = BlazePoseEyes(Model())
    eyes.watch(WatchOrder(1, "bodyweight-hinge"))
    took, of_model = [], []
    for image in _given():
        spent, began = 0.0, time.process_time()
        eyes.feed(Frame(len(took) * FRAME_S, image))
        took.append(time.process_time() - began)
        of_model.append(spent)
    points = [pose and pose.points.tolist() for pose in poses]
    costs = {"ms": _per_frame(took), "model": _per_frame(of_model)}
    return {**costs, "mb": _memory(), "points": points}


def _mediapipe(smooth: bool, brighter: bool = False) -> dict[str, Any]:
    """`brighter`: the first frame, and only this, by a grey level that nobody could see."""
    import mediapipe

    took: list[float] = []
    points: list[Any] = []
    with mediapipe.solutions.pose.Pose(
        model_complexity=1, smooth_landmarks=smooth, enable_segmentation=False
    ) as pose:
        for image in _given():
            turned = image[:, :, ::-1].copy()
            if brighter and not points:
                turned += turned < 255
            began = time.process_time()
            found = pose.process(turned).pose_landmarks
            took.append(time.process_time() - began)
            height, width = image.shape[:2]
            points.append(found and [(p.x * width, p.y * height) for p in found.landmark])
    return {"ms": _per_frame(took), "mb": _memory(), "points": points}


def _per_frame(seconds: list[float]) -> float:
    """Milliseconds."""
    counted = seconds[LOADING:]
    return 1000 * sum(counted) / len(counted)


SIDES = {
    "mediapipe": lambda: _mediapipe(smooth=True),
    "mediapipe unsmoothed": lambda: _mediapipe(smooth=False),
    "mediapipe brighter": lambda: _mediapipe(smooth=False, brighter=True),
    "eyes": lambda: _eyes(masks=False),
    "eyes, back line on": lambda: _eyes(masks=True),
}


def _decode(clip: Path, pictures: IO[bytes]) -> int:
    """How many frames, up to `FRAMES`; each is height and width in a line, then the pixels."""
    import cv2

    capture, count = cv2.VideoCapture(str(clip)), 0
    while count < FRAMES:
        ok, image = capture.read()
        if not ok:
            break
        pictures.write(f"{image.shape[0]} {image.shape[1]}\n".encode() + image.tobytes())
        count += 1
    pictures.flush()
    return count


def _given() -> Iterator[Any]:
    import numpy as np

    while line := sys.stdin.buffer.readline():
        height, width = map(int, line.split())
        pixels = sys.stdin.buffer.read(height * width * 3)
        yield np.frombuffer(pixels, np.uint8).reshape(height, width, 3)


def _memory() -> float:
    """The most memory the process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _run(python: Path, side: str, clip: Path, pictures: IO[bytes]) -> dict[str, Any]:
    call = [str(python), __file__, str(clip), "--side", side]
    done = subprocess.run(call, stdin=pictures, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{side} failed:\n{done.stderr.decode()}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _reference() -> Path:
    place = CACHE / "mediapipe"
    python = place / "bin" / "python"
    if not python.exists():
        print("Making an environment for mediapipe in .cache.", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        wanted = ["mediapipe==0.10.21", "numpy<2"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
    return python


if __name__ == "__main__":
    main()

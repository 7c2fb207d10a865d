"""`coach watch`: what the eyes see, without a word spoken."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.errors import UsageError, WorkError

if TYPE_CHECKING:
    from coach.domain.calibration import Calibration
    from coach.domain.events import Event
    from coach.ports import Camera

LIVE = "auto, picamera2 or v4l2:/dev/videoN"
PATIENCE_S = 5.0


def watch(
    source: Annotated[
        str, typer.Argument(metavar="CLIP|CAMERA", help=f"A video file, or a camera: {LIVE}.")
    ],
    drill: Annotated[
        str, typer.Option(help="Drill, or `none`: only true hinges count.")
    ] = "bodyweight-hinge",
    neutral_reps: Annotated[
        int, typer.Option(min=1, help="First reps taken as the person's own neutral.")
    ] = 2,
    person: Annotated[
        str | None, typer.Option(help="Use this person's stored neutral instead.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Read a clip as fast as possible.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    overlay: Annotated[
        Path | None, typer.Option(metavar="OUT.mp4", help="Film of what was seen.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Lean, knee and back over time.")
    ] = None,
    state_dir: Annotated[Path | None, typer.Option(help="Where the history is kept.")] = None,
) -> None:
    """Count hinges and name their faults, from a clip or a camera."""
    from coach.adapters.eyes import BlazePoseEyes
    from coach.config import models_dir
    from coach.domain.drills import DRILLS
    from coach.domain.effects import WatchOrder
    from coach.movement.watcher import FREE
    from coach.ports import DeviceError

    if drill not in (FREE, *DRILLS):
        allowed = ", ".join((FREE, *DRILLS))
        raise UsageError(f"There is no drill called {drill}; there are: {allowed}.")
    own = _neutral_of(person, state_dir) if person is not None else None
    try:
        camera = _camera(source, fast)
        camera.open()
    except DeviceError as error:
        raise UsageError(str(error)) from error
    try:
        eyes = BlazePoseEyes.from_models(models_dir())
        eyes.watch(WatchOrder(1, drill, own, neutral_reps))
        _watch(camera, eyes, as_json, _Keep(overlay, plot, _rate(camera)))
    except DeviceError as error:
        raise WorkError(str(error)) from error
    finally:
        camera.close()


def _camera(source: str, fast: bool) -> "Camera":
    kind = source.partition("@")[0].partition(":")[0]
    if kind in ("auto", "camera", "picamera2", "v4l2"):
        from coach.adapters.cameras import live_camera

        return live_camera(source.replace("camera", "auto", 1) if kind == "camera" else source)
    from coach.adapters.camera_clip import ClipCamera

    return ClipCamera(Path(source.removeprefix("file:")), fast=fast)


def _rate(camera: "Camera") -> float:
    """Frames per second of the open camera, for a film of what it saw."""
    from coach.adapters.camera_clip import ClipCamera

    if isinstance(camera, ClipCamera):
        return camera.rate
    from coach.adapters.camera_picamera2 import FRAMES_PER_S

    return FRAMES_PER_S


def _neutral_of(person: str, state_dir: Path | None) -> "Calibration | None":
    from coach.cli.memory import reading
    from coach.store.people import person as known_person

    with reading(state_dir) as connection:
        return known_person(connection, person).calibration


class _Keep:
    """The film and the plot, where they were asked for."""

    def __init__(self, overlay: Path | None, plot: Path | None, rate: float) -> None:
        from coach.adapters.movie import Movie
        from coach.adapters.plot import Plot

        self._movie = Movie(overlay, rate) if overlay is not None else None
        self._plot = Plot() if plot is not None else None
        self._plot_path = plot

    def add(self, look: Any) -> None:
        if self._movie is not None:
            self._movie.add(look)
        if self._plot is not None:
            self._plot.add(look)

    def close(self) -> None:
        if self._movie is not None:
            self._movie.close()
        if self._plot is not None and self._plot_path is not None:
            self._plot.write(self._plot_path)


def _watch(camera: "Camera", eyes: Any, as_json: bool, keep: _Keep) -> None:
    reps = frames = 0
    t = 0.0
    try:
        while (frame := camera.read(PATIENCE_S)) is not None:
            frames, t = frames + 1, frame.t
            reps += _tell(eyes.feed(frame), as_json)
            keep.add(eyes.look)
        reps += _tell(eyes.finish(t), as_json)
    except KeyboardInterrupt:
        pass  # how a live camera is left
    keep.close()
    _print({"event": "summary", "reps": reps, "frames": frames, "seconds": round(t, 2)}, as_json)


def _tell(events: "tuple[Event, ...]", as_json: bool) -> int:
    """Print events as lines; the number of reps among them."""
    from coach.domain.events import OtherMovementSeen, RepCompleted, ViewChanged

    reps = 0
    for event in events:
        line: dict[str, Any]
        match event:
            case RepCompleted(rep=rep):
                reps += 1
                line = {
                    "event": "rep",
                    "t": round(rep.t, 2),
                    "number": rep.number,
                    "verdict": rep.verdict,
                    "faults": list(rep.faults),
                    "lean_deg": _rounded(rep.lean_deg, 1),
                    "knee_deg": _rounded(rep.knee_deg, 1),
                    "back": {
                        "judged": rep.back.judged,
                        "method": rep.back.method,
                        "bow": _rounded(rep.back.bow, 4),
                        "limit": _rounded(rep.back.limit, 4),
                        "where": rep.back.where,
                    },
                }
            case ViewChanged(t=t, view=view, judgeable=judgeable, reason=reason):
                line = {"event": "view", "t": round(t, 2), "view": view, "judgeable": judgeable}
                if reason is not None:
                    line["reason"] = reason
            case OtherMovementSeen(t=t, what=what):
                line = {"event": "not-a-hinge", "t": round(t, 2), "what": what}
            case _:
                continue
        _print(line, as_json)
    return reps


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _print(line: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(line), flush=True)
        return
    words = (f"{k} {_words(v)}" for k, v in line.items() if k != "event" and v not in (None, []))
    print(f"{line['event']}: {', '.join(words)}", file=sys.stderr, flush=True)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value['method']} ({value['where']})" if value["judged"] else "not seen"
    return " and ".join(value) if isinstance(value, list) else str(value)

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
    from coach.domain.terms import Rep
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
    told = Told(as_json)
    frames = 0
    t = 0.0
    try:
        while (frame := camera.read(PATIENCE_S)) is not None:
            frames, t = frames + 1, frame.t
            told.add(eyes.feed(frame))
            keep.add(eyes.look)
        told.add(eyes.finish(t))
    except KeyboardInterrupt:
        pass  # how a live camera is left
    keep.close()
    told.rep_is_over()
    summary = {"event": "summary", "reps": told.reps, "frames": frames, "seconds": round(t, 2)}
    _print(summary, as_json)


class Told:
    """Events as lines: each fault and each count at once, the rep whole once its top was seen."""

    def __init__(self, as_json: bool) -> None:
        self.reps = 0
        self._as_json = as_json
        self._rep: Rep | None = None

    def add(self, events: "tuple[Event, ...]") -> None:
        from coach.domain.events import (
            FaultSeen,
            LockoutSeen,
            OtherMovementSeen,
            RepCompleted,
            ViewChanged,
        )

        for event in events:
            match event:
                case RepCompleted(t=t, rep=rep):
                    self.reps += 1
                    self._rep = rep
                    self._print("count", t, number=rep.number)
                case FaultSeen(t=t, fault=fault):
                    self._print("fault", t, fault=fault.fault)
                case LockoutSeen(t=t, fault=fault, over=over):
                    if fault is not None and self._rep is not None:
                        if fault.fault not in self._rep.faults:
                            self._print("fault", t, fault=fault.fault)
                        self._rep = self._rep.with_fault(fault)
                    if over:
                        self.rep_is_over()
                case ViewChanged(t=t, view=view, judgeable=judgeable, reason=reason):
                    why = {} if reason is None else {"reason": reason}
                    self._print("view", t, view=view, judgeable=judgeable, **why)
                case OtherMovementSeen(t=t, what=what):
                    self._print("not-a-hinge", t, what=what)

    def rep_is_over(self) -> None:
        rep, self._rep = self._rep, None
        if rep is None:
            return
        back = {
            "judged": rep.back.judged,
            "method": rep.back.method,
            "bow": _rounded(rep.back.bow, 4),
            "limit": _rounded(rep.back.limit, 4),
            "where": rep.back.where,
        }
        self._print(
            "rep",
            rep.t,
            number=rep.number,
            verdict=rep.verdict,
            faults=list(rep.faults),
            lean_deg=_rounded(rep.lean_deg, 1),
            knee_deg=_rounded(rep.knee_deg, 1),
            back=back,
        )

    def _print(self, event: str, t: float, **fields: Any) -> None:
        _print({"event": event, "t": round(t, 2), **fields}, self._as_json)


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

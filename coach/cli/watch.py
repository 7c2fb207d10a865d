"""`coach watch`: what the eyes see, without a word spoken."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from coach.cli.errors import UsageError, WorkError

FREE = "none"
"""In place of a drill: observe freely, and count true hinges only."""


def watch(
    source: Annotated[str, typer.Argument(metavar="CLIP|camera", help="A video file or a camera.")],
    drill: Annotated[
        str, typer.Option(help="Drill id, or none: only true hinges count.")
    ] = "dowel-hinge",
    neutral_reps: Annotated[
        int, typer.Option(min=1, help="First reps taken as the person's own neutral.")
    ] = 2,
    fast: Annotated[bool, typer.Option("--fast", help="Read a clip as fast as possible.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Count hinges and name their faults, from a clip or a camera."""
    from coach.adapters.camera_clip import ClipCamera
    from coach.adapters.eyes import BlazePoseEyes
    from coach.config import models_dir
    from coach.domain.drills import DRILLS
    from coach.domain.effects import WatchOrder
    from coach.ports import DeviceError

    if drill not in (*DRILLS, FREE):
        raise UsageError(f"There is no drill '{drill}'; there are: {', '.join((*DRILLS, FREE))}.")
    camera = ClipCamera(Path(source), fast=fast)
    try:
        camera.open()
    except DeviceError as error:
        raise UsageError(str(error)) from error
    try:
        eyes = BlazePoseEyes.from_models(models_dir())
    except DeviceError as error:
        raise WorkError(str(error)) from error
    eyes.watch(WatchOrder(id=1, drill=drill, neutral_reps=neutral_reps))
    reps = frames = 0
    t = 0.0
    try:
        while (frame := camera.read(timeout_s=5.0)) is not None:
            frames, t = frames + 1, frame.t
            reps += _tell(eyes.feed(frame), as_json)
        reps += _tell(eyes.finish(t), as_json)
    finally:
        camera.close()
    _print({"event": "summary", "reps": reps, "frames": frames, "seconds": round(t, 2)}, as_json)


def _tell(events: tuple[Any, ...], as_json: bool) -> int:
    """Print events as lines; the number of reps among them."""
    from coach.domain.events import OtherMovementSeen, RepCompleted, ViewChanged

    reps = 0
    for event in events:
        match event:
            case RepCompleted(rep=rep):
                reps += 1
                line = {
                    "event": "rep",
                    "t": round(rep.t, 2),
                    "number": rep.number,
                    "verdict": rep.verdict,
                    "faults": list(rep.faults),
                    "lean_deg": round(rep.lean_deg, 1),
                    "knee_deg": None if rep.knee_deg is None else round(rep.knee_deg, 1),
                    "back": {
                        "judged": rep.back.judged,
                        "method": rep.back.method,
                        "bow": _rounded(rep.back.bow),
                        "limit": _rounded(rep.back.limit),
                        "where": rep.back.where,
                    },
                }
            case ViewChanged(t=t, view=view, judgeable=judgeable, reason=reason):
                line = {
                    "event": "view",
                    "t": round(t, 2),
                    "view": view,
                    "judgeable": judgeable,
                    "reason": reason,
                }
            case OtherMovementSeen(t=t, what=what):
                line = {"event": "not-a-hinge", "t": round(t, 2), "what": what}
            case _:
                continue
        _print(line, as_json)
    return reps


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _print(line: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(line), flush=True)
        return
    rest = ", ".join(f"{k} {v}" for k, v in line.items() if k != "event" and v is not None)
    print(f"{line['event']}: {rest}", file=sys.stderr, flush=True)

"""Why a rep was corrected: the measured number, the limit that it passed, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, erf, radians, sin, sqrt
from typing import Any

from coach.domain.terms import Fault
from coach.movement.faults import KNEES_DEG, SHALLOW_DEG
from coach.movement.kinds import SQUAT_KNEE_DEG

CAMERA_DEG = 7.0
"""Every angle from a camera carries about so many degrees, one standard deviation."""

LIMITS = {
    Fault.SQUATTING: ("knee_deg", SQUAT_KNEE_DEG),
    Fault.KNEES_BENDING: ("knee_deg", KNEES_DEG),
    Fault.SHALLOW: ("lean_deg", SHALLOW_DEG),
}


@dataclass(frozen=True, slots=True)
class Why:
    """What is behind one correction.

    measured, limit: in `unit`; None where the number was not kept
    confidence: 0..1, that the true angle lies beyond the limit; None where no error is known
    """

    fault: Fault
    measured: float | None
    limit: float | None
    unit: str
    confidence: float | None


def why(rep: Mapping[str, Any]) -> Why:
    """A rep of the history, with the fault that its cue names."""
    fault = next(one for one in Fault if f"correct.{one}" in rep["cue"])
    if fault is Fault.ROUNDED_BACK:
        return Why(fault, rep["bow"], rep["bow_limit"], "torso lengths", None)
    if fault not in LIMITS or rep[LIMITS[fault][0]] is None:
        return Why(fault, None, None, "degrees", None)
    column, limit = LIMITS[fault]
    measured = float(rep[column])
    beyond = limit - measured if fault is Fault.SHALLOW else measured - limit
    confidence = 0.5 * (1 + erf(beyond / CAMERA_DEG / sqrt(2)))
    return Why(fault, measured, limit, "degrees", confidence)


WIDTH, HEIGHT = 34, 16


def figure(lean_deg: float, knee_deg: float | None, bow: float | None) -> list[str]:
    """A stick figure at the bottom of the rep, facing right, from the angles that were kept.

    A sketch: the shin stands, the thigh takes the knee's bend, the trunk its lean and its bow.
    """
    grid = [[" "] * WIDTH for _ in range(HEIGHT)]
    ankle = (12.0, 0.0)
    knee = (ankle[0] + 1.0, 4.0)
    back = radians(min(80.0, (knee_deg or 0.0) + lean_deg / 5))
    hip = (knee[0] - 5 * sin(back), knee[1] + 5 * cos(back))
    lean = radians(min(110.0, lean_deg))
    shoulder = (hip[0] + 9 * sin(lean), hip[1] + 6 * cos(lean))
    head = (shoulder[0] + 3 * sin(lean), shoulder[1] + 2 * cos(lean))
    _line(grid, (ankle[0] - 1, 0.0), (ankle[0] + 3, 0.0), "_")
    _line(grid, ankle, knee, "|")
    _line(grid, knee, hip, "\\")
    rise = 25 * (bow or 0.0)
    middle = ((hip[0] + shoulder[0]) / 2, (hip[1] + shoulder[1]) / 2 + rise)
    _line(grid, hip, middle, "o" if rise > 0.3 else "#")
    _line(grid, middle, shoulder, "o" if rise > 0.3 else "#")
    _line(grid, shoulder, (shoulder[0] + 0.5, shoulder[1] - 5), ":")
    _put(grid, head, "@")
    return ["".join(row).rstrip() for row in reversed(grid)]


def _line(grid: list[list[str]], a: tuple[float, float], b: tuple[float, float], ink: str) -> None:
    for step in range(21):
        share = step / 20
        _put(grid, (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])), ink)


def _put(grid: list[list[str]], at: tuple[float, float], ink: str) -> None:
    x, y = round(at[0]), round(at[1])
    if 0 <= x < WIDTH and 0 <= y < HEIGHT:
        grid[y][x] = ink

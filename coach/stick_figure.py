"""A stick figure in letters, facing right, from the few numbers that are kept of a rep."""

from math import cos, radians, sin

from coach.domain.terms import Fault

WIDTH, HEIGHT = 34, 19
THIGH, TRUNK, NECK, ARM = 5.0, 9.0, 3.0, 6.0
FLAT = 0.67
"""A letter is about half as wide as high, and the canvas is as wide as the trunk is long."""

Point = tuple[float, float]


def figure(
    lean_deg: float, knee_deg: float | None, bow: float | None, fault: Fault, measured: float
) -> list[str]:
    """The moment that the correction is about: the top of the rep, or its bottom.

    measured: what that fault was seen by, in degrees where the figure can show it
    A sketch: the shin stands, the thigh takes the knee's bend, the trunk its lean and its bow.
    """
    arm_deg = head_deg = 0.0
    match fault:
        case Fault.HYPEREXTENDED:
            lean_deg, knee_deg, bow = -measured, 0.0, 0.0
        case Fault.SOFT_LOCKOUT:
            lean_deg, knee_deg, bow = measured, 0.0, 0.0
        case Fault.ARMS_DRIFTING:
            arm_deg = measured
        case Fault.HEAD_OFF:
            head_deg = 2 * measured  # the model shows about half of what a neck does
        case _:
            pass
    return _drawn(lean_deg, knee_deg or 0.0, bow or 0.0, arm_deg, head_deg)


def _drawn(
    lean_deg: float, knee_deg: float, bow: float, arm_deg: float, head_deg: float
) -> list[str]:
    grid = [[" "] * WIDTH for _ in range(HEIGHT)]
    ankle, knee = (12.0, 0.0), (13.0, 4.0)
    thigh_deg = min(80.0, knee_deg + max(0.0, lean_deg) / 5)
    hip = _along(knee, -thigh_deg, THIGH, flat=1.0)
    lean_deg = min(110.0, lean_deg)
    shoulder = _along(hip, lean_deg, TRUNK)
    head = _along(shoulder, lean_deg + head_deg, NECK)
    hand = _along(shoulder, 180.0 - arm_deg, ARM, flat=0.9)
    rise = 25 * bow
    middle = ((hip[0] + shoulder[0]) / 2, (hip[1] + shoulder[1]) / 2 + rise)
    ink = "o" if rise > 0.3 else "#"
    _line(grid, (ankle[0] - 1, 0.0), (ankle[0] + 3, 0.0), "_")
    _line(grid, ankle, knee, "|")
    _line(grid, knee, hip, "\\")
    _line(grid, shoulder, hand, ":")
    _line(grid, hip, middle, ink)
    _line(grid, middle, shoulder, ink)
    _put(grid, head, "@")
    rows = ["".join(row).rstrip() for row in reversed(grid)]
    return rows[next(i for i, row in enumerate(rows) if row) :]


def _along(start: Point, degrees: float, length: float, flat: float = FLAT) -> Point:
    """The end of a limb that leans so far forward from upright."""
    angle = radians(degrees)
    return start[0] + length * sin(angle), start[1] + flat * length * cos(angle)


def _line(grid: list[list[str]], a: Point, b: Point, ink: str) -> None:
    for step in range(21):
        share = step / 20
        _put(grid, (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])), ink)


def _put(grid: list[list[str]], at: Point, ink: str) -> None:
    x, y = round(at[0]), round(at[1])
    if 0 <= x < WIDTH and 0 <= y < HEIGHT:
        grid[y][x] = ink

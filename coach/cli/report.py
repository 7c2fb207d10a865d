"""`coach report`: the weeks on one page."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import UsageError

if TYPE_CHECKING:
    from coach.store.history import Summary

BARS = " ▁▂▃▄▅▆▇█"
WIDEST = 60


def report(
    person: Annotated[str, typer.Option(help="Whose weeks.")] = "me",
    png: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Also as a picture.")] = None,
    state_dir: Annotated[Path | None, typer.Option(help="Where the history is kept.")] = None,
) -> None:
    """Plot reps, clean share, depth, back and streak over the weeks."""
    from coach.cli.memory import known, reading
    from coach.store.history import summaries

    with reading(state_dir) as db:
        found = [one for one in summaries(db, known(db, person)) if one.reps]
    if not found:
        raise UsageError(f"{person} has no reps yet; train once, then look again.")
    curves = _curves(found)
    first, last = found[0].began[:10], found[-1].began[:10]
    print(f"{person}: {len(found)} sessions, {first} to {last}")
    for title, values in curves.items():
        shown = [value for value in values if value is not None]
        now = f"{shown[-1]:.3g}" if shown else "-"
        print(f"{title:<26} {_bars(values)}  {now}")
    if png is not None:
        _draw(png, person, found, curves)


def _curves(found: "list[Summary]") -> dict[str, list[float | None]]:
    return {
        "reps": [one.reps for one in found],
        "clean, %": [100 * one.clean / one.reps for one in found],
        "depth, degrees of lean": [one.lean_deg for one in found],
        "back, % of torso off own": [None if one.bow is None else 100 * one.bow for one in found],
        "best streak": [one.streak for one in found],
    }


def _bars(values: list[float | None]) -> str:
    """One bar a session, or the mean of some where they are too many for a line."""
    every = -(-len(values) // WIDEST)
    groups = [values[i : i + every] for i in range(0, len(values), every)]
    means = [
        sum(known) / len(known) if (known := [v for v in group if v is not None]) else None
        for group in groups
    ]
    seen = [value for value in means if value is not None]
    low, high = min([0.0, *seen]), max([*seen, 1e-9])
    steps = len(BARS) - 1
    return "".join(
        " " if value is None else BARS[round(1 + (steps - 1) * (value - low) / (high - low))]
        for value in means
    )


def _draw(
    png: Path, person: str, found: "list[Summary]", curves: dict[str, list[float | None]]
) -> None:
    from coach.adapters.chart import Curve, write_chart
    from coach.ports import DeviceError

    times = [datetime.fromisoformat(one.began).timestamp() for one in found]
    span = (times[-1] - times[0]) or 1.0
    rows = [
        Curve(
            title,
            [
                ((t - times[0]) / span, v)
                for t, v in zip(times, values, strict=True)
                if v is not None
            ],
        )
        for title, values in curves.items()
    ]
    try:
        write_chart(png, f"Hinge: {person}", rows, found[0].began[:10], found[-1].began[:10])
    except DeviceError as error:
        raise UsageError(str(error)) from error
    print(f"The picture is {png.resolve()}.")

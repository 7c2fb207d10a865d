"""`coach history`: what was trained."""

import csv
import json
import shutil
import sys
import textwrap
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import UsageError

if TYPE_CHECKING:
    from coach.store.history import Summary


def history(
    person: Annotated[str | None, typer.Option(help="Only this person's sessions.")] = None,
    state_dir: Annotated[Path | None, typer.Option(help="Where the database is.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a session.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="One line a rep, for spreadsheets.")] = (
        False
    ),
) -> None:
    """Show past sessions, the latest last."""
    from coach.cli.memory import reading
    from coach.store.history import reps, sessions_in, summaries

    if as_json and as_csv:
        raise UsageError("Choose one of --json and --csv.")
    with reading(state_dir) as db:
        if as_json:
            for session in sessions_in(db, person):
                print(json.dumps(session, ensure_ascii=False))
        elif as_csv:
            rows = reps(db, person)
            first = next(rows, None)
            if first is None:
                return
            writer = csv.DictWriter(sys.stdout, first.keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerow(first)
            writer.writerows(rows)
        else:
            _show(summaries(db, person))


def _show(found: "list[Summary]") -> None:
    """A table; on a terminal too narrow for it, each session in lines of its own."""
    if not found:
        print("No session yet. Begin one with: coach run", file=sys.stderr)
        return
    names = ("began", "person", "program", "sets", "reps", "clean", "gates", "ended")
    rows = [
        (
            *(on_the_wall(one.began), one.person, one.program),
            *(str(one.sets), str(one.reps), str(one.clean)),
            *(_gates(one.gates), one.reason or "cut off"),
        )
        for one in found
    ]
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    terminal = shutil.get_terminal_size().columns
    if sys.stdout.isatty() and sum(widths) + 2 * len(widths) > terminal:
        for began, person, program, sets, reps, clean, gates, ended in rows:
            told = f"{began}, {person}, {program}: {sets} sets, {clean} of {reps} reps clean"
            told = f"{told}; {gates}; {ended}"
            print(textwrap.fill(told, terminal, subsequent_indent="  ", break_on_hyphens=False))
        return
    for row in (names, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def on_the_wall(began: str) -> str:
    """The time that a clock here showed then, to the minute."""
    return f"{datetime.fromisoformat(began).astimezone():%Y-%m-%d %H:%M}"


def _gates(outcomes: str | None) -> str:
    """How often each word was said: "5 passed, 1 lost"."""
    counted = Counter(outcomes.split(", ") if outcomes else ())
    return ", ".join(f"{times} {word}" for word, times in counted.items()) or "none"

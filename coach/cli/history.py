"""`coach history`: what was trained."""

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.errors import UsageError


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
            _show([asdict(one) for one in summaries(db, person)])


def _show(found: list[dict[str, object]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("began", "person", "program", "sets", "reps", "clean", "gate", "ended")
    for one in found:
        table.add_row(
            *(str(one["began"]).replace("T", " ")[:16], str(one["person"]), str(one["program"])),
            *(str(one["sets"]), str(one["reps"]), str(one["clean"])),
            *(str(one["gates"] or ""), str(one["reason"] or "cut off")),
        )
    Console().print(table)

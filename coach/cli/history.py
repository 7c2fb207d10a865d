"""`coach history`: what was trained."""

import json
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.errors import WorkError


def history(
    person: Annotated[str | None, typer.Option(help="Only this person's sessions.")] = None,
    state_dir: Annotated[Path | None, typer.Option(help="Where the database is.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a session.")] = False,
) -> None:
    """Show past sessions, the latest last."""
    from coach import config
    from coach.store.database import StoreError
    from coach.store.history import sessions

    try:
        found = sessions(state_dir or config.state_dir(), person)
    except StoreError as error:
        raise WorkError(str(error)) from error
    if as_json:
        for session in found:
            print(json.dumps(session, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("began", "person", "program", "sets", "reps", "clean", "gate", "ended")
    for one in found:
        sets = one["sets"]
        table.add_row(
            *(one["began"].replace("T", " ")[:16], one["person"], one["program"]),
            *(str(len(sets)), str(len(one["reps"]))),
            str(sum(rep["verdict"] == "clean" for rep in one["reps"])),
            *(", ".join(s["outcome"] for s in sets), one["reason"] or "cut off"),
        )
    Console().print(table)

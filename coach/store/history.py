"""What the database remembers, read back for people and machines."""

import json
from pathlib import Path
from typing import Any

from coach.store.database import NAME, open_for_reading


def sessions(state_dir: Path, person: str | None = None) -> list[dict[str, Any]]:
    """Every session with its reps, sets and answers, oldest first. Raises StoreError."""
    connection = open_for_reading(state_dir / NAME)
    try:
        found = _rows(
            connection,
            "SELECT id, person, program, began, ended, reason FROM session "
            "WHERE ?1 IS NULL OR person = ?1 ORDER BY id",
            (person,),
        )
        for session in found:
            key = (session["id"],)
            session["reps"] = _rows(connection, "SELECT * FROM rep WHERE session = ?", key)
            for rep in session["reps"]:
                rep.pop("session")
                rep["faults"] = json.loads(rep["faults"])
                rep["back"] = json.loads(rep["back"])
            session["sets"] = _rows(
                connection,
                "SELECT drill, set_number, reps, clean, outcome FROM finished_set "
                "WHERE session = ?",
                key,
            )
            session["answers"] = _rows(
                connection,
                "SELECT drill, set_number, question, answer FROM answer WHERE session = ?",
                key,
            )
        return found
    finally:
        connection.close()


def _rows(connection: Any, query: str, values: tuple[object, ...]) -> list[dict[str, Any]]:
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]

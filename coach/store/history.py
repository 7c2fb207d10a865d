"""What the database remembers, read back for people and machines."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.store.database import NAME, open_for_reading

SUMMARY = """
SELECT session.id, session.began, session.person, session.program, session.reason,
  (SELECT count(*) FROM finished_set WHERE session = session.id) AS sets,
  (SELECT group_concat(outcome, ', ') FROM finished_set WHERE session = session.id) AS gates,
  (SELECT max(streak) FROM finished_set WHERE session = session.id) AS streak,
  count(rep.session) AS reps, coalesce(sum(rep.verdict = 'clean'), 0) AS clean,
  avg(rep.lean_deg) AS lean_deg, avg(json_extract(rep.back, '$.bow')) AS bow
FROM session LEFT JOIN rep ON rep.session = session.id
WHERE ?1 IS NULL OR person = ?1 GROUP BY session.id ORDER BY session.id
"""

REPS = """
SELECT session.began, session.person, session.program, rep.drill, rep.set_number, rep.number,
  rep.verdict, rep.faults, rep.lean_deg, rep.knee_deg, json_extract(rep.back, '$.method') AS method,
  json_extract(rep.back, '$.bow') AS bow, json_extract(rep.back, '$.limit') AS bow_limit,
  rep.duration_s, rep.cue, rep.evidence
FROM rep JOIN session ON session.id = rep.session
WHERE (?1 IS NULL OR session.person = ?1)
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """One session in a line; lean in degrees and the back's bow in torso lengths are means."""

    id: int
    began: str
    person: str
    program: str
    reason: str | None
    sets: int
    gates: str | None
    streak: int | None
    reps: int
    clean: int
    lean_deg: float | None
    bow: float | None


def sessions(state_dir: Path, person: str | None = None) -> list[dict[str, Any]]:
    """Every session with its reps, sets and answers, oldest first. Raises StoreError."""
    connection = open_for_reading(state_dir / NAME)
    try:
        return sessions_in(connection, person)
    finally:
        connection.close()


def sessions_in(db: sqlite3.Connection, person: str | None = None) -> list[dict[str, Any]]:
    found = _rows(
        db,
        "SELECT id, person, program, began, ended, reason FROM session "
        "WHERE ?1 IS NULL OR person = ?1 ORDER BY id",
        (person,),
    )
    parts = {session["id"]: session for session in found}
    for session in found:
        session.update(reps=[], sets=[], answers=[])
    for table, key in (("rep", "reps"), ("finished_set", "sets"), ("answer", "answers")):
        for row in _rows(db, f"SELECT * FROM {table} ORDER BY rowid", ()):
            of = parts.get(row.pop("session"))
            if of is None:
                continue
            if table == "rep":
                for column in ("faults", "back", "evidence"):
                    row[column] = json.loads(row[column])
            of[key].append(row)
    return found


def summaries(db: sqlite3.Connection, person: str | None = None) -> list[Summary]:
    return [Summary(*row) for row in db.execute(SUMMARY, (person,))]


def reps(db: sqlite3.Connection, person: str | None = None) -> Iterator[dict[str, Any]]:
    """Every rep with the numbers behind its verdict, oldest first."""
    cursor = db.execute(f"{REPS} ORDER BY rep.rowid", (person,))
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def correction(db: sqlite3.Connection, person: str | None, number: int) -> dict[str, Any] | None:
    """The rep behind a spoken correction; number 1 is the latest, 2 the one before it."""
    query = f"{REPS} AND cue IS NOT NULL ORDER BY rep.rowid DESC LIMIT 1 OFFSET ?2"
    found = _rows(db, query, (person, number - 1))
    if not found:
        return None
    for column in ("faults", "evidence"):
        found[0][column] = json.loads(found[0][column])
    return found[0]


def corrected(db: sqlite3.Connection, person: str | None) -> int:
    """How many spoken corrections there are."""
    query = (
        "SELECT count(*) FROM rep JOIN session ON session.id = rep.session WHERE cue IS NOT NULL"
    )
    (count,) = db.execute(f"{query} AND (?1 IS NULL OR person = ?1)", (person,)).fetchone()
    return int(count)


def _rows(db: sqlite3.Connection, query: str, values: tuple[object, ...]) -> list[dict[str, Any]]:
    cursor = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]

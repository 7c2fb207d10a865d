"""The people of a household: what each has mastered, and what they have chosen."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar

from coach.domain.calibration import Calibration
from coach.domain.mastery import Mastery, Progress
from coach.domain.people import GUEST, Person
from coach.domain.program import Program
from coach.store.journal import in_plain_words, now

Kept = TypeVar("Kept")

TABLES = ("calibration", "progress")
"""Tables with a column `person` that hang on no session."""

OF_SESSION = ("rep", "finished_set", "answer")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person has chosen; None leaves it to the coach.

    program: its name; remind: time of day, "18:30"; unlocked: when load was unlocked by hand
    """

    name: str
    language: str | None = None
    program: str | None = None
    remind: str | None = None
    unlocked: str | None = None


def today() -> int:
    """The day by the clock on the wall, as the domain counts them."""
    return datetime.now().astimezone().date().toordinal()


def names(db: sqlite3.Connection) -> tuple[str, ...]:
    """Everybody who is known, by a choice or by training."""
    query = "SELECT name FROM person UNION SELECT DISTINCT person FROM session ORDER BY 1"
    with in_plain_words():
        return tuple(name for (name,) in db.execute(query))


def choices(db: sqlite3.Connection, name: str) -> Choices:
    query = "SELECT language, program, remind, unlocked FROM person WHERE name = ?"
    with in_plain_words():
        row = db.execute(query, (name,)).fetchone()
    return Choices(name, *row) if row else Choices(name)


def choose(db: sqlite3.Connection, name: str, **chosen: str | None) -> None:
    """Keep choices of a person, who is made known by it."""
    with in_plain_words():
        db.execute(
            "INSERT OR IGNORE INTO person (name, since) VALUES (?, ?)",
            (name, now()),
        )
        for column, value in chosen.items():
            db.execute(f"UPDATE person SET {column} = ? WHERE name = ?", (value, name))


def no_longer_use(db: sqlite3.Connection, program: str) -> None:
    """A program is gone: whoever used it is back at the usual one."""
    with in_plain_words():
        db.execute("UPDATE person SET program = NULL WHERE program = ?", (program,))


def keep(db: sqlite3.Connection, name: str, progress: Progress) -> None:
    """Keep one person's progress with one drill, entered by hand."""
    with in_plain_words():
        db.execute(
            "INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?)",
            (name, progress.drill, progress.side or "", json.dumps(asdict(progress))),
        )


def person(db: sqlite3.Connection, name: str, program: Program | None = None) -> Person:
    """Somebody as the domain knows them; of a guest nothing is known."""
    if name == GUEST:
        return Person(GUEST)
    with in_plain_words():
        row = db.execute("SELECT value FROM calibration WHERE person = ?", (name,)).fetchone()
        own = _kept(Calibration, row[0]) if row else None
        return Person(name, own, mastery(db, name), program, choices(db, name).language)


def mastery(db: sqlite3.Connection, name: str) -> Mastery:
    rows = db.execute("SELECT value FROM progress WHERE person = ? ORDER BY rowid", (name,))
    known = [_kept(Progress, text) for (text,) in rows]
    trained = _trained(db, name)
    return Mastery(
        tuple(one for one in known if one is not None),
        len(trained),
        tuple(day for _, day in trained[-30:]),
        choices(db, name).unlocked is not None,
        bool(trained) and _sore(db, trained[-1][0]),
    )


def remove(db: sqlite3.Connection, name: str) -> int:
    """Everything of a person, also from the journal; how many sessions that were."""
    mine = "SELECT id FROM session WHERE person = ?"
    with in_plain_words():
        db.execute("PRAGMA secure_delete=ON")
        db.execute("BEGIN IMMEDIATE")
        count: int = db.execute(f"SELECT count(*) FROM ({mine})", (name,)).fetchone()[0]
        runs = _runs_with(db, name)
        for table in OF_SESSION:
            db.execute(f"DELETE FROM {table} WHERE session IN ({mine})", (name,))
        db.execute("DELETE FROM session WHERE person = ?", (name,))
        for table in TABLES:
            db.execute(f"DELETE FROM {table} WHERE person = ?", (name,))
        db.execute("DELETE FROM person WHERE name = ?", (name,))
        # A run's journal holds whatever was said in it, whoever else trained in the same run.
        for run in runs:
            db.execute("DELETE FROM journal WHERE run = ?", (run,))
            db.execute("UPDATE run SET opened = '{}' WHERE id = ?", (run,))
        db.execute("DELETE FROM run WHERE id NOT IN (SELECT run FROM session)")
        db.execute("COMMIT")
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return count


def _runs_with(db: sqlite3.Connection, name: str) -> Sequence[int]:
    query = (
        "SELECT DISTINCT run FROM session WHERE person = ?1 UNION "
        "SELECT id FROM run WHERE instr(opened, json_quote(?1)) > 0"
    )
    return [run for (run,) in db.execute(query, (name,))]


def _trained(db: sqlite3.Connection, name: str) -> list[tuple[int, int]]:
    """Sessions with a rep in a set, each with those that went on with it: id and day."""
    query = (
        "SELECT max(id), min(began) FROM session WHERE person = ? AND EXISTS "
        "(SELECT 1 FROM finished_set WHERE session = session.id AND reps > 0) "
        "GROUP BY coalesce(first, id) ORDER BY 1"
    )
    rows = db.execute(query, (name,)).fetchall()
    return [(id_, _day(began)) for id_, began in rows]


def _day(began: str) -> int:
    return datetime.fromisoformat(began).astimezone().date().toordinal()


def _sore(db: sqlite3.Connection, session: int) -> bool:
    query = "SELECT 1 FROM answer WHERE session = ? AND question = 'ask.pain' AND answer = 1"
    return db.execute(query, (session,)).fetchone() is not None


def _kept(kind: type[Kept], text: str) -> Kept | None:
    """None when it was kept in another shape: it is learned again rather than misread."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_json(text)
    except ValidationError:
        return None

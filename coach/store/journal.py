"""The writer: every event with its effects, and each finished rep, set and answer.

One process writes, from one thread. What is said aloud is on disk before it is heard: every event
that a cue answers, and each record. The journal's other lines wait for the next commit or for a
quiet moment. What the disk refused is kept and tried again with the next commit, so a full disk
loses nothing while the coach runs.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

from coach.domain.calibration import Calibration
from coach.domain.effects import (
    Effect,
    EndSession,
    RecordAnswer,
    RecordCalibration,
    RecordRep,
    RecordSet,
    Speak,
    StartSession,
)
from coach.domain.events import Event
from coach.domain.state import Opened
from coach.store.checkpoint import Unfinished
from coach.store.codec import encode
from coach.store.database import StoreError

RECORDS = (StartSession, EndSession, RecordRep, RecordSet, RecordAnswer, RecordCalibration)


def now() -> str:
    """Wall-clock time for people; the coach itself never decides by it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Journal:
    """Raises StoreError from every method when the disk does not take it."""

    def __init__(self, connection: sqlite3.Connection, person: str) -> None:
        self._db = connection
        self._person = person
        self._run: int | None = None
        self._session: int | None = None
        self._waiting: list[Opened | Event | Effect] = []

    def calibration(self) -> Calibration | None:
        with _in_plain_words():
            row = self._db.execute(
                "SELECT value FROM calibration WHERE person = ?", (self._person,)
            ).fetchone()
        return _calibration(row[0]) if row else None

    def open(self, opened: Opened) -> None:
        """Begin a run; on disk with its first event, so that a full disk is no reason to stop."""
        self._waiting.append(opened)

    def go_on(self, unfinished: Unfinished) -> None:
        """Write on where the last run stopped."""
        self._run, self._session = unfinished.run, unfinished.row

    def keep(self, event: Event, effects: Sequence[Effect]) -> None:
        """Before the effects are performed; commits when one is a record or heard."""
        self._waiting += [event, *effects]
        if any(isinstance(effect, (*RECORDS, Speak)) for effect in effects):
            self.flush()

    def flush(self) -> None:
        """Put all that waits on disk, in one commit."""
        if not self._waiting:
            return
        with _in_plain_words(), self._transaction():
            for value in self._waiting:
                if isinstance(value, Opened):
                    self._run = self._insert("run", None, now(), encode(value))
                    continue
                self._insert("journal", self._run, encode(value))
                if isinstance(value, RECORDS):
                    self._record(value)
        self._waiting.clear()

    def close(self) -> None:
        try:
            self.flush()
        finally:
            self._db.close()

    def _record(self, record: Effect) -> None:
        at = self._session
        match record:
            case StartSession(program):
                row = (self._run, self._person, program, now(), None, None)
                self._session = self._insert("session", None, *row)
            case EndSession(reason):
                self._db.execute(
                    "UPDATE session SET ended = ?, reason = ? WHERE id = ?", (now(), reason, at)
                )
            case RecordRep(drill, number, rep):
                faults, back = json.dumps(rep.faults), json.dumps(asdict(rep.back))
                measured = (rep.lean_deg, rep.knee_deg, back, rep.duration_s, rep.t)
                place = (at, drill, number, rep.number)
                self._insert("rep", *place, rep.verdict, faults, *measured)
            case RecordSet(drill, number, reps, clean, outcome):
                self._insert("finished_set", at, drill, number, reps, clean, outcome)
            case RecordAnswer(drill, number, question, answer):
                self._insert("answer", at, drill, number, question, answer)
            case RecordCalibration(calibration):
                value = json.dumps(asdict(calibration))
                self._db.execute("DELETE FROM calibration WHERE person = ?", (self._person,))
                self._insert("calibration", self._person, value, now())

    def _insert(self, table: str, *row: object) -> int | None:
        marks = ", ".join("?" * len(row))
        return self._db.execute(f"INSERT INTO {table} VALUES ({marks})", row).lastrowid

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"The history cannot be written ({error}); make room on the disk or close the other "
            "program that holds it. The session goes on."
        ) from error


def _calibration(text: str) -> Calibration | None:
    """None when it was kept in another shape: it is learned again rather than misread."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Calibration).validate_json(text)
    except ValidationError:
        return None

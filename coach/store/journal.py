"""The writer: every event with its effects, and each finished rep, set and answer.

One process writes, from one thread. What is said aloud is on disk before it is heard: every event
that a cue answers, and each record. The journal's other lines wait for the next commit or for a
quiet moment. What the disk refused is kept and tried again with the next commit, so a full disk
loses nothing for weeks while the coach runs (`backlog`).

A guest leaves nothing. Where one trains in the middle of a run, the run ends before, and another
one begins after: with the session as it then is, so that each of them can be replayed.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple
from datetime import UTC, datetime

from coach.domain.effects import (
    AmendRep,
    Effect,
    EndSession,
    RecordAnswer,
    RecordCalibration,
    RecordProgress,
    RecordRep,
    RecordSet,
    Speak,
    StartSession,
)
from coach.domain.events import Event
from coach.domain.people import GUEST
from coach.domain.state import Opened, Session
from coach.domain.terms import Rep
from coach.store.backlog import Backlog, Record
from coach.store.checkpoint import Unfinished
from coach.store.codec import encode
from coach.store.database import StoreError


def now() -> str:
    """Wall-clock time for people; the coach itself never decides by it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Journal:
    """Raises StoreError from every method when the disk does not take it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._guest = False
        self._run: int | None = None
        self._session: int | None = None
        self._first: int | None = None
        self._waiting = Backlog()

    def open(self, opened: Opened) -> None:
        """Begin a run; on disk with its first event, so that a full disk is no reason to stop."""
        self._guest = opened.person == GUEST
        if not self._guest:
            self._waiting.append((opened.person, opened))

    def go_on(self, unfinished: Unfinished) -> None:
        """Write on where the last run stopped."""
        self._run, self._session, self._first = unfinished.run, unfinished.row, unfinished.row

    def keep(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        """Before the effects are performed; commits when one is a record or heard.

        session: as `event` left it; it says whose records these are
        """
        person, was_guest = session.me.name, self._guest
        self._guest = person == GUEST
        if self._guest:
            return
        if was_guest:
            self._waiting.append((person, session))
            for effect in effects:
                if isinstance(effect, Record):
                    self._waiting.append((person, effect))
        else:
            self._waiting.append((person, event))
            self._waiting += [(person, effect) for effect in effects]
        self._waiting.trim(person, session)
        if any(isinstance(effect, Record | Speak) for effect in effects):
            self.flush()

    def flush(self) -> None:
        """Put all that waits on disk, in one commit."""
        if not self._waiting:
            return
        with in_plain_words(), self._transaction():
            for person, value in self._waiting:
                if isinstance(value, Opened | Session):
                    self._run = self._insert("run", None, now(), encode(value))
                    continue
                self._insert("journal", self._run, encode(value))
                if isinstance(value, Record):
                    self._record(person, value)
        self._waiting.clear()

    def take_lost(self) -> int:
        """How many records a disk that took nothing for long has cost; asked for once."""
        lost, self._waiting.lost = self._waiting.lost, 0
        return lost

    def close(self) -> None:
        try:
            self.flush()
        finally:
            self._db.close()

    def _record(self, person: str, record: Record) -> None:
        at = self._session
        match record:
            case StartSession(program, _, resumed):
                first = self._first if resumed else None
                row = (self._run, person, program, now(), None, None, first)
                self._session = self._insert("session", None, *row)
                self._first = first or self._session
            case EndSession(reason):
                self._db.execute(
                    "UPDATE session SET ended = ?, reason = ? WHERE id = ?", (now(), reason, at)
                )
            case RecordRep(drill, number, rep, cue):
                back = json.dumps(asdict(rep.back))
                faults, evidence = _seen(rep)
                measured = (rep.lean_deg, rep.knee_deg, back, rep.duration_s, rep.t)
                place = (at, drill, number, rep.number)
                self._insert("rep", *place, rep.verdict, faults, *measured, cue, evidence)
            case AmendRep(drill, number, rep, cue):
                self._db.execute(
                    "UPDATE rep SET verdict = ?, faults = ?, evidence = ?, cue = coalesce(?, cue) "
                    "WHERE session = ? AND drill = ? AND set_number = ? AND number = ?",
                    (rep.verdict, *_seen(rep), cue, at, drill, number, rep.number),
                )
            case RecordSet():
                self._insert("finished_set", at, *astuple(record))
            case RecordAnswer(drill, number, question, answer):
                self._insert("answer", at, drill, number, question, answer)
            case RecordCalibration(calibration):
                value = json.dumps(asdict(calibration))
                self._replace("calibration", person, value, now())
            case RecordProgress(progress):
                key = (person, progress.drill, progress.side or "")
                self._replace("progress", *key, json.dumps(asdict(progress)))

    def _replace(self, table: str, *row: object) -> None:
        marks = ", ".join("?" * len(row))
        self._db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)

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


def _seen(rep: Rep) -> tuple[str, str]:
    """Its faults and what each was seen by, as the row holds them."""
    return json.dumps(rep.faults), json.dumps([asdict(one) for one in rep.evidence])


@contextmanager
def in_plain_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"The history cannot be written ({error}); make room on the disk or close the other "
            "program that holds it. The session goes on."
        ) from error

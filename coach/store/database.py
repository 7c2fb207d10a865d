"""The one database file: opened safely, its schema, and what happens when it is damaged.

WAL with `synchronous=FULL`: what was committed survives a pulled plug. A file that is damaged, or
of a later version, is set aside, never overwritten; the newest sound copy takes its place.
"""

import contextlib
import errno
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Opened = TypeVar("Opened")

NAME = "coach.sqlite3"

VERSION = 3
"""Stored as `user_version`; a file of a later version is set aside, not guessed at."""

BUSY_S = 5.0
"""How long to wait for another process that is writing."""

SCHEMA = """
CREATE TABLE run (id INTEGER PRIMARY KEY, began TEXT NOT NULL, opened TEXT NOT NULL);
CREATE TABLE journal (run INTEGER NOT NULL REFERENCES run, line TEXT NOT NULL);
CREATE INDEX journal_of_run ON journal (run);
CREATE TABLE session (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run, person TEXT NOT NULL,
  program TEXT NOT NULL, began TEXT NOT NULL, ended TEXT, reason TEXT);
CREATE TABLE rep (
  session INTEGER NOT NULL REFERENCES session, drill TEXT NOT NULL, set_number INTEGER NOT NULL,
  number INTEGER NOT NULL, verdict TEXT NOT NULL, faults TEXT NOT NULL, lean_deg REAL NOT NULL,
  knee_deg REAL, back TEXT NOT NULL, duration_s REAL NOT NULL, t REAL NOT NULL);
CREATE INDEX rep_of_session ON rep (session);
CREATE TABLE finished_set (
  session INTEGER NOT NULL REFERENCES session, drill TEXT NOT NULL, set_number INTEGER NOT NULL,
  reps INTEGER NOT NULL, clean INTEGER NOT NULL, outcome TEXT NOT NULL);
CREATE TABLE answer (
  session INTEGER NOT NULL REFERENCES session, drill TEXT NOT NULL, set_number INTEGER NOT NULL,
  question TEXT NOT NULL, answer INTEGER);
CREATE TABLE calibration (person TEXT PRIMARY KEY, value TEXT NOT NULL, learned TEXT NOT NULL);
"""

UPGRADES = (
    """
ALTER TABLE session ADD COLUMN first INTEGER REFERENCES session;
ALTER TABLE rep ADD COLUMN cue TEXT;
ALTER TABLE finished_set ADD COLUMN streak INTEGER NOT NULL DEFAULT 0;
ALTER TABLE finished_set ADD COLUMN blind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE finished_set ADD COLUMN side TEXT;
ALTER TABLE finished_set ADD COLUMN arms TEXT;
ALTER TABLE finished_set ADD COLUMN weight_kg REAL;
CREATE INDEX set_of_session ON finished_set (session);
CREATE INDEX answer_of_session ON answer (session);
CREATE TABLE progress (
  person TEXT NOT NULL, drill TEXT NOT NULL, side TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (person, drill, side));
CREATE TABLE person (
  name TEXT PRIMARY KEY, language TEXT, program TEXT, remind TEXT, unlocked TEXT,
  since TEXT NOT NULL);
""",
    "ALTER TABLE rep ADD COLUMN evidence TEXT NOT NULL DEFAULT '[]';",
)
"""What leads from each version to the next; a new file goes all the way too."""


COPIES = "copies"
"""Folder of the daily copies, beside the database."""

BUSY = "SQLITE_BUSY"
FULL = {errno.ENOSPC, errno.EROFS, errno.EDQUOT}
REFUSED = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN")


class StoreError(Exception):
    """The database cannot be used; one plain sentence with the remedy."""


class DiskError(StoreError):
    """The disk is full or read-only: no fault of the call, and no reason not to train."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An open database, and what had to be done to get it.

    set_aside: where a damaged file was moved, if there was one
    restored: the copy that took its place, if there was a sound one
    """

    connection: sqlite3.Connection
    set_aside: Path | None = None
    restored: Path | None = None


def open_for_writing(path: Path) -> Opening:
    """Open or create; a damaged file is moved to NAME.damaged-N. Raises StoreError, DiskError.

    Only for who holds the folder alone: another process would go on writing into the moved file.
    """
    return _opened(path, _whole_or_recovered)


def open_beside(path: Path) -> sqlite3.Connection:
    """Open or create, perhaps beside a running coach. Raises StoreError, also for damage."""
    try:
        return _opened(path, _open)
    except sqlite3.OperationalError as error:
        raise _unusable(path, error) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from error


def _opened(path: Path, opening: Callable[[Path], Opened]) -> Opened:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return opening(path)
    except OSError as error:
        kind = DiskError if error.errno in FULL else StoreError
        raise kind(
            f"The folder {path.parent} cannot be used ({error.strerror}); "
            "choose another one with --state-dir."
        ) from error


def open_in_memory() -> sqlite3.Connection:
    """For a session whose disk takes nothing: the same journal, gone with the process."""
    return _open(Path(":memory:"))


def copies(path: Path) -> list[Path]:
    """The daily copies of this database, newest first; their names are their dates."""
    return sorted((path.parent / COPIES).glob(f"*-{path.name}"), reverse=True)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open what exists; an older format is brought up to date. StoreError, also for damage."""
    if not path.exists():
        raise StoreError(f"There is no history yet in {path.parent}; train once, then look again.")
    try:
        with contextlib.ExitStack() as unless_sound:
            connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=BUSY_S)
            unless_sound.callback(connection.close)
            if 0 < connection.execute("PRAGMA user_version").fetchone()[0] < VERSION:
                _open(path).close()
            _check(connection, path)
            unless_sound.pop_all()
        return connection
    except sqlite3.OperationalError as error:
        raise _unusable(path, error) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from error


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        _bring_up_to_date(connection)
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, script in enumerate((SCHEMA, *UPGRADES), 1):
        if version < number:
            connection.executescript(
                f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;"
            )


def _check(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if not 0 < version <= VERSION:
        raise sqlite3.DatabaseError(f"format {version}, and this coach knows up to {VERSION}")
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _unusable(path: Path, error: sqlite3.OperationalError) -> StoreError:
    if error.sqlite_errorname.startswith(BUSY):
        return StoreError(
            f"The history {path} is locked by another program; close that one "
            "(is a second coach running?) and try again."
        )
    kind = DiskError if error.sqlite_errorname.startswith(REFUSED) else StoreError
    return kind(
        f"The history {path} cannot be opened ({error}); check the disk and the permissions of its "
        "folder, or choose another one with --state-dir."
    )


def _damaged(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    return StoreError(
        f"The history {path} is damaged ({error}); the next `coach run` sets it aside "
        "and takes the newest copy that is sound."
    )


def _whole_or_recovered(path: Path) -> Opening:
    if path.exists() and path.stat().st_size == 0 and copies(path):
        return _recovered(path)  # SQLite takes a file cut down to nothing for a new one
    try:
        return Opening(_open(path))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith((BUSY, *REFUSED)):
            raise _unusable(path, error) from error
        return _recovered(path)
    except sqlite3.DatabaseError:
        return _recovered(path)


def _recovered(path: Path) -> Opening:
    """The damaged file out of the way, and the newest copy that is sound in its place."""
    aside = _set_aside(path)
    for copy in copies(path):
        with contextlib.suppress(sqlite3.DatabaseError, OSError):
            shutil.copyfile(copy, path)
            return Opening(_open(path), aside, copy)
        path.unlink(missing_ok=True)
    return Opening(_open(path), aside)


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for suffix in ("", "-wal", "-shm"):
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(aside.with_name(aside.name + suffix))
    return aside

"""A journal played again through `step`: the same events must give the same effects."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from coach.domain.effects import Effect
from coach.domain.events import Event
from coach.domain.session import begin, step
from coach.domain.state import Opened, Session
from coach.loop import Observer
from coach.store.codec import JournalError, Line, decode, encode
from coach.store.database import open_for_reading

BEGINNING = "The journal does not begin with what the session was opened with."


class Difference(Exception):
    """The effects came out differently: the journal is of another version, or `step` changed."""


def read_journal(path: Path, run: int | None = None) -> Iterator[Line]:
    """The lines of a file of JSON lines, or of one run (the last) of a coach's database."""
    try:
        with path.open("rb") as file:
            is_database = file.read(15) == b"SQLite format 3"
    except OSError as error:
        raise JournalError(f"The journal {path} cannot be read ({error.strerror}).") from error
    lines = _of_database(path, run) if is_database else _of_file(path)
    for number, line in enumerate(lines, 1):
        try:
            yield decode(line)
        except JournalError as error:
            raise JournalError(f"{path}, line {number}: {error}") from error


def replay(lines: Iterable[Line], observe: Observer) -> int:
    """Play it; how many events there were. Raises Difference and JournalError."""
    session: Session | None = None
    expected: list[Effect] = []
    events = 0
    for line in lines:
        if isinstance(line, Opened):
            session = begin(line)
        elif isinstance(line, Session):
            session = line
        elif session is None:
            raise JournalError(BEGINNING)
        elif isinstance(line, Event):
            _compare(expected, events)
            session, effects = step(session, line)
            observe(line, session, effects)
            expected = list(effects)
            events += 1
        else:
            # Before the first event stand the records of the step that led to this run.
            if events and (not expected or expected.pop(0) != line):
                raise Difference(f"After event {events} the journal has {encode(line)}.")
    if session is None:
        raise JournalError(BEGINNING)
    _compare(expected, events)
    return events


def _compare(left: list[Effect], events: int) -> None:
    if left:
        raise Difference(f"After event {events} the journal lacks {encode(left[0])}.")


def _of_file(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from file
    except UnicodeError as error:
        raise JournalError(f"The journal {path} is not text.") from error


def _of_database(path: Path, run: int | None) -> Iterator[str]:
    with closing(open_for_reading(path)) as connection:
        wanted = "SELECT max(id) FROM run" if run is None else "SELECT id FROM run WHERE id = ?"
        row = connection.execute(wanted, () if run is None else (run,)).fetchone()
        if row is None or row[0] is None:
            raise JournalError(f"{path} holds no run {run if run is not None else 'yet'}.")
        yield connection.execute("SELECT opened FROM run WHERE id = ?", row).fetchone()[0]
        query = "SELECT line FROM journal WHERE run = ? ORDER BY rowid"
        yield from (line for (line,) in connection.execute(query, row))

"""Where a training session was when power or program failed: the last run's journal, folded."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from coach.domain.events import Event, PoweredUp
from coach.domain.session import Session, begin, step
from coach.domain.state import Opened
from coach.store.codec import decode

RECENT_S = 30 * 60.0
"""Whoever comes back later than this starts anew: warm muscles have cooled down."""

STARTS = 3
"""After so many starts in a row that came to nothing, the session itself may be the cause."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A session that never ended.

    run, row: of the journal and of the session, which both go on
    """

    run: int
    row: int
    session: Session


def unfinished(
    connection: sqlite3.Connection, person: str, program: str, now: datetime
) -> Unfinished | None:
    """The last session, if it never ended, is recent, and of a coach for this person's program."""
    found = connection.execute(
        "SELECT session.id, run.id, run.began, run.opened FROM session JOIN run "
        "ON run.id = session.run WHERE session.id = (SELECT max(id) FROM session) "
        "AND run.id = (SELECT max(id) FROM run) AND ended IS NULL"
    ).fetchone()
    if found is None:
        return None
    row, run, began, line = found
    try:
        beginning = decode(line)
        assert isinstance(beginning, Opened | Session), "what a run begins with"
        session = begin(beginning) if isinstance(beginning, Opened) else beginning
        if (session.opened.person, session.opened.program.id) != (person, program):
            return None
        events = _events(connection, run)
        for event in events:
            session, _ = step(session, event)
    except Exception:
        # A journal of another version, or one that trips over a mistake of ours: a place that
        # cannot be found again must not keep the coach from starting.
        return None
    last = datetime.fromisoformat(began) + timedelta(seconds=_lasted_s(events))
    recent = now - last < timedelta(seconds=RECENT_S)
    hopeless = len(events) >= STARTS and all(isinstance(e, PoweredUp) for e in events[-STARTS:])
    if not session.active or not recent or hopeless:
        return None
    return Unfinished(run, row, session)


def _events(connection: sqlite3.Connection, run: int) -> Sequence[Event]:
    lines = connection.execute(
        """SELECT line FROM journal WHERE run = ? AND line LIKE '{"event"%' ORDER BY rowid""",
        (run,),
    )
    return [value for (line,) in lines if isinstance(value := decode(line), Event)]


def _lasted_s(events: Sequence[Event]) -> float:
    """Seconds at work. The monotonic clock begins anew with each start of the machine."""
    return sum(max(0.0, later.t - earlier.t) for earlier, later in pairwise(events))

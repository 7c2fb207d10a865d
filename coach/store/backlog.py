"""What waits for the disk, the oldest first: everything for weeks, and never without end."""

from coach.domain.effects import (
    AmendRep,
    Effect,
    EndSession,
    RecordAnswer,
    RecordCalibration,
    RecordProgress,
    RecordRep,
    RecordSet,
    StartSession,
)
from coach.domain.events import Event
from coach.domain.state import Opened, Session

Record = (
    StartSession
    | EndSession
    | RecordRep
    | AmendRep
    | RecordSet
    | RecordAnswer
    | RecordCalibration
    | RecordProgress
)

Entry = tuple[str, Opened | Session | Event | Effect]
"""Whose it is, and what."""

MOST = 20_000
"""Some ten megabytes, or three weeks of training on a full disk."""


class Backlog(list[Entry]):
    """`lost`: how many records had to be let go."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0

    def trim(self, person: str, session: Session) -> None:
        """With too many entries, only records stay, and a new run begins with `session` as it is.

        With too many records, whole sessions of them go, the oldest first.
        """
        if len(self) <= MOST:
            return
        opened = [entry for entry in self if isinstance(entry[1], Opened)]
        records = [entry for entry in self if isinstance(entry[1], Record)]
        kept = records if len(records) <= MOST // 2 else _whole_sessions(records[-MOST // 2 :])
        self.lost += len(records) - len(kept)
        self[:] = [*opened, *kept, (person, session)]


def _whole_sessions(records: list[Entry]) -> list[Entry]:
    """From the first beginning of a session on: the rest of one would be counted to another."""
    begins = (at for at, (_, record) in enumerate(records) if isinstance(record, StartSession))
    return records[next(begins, len(records)) :]

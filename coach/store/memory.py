"""What a coach remembers, opened for a run: whole, recovered from a copy, or for this run only."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from coach.domain.effects import Cue
from coach.domain.people import GUEST
from coach.domain.session import Session
from coach.domain.terms import Device
from coach.store.checkpoint import unfinished
from coach.store.copies import copy_daily
from coach.store.database import (
    NAME,
    DiskError,
    Opening,
    StoreError,
    open_for_writing,
    open_in_memory,
)
from coach.store.journal import Journal


class Memory:
    """Opened by its constructor; raises StoreError where the call, not the disk, is at fault.

    connection: the database itself; a guest's is gone with the process
    journal: the writer
    session: the one that was interrupted and goes on; None when there is none
    problems: a disk that takes nothing, as a missing device with a sentence
    notes: cues of what happened to the history
    """

    def __init__(
        self,
        state_dir: Path,
        person: str,
        program: str,
        notice: Callable[[str], None],
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._path = state_dir / NAME
        self._notice = notice
        self._today = today
        self._copied: date | None = None
        self.problems: dict[Device, str] = {}
        self.notes: tuple[Cue, ...] = ()
        self._lasting = True
        try:
            if person == GUEST:
                opening = Opening(open_in_memory())
                self._lasting = False
            else:
                opening = open_for_writing(self._path)
        except DiskError as error:
            self._lasting = False
            self.problems[Device.STORE] = f"{error} This session is not remembered."
            self.connection = open_in_memory()
        else:
            self.connection = opening.connection
            if opening.set_aside is not None:
                self._tell_of_damage(opening.set_aside, opening.restored)
        self.journal = Journal(self.connection)
        left = unfinished(self.connection, person, program, datetime.now(UTC))
        self.session: Session | None = None
        if left is not None:
            self.session = left.session
            self.journal.go_on(left)

    def copy_daily(self) -> None:
        """Call it in quiet moments: once a day it makes a copy."""
        today = self._today()
        if not self._lasting or self._copied == today:
            return
        self._copied = today
        try:
            copy_daily(self.connection, self._path, today)
        except DiskError as error:
            self._notice(str(error))

    def close(self) -> None:
        # What the disk still refuses has been said; there is nothing left to do about it.
        with suppress(StoreError):
            self.journal.close()

    def _tell_of_damage(self, aside: Path, restored: Path | None) -> None:
        came = f"the copy {restored.name} took its place" if restored else "a new one is begun"
        self._notice(f"The history was damaged: kept as {aside}, {came}.")
        self.notes = (Cue("history.restored" if restored else "history.lost"),)

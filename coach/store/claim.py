"""One coach on one folder: two would talk over each other, and each would write half of a history.

A lock of the kernel's on `coach.lock`: it goes with the process that holds it, however that ends.
The coach holds it alone. A verb that writes a line holds it together with others of its kind.
"""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from coach.store.database import StoreError

NAME = "coach.lock"

PATIENCE_S = 5.0
"""How long a coach waits for verbs that are writing, or for the last one of a coach that ends."""

LOOK_AGAIN_S = 0.05


class Claimed(StoreError):
    """A coach runs in this folder."""


class Claim:
    """Held from its constructor on, until `release`.

    alone: as the coach itself; else beside other verbs, without waiting

    Raises Claimed. Where not even an empty file can be made, on a full or read-only disk, nothing
    is held and nothing needs to be: there will be no writing either.
    """

    def __init__(self, folder: Path, alone: bool) -> None:
        self._file: int | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(folder / NAME, os.O_RDONLY | os.O_CREAT, 0o600)
        except OSError:
            return  # opening the database says what is wrong
        until = time.monotonic() + (PATIENCE_S if alone else 0.0)
        while not self._locked(fcntl.LOCK_EX if alone else fcntl.LOCK_SH):
            if time.monotonic() > until:
                self.release()
                raise Claimed(
                    f"Another coach is running on the history in {folder}; end that one (the "
                    "service: sudo systemctl stop coach), or choose another folder with "
                    "--state-dir."
                )
            time.sleep(LOOK_AGAIN_S)

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _locked(self, how: int) -> bool:
        assert self._file is not None
        with suppress(BlockingIOError):
            fcntl.flock(self._file, how | fcntl.LOCK_NB)
            return True
        return False

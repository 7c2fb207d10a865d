"""Daily copies of the database: the last seven, each whole by itself."""

import contextlib
import sqlite3
from datetime import date
from pathlib import Path

from coach.store.database import COPIES, NAME, DiskError, copies

KEPT = 7


def copy_daily(connection: sqlite3.Connection, path: Path, today: date) -> Path | None:
    """A copy for today, where there is none yet; the oldest beyond KEPT go. Raises DiskError.

    `VACUUM INTO` writes a whole and compact database while others may read. It gets its name when
    it is complete, so a pulled plug leaves no half copy among them.
    """
    folder = path.parent / COPIES
    copy = folder / f"{today.isoformat()}-{NAME}"
    if copy.exists():
        return None
    part = copy.with_suffix(".part")
    try:
        folder.mkdir(exist_ok=True)
        part.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(part),))
        part.rename(copy)
        for old in copies(path)[KEPT:]:
            old.unlink()
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise DiskError(
            f"No copy of the history was made ({error}); make room on the disk."
        ) from error
    return copy


def remove_copies(path: Path) -> int:
    """Every copy, and every damaged file set aside: none shall keep what was to be deleted."""
    folder = path.parent
    old = [*(folder / COPIES).glob("*"), *folder.glob(f"{path.name}.damaged-*")]
    for one in old:
        one.unlink(missing_ok=True)
    return len(old)

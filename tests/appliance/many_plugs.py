"""What `scripts/plug-pull` does with the log of a disk: pulls the plug often, and looks."""

import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

from coach.store.database import NAME
from coach.store.memory import Memory
from tests.appliance.killed import look
from tests.appliance.plugged import FILE_SYSTEM, count_of
from tests.appliance.write_log import SECTOR, Write, after_power_cut, read_log


def came_back(disk: bytes | bytearray, folder: Path) -> None:
    """The machine starts again: the check of the file system, then the coach.

    Raises AssertionError when the file system or the database is damaged.
    """
    image = folder / "disk"
    image.write_bytes(disk[:FILE_SYSTEM])
    checked = subprocess.run(["e2fsck", "-p", image], capture_output=True, text=True)
    assert checked.returncode <= 1, checked.stdout  # 1: mended, as after every power cut
    subprocess.run(["debugfs", "-R", f"rdump / {folder}", image], check=True, capture_output=True)
    said: list[str] = []
    memory = Memory(folder, "me", "first-hinge", said.append)
    memory.connection.close()
    assert not said, said


def main(empty_disk: Path, log_of_writes: Path, times: int, seed: int) -> None:
    disk, log, chance = empty_disk.read_bytes(), read_log(log_of_writes), Random(seed)
    marks = [
        (i, count_of(entry.data))
        for i, entry in enumerate(log)
        if isinstance(entry, Write) and entry.sector == FILE_SYSTEM // SECTOR
    ]
    lost = []
    for _ in range(times):
        cut = chance.randrange(marks[0][0], len(log)) + 1
        heard = [count for i, count in marks if i < cut]
        with tempfile.TemporaryDirectory() as folder:
            try:
                came_back(after_power_cut(disk, log[:cut], chance), Path(folder))
                look(Path(folder) / NAME, heard)
            except AssertionError as error:
                lost.append(f"after write {cut}, {len(heard)} counted: {error}")
    print(
        f"{times} plugs pulled (seed {seed}) in {len(log)} writes and flushes, {len(marks)} reps "
        f"counted: {times - len(lost)} times everything was there."
    )
    for sentence in lost:
        print(" ", sentence)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

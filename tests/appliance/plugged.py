"""In the virtual machine of `scripts/plug-pull`: trains, and marks each count on its disk.

A mark is written beside the file system, past the page cache and without a flush, so in the log of
the disk's writes it stands exactly where the count was announced, and makes nothing else safe.
"""

import mmap
import os
import sys
from pathlib import Path

from coach.store.memory import Memory
from tests.appliance.killed import Count, train
from tests.appliance.write_log import SECTOR

FILE_SYSTEM = 64 * 2**20
"""Bytes; the mark's sector is the first behind it."""


def mark_of(count: Count) -> bytes:
    return f"{count[0]} {count[1]}".encode().ljust(SECTOR, b"\0")


def count_of(mark: bytes) -> Count:
    number, rep = mark.rstrip(b"\0").split()
    return int(number), int(rep)


def main(folder: Path, disk: str, counts: int) -> None:
    device = os.open(disk, os.O_WRONLY | os.O_DIRECT)
    page = mmap.mmap(-1, SECTOR)  # O_DIRECT wants memory of its alignment
    left = counts

    def announce(count: Count) -> None:
        nonlocal left
        page[:] = mark_of(count)
        os.pwritev(device, [page], FILE_SYSTEM)
        left -= 1
        if not left:
            sys.exit()

    train(Memory(folder, "me", "first-hinge", print), announce)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

"""What a power cut leaves of a disk, told from the log of everything that was written to it.

The log is what qemu's `blklogwrites` driver keeps, in the format of the kernel's dm-log-writes
(qemu: block/blklogwrites.c; Linux: Documentation/admin-guide/device-mapper/log-writes.rst).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

SECTOR = 512
"""A disk writes a sector whole or not at all, and nothing larger."""

MAGIC = 0x6A736677736872
SUPER = struct.Struct("<QQQI")
"""Magic number, version, number of entries, bytes of a sector."""
ENTRY = struct.Struct("<QQQQ")
"""First sector, number of sectors, flags, length of a mark (qemu makes none)."""
WRITE, FLUSH = 0, 1


@dataclass(frozen=True, slots=True)
class Write:
    """`data`, whole sectors, was handed to the disk; until the next flush it may be lost."""

    sector: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Flush:
    """All that was written before is safe."""


def read_log(path: Path) -> list[Write | Flush]:
    """In the order in which the disk said that each was done, up to the last flush."""
    with path.open("rb") as file:
        magic, _, count, sector_bytes = SUPER.unpack_from(file.read(SECTOR))
        assert (magic, sector_bytes) == (MAGIC, SECTOR), f"{path} is no log of writes"
        log: list[Write | Flush] = []
        for _ in range(count):
            sector, sectors, flags, _ = ENTRY.unpack_from(file.read(SECTOR))
            assert flags in (WRITE, FLUSH), f"entry {len(log)} has the flags {flags}"
            log.append(Flush() if flags else Write(sector, file.read(sectors * SECTOR)))
    return log


def after_power_cut(disk: bytes, log: Sequence[Write | Flush], chance: Random) -> bytearray:
    """`disk` as it comes back when power goes at the end of `log`.

    What was not flushed is there, or is not, or is torn: each of its sectors by chance.
    """
    flushed = max((i for i, entry in enumerate(log) if isinstance(entry, Flush)), default=0)
    left = bytearray(disk)
    for i, entry in enumerate(log):
        if isinstance(entry, Flush):
            continue
        luck = 1.0 if i < flushed else chance.choice((0.0, 0.5, 1.0))
        for sector, data in _sectors(entry):
            if chance.random() < luck:
                left[sector * SECTOR : (sector + 1) * SECTOR] = data
    return left


def _sectors(write: Write) -> Iterator[tuple[int, bytes]]:
    for offset in range(0, len(write.data), SECTOR):
        yield write.sector + offset // SECTOR, write.data[offset : offset + SECTOR]

"""The log of a disk's writes, and what a power cut leaves of it; more: scripts/plug-pull."""

from pathlib import Path
from random import Random

from tests.appliance.write_log import (
    ENTRY,
    MAGIC,
    SECTOR,
    SUPER,
    Flush,
    Write,
    after_power_cut,
    read_log,
)

EMPTY = bytes(8 * SECTOR)
CUTS = range(200)


def sectors(letters: str) -> bytes:
    return b"".join(letter.encode() * SECTOR for letter in letters)


def letters(disk: bytes | bytearray) -> str:
    return "".join(chr(disk[at]) for at in range(0, len(disk), SECTOR)).replace("\0", ".")


def test_a_log_is_read_back(tmp_path: Path) -> None:
    log = tmp_path / "log"
    entries = [
        ENTRY.pack(3, 2, 0, 0),
        sectors("ab"),
        ENTRY.pack(0, 0, 1, 0),
        ENTRY.pack(7, 0, 0, 0),
    ]
    head = SUPER.pack(MAGIC, 1, 2, SECTOR)
    log.write_bytes(b"".join(part.ljust(SECTOR, b"\0") for part in (head, *entries)))
    assert read_log(log) == [Write(3, sectors("ab")), Flush()]


def test_what_was_flushed_is_there_after_every_cut() -> None:
    log = [Write(0, sectors("ab")), Flush(), Write(4, sectors("cd"))]
    assert {letters(after_power_cut(EMPTY, log, Random(n)))[:2] for n in CUTS} == {"ab"}


def test_what_was_not_flushed_is_there_or_not_or_torn() -> None:
    log = [Write(0, sectors("a")), Flush(), Write(1, sectors("bc"))]
    left = {letters(after_power_cut(EMPTY, log, Random(n)))[:3] for n in CUTS}
    assert left == {"abc", "ab.", "a.c", "a.."}


def test_writes_of_before_the_first_flush_are_not_safe() -> None:
    log = [Write(0, sectors("a"))]
    assert {letters(after_power_cut(EMPTY, log, Random(n)))[0] for n in CUTS} == {"a", "."}

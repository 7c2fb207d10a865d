"""A disk that is full or read-only: the session goes on, and it is said once."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coach.domain.terms import Device
from coach.store.database import NAME
from coach.store.memory import Memory
from tests.appliance.house import House, over, reps


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a file system needs to be root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> None:
    with (disk / "ballast").open("wb") as ballast:
        try:
            while True:
                os.write(ballast.fileno(), bytes(4096))
        except OSError:
            return


def read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)


def writable(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


def remembered(disk: Path, notices: list[str]) -> Memory:
    return Memory(disk, "me", "first-hinge", notices.append)


def counted(disk: Path) -> int:
    with closing(sqlite3.connect(disk / NAME)) as connection, connection:
        count = connection.execute("SELECT count(*) FROM rep").fetchone()[0]
    connection.close()
    return int(count)


def test_a_disk_that_fills_up_in_a_session_is_said_once(disk: Path) -> None:
    notices: list[str] = []
    memory = remembered(disk, notices)
    house = House(memory=memory).power_up().run(reps(3))
    fill(disk)
    house.run(over)
    assert house.said.count("device.store-lost") == 1
    assert house.said.count("count") == 8
    memory.copy_daily()
    assert "make room" in notices[-1]
    memory.close()


def test_what_a_full_disk_refused_is_there_once_there_is_room(disk: Path) -> None:
    memory = remembered(disk, [])
    house = House(memory=memory).power_up().run(reps(3))
    fill(disk)
    house.run(reps(6))
    (disk / "ballast").unlink()
    house.loop._when_quiet(house.t)
    assert "device.store-back" in house.run(over).said
    memory.close()
    assert counted(disk) == 8


@pytest.mark.parametrize("spoil", [fill, read_only])
@pytest.mark.parametrize("known", [False, True], ids=["first-run", "later-run"])
def test_a_disk_that_takes_nothing_from_the_start(disk: Path, spoil: object, known: bool) -> None:
    state = disk / "state"
    if known:
        remembered(state, []).close()
    assert callable(spoil)
    spoil(disk)
    memory = remembered(state, [])
    house = House(memory=memory, missing=memory.problems).power_up().run(over)
    said = [cue for cue in house.said if cue.startswith("device.store")]
    assert len(said) == 1
    assert house.said.count("count") == 8
    memory.close()


def test_a_disk_that_turns_read_only_in_a_session_is_said_once(disk: Path) -> None:
    memory = remembered(disk, [])
    house = House(memory=memory).power_up().run(reps(3))
    try:
        read_only(disk)
    except subprocess.CalledProcessError:
        memory.close()
        pytest.skip("the database is open for writing: this kernel does not remount it")
    house.run(over)
    assert house.said.count("device.store-lost") == 1
    writable(disk)
    memory.close()


def test_a_disk_without_room_is_a_missing_device_with_a_sentence(disk: Path) -> None:
    fill(disk)
    memory = remembered(disk, [])
    assert "not remembered" in memory.problems[Device.STORE]
    memory.close()

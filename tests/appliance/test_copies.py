"""A damaged history: set aside, the newest sound copy taken, and both said."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from coach.domain.effects import Cue
from coach.store.copies import KEPT
from coach.store.database import COPIES, NAME, VERSION
from coach.store.memory import Memory
from tests.appliance.house import House, memory, over

TODAY = date(2026, 11, 21)


def noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * (path.stat().st_size // 256))


def noise_in_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192 : 8192 + 12288] = bytes(range(256)) * 48
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def another_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()


def no_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version=0")
    connection.close()


DAMAGE = [noise, noise_in_the_middle, cut_short, cut_to_nothing, another_version, no_version]


def trained(folder: Path, copied: bool = True) -> Path:
    """A history with one session in it, and perhaps a copy of it."""
    kept = memory(folder)
    House(memory=kept).power_up().run(over)
    if copied:
        kept.copy_daily()
    kept.close()
    return folder / NAME


def opened(folder: Path) -> tuple[Memory, list[str]]:
    said: list[str] = []
    return Memory(folder, "me", "first-hinge", said.append), said


def sessions(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection, connection:
        count = connection.execute("SELECT count(*) FROM session").fetchone()[0]
    connection.close()
    return int(count)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_history_is_replaced_by_its_copy(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = trained(tmp_path)
    damage(path)
    spoilt = path.read_bytes()
    kept, said = opened(tmp_path)
    kept.close()
    assert sessions(path) == 1
    assert kept.notes == (Cue("history.restored"),)
    [sentence] = said
    assert "damaged-1" in sentence
    assert "copy" in sentence
    assert path.with_name(f"{NAME}.damaged-1").read_bytes() == spoilt


@pytest.mark.parametrize("damage", [one for one in DAMAGE if one is not cut_to_nothing])
def test_without_a_copy_a_new_one_is_begun(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = trained(tmp_path, copied=False)
    damage(path)
    kept, [sentence] = opened(tmp_path)
    kept.close()
    assert sessions(path) == 0
    assert kept.notes == (Cue("history.lost"),)
    assert "a new one is begun" in sentence


def test_a_copy_that_is_damaged_too_is_passed_over(tmp_path: Path) -> None:
    path = trained(tmp_path)
    [good] = (tmp_path / COPIES).iterdir()
    (tmp_path / COPIES / f"9999-01-01-{NAME}").write_bytes(b"nonsense" * 999)
    noise(path)
    kept, [sentence] = opened(tmp_path)
    kept.close()
    assert sessions(path) == 1
    assert good.name in sentence


def test_a_sound_history_is_left_alone(tmp_path: Path) -> None:
    trained(tmp_path)
    kept, said = opened(tmp_path)
    kept.close()
    assert (said, kept.notes) == ([], ())


def test_one_copy_a_day_and_the_last_seven_are_kept(tmp_path: Path) -> None:
    trained(tmp_path, copied=False)
    day = TODAY

    def fail(sentence: str) -> None:
        raise AssertionError(sentence)

    kept = Memory(tmp_path, "me", "first-hinge", fail, today=lambda: day)
    for _ in range(10):
        kept.copy_daily()
        kept.copy_daily()
        day += timedelta(days=1)
    kept.close()
    names = sorted(path.name for path in (tmp_path / COPIES).iterdir())
    days = [TODAY + timedelta(days=n) for n in range(10 - KEPT, 10)]
    assert names == [f"{day}-{NAME}" for day in days]
    assert all(sessions(tmp_path / COPIES / name) == 1 for name in names)

"""A history that is locked or damaged: who only reads says so, who writes loses nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from coach.store import claim, database
from coach.store.claim import Claim
from coach.store.database import NAME
from tests.cli.conftest import Call

NOBODY = ("--camera", "none", "--microphone", "none", "--speaker", "none", "--fast")


@pytest.fixture
def history(coach: Call, tmp_path: Path) -> Path:
    """A database in which one session is stored."""
    assert coach("run", *NOBODY).status == 0
    return tmp_path / "state" / NAME


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the database for itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    monkeypatch.setattr(claim, "PATIENCE_S", 0.05)


@pytest.mark.parametrize("words", [("run", *NOBODY), ("history",)], ids=lambda words: words[0])
def test_a_locked_history_is_refused(coach: Call, history: Path, words: tuple[str, ...]) -> None:
    with locked(history):
        said = coach(*words).refused(status=1)
    assert str(history) in said
    assert "locked" in said


def test_a_locked_history_loses_nothing(coach: Call, history: Path) -> None:
    before = coach("history", "--json").out
    with locked(history):
        coach("run", *NOBODY)
    assert coach("history", "--json").out == before != ""


def test_somebody_may_read_while_another_writes(coach: Call, history: Path) -> None:
    with closing(sqlite3.connect(history, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert coach("history").status == 0


@contextmanager
def a_coach_runs(history: Path) -> Iterator[None]:
    held = Claim(history.parent, alone=True)
    try:
        yield
    finally:
        held.release()


def test_a_second_coach_is_refused(coach: Call, history: Path) -> None:
    before = coach("history", "--json").out
    with a_coach_runs(history):
        said = coach("run", *NOBODY).refused(status=1)
        assert str(history.parent) in said
        assert "Another coach is running" in said
        assert "--state-dir" in said
        assert coach("history", "--json").out == before != "", "who only reads is not in the way"
        assert coach("run", *NOBODY, "--person", "guest").status == 0, "a guest writes nothing"
    assert coach("run", *NOBODY).status == 0


def test_what_is_written_beside_a_coach_is_there_and_said(coach: Call, history: Path) -> None:
    with a_coach_runs(history):
        called = coach("person", "add", "ann")
        assert called.status == 0
        assert "A coach is running here" in called.err
    assert "ann" in coach("person", "list").out
    assert "running" not in coach("person", "add", "bob").err


def test_nobody_is_removed_under_a_running_coach(coach: Call, history: Path) -> None:
    coach("person", "add", "ann")
    with a_coach_runs(history):
        assert "Another coach" in coach("person", "remove", "ann", "--yes").refused(status=1)
    assert "ann" in coach("person", "list").out
    assert coach("person", "remove", "ann", "--yes").status == 0


def test_a_verb_leaves_a_damaged_history_where_it_is(coach: Call, history: Path) -> None:
    damaged = damage(history)
    assert "next `coach run`" in coach("person", "add", "ann").refused(status=1)
    assert history.read_bytes() == damaged


def damage(path: Path) -> bytes:
    """Nonsense over the middle of the file, as a dying card leaves it; what the file then is."""
    whole = bytearray(path.read_bytes())
    whole[:100] = b"\xff" * 100
    path.write_bytes(whole)
    return bytes(whole)


def test_a_damaged_history_cannot_be_shown(coach: Call, history: Path) -> None:
    damaged = damage(history)
    said = coach("history").refused(status=1)
    assert str(history) in said
    assert history.read_bytes() == damaged, "nothing is changed by looking"


def test_a_damaged_history_is_set_aside_and_the_coach_runs(coach: Call, history: Path) -> None:
    damaged = damage(history)
    called = coach("run", *NOBODY)
    assert called.status == 0
    [aside] = history.parent.glob(f"{NAME}.damaged-*")
    assert str(aside) in called.err
    assert aside.read_bytes() == damaged
    assert coach("history").status == 0


def test_without_a_history_it_is_said_how_to_get_one(coach: Call) -> None:
    assert "no history yet" in coach("history").refused(status=1)


def test_a_state_folder_that_is_a_file_is_refused(coach: Call, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = coach("run", *NOBODY, "--state-dir", tmp_path / "file").refused(status=1)
    assert "--state-dir" in said

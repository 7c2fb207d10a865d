"""A disk that takes nothing for very long: what waits is bounded, and what had to go is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.domain.session import Phase
from coach.domain.terms import Command
from coach.store import backlog
from coach.store.memory import Memory
from tests.appliance.house import House, memory, over, reps


class Trained:
    """A house whose disk turns read-only in the first set; `sessions` more follow."""

    def __init__(self, kept: Memory, sessions: int) -> None:
        self.db = kept.connection
        self.waiting = kept.journal._waiting
        self.house = House(memory=kept).power_up().run(reps(3))
        self.db.execute("PRAGMA query_only=ON")
        self.most = 0
        self._train()
        for _ in range(sessions):
            self.house.run(lambda house: house.session.talk.current is None)
            self.house.said.clear()
            self.house.says(Command.WAKE)
            self._train()

    def _train(self) -> None:
        def watched(house: House) -> bool:
            self.most = max(self.most, len(self.waiting))
            return over(house)

        self.house.run(watched)

    def disk_is_back(self) -> None:
        self.db.execute("PRAGMA query_only=OFF")
        self.house.loop._when_quiet(self.house.t)
        self.house.run(lambda house: house.session.talk.current is None)

    def count(self, table: str) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Memory]:
    kept = memory(tmp_path)
    yield kept
    kept.close()


def test_the_records_outlast_the_lines(kept: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "MOST", 200)
    trained = Trained(kept, sessions=2)
    assert trained.most <= 201
    runs = trained.count("run")
    trained.disk_is_back()
    assert "device.store-back" in trained.house.said
    assert "history.gap" not in trained.house.said
    assert (trained.count("session"), trained.count("rep")) == (3, 3 * 8)
    assert trained.count("run") > runs, "what comes after the gap can be replayed by itself"


def test_what_had_to_go_is_said_and_whole_sessions_stay(
    kept: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "MOST", 60)
    trained = Trained(kept, sessions=6)
    assert trained.most <= 61
    trained.disk_is_back()
    assert trained.house.said.count("history.gap") == 1
    rows = trained.db.execute(
        "SELECT session, count(*) FROM rep WHERE session > 1 GROUP BY session"
    ).fetchall()
    assert rows and all(count == 8 for _, count in rows)
    assert trained.house.session.phase is Phase.IDLE

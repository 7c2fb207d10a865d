"""The plug is pulled in the middle of a session: it goes on at its checkpoint, and says so."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.domain.events import PoweredUp
from coach.domain.session import Phase
from coach.domain.terms import Command
from coach.replay import read_journal, replay
from coach.store.checkpoint import RECENT_S, unfinished
from coach.store.database import NAME
from tests.appliance.house import House, Until, in_phase, memory, over, reps
from tests.domain import make


def pulled(folder: Path, until: Until, **wants: int) -> House:
    """A house that has come so far, and loses its power: nothing is closed or flushed."""
    return House(make.opened(**wants), memory(folder)).power_up().run(until)


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / NAME)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def paused(house: House) -> bool:
    if reps(2)(house) and house.session.phase is Phase.SET:
        house.silent.add(Phase.PAUSED)
        house.says(Command.PAUSE)
    return house.session.phase is Phase.PAUSED


CHECKPOINTS: dict[str, Until] = {
    "setup": lambda house: house.session.place.step == 3,
    "set": reps(3),
    "ask": in_phase(Phase.ASK),
    "paused": paused,
}


@pytest.mark.parametrize("when", CHECKPOINTS)
def test_it_goes_on_where_it_was(tmp_path: Path, when: str) -> None:
    before = pulled(tmp_path, CHECKPOINTS[when]).session
    house = House(memory=memory(tmp_path)).power_up()
    after = house.session
    assert after.phase is before.phase
    assert after.place == before.place
    assert (after.work and after.work.reps) == (before.work and before.work.reps)
    assert house.said[0] == "interrupted"
    house.run(over)


def test_the_rest_between_two_sets_begins_anew(tmp_path: Path) -> None:
    def failed(house: House) -> bool:
        if reps(3)(house) and house.session.phase is Phase.SET:
            house.says(Command.NEXT)
        return house.session.phase is Phase.REST

    pulled(tmp_path, failed)
    house = House(memory=memory(tmp_path)).power_up()
    assert house.session.phase is Phase.REST
    house.run(over)


def test_no_rep_is_lost_and_none_counted_twice(tmp_path: Path) -> None:
    pulled(tmp_path, reps(3))
    pulled(tmp_path, reps(6))
    House(memory=memory(tmp_path)).power_up().run(over)
    assert rows(tmp_path, "SELECT number FROM rep") == [(n,) for n in range(1, 9)]
    assert len(rows(tmp_path, "SELECT * FROM session")) == 1
    assert rows(tmp_path, "SELECT reason FROM session") == [("finished",)]


def test_power_that_comes_and_goes_finds_the_place_each_time(tmp_path: Path) -> None:
    pulled(tmp_path, reps(3))
    for _ in range(5):
        flickering = House(memory=memory(tmp_path)).power_up()
        flickering.run(lambda house: len(house.said) >= 2)
    assert len(memory(tmp_path).session.work.reps) == 3  # type: ignore[union-attr]


def test_a_session_that_ended_is_over(tmp_path: Path) -> None:
    pulled(tmp_path, over)
    assert memory(tmp_path).session is None


def test_somebody_else_begins_anew(tmp_path: Path) -> None:
    pulled(tmp_path, reps(3))
    assert memory(tmp_path, person="ann").session is None


def test_another_program_begins_anew(tmp_path: Path) -> None:
    pulled(tmp_path, reps(3))
    assert memory(tmp_path, program="other").session is None


@pytest.mark.parametrize(("late_s", "goes_on"), [(-60.0, True), (60.0, False)])
def test_after_half_an_hour_it_begins_anew(tmp_path: Path, late_s: float, goes_on: bool) -> None:
    house = pulled(tmp_path, reps(3))
    now = datetime.now(UTC) + timedelta(seconds=house.t + RECENT_S + late_s)
    with closing(sqlite3.connect(tmp_path / NAME)) as connection, connection:
        assert (unfinished(connection, "me", "first-hinge", now) is not None) is goes_on
    connection.close()


def test_a_session_that_kills_the_coach_at_each_start_is_given_up(tmp_path: Path) -> None:
    pulled(tmp_path, reps(3))
    for _ in range(3):
        crashing = memory(tmp_path)
        assert crashing.session is not None
        House(memory=crashing).power_up()
    assert memory(tmp_path).session is None


def test_a_journal_that_nobody_understands_is_no_reason_not_to_start(tmp_path: Path) -> None:
    pulled(tmp_path, reps(3))
    with closing(sqlite3.connect(tmp_path / NAME)) as connection, connection:
        connection.execute("""UPDATE journal SET line = '{"event": "moon-rose", "t": 1}'""")
    connection.close()
    assert memory(tmp_path).session is None


def test_the_whole_of_it_replays_as_one(tmp_path: Path) -> None:
    pulled(tmp_path, reps(3))
    kept = memory(tmp_path)
    House(memory=kept).power_up().run(over)
    kept.close()
    lines = list(read_journal(tmp_path / NAME))
    assert replay(lines, lambda event, session, effects: None) > 20
    assert sum(isinstance(line, PoweredUp) for line in lines) == 2

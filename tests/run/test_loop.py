"""The loop: what is kept, said and timed, in which order; what it does when the disk refuses."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from coach.domain.drills import DOWEL_HINGE
from coach.domain.effects import Cue, Effect
from coach.domain.events import (
    CommandHeard,
    DeviceFailed,
    DeviceRecovered,
    Event,
    PoweredUp,
    ShutdownRequested,
    SpeechFinished,
)
from coach.domain.program import Block, Program
from coach.domain.session import Phase, Session, begin
from coach.domain.terms import Command, Device
from coach.loop import QUIET_S, Loop, Timers
from coach.store.database import NAME, open_for_writing
from coach.store.journal import Journal
from tests.domain import make
from tests.run.room import Ears, Eyes, Inbox, Mouth, do, hear_out, into_the_set, say

LONG = Program("long", (Block(DOWEL_HINGE, reps=50),))
"""Enough reps to fill a disk."""


class TestTimers:
    def test_the_earliest_expires_first_at_the_time_it_was_due(self) -> None:
        timers = Timers()
        timers.start(1, due=5.0)
        timers.start(2, due=3.0)
        expired = [timers.expire(9.0), timers.expire(9.0)]
        assert [(e.t, e.timer) for e in expired if e] == [(3.0, 2), (5.0, 1)]

    def test_none_expires_before_it_is_due(self) -> None:
        timers = Timers()
        timers.start(1, due=5.0)
        assert timers.expire(4.999) is None
        assert timers.expire(5.0) is not None

    def test_a_cancelled_one_never_expires(self) -> None:
        timers = Timers()
        timers.start(1, due=1.0)
        timers.start(2, due=2.0)
        timers.cancel(1)
        assert timers.next_due() == 2.0
        assert [e.timer for e in (timers.expire(9.0), timers.expire(9.0)) if e] == [2]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_for_writing(tmp_path / NAME).connection
    with closing(connection):
        yield connection


@pytest.fixture
def journal(disk: sqlite3.Connection) -> Journal:
    journal = Journal(disk)
    journal.open(make.opened())
    return journal


def fill(disk: sqlite3.Connection) -> None:
    """The database may not grow any more: SQLite says "disk is full" as it does on a real one."""
    used = disk.execute("PRAGMA page_count").fetchone()[0]
    disk.execute(f"PRAGMA max_page_count={used}")


def make_room(disk: sqlite3.Connection) -> None:
    disk.execute("PRAGMA max_page_count=100000")


class Log:
    """An observer that remembers the events, and fills the disk's journal quickly if told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        self.events.append(event)

    def of_the_store(self) -> list[type[Event]]:
        return [
            type(event)
            for event in self.events
            if isinstance(event, DeviceFailed | DeviceRecovered) and event.device is Device.STORE
        ]


def test_a_rep_is_on_the_disk_before_it_is_counted_aloud(tmp_path: Path, journal: Journal) -> None:
    counted_and_kept: list[tuple[object, int]] = []

    class Witness(Mouth):
        def speak(self, utterance: int, cue: Cue) -> None:
            super().speak(utterance, cue)
            if cue.id == "count":
                with closing(sqlite3.connect(tmp_path / NAME)) as another:
                    kept = another.execute("SELECT count(*) FROM rep").fetchone()[0]
                counted_and_kept.append((dict(cue.values)["n"], kept))

    loop = Loop(begin(make.opened()), Witness(), Ears(), Eyes(), journal)
    into_the_set(loop)
    for _ in range(3):
        do(loop)
        hear_out(loop)
    assert counted_and_kept == [(1, 1), (2, 2), (3, 3)]


def test_a_full_disk_is_said_once_and_nothing_is_lost(
    disk: sqlite3.Connection, journal: Journal
) -> None:
    mouth, log = Mouth(), Log()
    loop = Loop(begin(make.opened(program=LONG)), mouth, Ears(), Eyes(), journal, (log,))
    into_the_set(loop)
    fill(disk)
    for _ in range(30):
        do(loop)
        hear_out(loop)
    assert log.of_the_store() == [DeviceFailed]
    assert [cue for _, cue in mouth.said].count("device.store-lost") == 1
    assert [cue for _, cue in mouth.said].count("count") == 30, "the session goes on"

    make_room(disk)
    inbox = Inbox([ShutdownRequested(20.0)], t=10.0)
    loop.run(inbox, inbox.now)  # type: ignore[arg-type]  # has the one method that is used
    assert log.of_the_store() == [DeviceFailed, DeviceRecovered]
    assert disk.execute("SELECT count(*) FROM rep").fetchone() == (30,)


def test_a_second_failure_after_a_recovery_is_said_again(
    disk: sqlite3.Connection, journal: Journal
) -> None:
    log = Log()
    loop = Loop(begin(make.opened(program=LONG)), Mouth(), Ears(), Eyes(), journal, (log,))
    into_the_set(loop)
    for trouble in range(2):
        fill(disk)
        for _ in range(20):
            do(loop)
        make_room(disk)
        inbox = Inbox(t=10.0 + trouble)
        _quiet_for_a_while(loop, inbox)
    assert log.of_the_store() == [DeviceFailed, DeviceRecovered] * 2


def _quiet_for_a_while(loop: Loop, inbox: Inbox) -> None:
    class Enough(Exception):
        pass

    def beat() -> None:
        if inbox.t > 13.0:
            raise Enough

    with pytest.raises(Enough):
        loop.run(inbox, inbox.now, beat)  # type: ignore[arg-type]


def test_a_refused_database_does_not_keep_the_session_from_its_end(
    disk: sqlite3.Connection, journal: Journal
) -> None:
    loop = Loop(begin(make.opened()), Mouth(), Ears(), Eyes(), journal)
    into_the_set(loop)
    disk.close()
    loop.handle(ShutdownRequested(2.0))
    assert loop.session.phase is Phase.ENDED


def test_what_is_wanted_of_ears_and_eyes_is_told_when_it_changes_and_only_then() -> None:
    ears, eyes = Ears(), Eyes()
    loop = Loop(begin(make.opened()), Mouth(), ears, eyes, None)
    into_the_set(loop)
    do(loop)
    say(loop, Command.STOP)
    assert all(one != two for one, two in pairwise(ears.asked))
    assert [order is not None for order in eyes.asked] == [False, True, False]
    assert Command.WAKE in ears.asked[-1]


def test_a_call_cuts_what_is_being_said() -> None:
    mouth = Mouth()
    loop = Loop(begin(make.opened()), mouth, Ears(), Eyes(), None)
    loop.handle(PoweredUp(0.0))
    say(loop, Command.WAKE)
    assert mouth.stopped == 1
    assert len(mouth.said) == 2


def test_observers_see_every_step_in_order() -> None:
    log = Log()
    loop = Loop(begin(make.opened()), Mouth(), Ears(), Eyes(), None, (log,))
    happened = [PoweredUp(0.0), CommandHeard(1.0, Command.WAKE), SpeechFinished(2.0, 99)]
    for event in happened:
        loop.handle(event)
    assert log.events == happened


class TestRunning:
    """In virtual time: the inbox lets it pass."""

    def test_it_beats_at_least_every_second_while_nothing_happens(self) -> None:
        inbox, beats = Inbox([ShutdownRequested(60.0)]), []
        loop = Loop(begin(make.opened()), Mouth(), Ears(), Eyes(), None)
        loop.run(inbox, inbox.now, lambda: beats.append(inbox.t))  # type: ignore[arg-type]
        gaps = [two - one for one, two in pairwise(beats)]
        assert beats[-1] > 58.0
        assert max(gaps) <= QUIET_S

    def test_a_timer_expires_when_it_is_due_although_nothing_comes(self) -> None:
        mouth, log = Mouth(), Log()
        loop = Loop(begin(make.opened()), mouth, Ears(), Eyes(), None, (log,))
        say(loop, Command.WAKE, t=0.0)
        hear_out(loop, t=0.0)
        inbox = Inbox([ShutdownRequested(16.0)])
        loop.run(inbox, inbox.now)  # type: ignore[arg-type]
        asked_again = mouth.said[-1][1]
        assert [cue for _, cue in mouth.said] == ["dowel-hinge.start", asked_again]
        assert [event.t for event in log.events][-2:] == [15.0, 16.0]

    def test_it_ends_with_the_session(self) -> None:
        inbox = Inbox([ShutdownRequested(1.0), PoweredUp(2.0)])
        loop = Loop(begin(make.opened()), Mouth(), Ears(), Eyes(), None)
        loop.run(inbox, inbox.now)  # type: ignore[arg-type]
        assert inbox.coming == [PoweredUp(2.0)]

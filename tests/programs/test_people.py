"""People of a household: what is kept of each, and that it can be taken away again."""

import csv
import io
import json
import multiprocessing
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from coach import config, programs
from coach.adapters.packs import load_pack
from coach.calendar import Calendar
from coach.domain.effects import Effect, RecordProgress
from coach.domain.events import CommandHeard, DayBegan, Event, PoweredUp, ReminderDue
from coach.domain.mastery import Progress, State
from coach.domain.people import GUEST, Person
from coach.domain.session import Session, begin, step
from coach.domain.state import Opened
from coach.domain.terms import Command, Fault
from coach.rehearsal import rehearse
from coach.replay import read_journal, replay
from coach.stick_figure import figure
from coach.store import people
from coach.store.database import NAME, SCHEMA, open_for_writing
from coach.store.journal import Journal
from coach.store.memory import Memory
from coach.trainees import BUILT_IN, Trainee
from tests.cli.conftest import Call

PACK = load_pack("en")
PROGRAM = programs.read(config.PROGRAMS / "first-hinge.yaml")
HOUR = datetime(2026, 3, 2, 17, 0)


def train(
    state: Path,
    name: str,
    sessions: int = 2,
    who: Trainee = BUILT_IN["rounds-on-3"],
    program: str = "first-hinge",
) -> Session:
    """A rehearsal that is written down like a real session."""
    connection = open_for_writing(state / NAME).connection
    journal = Journal(connection)
    trains = programs.read(config.PROGRAMS / f"{program}.yaml")
    opened = Opened(trains, mastery=people.person(connection, name).mastery, person=name)
    journal.open(opened)

    def keep(event: Event, session: Session, effects: Sequence[Effect]) -> None:
        journal.keep(event, session, effects)

    who = who.model_copy(update={"sessions": (0, 2, 2, 3)[:sessions]})
    ended = rehearse(opened, PACK, (keep,), who)
    journal.close()
    return ended


def database(folder: Path) -> "closing[sqlite3.Connection]":
    return closing(open_for_writing(folder / NAME).connection)


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_mastery_comes_back_as_it_was(tmp_path: Path) -> None:
    ended = train(tmp_path, "Ada")
    with database(tmp_path) as connection:
        known = people.person(connection, "Ada").mastery
    assert set(known.progress) == set(ended.mastery.progress)
    assert known.of("dowel-hinge").state is State.RETAINED
    # the session that has just ended lies behind for whoever comes next
    assert known.sessions == ended.mastery.sessions + 1


def test_removing_somebody_leaves_no_trace(coach: Call, tmp_path: Path) -> None:
    state = tmp_path / "state"
    train(state, "Zacharias")
    train(state, "Ada")
    (state / "copies").mkdir()
    for copy in (f"2026-01-01-{NAME}", "before-upgrade-0123abcd.sqlite3"):
        (state / "copies" / copy).write_bytes(everything_in(state))
    assert b"Zacharias" in everything_in(state)
    assert "--yes" in coach("person", "remove", "Zacharias").refused(status=2)
    assert coach("person", "remove", "Zacharias", "--yes").status == 0
    assert b"Zacharias" not in everything_in(state)
    left = [json.loads(line) for line in coach("history", "--json").out.splitlines()]
    assert {one["person"] for one in left} == {"Ada"} and left[0]["reps"]


def test_a_guest_leaves_nothing(tmp_path: Path) -> None:
    train(tmp_path, "Ada")
    with database(tmp_path) as connection:
        kept = list(connection.iterdump())
    train(tmp_path, GUEST)
    with database(tmp_path) as connection:
        after = list(connection.iterdump())
    assert [line for line in after if line not in kept and '"run"' not in line] == []


def test_a_guest_in_the_middle_leaves_nothing_and_both_halves_can_be_replayed(
    tmp_path: Path,
) -> None:
    connection = open_for_writing(tmp_path / NAME).connection
    journal = Journal(connection)
    opened = Opened(PROGRAM, person="Ada", household=(Person("Bea"),))
    journal.open(opened)
    session = begin(opened)
    calls = (None, "Bea", GUEST, GUEST, "Ada", None, GUEST, "Bea")
    lived: list[Event] = [PoweredUp(0.0)]
    for t, name in enumerate(calls, 1):
        said = "a word of the guest" if name == GUEST else "somebody's word"
        lived += [
            CommandHeard(t, Command.WAKE, said, meaning=name),
            CommandHeard(t + 0.3, Command.DONE, said),
            CommandHeard(t + 0.6, Command.STOP, said),
        ]
    for event in lived:
        session, effects = step(session, event)
        journal.keep(event, session, effects)
    journal.close()
    with database(tmp_path) as connection:
        text = "\n".join(connection.iterdump())
        trained = [name for (name,) in connection.execute("SELECT person FROM session")]
        runs = [run for (run,) in connection.execute("SELECT id FROM run ORDER BY id")]
    assert "a word of the guest" not in text and "hello.guest" not in text
    assert trained == ["Ada", "Bea", "Ada", "Ada", "Bea"]
    assert len(runs) == 3
    for run in runs:
        replay(read_journal(tmp_path / NAME, run), lambda event, session, effects: None)


def test_power_that_fails_after_a_guest_goes_on_with_whoever_trains(tmp_path: Path) -> None:
    journal = Memory(tmp_path, "Ada", PROGRAM.id, print).journal
    opened = Opened(PROGRAM, person="Ada")
    journal.open(opened)
    session = begin(opened)
    for event in (
        PoweredUp(0.0),
        CommandHeard(1.0, Command.WAKE, meaning=GUEST),
        CommandHeard(2.0, Command.STOP),
        CommandHeard(3.0, Command.WAKE, meaning="Ada"),
        CommandHeard(4.0, Command.DONE),
    ):
        session, effects = step(session, event)
        journal.keep(event, session, effects)
    journal.close()
    memory = Memory(tmp_path, "Ada", PROGRAM.id, print)
    assert memory.session == session
    memory.close()


def test_what_is_interrupted_stays_that_persons(tmp_path: Path) -> None:
    """Power fails while Ada trains on a coach that was started for Bea."""
    connection = open_for_writing(tmp_path / NAME).connection
    journal = Journal(connection)
    opened = Opened(PROGRAM, person="Bea")
    journal.open(opened)
    session = begin(opened)
    for event in (PoweredUp(0.0), CommandHeard(1.0, Command.WAKE, meaning="Ada")):
        session, effects = step(session, event)
        journal.keep(event, session, effects)
    journal.close()

    memory = Memory(tmp_path, "Bea", PROGRAM.id, print)
    assert memory.session is not None and memory.session.me.name == "Ada"
    progress = Progress("dowel-hinge", streak=5)
    memory.journal.keep(PoweredUp(0.0), memory.session, (RecordProgress(progress),))
    assert people.mastery(memory.connection, "Ada").progress == (progress,)
    assert people.mastery(memory.connection, "Bea").progress == ()
    memory.close()


def test_an_older_history_is_brought_up_to_date(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / NAME)
    old.executescript(f"{SCHEMA} PRAGMA user_version=1;")
    old.execute("INSERT INTO run VALUES (1, '2026-01-01T10:00:00+00:00', '{}')")
    row = "1, 1, 'Ada', 'first-hinge', '2026-01-01T10:00:00+00:00', NULL, NULL"
    old.execute(f"INSERT INTO session VALUES ({row})")
    old.execute("INSERT INTO finished_set VALUES (1, 'dowel-hinge', 1, 8, 8, 'passed')")
    old.commit()
    old.close()
    train(tmp_path, "Ada", sessions=1)
    with database(tmp_path) as connection:
        known = people.person(connection, "Ada").mastery
    assert known.sessions == 2


def _train_alone(state: str, name: str) -> None:
    train(Path(state), name)


def test_two_coaches_may_write_at_once(tmp_path: Path) -> None:
    train(tmp_path, "Ada", sessions=1)
    start = multiprocessing.get_context("spawn")
    names = ("Bea", "Cid")
    both = [start.Process(target=_train_alone, args=(str(tmp_path), name)) for name in names]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [one.exitcode for one in both] == [0, 0]
    with database(tmp_path) as connection:
        assert [people.mastery(connection, name).sessions for name in names] == [2, 2]


def test_history_tells_every_rep_with_its_numbers(coach: Call, tmp_path: Path) -> None:
    train(tmp_path / "state", "Ada")
    rows = list(csv.DictReader(io.StringIO(coach("history", "--csv").out)))
    sessions = [json.loads(line) for line in coach("history", "--json").out.splitlines()]
    assert len(rows) == sum(len(one["reps"]) for one in sessions) > 50
    third = rows[2]
    assert (third["faults"], third["cue"]) == ('["rounded-back"]', "correct.rounded-back.lumbar")
    assert float(third["bow"]) > float(third["bow_limit"])
    assert "Choose one" in coach("history", "--csv", "--json").refused(status=2)


def test_before_the_first_session_there_is_nothing_to_look_back_at(
    coach: Call, tmp_path: Path
) -> None:
    open_for_writing(tmp_path / "state" / NAME).connection.close()
    nothing = coach("history")
    assert (nothing.status, nothing.out) == (0, "") and "coach run" in nothing.err
    assert "nothing to explain" in coach("why").refused(status=2)


def test_why_explains_a_correction_and_draws_it(coach: Call, tmp_path: Path) -> None:
    train(tmp_path / "state", "Ada")
    told = coach("why", "--person", "Ada").out
    assert "rep 3" in told and "Your low back left the stick" in told
    assert "0.050 torso lengths, and the limit is 0.020" in told and "99% sure" in told
    assert "there are 1, the latest, to" in coach("why", "9").refused(status=2)


@pytest.mark.parametrize("columns", [30, 60, 80, 200])
def test_history_is_whole_on_a_terminal_of_any_width(
    coach: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    train(tmp_path / "state", "Ada")
    monkeypatch.setenv("COLUMNS", str(columns))
    piped = coach("history").out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = coach("history").out
    assert max(map(len, shown.splitlines())) <= columns
    for word in ("Ada", "first-hinge", "5 passed", "1 lost", "finished", "56", "55"):
        assert word in " ".join(shown.split()) and word in piped
    assert "began" in piped.splitlines()[0]


@pytest.mark.parametrize("fault", Fault)
def test_every_correction_has_its_number_limit_certainty_and_figure(
    coach: Call, tmp_path: Path, fault: Fault
) -> None:
    faulty = Trainee(faults={fault: frozenset({3})})
    program = "first-hinge" if fault is not Fault.ARMS_DRIFTING else "warm-up"
    train(tmp_path / "state", "Bea", sessions=1, who=faulty, program=program)
    kept = json.loads(coach("why", "--json").out)
    why = kept["why"]
    assert why["fault"] == fault and kept["cue"].startswith(f"correct.{fault}")
    assert why["measured"] != why["limit"] and 0.5 < why["confidence"] <= 0.99
    told = coach("why").out
    assert "% sure" in told and "@" in told and f"{why['measured']:g}" in told


def test_the_figure_shows_the_moment_of_the_fault() -> None:
    def drawn(fault: Fault, measured: float) -> str:
        return "\n".join(figure(62.0, 8.0, 0.0, fault, measured))

    down = drawn(Fault.SQUATTING, 50.0)
    assert drawn(Fault.HYPEREXTENDED, 18.0) != drawn(Fault.SOFT_LOCKOUT, 18.0) != down
    assert drawn(Fault.ARMS_DRIFTING, 40.0) != down
    assert len({drawn(Fault.HEAD_OFF, turn) for turn in (-20.0, 0.0, 20.0)}) == 3


def test_a_rep_that_was_kept_without_its_number_says_so(coach: Call, tmp_path: Path) -> None:
    train(tmp_path / "state", "Ada")
    with database(tmp_path / "state") as connection:
        connection.execute("UPDATE rep SET evidence = '[]'")
    assert "is not kept" in coach("why").out


def test_the_report_is_on_the_terminal_and_in_a_picture(coach: Call, tmp_path: Path) -> None:
    train(tmp_path / "state", "Ada")
    png = tmp_path / "weeks.png"
    told = coach("report", "--person", "Ada", "--png", png)
    assert told.status == 0 and "clean, %" in told.out and "█" in told.out
    assert png.read_bytes().startswith(b"\x89PNG")
    nowhere = coach("report", "--person", "Ada", "--png", tmp_path / "none" / "x.png")
    assert "folder that exists" in nowhere.refused(status=2)
    assert "there are: Ada" in coach("report", "--person", "Eve").refused(status=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "guest"), "no name"),
        (("add", "Ada; DROP TABLE"), "no name"),
        (("add", "Ada", "--language", "xx"), "there are: en"),
        (("show", "Eve"), "there are: nobody yet"),
        (("weight", "Ada", "dowel-hinge", "8"), "loaded-rdl"),
        (("weight", "Ada", "loaded-rdl", "0"), "at most 300"),
        (("weight", "Ada", "loaded-rdl", "nan"), "at most 300"),
        (("unlock", "Ada"), "--already-hinges-well"),
        (("remind", "Ada", "25:00"), "18:30"),
    ],
)
def test_a_wrong_call_is_one_sentence(
    coach: Call, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    open_for_writing(tmp_path / "state" / NAME).connection.close()
    assert said in coach("person", *words).refused(status=2)


def test_a_weight_and_an_unlocking_are_kept(coach: Call, tmp_path: Path) -> None:
    assert coach("person", "add", "Ada", "--language", "en").status == 0
    assert coach("person", "weight", "Ada", "loaded-rdl", "8").status == 0
    assert coach("person", "unlock", "Ada", "--already-hinges-well").status == 0
    kept = json.loads(coach("person", "export", "Ada").out)
    assert kept["choices"]["unlocked"] and kept["person"]["mastery"]["unlocked"]
    assert kept["person"]["mastery"]["progress"][0]["weight_kg"] == 8.0
    assert coach("person", "unlock", "Ada", "--lock").status == 0
    assert not json.loads(coach("person", "show", "Ada", "--json").out)["unlocked"]


class Wall:
    """A clock on the wall that can be set."""

    def __init__(self) -> None:
        self.now = HOUR

    def __call__(self) -> datetime:
        return self.now


def test_days_and_reminders_come_once_and_never_backwards() -> None:
    wall, came = Wall(), list[Event]()
    calendar = Calendar(came.append, lambda: 7.0, {"Ada": "18:30", "Bea": "19:00"}, wall)
    calendar.beat()
    wall.now = HOUR.replace(hour=18, minute=30)
    calendar.beat()
    calendar.beat()
    assert came == [ReminderDue(7.0, "Ada")]
    wall.now = HOUR.replace(hour=19)
    calendar.beat()
    assert came == [ReminderDue(7.0, "Ada"), ReminderDue(7.0, "Bea")]
    wall.now = HOUR.replace(day=3, hour=0)
    calendar.beat()
    wall.now = HOUR.replace(day=1, hour=12)
    calendar.beat()
    assert came[2:] == [DayBegan(7.0, HOUR.toordinal() + 1)]
    wall.now = HOUR.replace(day=3, hour=18, minute=30)
    calendar.beat()
    assert came[3:] == [ReminderDue(7.0, "Ada")]


def test_whoever_switches_on_late_is_not_reminded_today() -> None:
    wall, came = Wall(), list[Event]()
    calendar = Calendar(came.append, lambda: 0.0, {"Ada": "08:00", "Bea": "17:01"}, wall)
    calendar.beat()
    wall.now = HOUR.replace(minute=5)
    calendar.beat()
    assert came == [ReminderDue(0.0, "Bea")]

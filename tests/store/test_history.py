"""What was trained is read back as it was done: whose it is, in order, with every number."""

from dataclasses import replace
from pathlib import Path

import pytest

from coach.domain.effects import (
    AmendRep,
    Effect,
    EndSession,
    RecordAnswer,
    RecordCalibration,
    RecordRep,
    RecordSet,
    StartSession,
)
from coach.domain.events import PoweredUp
from coach.domain.session import begin
from coach.domain.terms import Evidence, Fault
from coach.store.database import NAME, StoreError, open_for_writing
from coach.store.history import sessions
from coach.store.journal import Journal
from coach.store.people import person as known
from tests.domain import make

DRILL = "dowel-hinge"
LEANT_BACK = Evidence(Fault.HYPEREXTENDED, 18.0, 10.0)


def keep(folder: Path, person: str, *effects: Effect) -> None:
    """One session of this person, in a run of its own."""
    journal = Journal(open_for_writing(folder / NAME).connection)
    opened = replace(make.opened(), person=person)
    journal.open(opened)
    done = (StartSession("first-hinge", person), *effects, EndSession("finished"))
    journal.keep(PoweredUp(0.0), begin(opened), done)
    journal.close()


def test_a_session_comes_back_with_its_reps_sets_and_answers(tmp_path: Path) -> None:
    rep = make.rep(Fault.ROUNDED_BACK, Fault.HEAD_OFF, number=3, t=12.5)
    keep(
        tmp_path,
        "anna",
        RecordRep(DRILL, 1, rep),
        RecordSet(DRILL, 1, 8, 7, "lost"),
        RecordAnswer(DRILL, 1, "ask.contact", None),
    )
    [session] = sessions(tmp_path)
    assert (session["person"], session["reason"]) == ("anna", "finished")
    assert session["began"] <= session["ended"]
    [kept] = session["reps"]
    assert (kept["number"], kept["t"], kept["verdict"]) == (3, 12.5, "fault")
    assert kept["faults"] == ["rounded-back", "head-off"]
    assert kept["back"]["bow"] == rep.back.bow
    assert [(s["reps"], s["clean"], s["outcome"]) for s in session["sets"]] == [(8, 7, "lost")]
    assert [(a["question"], a["answer"]) for a in session["answers"]] == [("ask.contact", None)]


def test_a_rep_is_amended_in_its_place_and_keeps_what_was_said_before(tmp_path: Path) -> None:
    reps = [make.rep(number=1), make.rep(Fault.SQUATTING, number=2), make.rep(number=3)]
    leant = [rep.with_fault(LEANT_BACK) for rep in reps[:2]]
    keep(
        tmp_path,
        "anna",
        RecordRep(DRILL, 1, reps[0]),
        AmendRep(DRILL, 1, leant[0], "correct.hyperextended"),
        RecordRep(DRILL, 1, reps[1], "correct.squatting"),
        AmendRep(DRILL, 1, leant[1]),
        RecordRep(DRILL, 1, reps[2]),
        RecordRep(DRILL, 2, reps[0]),
    )
    [session] = sessions(tmp_path)
    kept = [(r["verdict"], r["faults"], r["cue"]) for r in session["reps"]]
    assert kept == [
        ("fault", ["hyperextended"], "correct.hyperextended"),
        ("fault", ["hyperextended", "squatting"], "correct.squatting"),
        ("clean", [], None),
        ("clean", [], None),
    ]
    assert session["reps"][0]["evidence"][0]["measured"] == 18.0


def test_sessions_come_oldest_first_and_each_has_its_own(tmp_path: Path) -> None:
    for reps in (1, 2, 3):
        keep(tmp_path, "me", *[RecordRep(DRILL, 1, make.rep(number=n)) for n in range(reps)])
    assert [len(session["reps"]) for session in sessions(tmp_path)] == [1, 2, 3]


def test_one_person_s_history_is_not_another_s(tmp_path: Path) -> None:
    for person in ("anna", "ben", "anna"):
        keep(tmp_path, person)
    assert [one["person"] for one in sessions(tmp_path, "anna")] == ["anna", "anna"]
    assert sessions(tmp_path, "carla") == []


def test_a_session_that_was_cut_off_has_no_end(tmp_path: Path) -> None:
    journal = Journal(open_for_writing(tmp_path / NAME).connection)
    journal.open(make.opened())
    journal.keep(PoweredUp(0.0), begin(make.opened()), (StartSession("first-hinge"),))
    journal.close()
    [session] = sessions(tmp_path)
    assert (session["ended"], session["reason"]) == (None, None)


def test_the_last_neutral_back_of_each_person_is_known(tmp_path: Path) -> None:
    for person, ratio in (("anna", 0.8), ("anna", 0.9), ("ben", 0.7)):
        keep(tmp_path, person, RecordCalibration(replace(make.calibration(), ratio=ratio)))
    database = open_for_writing(tmp_path / NAME).connection
    ratios = {name: known(database, name).calibration for name in ("anna", "ben", "carla")}
    database.close()
    assert ratios["anna"] == replace(make.calibration(), ratio=0.9)
    assert ratios["ben"] == replace(make.calibration(), ratio=0.7)
    assert ratios["carla"] is None


def test_without_any_training_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="train once"):
        sessions(tmp_path)

"""The bundle for a bug report tells what happened, and nothing of anybody."""

import json
from pathlib import Path
from zipfile import ZipFile

from coach.doctor.bundle import Redaction, write_bundle
from coach.doctor.findings import fine, trouble
from coach.store.memory import Memory
from tests.appliance.house import House, over
from tests.domain import make

SECRET = "Annegret"
FOUND = [fine("disk", "900 MB are free."), trouble("clock", f"{SECRET}'s clock is off.", "Set it.")]


def bundle(folder: Path) -> dict[str, str]:
    from dataclasses import replace

    opened = replace(make.opened(), person=SECRET)
    memory = Memory(folder / "state", SECRET, opened.program.id, print)
    House(opened, memory).power_up().run(over)
    memory.close()
    path = folder / "bundle.zip"
    write_bundle(path, folder / "state", FOUND)
    with ZipFile(path) as zipped:
        return {name: zipped.read(name).decode() for name in zipped.namelist()}


def test_it_holds_what_a_developer_needs(tmp_path: Path) -> None:
    parts = bundle(tmp_path)
    assert set(parts) == {"findings.jsonl", "versions.txt", "journal.jsonl", "unit.log"}
    assert len(parts["findings.jsonl"].splitlines()) == 2
    assert "numpy" in parts["versions.txt"]
    journal = [json.loads(line) for line in parts["journal.jsonl"].splitlines()]
    assert "opened" in journal[0]
    assert sum(line.get("effect") == "record-rep" for line in journal) == 8


def test_it_holds_nobody(tmp_path: Path) -> None:
    for name, text in bundle(tmp_path).items():
        assert SECRET not in text, name
        assert str(Path.home()) + "/" not in text, name


def test_without_a_history_the_findings_are_still_worth_it(tmp_path: Path) -> None:
    write_bundle(tmp_path / "bundle.zip", tmp_path / "state", FOUND)
    with ZipFile(tmp_path / "bundle.zip") as zipped:
        assert zipped.read("journal.jsonl") == b""


def test_words_and_bodies_are_left_out_and_names_replaced() -> None:
    redact = Redaction(["Ann", "Jo"])
    [line] = redact.lines(
        [
            json.dumps(
                {
                    "event": "command-heard",
                    "text": "hey coach it's jo",
                    "calibration": {"outline": [0.1]},
                    "person": "Jo",
                    "reason": "Ann unplugged Annex 3",
                    "t": 1.5,
                }
            )
        ]
    )
    assert json.loads(line) == {
        "event": "command-heard",
        "text": None,
        "calibration": None,
        "person": "person-2",
        "reason": "person-1 unplugged Annex 3",
        "t": 1.5,
    }


def test_somebody_whom_the_history_does_not_know_has_no_name_either() -> None:
    [line] = Redaction([]).lines(['{"person": "Ann"}'])
    assert json.loads(line) == {"person": "person-?"}

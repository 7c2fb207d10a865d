"""What the coach says about itself at start."""

from pathlib import Path

import pytest

from coach.adapters.tts import Voice
from coach.cli.main import call
from coach.doctor.findings import Finding, fine, trouble
from coach.doctor.spoken import SPOKEN, notes_of
from coach.domain.effects import Cue
from coach.domain.events import PoweredUp
from coach.domain.session import begin, step
from coach.domain.terms import Device
from tests.appliance.house import House
from tests.domain import make

ROOM = fine("disk", "900 MB are free.")


def wrong(code: str) -> Finding:
    return trouble(code, f"The {code} is wrong.", "Mend it.")


def test_a_sound_machine_is_not_worth_a_word() -> None:
    said: list[str] = []
    assert notes_of([ROOM], said.append) == ()
    assert said == []


@pytest.mark.parametrize("code", SPOKEN)
def test_one_finding_has_its_sentence(code: str) -> None:
    said: list[str] = []
    assert notes_of([ROOM, wrong(code)], said.append) == (Cue(f"finding.{code}"),)
    assert said == [f"The {code} is wrong. Mend it."]


def test_several_are_one_sentence_and_all_on_the_screen() -> None:
    said: list[str] = []
    notes = notes_of([wrong("heat"), ROOM, wrong("disk")], said.append)
    assert notes == (Cue("finding.several", (("n", 2),)),)
    assert len(said) == 2


def test_it_is_said_after_the_greeting_and_nobody_can_hush_it() -> None:
    house = House()
    note = Cue("finding.disk")
    house.loop.handle(PoweredUp(0.0, (Device.CAMERA,), (note,)))
    house.run(lambda house: "dowel-hinge.start" in house.said)
    assert house.said[:3] == ["greet", "finding.disk", "device.camera-missing"]


def test_nothing_of_it_is_said_when_there_is_nothing() -> None:
    session, _ = step(begin(make.opened()), PoweredUp(0.0))
    assert session.talk.waiting == ()


def test_without_a_speech_engine_it_writes_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACH_DATA", str(tmp_path / "data"))  # nothing is rendered yet
    monkeypatch.setattr(Voice, "_speak", lambda self, jobs: None)
    nothing = [f"--{device}=none" for device in ("camera", "microphone", "speaker")]
    assert call(["run", "--fast", *nothing, "--state-dir", str(tmp_path / "state")]) == 0
    seen = capfd.readouterr().err
    assert "check that the packages espeak-ng and libespeak-ng1 are installed" in seen
    assert seen.count("My speech engine does not work") == 1
    assert "Well worked" in seen, "the session came to its end"

"""Every part that can be wrong: found, with a code that is documented, a sentence and a remedy."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach import config, doctor
from coach.adapters.echo import EchoGuard
from coach.adapters.packs import load_pack
from coach.adapters.player import SoundSpeaker
from coach.adapters.tts import Voice
from coach.doctor import machine, senses, sound, talking
from coach.doctor.findings import Finding
from coach.domain.events import SpeechFinished
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE, DeviceError
from coach.store.database import NAME
from tests.e2e.conftest import needs_models

DOCUMENT = config.ROOT / "docs" / "doctor.md"
TONE = (9000 * np.sin(np.arange(SAMPLE_RATE) * 2 * np.pi * sound.TONE_HZ / SAMPLE_RATE)).astype(
    np.int16
)
ROOM = np.random.default_rng(1).normal(0.0, 30.0, SAMPLE_RATE).astype(np.int16)

Break = Callable[[pytest.MonkeyPatch, Path], Iterable[Finding]]


def codes_in_the_code() -> set[str]:
    folder = Path(str(doctor.__file__)).parent
    calls = (
        node
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("fine", "trouble")
    )
    return {ast.literal_eval(call.args[0]) for call in calls}


def test_every_code_is_documented_and_no_other() -> None:
    documented = re.findall(r"^\| `([a-z]+)` \|", DOCUMENT.read_text(), re.MULTILINE)
    assert set(documented) == codes_in_the_code()
    assert len(documented) == len(set(documented))


# --- what can be broken, and which check finds it -----------------------------------------------


def no_models(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    patch.setenv("COACH_DATA", str(folder))
    return senses.check_models("en")


def no_pose_model(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    patch.setenv("COACH_DATA", str(folder))
    return senses.check_camera("none")


def no_listening_model(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    patch.setenv("COACH_DATA", str(folder))
    return senses.check_words(load_pack("en"))


def a_word_that_nobody_knows(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    needs_models()
    pack = load_pack("en")
    patch.setattr(type(pack), "phrases", {**pack.phrases, Command.STOP: ("xyzzy",)}, raising=False)
    return senses.check_words(pack)


def a_dead_speech_engine(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    patch.setattr(Voice, "_speak", lambda self, jobs: None)
    return senses.check_voice(load_pack("en"))


def an_echo_that_stays(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    return [talking.echo_taken_out(EchoGuard())]  # it has found no delay yet


def a_starved_card(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    return [talking.kept_up(lost=0, dry=60)]


def no_camera(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    needs_models()
    return [f for f in senses.check_camera(f"v4l2:{folder}/video9") if f.code == "camera"]


def a_slow_machine(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    needs_models()
    patch.setattr(senses, "ENOUGH_FPS", 1e6)
    return senses.check_camera("none")


def a_damaged_history(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    (folder / NAME).write_bytes(b"noise" * 1000)
    return machine.check_history(folder)


def a_full_disk(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    patch.setattr(machine, "ROOM_MB", 10**9)
    return machine.check_machine(folder)


def a_clock_without_a_battery(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    patch.setattr(machine, "PLAUSIBLE_YEAR", 3000)
    return machine.check_machine(folder)


def a_hot_processor(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    (folder / "temp").write_text("84500\n")
    patch.setattr(machine, "THERMAL", folder / "temp")
    return machine.check_machine(folder)


def a_weak_supply(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    (folder / "throttled").write_text("50000\n")
    patch.setattr(machine, "THROTTLED", folder / "throttled")
    return machine.check_machine(folder)


def a_failed_service(patch: pytest.MonkeyPatch, folder: Path) -> Iterable[Finding]:
    answer: Any = subprocess.CompletedProcess((), 3, stdout="failed\n")
    patch.setattr(machine.subprocess, "run", lambda *words, **options: answer)
    patch.setattr(machine.shutil, "which", lambda program: program)
    return machine.check_unit()


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("models", no_models),
        ("pose", no_pose_model),
        ("pose", a_slow_machine),
        ("words", no_listening_model),
        ("words", a_word_that_nobody_knows),
        ("voice", a_dead_speech_engine),
        ("echo", an_echo_that_stays),
        ("dropouts", a_starved_card),
        ("camera", no_camera),
        ("history", a_damaged_history),
        ("disk", a_full_disk),
        ("clock", a_clock_without_a_battery),
        ("heat", a_hot_processor),
        ("power", a_weak_supply),
        ("unit", a_failed_service),
    ],
)
def test_what_is_broken_is_found(
    code: str, broken: Break, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = [finding for finding in broken(monkeypatch, tmp_path) if not finding.fine]
    assert wrong and {finding.code for finding in wrong} == {code}
    assert all(finding.sentence and finding.remedy for finding in wrong)


# --- sound: what the microphone brings before the tone, and during it -----------------------------

SILENCE = np.zeros(SAMPLE_RATE, np.int16)


@pytest.mark.parametrize(
    ("room", "during", "microphone", "speaker"),
    [
        (ROOM, TONE, "", ""),
        (ROOM, ROOM, "", "did not hear"),
        (SILENCE, TONE, "", ""),
        (SILENCE, SILENCE, "digital silence", "did not hear"),
        (ROOM // 20, TONE, "very quiet", ""),
        (None, None, "is no sound input", ""),
    ],
    ids=["works", "speaker-off", "noise-gate", "muted", "quiet", "no-microphone"],
)
def test_a_tone_is_played_and_heard_back(
    monkeypatch: pytest.MonkeyPatch,
    room: sound.Samples | None,
    during: sound.Samples | None,
    microphone: str,
    speaker: str,
) -> None:
    recorded = iter([room, during])
    monkeypatch.setattr(
        sound, "_record", lambda name, seconds: (next(recorded), "There is no sound input.")
    )
    monkeypatch.setattr(SoundSpeaker, "open", lambda self: None)
    ended = SpeechFinished(0.0, 1, completed=True)
    monkeypatch.setattr(SoundSpeaker, "play", lambda self, number, tone: self._emit(ended))
    heard, played = sound.check_sound(None, None)
    assert (heard.code, played.code) == ("microphone", "speaker")
    for finding, wrong in ((heard, microphone), (played, speaker)):
        assert finding.fine == (not wrong)
        assert wrong in finding.sentence


def test_without_a_speaker_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: SoundSpeaker) -> None:
        raise DeviceError("There is no sound output; plug one in.")

    monkeypatch.setattr(sound, "_record", lambda name, seconds: (ROOM, ""))
    monkeypatch.setattr(SoundSpeaker, "open", fails)
    _, played = sound.check_sound(None, None)
    assert (played.code, played.fine) == ("speaker", False)

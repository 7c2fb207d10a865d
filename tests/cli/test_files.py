"""A file that is missing, damaged or of another kind: one sentence naming it, and the remedy."""

import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from coach import config
from coach.adapters.tts import Voice
from tests.cli.conftest import Call

OTHERS = ("--speaker", "none", "--fast")


def missing(folder: Path, real: Path) -> Path:
    return folder / f"missing{real.suffix}"


def empty(folder: Path, real: Path) -> Path:
    path = folder / f"empty{real.suffix}"
    path.touch()
    return path


def another_kind(folder: Path, real: Path) -> Path:
    path = folder / f"letter{real.suffix}"
    path.write_text("Dear coach,\n" * 500)
    return path


def cut_off(folder: Path, real: Path) -> Path:
    path = folder / f"cut{real.suffix}"
    path.write_bytes(real.read_bytes()[:30])
    return path


def a_folder(folder: Path, real: Path) -> Path:
    return folder


WRONG = [missing, empty, another_kind, cut_off, a_folder]
Make = Callable[[Path, Path], Path]


@pytest.mark.parametrize("make", WRONG)
class TestRecordings:
    def test_watch(self, coach: Call, tmp_path: Path, a_clip: Path, make: Make) -> None:
        clip = make(tmp_path, a_clip)
        assert str(clip) in coach("watch", clip, "--fast").refused(status=2)

    def test_listen(self, coach: Call, tmp_path: Path, a_wav: Path, make: Make) -> None:
        recording = make(tmp_path, a_wav)
        assert str(recording) in coach("listen", recording, "--fast").refused(status=2)

    def test_run_with_a_clip(self, coach: Call, tmp_path: Path, a_clip: Path, make: Make) -> None:
        clip = make(tmp_path, a_clip)
        called = coach("run", "--camera", f"file:{clip}", "--microphone", "none", *OTHERS)
        assert str(clip) in called.refused(status=2)

    def test_run_with_a_recording(
        self, coach: Call, tmp_path: Path, a_wav: Path, make: Make
    ) -> None:
        recording = make(tmp_path, a_wav)
        called = coach("run", "--camera", "none", "--microphone", f"file:{recording}", *OTHERS)
        assert str(recording) in called.refused(status=2)

    def test_run_with_a_trainee(self, coach: Call, tmp_path: Path, make: Make) -> None:
        script = make(tmp_path, config.DEMO)
        assert str(script) in coach("run", "--trainee", script, "--fast").refused(status=2)


@pytest.mark.parametrize("make", [make for make in WRONG if make is not cut_off])
def test_replay(coach: Call, tmp_path: Path, make: Make) -> None:
    journal = make(tmp_path, Path("session.jsonl"))
    said = coach("replay", journal).refused(status=2)
    assert str(journal) in said or "does not begin" in said


def test_a_recording_in_another_format_is_told_what_to_convert_it_to(
    coach: Call, tmp_path: Path
) -> None:
    recording = tmp_path / "eight-bit.wav"
    with wave.open(str(recording), "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(bytes(8000))
    assert "16 bit PCM WAV" in coach("listen", recording).refused(status=2)


def test_a_trainee_whose_recordings_are_missing(coach: Call, tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("clip: none.mp4\nwords: .\nsteps:\n  - {after: greet, say: hello}\n")
    assert "hello.wav" in coach("run", "--trainee", script, "--fast").refused(status=2)


def test_what_cannot_be_written_is_named(coach: Call, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = coach("say", "Hello", "--speaker", f"file:{tmp_path}/file/hello.wav")
    assert "hello.wav" in said.refused(status=1)


class TestModels:
    """The folder of `COACH_DATA` has no models, or damaged ones: what to run is said."""

    @pytest.fixture
    def models(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        voice, data = config.voice_dir(), tmp_path / "data"
        monkeypatch.setenv("COACH_DATA", str(data))
        (data / "models").mkdir(parents=True)
        (data / "voice").symlink_to(voice)  # rendering it again would take long
        return data / "models"

    @pytest.mark.parametrize(
        "words",
        [
            ("watch", config.DEMO.parent / "trainee.mp4", "--fast"),
            ("listen", config.DEMO.parent / "words" / "done.wav", "--fast"),
            ("run", "--trainee", "demo", "--fast"),
        ],
        ids=lambda words: words[0],
    )
    def test_missing(self, coach: Call, models: Path, words: tuple[str | Path, ...]) -> None:
        called = coach(*words)
        said = called.refused(status=called.status or 1)
        assert "missing" in said
        assert "coach models fetch" in said

    def test_missing_is_said_before_the_voice_is_rendered(
        self, coach: Call, models: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (models.parent / "voice").unlink()
        monkeypatch.setattr(Voice, "_speak", lambda self, jobs: pytest.fail("it renders"))
        said = coach("run", "--trainee", "demo", "--fast").refused(status=2)
        assert "coach models fetch vosk-en" in said

    @pytest.mark.parametrize("damage", [b"", b"not a model" * 2000])
    def test_damaged_eyes(self, coach: Call, models: Path, a_clip: Path, damage: bytes) -> None:
        for name in ("pose_detection", "pose_landmark_full"):
            (models / f"{name}.tflite").write_bytes(damage)
        said = coach("watch", a_clip, "--fast").refused(status=1)
        assert "damaged" in said
        assert "coach models fetch" in said

    @pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst", "conf/mfcc.conf"])
    @pytest.mark.parametrize("how", ["gone", "cut"])
    def test_damaged_ears(
        self, coach: Call, tmp_path: Path, a_wav: Path, monkeypatch: pytest.MonkeyPatch,
        name: str, how: str,
    ) -> None:  # fmt: skip
        """Vosk itself would bring the process down on some of these."""
        real = config.models_dir() / "vosk-en"
        if not (real / name).is_file():
            pytest.skip(f"{real / name} is not here; run: coach models fetch")
        monkeypatch.setenv("COACH_DATA", str(tmp_path / "data"))
        mine = tmp_path / "data" / "models" / "vosk-en"
        shutil.copytree(real, mine)
        whole = (mine / name).read_bytes()
        (mine / name).unlink()
        if how == "cut":
            (mine / name).write_bytes(whole[: len(whole) // 2])
        said = coach("listen", a_wav, "--fast").refused(status=1)
        assert "missing" in said or "damaged" in said
        assert "coach models fetch" in said

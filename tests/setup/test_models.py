"""Which models there are and whether they are whole."""

import os
from pathlib import Path

import pytest

from coach import models
from coach.models import Model, ModelError, catalogue, chosen, digest, faults


@pytest.fixture
def model(tmp_path: Path) -> Model:
    """A model of two files, whole, in `tmp_path`."""
    folder = tmp_path / "vosk-xx"
    (folder / "am").mkdir(parents=True)
    (folder / "am" / "final.mdl").write_bytes(b"sound")
    (folder / "words").write_bytes(b"words")
    return Model(
        name="vosk-xx",
        what="hears nothing",
        default=False,
        language="xx",
        license="CC0-1.0",
        maker="http://localhost/vosk-xx.zip",
        client="npm",
        package="nothing@1",
        package_bytes=1,
        inside="package",
        bytes=10,
        files={
            "am/final.mdl": digest(folder / "am" / "final.mdl"),
            "words": digest(folder / "words"),
        },
    )


def test_a_whole_model_has_no_faults(model: Model, tmp_path: Path) -> None:
    assert faults(model, tmp_path) == {}


def test_a_missing_file_is_named(model: Model, tmp_path: Path) -> None:
    words = tmp_path / "vosk-xx" / "words"
    words.unlink()
    assert faults(model, tmp_path) == {words: "missing"}


def test_a_file_that_changed_since_it_was_checked_is_named(model: Model, tmp_path: Path) -> None:
    faults(model, tmp_path)
    words = tmp_path / "vosk-xx" / "words"
    words.write_bytes(b"wordy")
    assert faults(model, tmp_path) == {words: "damaged"}


def test_what_was_hashed_once_is_not_hashed_again(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults(model, tmp_path)
    hashed: list[Path] = []
    monkeypatch.setattr(models, "digest", lambda path: hashed.append(path) or "")
    assert faults(model, tmp_path) == {}
    assert hashed == []


def test_only_a_thorough_check_finds_what_size_and_time_hide(model: Model, tmp_path: Path) -> None:
    faults(model, tmp_path)
    words = tmp_path / "vosk-xx" / "words"
    before = words.stat()
    words.write_bytes(b"swrod")
    os.utime(words, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert faults(model, tmp_path) == {}
    assert faults(model, tmp_path, thorough=True) == {words: "damaged"}


def test_unreadable_stamps_mean_hashing_again(model: Model, tmp_path: Path) -> None:
    (tmp_path / ".verified.json").write_text("not json")
    assert faults(model, tmp_path) == {}


def test_requiring_a_missing_model_tells_the_file_and_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_DATA", str(tmp_path))
    with pytest.raises(ModelError, match=r"pose_detection\.tflite is missing.*coach models fetch"):
        models.require("pose_detection.tflite")


def test_the_default_choice_sees_a_person_and_hears_english() -> None:
    names = {model.name for model in chosen((), ())}
    assert names == {"pose_detection.tflite", "pose_landmark_full.tflite", "vosk-en"}


def test_a_language_is_chosen_besides_the_default() -> None:
    assert {m.name for m in chosen((), ["es"])} - {m.name for m in chosen((), ())} == {"vosk-es"}


@pytest.mark.parametrize(("names", "languages"), [(["pose"], []), ([], ["klingon"])])
def test_an_unknown_choice_names_the_known_ones(names: list[str], languages: list[str]) -> None:
    with pytest.raises(ModelError, match="There are: "):
        chosen(names, languages)


@pytest.mark.parametrize("model", catalogue().values(), ids=lambda model: model.name)
def test_every_entry_is_pinned_and_has_two_sources(model: Model) -> None:
    assert model.files
    assert all(len(pinned) == 64 for pinned in model.files.values())
    assert model.maker.startswith("https://")
    assert model.package.rpartition("==" if model.client == "pip" else "@")[0]


@pytest.mark.parametrize(("total_kb", "lite"), [(427_000, True), (906_000, False)])
def test_a_machine_with_little_memory_sees_with_the_lite_model(
    total_kb: int, lite: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "meminfo").write_text(f"MemTotal:  {total_kb} kB\nMemFree: 1000 kB\n")
    monkeypatch.setattr(models, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setenv("COACH_DATA", str(tmp_path))
    assert (models.LITE in {model.name for model in chosen((), ())}) == lite
    assert models.landmark_variant("auto") == "full", "not fetched yet"
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / models.LITE).touch()
    assert models.landmark_variant("auto") == ("lite" if lite else "full")
    assert models.landmark_variant("full") == "full"


def test_where_the_memory_is_not_known_nothing_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "MEMORY", tmp_path / "none")
    assert not models.is_small_machine()

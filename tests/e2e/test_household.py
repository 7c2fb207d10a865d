"""A household on the real parts: spoken names, languages and weights, from a recording."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach import config
from coach.adapters.packs import load_pack
from coach.adapters.sound import read_wav, write_wav
from coach.adapters.tts import Engine, Voice
from coach.ports import SAMPLE_RATE
from tests.cli.conftest import Call, coach

__all__ = ["coach"]


def spoken(folder: Path, *said: tuple[float, str, str]) -> Path:
    """A recording: at these seconds somebody says this, in this language."""
    end = said[-1][0] + 6.0
    sound = np.zeros(round(end * SAMPLE_RATE), np.int16)
    for second, language, text in said:
        voice = str(load_pack(language).voice["espeak"])
        samples = Voice(Engine("espeak", voice, 140), folder / "voice").samples(text)
        start = round(second * SAMPLE_RATE)
        sound[start : start + len(samples)] = samples
    path = folder / "said.wav"
    write_wav(path, sound)
    return path


def run(coach: Call, folder: Path, recording: Path, *words: str) -> list[dict[str, Any]]:
    devices = ("--camera", "none", "--speaker", f"file:{folder / 'coach.wav'}", "--fast", "--json")
    called = coach("run", *words, "--microphone", f"file:{recording}", *devices)
    assert called.status == 0, called.err
    return [json.loads(line) for line in called.out.splitlines()]


def commands(lines: Sequence[dict[str, Any]]) -> list[tuple[str, Any]]:
    heard = [line for line in lines if line.get("event") == "command-heard"]
    return [(line["command"], line["meaning"]) for line in heard]


def cues(lines: Sequence[dict[str, Any]]) -> list[str]:
    return [line["cue"]["id"] for line in lines if line.get("effect") == "speak"]


def needs(*languages: str) -> None:
    for language in languages:
        if not (config.models_dir() / f"vosk-{language}").is_dir():
            pytest.skip(f"the model vosk-{language} is not fetched")


def test_somebody_takes_over_in_another_language(coach: Call, tmp_path: Path) -> None:
    needs("en", "es")
    assert coach("person", "add", "Ada").status == 0
    assert coach("person", "add", "Eva", "--language", "es").status == 0
    recording = spoken(
        tmp_path,
        (9.0, "en", "hey coach it's Eva"),
        (25.0, "es", "estoy lista"),
        (40.0, "es", "alto"),
        (48.0, "es", "hola entrenador"),
        (62.0, "es", "alto"),
    )
    lines = run(coach, tmp_path, recording, "--person", "Ada")
    assert [line["language"] for line in lines if line.get("effect") == "use-language"] == ["es"]
    assert commands(lines) == [
        ("hey-coach", "Eva"),
        ("done", None),
        ("stop", None),
        ("hey-coach", None),
        ("stop", None),
    ]
    assert "hello" in cues(lines) and "welcome-back" in cues(lines)
    voice = read_wav(tmp_path / "coach.wav")
    assert np.abs(voice[10 * SAMPLE_RATE : 20 * SAMPLE_RATE]).max() > 1000  # it answered aloud
    assert coach("replay", tmp_path / "state" / "coach.sqlite3").status == 0
    assert "Hola, Eva." in coach("replay", tmp_path / "state" / "coach.sqlite3").err


def test_somebody_whose_name_no_recogniser_knows_is_asked(coach: Call, tmp_path: Path) -> None:
    needs("en")
    for name in ("Ada", "Zsofia"):
        assert coach("person", "add", name).status == 0
    recording = spoken(
        tmp_path,
        (12.0, "en", "hey coach it's someone else"),
        (17.0, "en", "yes"),
        (32.0, "en", "stop"),
    )
    lines = run(coach, tmp_path, recording, "--person", "Ada")
    assert [line["person"] for line in lines if line.get("effect") == "start-session"] == ["Zsofia"]
    assert cues(lines)[2:4] == ["who.are-you", "hello"]


@pytest.mark.parametrize(
    ("language", "wake", "weight", "kilos"),
    [
        ("en", "hey coach", "eight kilos", 8.0),
        ("es", "hola entrenador", "ocho kilos", 8.0),
        ("fr", "salut coach", "cinq kilos", 5.0),
    ],
)
def test_a_weight_that_is_said_is_kept(
    coach: Call, tmp_path: Path, language: str, wake: str, weight: str, kilos: float
) -> None:
    needs(language)
    assert coach("program", "new", "iron", "--drill", "loaded-rdl").status == 0
    assert coach("person", "add", "Ada", "--language", language).status == 0
    assert coach("person", "unlock", "Ada", "--already-hinges-well").status == 0
    recording = spoken(tmp_path, (14.0, language, wake), (32.0, language, weight))
    lines = run(coach, tmp_path, recording, "iron", "--person", "Ada")
    assert ("weight", kilos) in commands(lines) and "weight.noted" in cues(lines)
    assert f"{kilos:g} kg" in coach("person", "show", "Ada").out

"""A model with few words hears what the whole one hears, and takes less memory."""

import ctypes
from pathlib import Path

import pytest

from coach import config
from coach.adapters import vosk_vocabulary
from coach.adapters.packs import languages, load_pack
from coach.adapters.sound import read_wav
from coach.adapters.vosk_recogniser import Reading, Recogniser, load_model

WORDS = config.DEMO.parent / "words"


def model_folder(language: str) -> Path:
    folder = config.models_dir() / f"vosk-{language}"
    if not folder.is_dir():
        pytest.skip(f"the model vosk-{language} is not fetched")
    return folder


def read_out(folder: Path, words: list[str] | None) -> list[Reading]:
    """Every reading of the demo's recordings, with its likelihood."""
    ctypes.CDLL(None).srand(1)  # Vosk adds a little noise to what it hears, from here
    recogniser = Recogniser(load_model(folder, words), ["yes", "hey coach", "done", "next"])
    readings = []
    for path in sorted(WORDS.glob("*.wav")):
        recogniser.start(read_wav(path))
        readings += recogniser.readings()
    return readings


def test_what_is_heard_is_the_same_to_the_last_digit() -> None:
    folder = model_folder("en")
    few = read_out(folder, ["yes", "hey", "coach", "done", "next"])
    assert few == read_out(folder, None)
    assert any("hey coach" in reading.text for reading in few)


@pytest.mark.parametrize("language", [one for one in languages() if one != "ko"])
def test_the_big_grammar_is_left_out(language: str) -> None:
    folder = model_folder(language)
    words = [w for said in load_pack(language).phrases.values() for p in said for w in p.split()]
    with vosk_vocabulary.only(words, folder) as smaller:
        (grammar,) = smaller.rglob(vosk_vocabulary.GRAMMAR)
        assert grammar.stat().st_size < 10_000
        model = load_model(smaller)
    assert not smaller.exists()
    assert all(model.vosk_model_find_word(word) > 0 for word in words)
    assert model.vosk_model_find_word("nosuchword") < 0


def test_a_grammar_of_another_format_is_used_as_it_is(tmp_path: Path) -> None:
    (tmp_path / vosk_vocabulary.GRAMMAR).write_bytes(b"something else")
    with vosk_vocabulary.only(["yes"], tmp_path) as folder:
        assert folder == tmp_path

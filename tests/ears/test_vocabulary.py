"""A model with few words hears what the whole one hears, and takes less memory."""

import ctypes
import shutil
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


def test_what_is_heard_is_the_same() -> None:
    folder = model_folder("en")
    few = read_out(folder, ["yes", "hey", "coach", "done", "next"])
    whole = read_out(folder, None)
    assert [one.text for one in few] == [one.text for one in whole]
    assert [one.share for one in few] == pytest.approx([one.share for one in whole], abs=1e-3)
    assert any("hey coach" in reading.text for reading in few)


@pytest.mark.parametrize("language", languages())
def test_the_words_of_a_language_are_left_out(language: str) -> None:
    folder = model_folder(language)
    words = [w for said in load_pack(language).phrases.values() for p in said for w in p.split()]
    with vosk_vocabulary.only(words, folder) as smaller:
        (grammar,) = smaller.rglob(vosk_vocabulary.GRAMMAR)
        (lexicon,) = smaller.rglob(vosk_vocabulary.LEXICON)
        assert grammar.stat().st_size < 10_000
        assert lexicon.stat().st_size < 500_000
        model = load_model(smaller)
    assert not smaller.exists()
    assert all(model.vosk_model_find_word(word) > 0 for word in words)
    assert model.vosk_model_find_word("nosuchword") < 0


@pytest.mark.parametrize("name", [vosk_vocabulary.GRAMMAR, vosk_vocabulary.LEXICON])
def test_a_model_of_another_format_is_used_as_it_is(tmp_path: Path, name: str) -> None:
    shutil.copytree(model_folder("en"), tmp_path / "model")
    (other,) = (tmp_path / "model").rglob(name)
    other.write_bytes(b"something else, and longer than a header: " * 10)
    with vosk_vocabulary.only(["yes"], tmp_path / "model") as folder:
        assert folder == tmp_path / "model"

"""The packs that ship: complete, safe to speak, and heard by their own recognisers."""

import pytest

from coach import config
from coach.adapters.packs import languages, load_pack
from coach.adapters.vosk_recogniser import known_phrases, load_model
from coach.speech.voice_pack import PackError, missing_from


def test_the_four_languages_are_there() -> None:
    assert {"en", "es", "fr", "ko"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_a_pack_says_everything_that_english_says(language: str) -> None:
    # Loading also refuses a cue that says a command between two pauses.
    assert missing_from(load_pack(language), load_pack("en")) == ()


@pytest.mark.parametrize("language", languages())
def test_every_phrase_is_in_the_recognisers_vocabulary(language: str) -> None:
    folder = config.models_dir() / f"vosk-{language}"
    if not folder.is_dir():
        pytest.skip(f"the model vosk-{language} is not fetched")
    pack = load_pack(language).with_names(["me"])
    _, unknown = known_phrases(load_model(folder), pack.phrases)
    assert unknown == ()


def test_an_unknown_language_is_answered_with_those_that_exist() -> None:
    with pytest.raises(PackError, match="no voice pack 'xx'; there are: en, es, fr, ko"):
        load_pack("xx")

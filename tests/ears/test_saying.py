"""What somebody says of themselves, on the real recognisers: names, and weights in kilos."""

import ctypes
from pathlib import Path

import pytest

from coach import config
from coach.adapters.late import LateEars
from coach.adapters.packs import load_pack
from coach.adapters.tts import Engine, Voice
from coach.adapters.vosk_ears import VoskEars
from coach.domain.terms import Command
from coach.ports import Ears
from coach.speech.voice_pack import VoicePack
from tests.ears.test_hearing import heard

GETTING_READY = frozenset({Command.DONE, Command.AGAIN, Command.NEXT, Command.STOP, Command.WEIGHT})
CALLING = frozenset({Command.WAKE, Command.SOMEBODY})


def ears_for(pack: VoicePack) -> Ears:
    model = config.models_dir() / f"vosk-{pack.language}"
    if not model.is_dir():
        pytest.skip(f"the model vosk-{pack.language} is not fetched")
    return VoskEars(model, pack.phrases, pack.decoys, meanings=pack.meanings)


def said(ears: Ears, wanted: frozenset[Command], text: str, voice: str, folder: Path) -> object:
    ears.listen_for(wanted)
    ctypes.CDLL(None).srand(1)  # Vosk adds a little noise to what it hears, from here
    samples = Voice(Engine("espeak", voice, 140), folder).samples(text)
    return [(event.command, event.meaning) for event in heard(ears, samples)]


# Of each language what espeak-ng says so that it is understood (of Korean nothing for certain);
# with better voices it is nearly everything (docs/benchmarks.md).
@pytest.mark.parametrize(
    ("language", "voice", "text", "kilos"),
    [
        ("en", "en-us", "eight kilos", 8),
        ("en", "en-us", "sixteen kilos", 16),
        ("es", "es", "ocho kilos", 8),
        ("es", "es+f3", "veinte kilos", 20),
        ("fr", "fr", "cinq kilos", 5),
        ("fr", "fr+f3", "treize kilos", 13),
    ],
)
def test_a_weight_is_understood(
    tmp_path: Path, language: str, voice: str, text: str, kilos: int
) -> None:
    ears = ears_for(load_pack(language))
    assert said(ears, GETTING_READY, text, voice, tmp_path) == [(Command.WEIGHT, kilos)]


@pytest.mark.parametrize(
    ("voice", "text", "name"),
    [
        ("en-us", "hey coach it's Ada", "Ada"),
        ("en-us", "hey coach it's guest", "guest"),
        ("en-us", "hey coach it's me", "me"),
        ("en-us", "hey coach", None),
        ("es", "hola entrenador soy Eva", "Eva"),
        ("es+f3", "hola entrenador soy invitado", "guest"),
        ("fr", "salut coach c'est Marie", "Marie"),
    ],
)
def test_a_name_is_understood(tmp_path: Path, voice: str, text: str, name: str | None) -> None:
    pack = load_pack(voice[:2]).with_names(["Ada", "Eva", "Marie", "me"])
    assert said(ears_for(pack), CALLING, text, voice, tmp_path) == [(Command.WAKE, name)]


def test_ears_that_learn_another_language_forget_the_one_before(tmp_path: Path) -> None:
    english, spanish = load_pack("en"), load_pack("es")
    ears = LateEars(ears_for, english)
    ears.load()
    assert said(ears, GETTING_READY, "one more time", "en-us", tmp_path) == [(Command.AGAIN, None)]
    ears.use(spanish)
    assert said(ears, GETTING_READY, "ocho kilos", "es", tmp_path) == [(Command.WEIGHT, 8)]
    assert said(ears, GETTING_READY, "one more time", "en-us", tmp_path) == []
    ears.use(english)
    assert said(ears, GETTING_READY, "eight kilos", "en-us", tmp_path) == [(Command.WEIGHT, 8)]

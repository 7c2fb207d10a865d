"""What people say in each language, as data beside its pack (`cases.yaml`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from coach import config
from coach.adapters.packs import languages, load_pack
from coach.adapters.tts import Engine, Voice
from coach.domain.terms import Command
from coach.speech.commands import command_in
from tests.ears.test_hearing import ears_of, heard

HEARD = 0.3
"""What must be heard of cases that espeak-ng says, of which not even a person understands each:
enough to notice that a recogniser is deaf. The figures are in docs/benchmarks.md."""


def cases(language: str) -> tuple[dict[Command, list[str]], list[str]]:
    data = YAML(typ="safe").load((config.VOICE_PACKS / language / "cases.yaml").read_text("utf-8"))
    return {Command(key): texts for key, texts in data["commands"].items()}, data["others"]


def each(language: str) -> Iterator[tuple[str, Command]]:
    return ((text, command) for command, said in cases(language)[0].items() for text in said)


def voice_of(language: str, texts: list[str], folder: Path) -> Voice:
    """Another voice than the coach's own, with all the texts rendered at once."""
    voice = Voice(Engine("espeak", f"{load_pack(language).voice['espeak']}+m3", 140), folder)
    voice.prepare(texts)
    return voice


@pytest.mark.parametrize("language", languages())
def test_every_command_has_a_case(language: str) -> None:
    assert set(cases(language)[0]) == set(Command)


@pytest.mark.parametrize("language", languages())
def test_what_is_said_means_its_command(language: str) -> None:
    phrases = load_pack(language).phrases
    assert [c for c in each(language) if command_in(c[0], phrases, Command) != c[1]] == []


@pytest.mark.parametrize("language", languages())
def test_a_sentence_with_a_commands_words_means_none(language: str) -> None:
    phrases = load_pack(language).phrases
    assert [text for text in cases(language)[1] if command_in(text, phrases, Command)] == []


@pytest.mark.parametrize("language", languages())
def test_the_languages_own_recogniser_hears_its_cases(language: str, tmp_path: Path) -> None:
    ears = ears_of(language)
    voice = voice_of(language, [text for text, _ in each(language)], tmp_path)
    missed = []
    for text, command in each(language):
        ears.listen_for(frozenset({command, Command.STOP, Command.PAUSE, Command.HELP}))
        if [e.command for e in heard(ears, voice.samples(text))] != [command]:
            missed.append(text)
    assert len(missed) <= (1.0 - HEARD) * len(list(each(language))), missed


@pytest.mark.parametrize("language", languages())
def test_the_languages_own_recogniser_refuses_other_talk(language: str, tmp_path: Path) -> None:
    ears = ears_of(language)
    ears.listen_for(frozenset({Command.DONE, Command.AGAIN, Command.STOP, Command.PAUSE}))
    others = cases(language)[1]
    voice = voice_of(language, others, tmp_path)
    talk = [text for text in others if heard(ears, voice.samples(text))]
    assert len(talk) <= 1, talk

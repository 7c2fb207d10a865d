"""Real ears on a real voice: espeak-ng says it, Vosk hears it."""

from pathlib import Path

import numpy as np
import pytest

from coach import config
from coach.adapters.echo import EchoGuard
from coach.adapters.packs import languages, load_pack
from coach.adapters.sound import Samples, read_wav
from coach.adapters.tts import Engine, Voice
from coach.adapters.vosk_ears import VoskEars
from coach.domain.events import CommandHeard
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE, Block, DeviceError

SETUP = frozenset({Command.DONE, Command.AGAIN, Command.STOP, Command.PAUSE, Command.NEXT})


def ears_of(language: str) -> VoskEars:
    model = config.models_dir() / f"vosk-{language}"
    if not model.is_dir():
        pytest.skip(f"the model vosk-{language} is not fetched")
    pack = load_pack(language)
    return VoskEars(model, pack.phrases, pack.decoys)


def heard(ears: VoskEars, samples: Samples, block: int = 320) -> list[CommandHeard]:
    second = np.zeros(SAMPLE_RATE, np.int16)
    sound = np.concatenate((second, samples, second))
    found = []
    for end in range(block, len(sound) + 1, block):
        events = ears.feed(Block(end / SAMPLE_RATE, sound[end - block : end]))
        found += [e for e in events if isinstance(e, CommandHeard)]
    return found


def say(text: str, language: str, folder: Path) -> Samples:
    voice = str(load_pack(language).voice["espeak"])
    return Voice(Engine("espeak", f"{voice}+m3", 140), folder).samples(text)


@pytest.mark.parametrize("language", languages())
def test_stop_is_heard_in_every_language(language: str, tmp_path: Path) -> None:
    ears = ears_of(language)
    ears.listen_for(SETUP)
    phrases = load_pack(language).phrases[Command.STOP]
    found = [e.command for one in phrases for e in heard(ears, say(one, language, tmp_path))]
    # espeak-ng says single words so that not even a person understands each of them.
    assert Command.STOP in found


def test_blocks_may_have_any_size(tmp_path: Path) -> None:
    ears = ears_of("en")
    ears.listen_for(SETUP)
    samples = say("one more time", "en", tmp_path)
    for block in (100, 320, 1000):
        (event,) = heard(ears, samples, block)
        assert (event.command, event.text) == (Command.AGAIN, "one more time")
        assert event.confidence >= 0.5
        assert 0.05 < event.latency_s < 1.0


def test_what_is_not_wanted_now_is_not_heard(tmp_path: Path) -> None:
    ears = ears_of("en")
    ears.listen_for(frozenset({Command.WAKE}))
    assert heard(ears, say("stop", "en", tmp_path)) == []


def test_a_word_at_the_end_of_a_longer_sound_is_not_a_command() -> None:
    ears = ears_of("en")
    ears.listen_for(SETUP)
    word = read_wav(config.ROOT / "coach" / "demo" / "words" / "next.wav")
    word = spoken_part(word)
    assert [event.text for event in heard(ears, word)] == ["next"]
    part = word[len(word) // 3 : len(word) // 2]
    assert heard(ears, np.concatenate((np.resize(part, SAMPLE_RATE), word))) == []


class OverAnEcho(EchoGuard):
    """A guard that took away an echo, of as many decibels over what is left, until `until_s`."""

    def __init__(self, echo_db: float, until_s: float = 10.0) -> None:
        super().__init__()
        self._louder = 10.0 ** (echo_db / 20.0)
        self._until_s = until_s

    def clean(self, block: Block) -> Block:
        echo = self._louder if block.t < self._until_s else 1.0
        self.taken_away.add((block.samples * echo).astype(np.int16), block.samples)
        return block


def a_word(loudness: float = 1.0) -> Samples:
    word = read_wav(config.DEMO.parent / "words" / "next.wav")
    return (word * loudness).astype(np.int16)


@pytest.mark.parametrize(("echo_db", "texts"), [(0.0, ["next"]), (9.0, ["next"]), (20.0, [])])
def test_a_word_in_the_rest_of_an_echo_is_not_a_command(echo_db: float, texts: list[str]) -> None:
    ears = ears_of("en")
    ears.guard = OverAnEcho(echo_db)
    ears.listen_for(SETUP)
    assert [event.text for event in heard(ears, a_word(0.1))] == texts


def test_a_word_after_the_rest_of_an_echo_is_no_longer_for_it(tmp_path: Path) -> None:
    """The detector of voices hears what is left of an echo, too, 30 dB down."""
    cue = np.resize(say("long and tall", "en", tmp_path), 2 * SAMPLE_RATE)
    sound = np.concatenate(((cue / 30).astype(np.int16), a_word()))
    ears = ears_of("en")
    ears.listen_for(SETUP)
    assert heard(ears, sound) == []
    ears = ears_of("en")
    ears.guard = OverAnEcho(30.0, until_s=3.0)
    ears.listen_for(SETUP)
    assert [event.text for event in heard(ears, sound)] == ["next"]


class Disturbed(OverAnEcho):
    """A guard that finds after a while that it let something through."""

    disturbed = 0

    def clean(self, block: Block) -> Block:
        self.disturbed = int(block.t > 1.3)
        return super().clean(block)


@pytest.mark.parametrize(("echo_db", "texts"), [(1.0, ["next"]), (5.0, [])])
def test_a_word_that_may_be_what_got_through_is_not_a_command(
    echo_db: float, texts: list[str]
) -> None:
    ears = ears_of("en")
    ears.guard = Disturbed(echo_db)
    ears.listen_for(SETUP)
    assert [event.text for event in heard(ears, a_word(0.5))] == texts


def test_a_command_word_in_a_sentence_is_not_a_command(tmp_path: Path) -> None:
    ears = ears_of("en")
    ears.listen_for(SETUP)
    assert heard(ears, say("I told him to stop making that noise", "en", tmp_path)) == []


def test_the_end_of_endless_talk_is_not_read_into_the_next_word(tmp_path: Path) -> None:
    """What lasts too long is never read to its end: "next" was heard as "job next"."""
    sentence = "We went along the river until it was dark and nobody knew the way home any more"
    somebody = Voice(Engine("espeak", "en-us+f3", 150), tmp_path).samples(sentence)
    talk = np.resize(spoken_part(somebody), 7 * SAMPLE_RATE)
    pause = np.zeros(2 * SAMPLE_RATE, np.int16)
    ears = ears_of("en")
    ears.listen_for(SETUP)
    for word in ("next", "done", "stop", "again", "pause"):
        said = read_wav(config.DEMO.parent / "words" / f"{word}.wav")
        found = heard(ears, np.concatenate((talk, pause, said)))
        assert [event.text for event in found] == [word]


def test_a_phrase_that_the_model_does_not_know_is_named() -> None:
    model = config.models_dir() / "vosk-en"
    if not model.is_dir():
        pytest.skip("the model vosk-en is not fetched")
    ears = VoskEars(model, {Command.STOP: ("stop", "xyzzyplugh")})
    assert ears.unknown == ("xyzzyplugh",)


def test_a_missing_model_is_said_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="coach models fetch"):
        VoskEars(tmp_path / "vosk-en", {})


def test_what_goes_on_after_a_command_is_not_another_one(tmp_path: Path) -> None:
    ears = ears_of("en")
    ears.listen_for(frozenset({Command.YES, Command.NO}))
    assert [e.command for e in heard(ears, say("yes, I did", "en", tmp_path))] == [Command.YES]


def test_a_pause_within_a_phrase_is_not_its_end() -> None:
    """The recogniser guesses "hey coach" before the second word; read to the end it is "hey"."""
    ears = ears_of("en")
    ears.listen_for(frozenset({Command.WAKE, Command.STOP}))
    said = read_wav(config.DEMO.parent / "words" / "hey-coach.wav")
    for late in range(0, 512, 64):
        found = heard(ears, np.concatenate((np.zeros(late, np.int16), said)))
        assert [event.command for event in found] == [Command.WAKE]


@pytest.mark.parametrize("pause_s", [0.5, 0.6])
def test_a_word_between_talk_and_noises_is_not_a_command(tmp_path: Path, pause_s: float) -> None:
    """It may be the end, or the middle, of a sentence that the noises cover."""
    word = spoken_part(read_wav(config.DEMO.parent / "words" / "done.wav"))
    noise = second_of_noise(word)
    ears = ears_of("en")
    ears.listen_for(SETUP)
    assert [event.text for event in heard(ears, np.concatenate((noise, word, noise)))] == ["done"]
    talk = spoken_part(say("keep going", "en", tmp_path))
    between = noise[: round(pause_s * SAMPLE_RATE)]
    assert heard(ears, np.concatenate((talk, between, word, noise))) == []


def second_of_noise(word: Samples) -> Samples:
    """As loud as the word."""
    return np.random.default_rng(1).normal(0.0, np.std(word), SAMPLE_RATE).astype(np.int16)


def spoken_part(sound: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(sound) > 300)
    return sound[loud[0] : loud[-1]]

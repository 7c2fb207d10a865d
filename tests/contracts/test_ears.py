"""What all ears keep: nothing unasked for, however the sound is cut, and no lasting memory."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from coach import config
from coach.adapters.absent import AbsentEars
from coach.adapters.hearing import Hearing
from coach.adapters.late import LateEars
from coach.adapters.packs import load_pack
from coach.adapters.sound import read_wav
from coach.adapters.vosk_ears import VoskEars
from coach.domain.events import CommandHeard, Event
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE, Block, DeviceError, Ears
from coach.speech.voice_pack import VoicePack

WORDS = config.DEMO.parent / "words"
MODEL = config.models_dir() / "vosk-en"
PACK = load_pack("en")
ALL = frozenset({Command.DONE, Command.AGAIN, Command.STOP, Command.NEXT, Command.PAUSE})

_vosk: list[VoskEars] = []


def vosk(pack: VoicePack = PACK) -> VoskEars:
    """The model is loaded once for all tests: they prove that ears keep nothing of before."""
    if not MODEL.is_dir():
        pytest.skip("the listening model is not here; run: coach models fetch")
    if not _vosk:
        _vosk.append(VoskEars(MODEL, PACK.phrases, PACK.decoys))
    return _vosk[0]


def late() -> Ears:
    ears = LateEars(vosk, PACK)
    ears.load()
    return ears


DEAF: dict[str, Callable[[], Ears]] = {
    "absent": AbsentEars,
    "not yet there": lambda: LateEars(vosk, PACK),
}
HEARING: dict[str, Callable[[], Ears]] = {
    "vosk": vosk,
    "late": late,
    "watched": lambda: Hearing(vosk()),
}


@pytest.fixture(params=[*DEAF, *HEARING])
def ears(request: pytest.FixtureRequest) -> Ears:
    return {**DEAF, **HEARING}[request.param]()


@pytest.fixture(params=HEARING)
def hearing(request: pytest.FixtureRequest) -> Ears:
    return HEARING[request.param]()


def blocks(*words: str, size: int = 320, noise: int = 12) -> Iterator[Block]:
    """These words, a second of a quiet room before, between and after them."""
    room = np.random.default_rng(7)
    sounds = [np.zeros(SAMPLE_RATE, np.int16)]
    for word in words:
        sounds += [read_wav(WORDS / f"{word}.wav"), np.zeros(SAMPLE_RATE, np.int16)]
    sound = np.concatenate(sounds)
    sound = sound + room.integers(-noise, noise + 1, len(sound), np.int16)
    for start in range(0, len(sound) - size, size):
        yield Block((start + size) / SAMPLE_RATE, sound[start : start + size])


def heard(ears: Ears, *words: str, size: int = 320) -> list[Event]:
    return [event for block in blocks(*words, size=size) for event in ears.feed(block)]


def commands(events: list[Event]) -> list[Command]:
    return [event.command for event in events if isinstance(event, CommandHeard)]


def test_nothing_is_heard_that_was_not_asked_for(ears: Ears) -> None:
    ears.listen_for(frozenset())
    assert heard(ears, "done", "stop") == []


def test_an_empty_room_says_nothing(ears: Ears) -> None:
    ears.listen_for(ALL)
    assert heard(ears) == []


@pytest.mark.parametrize("make", DEAF.values(), ids=DEAF)
def test_who_cannot_hear_stays_silent(make: Callable[[], Ears]) -> None:
    ears = make()
    ears.listen_for(ALL)
    assert heard(ears, "done", "stop") == []


def test_what_was_asked_for_is_heard(hearing: Ears) -> None:
    hearing.listen_for(ALL)
    events = heard(hearing, "done", "again", "stop")
    assert commands(events) == [Command.DONE, Command.AGAIN, Command.STOP]
    for event in events:
        assert isinstance(event, CommandHeard)
        assert 0.9 <= event.confidence <= 1.0
        assert event.text
        assert event.latency_s >= 0.0


def test_it_is_heard_after_it_was_said(hearing: Ears) -> None:
    hearing.listen_for(ALL)
    [event] = heard(hearing, "done")
    ends = 1.0 + len(read_wav(WORDS / "done.wav")) / SAMPLE_RATE
    assert 1.0 < event.t <= ends + 1.0


def test_a_command_that_means_nothing_now_is_not_heard(hearing: Ears) -> None:
    hearing.listen_for(frozenset({Command.NEXT}))
    assert commands(heard(hearing, "stop", "done")) == []


@pytest.mark.parametrize("size", [64, 320, 1000, 8000])
def test_it_does_not_matter_how_the_sound_is_cut(hearing: Ears, size: int) -> None:
    hearing.listen_for(ALL)
    assert commands(heard(hearing, "again", size=size)) == [Command.AGAIN]


def test_what_is_wanted_can_change_at_any_time(hearing: Ears) -> None:
    hearing.listen_for(frozenset({Command.DONE}))
    assert commands(heard(hearing, "done")) == [Command.DONE]
    hearing.listen_for(frozenset({Command.STOP}))
    assert commands(heard(hearing, "done", "stop")) == [Command.STOP]


def test_the_same_sound_is_heard_the_same_again(hearing: Ears) -> None:
    hearing.listen_for(ALL)
    assert commands(heard(hearing, "next")) == commands(heard(hearing, "next")) == [Command.NEXT]


def test_ears_without_their_model_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="coach models fetch"):
        VoskEars(tmp_path / "vosk-en", PACK.phrases)

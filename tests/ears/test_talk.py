"""What counts as people talking, for how long, and how much less is taken for a command then."""

from pathlib import Path

import numpy as np

from coach import config
from coach.adapters.sound import Samples, read_wav
from coach.adapters.talk import Talk
from coach.adapters.tts import Engine, Voice
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE
from tests.ears.test_hearing import SETUP, OverAnEcho, ears_of, heard, second_of_noise, spoken_part


def after(*voices: float, every_s: float = 1.0, then_s: float = 0.0) -> Talk:
    talk = Talk()
    for voice_s in voices:
        talk.add(voice_s)
        talk.wait(every_s)
    talk.wait(then_s)
    return talk


def test_a_few_sentences_are_talk() -> None:
    assert not Talk().goes_on
    assert not after(2.5).goes_on
    assert after(2.0, 2.0).goes_on
    assert after(5.0).goes_on


def test_talk_is_forgotten() -> None:
    assert after(2.0, 2.0, then_s=17.0).goes_on
    assert not after(2.0, 2.0, then_s=21.0).goes_on
    assert not after(2.0, 2.0, every_s=21.0).goes_on


def test_trying_a_word_again_and_again_or_counting_along_is_no_talk() -> None:
    assert not after(*[0.7] * 20).goes_on


def amid_noises(word: Samples) -> Samples:
    noise = second_of_noise(word)
    return np.concatenate((noise, word, noise))


def two_sentences(folder: Path) -> Samples:
    somebody = Voice(Engine("espeak", "en-us+f3", 150), folder)
    sentence = somebody.samples("We went along the river until it was dark")
    pause = np.zeros(SAMPLE_RATE, np.int16)
    return np.concatenate((sentence, pause, sentence, pause))


def minute_later(sound: Samples) -> Samples:
    return np.concatenate((np.zeros(60 * SAMPLE_RATE, np.int16), sound))


def test_where_people_talk_a_word_must_be_the_clearer(tmp_path: Path) -> None:
    word = spoken_part(read_wav(config.DEMO.parent / "words" / "done.wav"))
    ears, talk = ears_of("en"), two_sentences(tmp_path)
    ears.listen_for(SETUP)
    assert [event.text for event in heard(ears, amid_noises(word))] == ["done"]
    assert [event.text for event in heard(ears, np.concatenate((talk, word)))] == ["done"]
    assert heard(ears, np.concatenate((talk, amid_noises(word)))) == []
    assert [event.text for event in heard(ears, minute_later(amid_noises(word)))] == ["done"]


def test_where_people_talk_a_command_has_a_longer_pause_behind_it(tmp_path: Path) -> None:
    """So that "no" in "no, I never did" is none."""
    word = spoken_part(read_wav(config.DEMO.parent / "words" / "done.wav"))
    ears, talk = ears_of("en"), two_sentences(tmp_path)
    ears.listen_for(SETUP)
    goes_on = np.concatenate((word, np.zeros(round(0.35 * SAMPLE_RATE), np.int16), talk))
    assert [event.text for event in heard(ears, goes_on)] == ["done"]
    assert heard(ears, np.concatenate((talk, goes_on))) == []


def test_stop_is_heard_at_once_also_where_people_talk(tmp_path: Path) -> None:
    word = spoken_part(read_wav(config.DEMO.parent / "words" / "stop.wav"))
    ears, talk = ears_of("en"), two_sentences(tmp_path)
    ears.listen_for(SETUP)
    [alone] = heard(ears, word)
    for pause_s in (0.3, 1.0):  # before it: within the first it might be the same sentence
        before = np.concatenate((talk, np.zeros(round(pause_s * SAMPLE_RATE), np.int16)))
        [amid_talk] = heard(ears, np.concatenate((before, word)))
        assert alone.text == amid_talk.text == "stop"
        late_s = amid_talk.t - (len(before) / SAMPLE_RATE) - alone.t
        assert late_s < 0.1


def test_the_coachs_own_voice_is_no_people_who_talk(tmp_path: Path) -> None:
    word = spoken_part(read_wav(config.DEMO.parent / "words" / "done.wav"))
    ears, cue = ears_of("en"), two_sentences(tmp_path)
    ears.guard = OverAnEcho(20.0, until_s=1.0 + len(cue) / SAMPLE_RATE)
    ears.listen_for(SETUP)
    found = heard(ears, np.concatenate((cue, amid_noises(word))))
    assert [event.text for event in found] == ["done"]


def test_who_says_it_again_and_again_is_not_people_who_talk() -> None:
    word = spoken_part(read_wav(config.DEMO.parent / "words" / "done.wav"))
    ears = ears_of("en")
    ears.listen_for(SETUP - {Command.DONE})
    assert heard(ears, np.tile(np.concatenate((word, np.zeros(SAMPLE_RATE, np.int16))), 12)) == []
    ears.listen_for(SETUP)
    assert [event.text for event in heard(ears, amid_noises(word))] == ["done"]

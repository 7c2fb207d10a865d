"""What every speaker keeps: each utterance is answered exactly once, and truly."""

import heapq
from collections.abc import Iterator
from queue import SimpleQueue

import numpy as np
import pytest

from coach.adapters.clock import RealClock, VirtualClock
from coach.adapters.player import SoundSpeaker
from coach.adapters.recorded import SilentSpeaker
from coach.adapters.tape import Tape
from coach.domain.events import Event, SpeechFinished
from coach.ports import SAMPLE_RATE, DeviceError, Speaker

SOON_S = 10.0
"""Longer than anything here takes; only a failing test waits for it."""

LONG_S = 30.0
"""Of sound that nothing here waits for."""


class Stage:
    """A speaker, and what it has reported."""

    def __init__(self, kind: str) -> None:
        self.clock = VirtualClock() if kind == "virtual" else RealClock()
        self.inbox: SimpleQueue[Event] = SimpleQueue()
        self.speaker: Speaker = (
            SoundSpeaker(self.inbox.put, "speaker")
            if kind == "sound"
            else SilentSpeaker(self.clock, self.inbox.put, Tape(self.clock, wanted=False))
        )

    def play(self, utterance: int, seconds: float) -> None:
        sound = 3000 * np.sin(np.arange(round(seconds * SAMPLE_RATE)) * 0.2)
        self.speaker.play(utterance, sound.astype(np.int16))

    def next(self) -> SpeechFinished:
        while isinstance(self.clock, VirtualClock) and self.inbox.empty() and self.clock.due:
            self.clock.t, _, act = heapq.heappop(self.clock.due)
            act()
        event = self.inbox.get(timeout=SOON_S)
        assert isinstance(event, SpeechFinished)
        return event

    def reports(self, *expected: tuple[int, bool]) -> None:
        """These ends come, in this order, and no other: proved by one more utterance's end."""
        self.play(999, 0.05)
        came = [self.next() for _ in range(len(expected) + 1)]
        assert [(end.utterance, end.completed) for end in came] == [*expected, (999, True)]
        assert self.inbox.empty()


@pytest.fixture(params=["virtual", "silent", "sound"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    if request.param == "sound":
        request.getfixturevalue("sound_card")
    stage = Stage(request.param)
    stage.speaker.open()
    yield stage
    stage.speaker.close()


def test_an_utterance_is_reported_when_it_has_sounded(stage: Stage) -> None:
    began = stage.clock.now()
    stage.play(1, 0.3)
    end = stage.next()
    assert (end.utterance, end.completed) == (1, True)
    assert end.t - began >= 0.3, "no sooner than it can have sounded"
    stage.reports()


def test_one_after_the_other_each_is_reported(stage: Stage) -> None:
    for utterance in (1, 2, 3):
        stage.play(utterance, 0.05)
        assert stage.next().utterance == utterance


def test_stop_cuts_and_says_that_it_was_not_completed(stage: Stage) -> None:
    stage.play(1, LONG_S)
    stage.speaker.stop()
    stage.reports((1, False))


def test_stop_twice_is_reported_once(stage: Stage) -> None:
    stage.play(1, LONG_S)
    stage.speaker.stop()
    stage.speaker.stop()
    stage.reports((1, False))


def test_stop_in_silence_is_nothing(stage: Stage) -> None:
    stage.speaker.stop()
    stage.reports()


def test_a_new_utterance_takes_the_place_of_the_old(stage: Stage) -> None:
    stage.play(1, LONG_S)
    stage.play(2, 0.05)
    assert [stage.next().utterance for _ in range(2)] == [1, 2]
    stage.reports()


def test_the_end_that_a_cut_utterance_would_have_had_ends_nothing(stage: Stage) -> None:
    stage.play(1, 0.2)
    began = stage.clock.now()
    stage.play(2, 0.5)
    assert stage.next().utterance == 1
    end = stage.next()
    assert (end.utterance, end.completed) == (2, True)
    assert end.t - began >= 0.5


def test_an_utterance_without_sound_is_reported_too(stage: Stage) -> None:
    stage.play(1, 0.0)
    end = stage.next()
    assert (end.utterance, end.completed) == (1, True)


def test_closing_reports_what_it_cuts(stage: Stage) -> None:
    stage.play(1, LONG_S)
    stage.speaker.close()
    end = stage.next()
    assert (end.utterance, end.completed) == (1, False)


def test_it_can_be_closed_twice_and_opened_again(stage: Stage) -> None:
    stage.speaker.close()
    stage.speaker.close()
    stage.speaker.open()
    stage.play(1, 0.05)
    assert stage.next().completed


def test_a_speaker_that_is_not_there_is_a_sentence(sound_card: None) -> None:
    speaker = SoundSpeaker(lambda event: None, "moon")
    try:
        with pytest.raises(
            DeviceError, match=r"There is no sound output 'moon'; there are: .*speaker"
        ):
            speaker.open()
    finally:
        speaker.close()  # it goes on trying until then

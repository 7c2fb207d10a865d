"""What speaks against a sound's being a command, whatever it reads like."""

from collections.abc import Sequence

import numpy as np
import pytest

from coach.adapters.echo_taken import TakenAway
from coach.adapters.endpoint import FRAME, FRAME_S, Endpointer, Sound
from coach.adapters.utterance import Utterance
from coach.ports import SAMPLE_RATE

QUIET, NOISE, WORD = 0.001, 0.1, 1.0
"""Loudness; a tenth is 20 dB less."""


class Told:
    """A detector that is told what there is to detect."""

    probability = 0.0

    def __call__(self, chunk: bytes) -> float:
        return self.probability

    def reset(self) -> None:
        pass


def said(*pieces: tuple[float, float, float], own_s: float = 0.0) -> Utterance:
    """The last utterance in pieces of (loudness, seconds, probability of a voice).

    own_s: of the time before all pieces, in which the coach spoke
    """
    detector, taken_away = Told(), TakenAway()
    endpointer = Endpointer(detector)
    frames = []
    coach = np.ones(round(own_s * SAMPLE_RATE), np.int16)
    taken_away.add(100 * coach, coach)
    for loudness, seconds, detector.probability in pieces:
        for _ in range(round(seconds / FRAME_S)):
            frame = np.full(FRAME, 10_000 * loudness).astype(np.int16)
            if endpointer.feed(frame) is Sound.QUIET:
                frames = frames[-24:]
            frames.append(frame)
            taken_away.add(frame, frame)
    return Utterance(frames, endpointer, taken_away)


BEFORE, AFTER = (QUIET, 1.0, 0.0), (QUIET, 0.14, 0.0)
DONE = (WORD, 0.4, 0.99)


def test_nothing_speaks_against_a_word_by_itself() -> None:
    assert said(BEFORE, DONE, AFTER).doubts(1) == 0
    assert said(BEFORE, DONE).doubts(1) == 1, "not even a pause has come"
    assert said((NOISE, 1.0, 0.0), DONE, (NOISE, 0.14, 0.0)).doubts(1) == 0, "20 dB below it"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([(WORD, 1.0, 0.0), DONE, AFTER], id="a noise as loud before it"),
        pytest.param([BEFORE, DONE, (WORD, 0.14, 0.0)], id="a noise as loud after it"),
        pytest.param([BEFORE, DONE, (QUIET, 0.5, 0.0), DONE, AFTER], id="a voice just before"),
        pytest.param([BEFORE, (WORD, 0.4, 0.85), AFTER], id="never surely a voice"),
        pytest.param([BEFORE, (WORD, 0.1, 0.99), (WORD, 0.3, 0.7), AFTER], id="mostly unsure"),
        pytest.param([BEFORE, (WORD, 1.2, 0.99), AFTER], id="slow"),
    ],
)
def test_one_thing_speaks_against_it(pieces: Sequence[tuple[float, float, float]]) -> None:
    utterance = said(*pieces)
    assert utterance.may_be(1)
    assert utterance.doubts(1) == 1


def test_doubts_add_up() -> None:
    loud = (WORD, 0.5, 0.0)
    assert said(BEFORE, DONE, loud, (WORD, 1.2, 0.85), (WORD, 0.14, 0.0)).doubts(1) == 5


def test_more_words_may_take_longer() -> None:
    utterance = said(BEFORE, (WORD, 1.5, 0.99), AFTER)
    assert (utterance.may_be(1), utterance.may_be(2)) == (False, True)
    assert (utterance.doubts(2), utterance.doubts(3)) == (1, 0)


def test_the_coachs_own_voice_is_no_other_talk_before_a_word() -> None:
    pieces = [(NOISE, 0.1, 0.99), (WORD, 0.5, 0.0), DONE, AFTER]
    assert said(*pieces).doubts(1) == 2
    assert said(*pieces, own_s=1.0).doubts(1) == 0

"""Where a word begins and ends, by what a detector of voices says of each moment."""

import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pytest

from coach.adapters.endpoint import CHUNK, FORGET_S, FRAME, FRAME_S, Endpointer, Sound
from coach.ports import SAMPLE_RATE

VOICE, NONE = 1000, 0
"""The samples of a moment with a voice in it and of one without, for the detector below."""


class Loudness:
    """Takes what is loud for a voice, and counts how often it had to forget."""

    def __init__(self) -> None:
        self.forgot = 0

    def __call__(self, chunk: bytes) -> float:
        assert len(chunk) == 2 * CHUNK
        return float(np.abs(np.frombuffer(chunk, np.int16)).mean() / VOICE)

    def reset(self) -> None:
        self.forgot += 1


def heard(endpointer: Endpointer, pieces: Iterable[tuple[int, float]]) -> list[tuple[float, Sound]]:
    """Every change of what the endpointer says, with its time; `pieces` are (level, seconds)."""
    samples = [np.full(round(s * SAMPLE_RATE), level, np.int16) for level, s in pieces]
    frames = np.concatenate(samples)[: sum(map(len, samples)) // FRAME * FRAME].reshape(-1, FRAME)
    said = [Sound.QUIET, *(endpointer.feed(frame) for frame in frames)]
    return [(n * FRAME_S, b) for n, (a, b) in enumerate(pairwise(said), 1) if a is not b]


def test_a_word_has_one_beginning_and_one_end() -> None:
    endpointer = Endpointer(Loudness())
    (began, speech), (ended, end), _ = heard(endpointer, [(NONE, 1.0), (VOICE, 0.5), (NONE, 1.0)])
    assert (speech, end) == (Sound.SPEECH, Sound.ENDED)
    assert began == pytest.approx(1.0, abs=0.06)
    assert ended == pytest.approx(1.5 + endpointer.hangover_s, abs=0.06)


def test_a_short_gap_in_a_phrase_is_no_end() -> None:
    pieces = [(VOICE, 0.4), (NONE, 0.1), (VOICE, 0.4), (NONE, 1.0)]
    assert [s for _, s in heard(Endpointer(Loudness()), pieces)].count(Sound.ENDED) == 1


def test_how_long_a_pause_has_lasted_is_known_before_its_end() -> None:
    endpointer = Endpointer(Loudness())
    heard(endpointer, [(VOICE, 0.5), (NONE, 0.2)])
    assert endpointer.silence_s == pytest.approx(0.2, abs=0.06)


def test_how_surely_it_was_a_voice_and_what_was_before_it() -> None:
    endpointer = Endpointer(Loudness())
    heard(endpointer, [(NONE, 1.0), (VOICE, 0.5), (NONE, 0.5), (800, 0.5), (700, 0.5), (NONE, 0.2)])
    assert endpointer.quiet_s == pytest.approx(0.5, abs=0.06)
    assert endpointer.surest == pytest.approx(0.8)
    assert endpointer.sureness == pytest.approx(0.75, abs=0.01)


def test_the_quiet_before_a_voice_may_be_longer_than_the_detector_remembers() -> None:
    endpointer = Endpointer(Loudness())
    heard(endpointer, [(VOICE, 0.5), (NONE, 2.5 * FORGET_S), (VOICE, 0.5)])
    assert endpointer.quiet_s == pytest.approx(2.5 * FORGET_S, abs=0.06)


def test_talk_without_a_pause_is_too_long_until_it_pauses() -> None:
    talk = heard(Endpointer(Loudness()), [(VOICE, 8.0), (NONE, 1.0), (VOICE, 0.5), (NONE, 1.0)])
    assert [sound for _, sound in talk] == [
        Sound.SPEECH, Sound.TOO_LONG, Sound.ENDED, Sound.QUIET,
        Sound.SPEECH, Sound.ENDED, Sound.QUIET,
    ]  # fmt: skip
    assert talk[2][0] == pytest.approx(8.3, abs=0.06)


def test_the_detector_forgets_in_a_long_quiet_and_not_in_a_word() -> None:
    detector = Loudness()
    endpointer = Endpointer(detector)
    heard(endpointer, [(NONE, 0.9 * FORGET_S), (VOICE, 4.0), (NONE, 0.9 * FORGET_S)])
    assert detector.forgot == 0
    heard(endpointer, [(NONE, 2.0 * FORGET_S)])
    assert detector.forgot == 2


@pytest.mark.parametrize("seconds", [0.5, 30.0])
def test_noise_is_no_voice_to_the_real_detector(seconds: float) -> None:
    endpointer = Endpointer()
    noise = np.random.default_rng(1).normal(0.0, 1000.0, round(seconds * SAMPLE_RATE))
    frames = noise.astype(np.int16)[: len(noise) // FRAME * FRAME].reshape(-1, FRAME)
    assert {endpointer.feed(frame) for frame in frames} == {Sound.QUIET}


THREADS = """
import os
from coach.adapters.endpoint import CHUNK, silero

detector, before = silero(), len(os.listdir("/proc/self/task"))
detector(bytes(2 * CHUNK))
print(len(os.listdir("/proc/self/task")) - before)
"""


def test_the_detector_of_voices_starts_no_threads() -> None:
    # In a process of its own: how many there may be is read once, as the library is loaded.
    run = subprocess.run(
        [sys.executable, "-c", THREADS], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "0"

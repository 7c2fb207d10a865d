"""The coach does not hear itself, and still hears people."""

import numpy as np
import pytest

from coach.adapters.echo import Duplex, EchoGuard, new_guard
from coach.adapters.echo_delay import LONGEST, DelayFinder
from coach.adapters.sound import Samples
from coach.ports import SAMPLE_RATE, Block

BLOCK = 320
DELAY = round(0.11 * SAMPLE_RATE)


def own_voice(seconds: float) -> Samples:
    """Bursts of noise, as loud and as uneven as speech."""
    rng = np.random.default_rng(1)
    count = round(seconds * SAMPLE_RATE)
    swell = np.repeat(rng.uniform(0.05, 1.0, count // 1600 + 1), 1600)[:count]
    return (rng.normal(0.0, 3000.0, count) * swell).clip(-32768, 32767).astype(np.int16)


def echoed(own: Samples) -> Samples:
    noise = np.random.default_rng(2).normal(0.0, 10.0, len(own))
    late = np.concatenate((np.zeros(DELAY), own[:-DELAY]))
    return (0.5 * late + noise).astype(np.int16)


def through(guard: EchoGuard, own: Samples, heard: Samples) -> Samples:
    out = []
    for start in range(0, len(own) - BLOCK + 1, BLOCK):
        guard.heard_own(own[start : start + BLOCK], start / SAMPLE_RATE)
        t = (start + BLOCK) / SAMPLE_RATE
        out.append(guard.clean(Block(t, heard[start : start + BLOCK])).samples)
    return np.concatenate(out)


def power_db(samples: Samples) -> float:
    return 10.0 * float(np.log10(np.mean(np.square(samples.astype(np.float64))) + 1.0))


def test_the_echo_goes_and_a_person_stays() -> None:
    guard = new_guard()
    if guard.duplex is Duplex.HALF:
        pytest.skip("pyaec does not load here")
    own = own_voice(10.0)
    heard = echoed(own)
    person = (4000 * np.sin(np.arange(SAMPLE_RATE) * 2 * np.pi * 300 / SAMPLE_RATE)).astype(
        np.int16
    )
    heard[7 * SAMPLE_RATE : 8 * SAMPLE_RATE] += person
    out = through(guard, own, heard)
    before, during = (
        slice(4 * SAMPLE_RATE, 7 * SAMPLE_RATE),
        slice(7 * SAMPLE_RATE, 8 * SAMPLE_RATE),
    )
    assert power_db(heard[before]) - power_db(out[before]) > 15.0
    assert power_db(out[during]) > power_db(person) - 9.0
    assert guard.duplex is Duplex.FULL


def test_the_echo_goes_as_soon_as_its_delay_is_known() -> None:
    guard = new_guard()
    if guard.duplex is Duplex.HALF:
        pytest.skip("pyaec does not load here")
    own = own_voice(4.0)
    heard = echoed(own)
    out = through(guard, own, heard)
    known = int(np.flatnonzero(out[DELAY + 1600 :])[0]) + DELAY + 1600
    at_once = slice(known, known + SAMPLE_RATE // 4)
    assert power_db(heard[at_once]) - power_db(out[at_once]) > 12.0


def test_until_the_delay_is_known_a_loud_echo_is_muted() -> None:
    own = own_voice(1.0)
    out = through(new_guard(), own, echoed(own))
    assert not out[DELAY + 1600 : SAMPLE_RATE // 2].any()


def test_where_no_echo_comes_back_a_person_is_heard_over_the_coach() -> None:
    """Headphones, or a speakerphone that cancels by itself."""
    own = own_voice(5.0)
    heard = np.random.default_rng(2).normal(0.0, 10.0, len(own)).astype(np.int16)
    heard[3 * SAMPLE_RATE : 4 * SAMPLE_RATE] += 2000
    out = through(new_guard(), own, heard)
    assert np.array_equal(out[3 * SAMPLE_RATE :], heard[3 * SAMPLE_RATE : len(out)])


def test_a_late_echo_is_no_missing_one() -> None:
    """The latest that is looked for comes after 0.6 s; by 1.4 s its delay cannot be known yet."""
    own = own_voice(1.4)
    late = np.concatenate((np.zeros(LONGEST, np.int16), own))[: len(own)]
    guard = EchoGuard(Deaf)  # type: ignore[arg-type]
    assert not through(guard, own, late).any()


def test_without_a_canceller_the_ears_are_shut_while_the_coach_speaks() -> None:
    guard = EchoGuard(None)
    own = np.concatenate((own_voice(1.0), np.zeros(SAMPLE_RATE, np.int16)))
    heard = np.full(len(own), 500, np.int16)
    out = through(guard, own, heard)
    assert guard.duplex is Duplex.HALF
    assert not out[:SAMPLE_RATE].any()
    assert out[-BLOCK:].any(), "open again once the coach is silent"


class Deaf:
    """A canceller that takes nothing away."""

    def cancel(self, heard: Samples, own: Samples) -> Samples:
        return heard


def test_a_canceller_that_does_not_help_is_found_out() -> None:
    guard = EchoGuard(Deaf)  # type: ignore[arg-type]
    own = own_voice(12.0)
    out = through(guard, own, echoed(own))
    assert guard.duplex is Duplex.HALF
    assert not out[-BLOCK:].any()


def test_the_delay_is_found_within_ten_milliseconds() -> None:
    own = own_voice(4.0)
    heard = echoed(own)
    finder = DelayFinder()
    found = [
        finder.feed(heard[i : i + BLOCK], own[i : i + BLOCK]) for i in range(0, len(own), BLOCK)
    ]
    delays = [delay for delay in found if delay is not None]
    assert delays
    assert all(abs(delay - DELAY) < 160 for delay in delays)


def test_where_there_is_no_echo_no_delay_is_found() -> None:
    own = own_voice(4.0)
    noise = np.random.default_rng(3).normal(0.0, 500.0, len(own)).astype(np.int16)
    finder = DelayFinder()
    assert not any(
        finder.feed(noise[i : i + BLOCK], own[i : i + BLOCK]) for i in range(0, len(own), BLOCK)
    )

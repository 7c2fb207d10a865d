"""The coach does not hear itself, and still hears people."""

from collections.abc import Callable, Collection

import numpy as np

from coach.adapters.echo import Duplex, EchoGuard
from coach.adapters.echo_canceller import FRAME, Canceller, Signal
from coach.adapters.echo_delay import LONGEST, DelayFinder
from coach.adapters.echo_drift import BLIND, LOOKED, Drift, lateness
from coach.adapters.echo_streams import OwnVoice
from coach.adapters.echo_taken import LET_THROUGH_DB, TakenAway
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


def tone() -> Samples:
    """A second of a person."""
    wave = 4000 * np.sin(np.arange(SAMPLE_RATE) * 2 * np.pi * 300 / SAMPLE_RATE)
    return wave.astype(np.int16)


def played(own: Samples) -> Callable[[int, int], Samples]:
    before = np.zeros(SAMPLE_RATE, np.int16)
    return lambda start, stop: np.concatenate((before, own))[start + len(before) :][: stop - start]


def through(
    guard: EchoGuard,
    own: Samples,
    heard: Samples,
    dry_at_s: Collection[float] = (),
    late_s: Callable[[], float] = lambda: 0.0,
) -> Samples:
    """dry_at_s: when the speaker reports that it had run dry; late_s: how late a stamp is."""
    out = []
    for start in range(0, len(own) - BLOCK + 1, BLOCK):
        began = start / SAMPLE_RATE
        dry = any(began <= at < began + BLOCK / SAMPLE_RATE for at in dry_at_s)
        guard.heard_own(own[start : start + BLOCK], began + late_s(), dry)
        t = (start + BLOCK) / SAMPLE_RATE + late_s()
        out.append(guard.clean(Block(t, heard[start : start + BLOCK])).samples)
    return np.concatenate(out)


def power_db(samples: Samples) -> float:
    return 10.0 * float(np.log10(np.mean(np.square(samples.astype(np.float64))) + 1.0))


def test_the_echo_goes_and_a_person_stays() -> None:
    guard = EchoGuard()
    own = own_voice(10.0)
    heard = echoed(own)
    heard[7 * SAMPLE_RATE : 8 * SAMPLE_RATE] += tone()
    out = through(guard, own, heard)
    before, during = (
        slice(4 * SAMPLE_RATE, 7 * SAMPLE_RATE),
        slice(7 * SAMPLE_RATE, 8 * SAMPLE_RATE),
    )
    assert power_db(heard[before]) - power_db(out[before]) > 15.0
    assert power_db(out[during]) > power_db(tone()) - 9.0
    assert guard.duplex is Duplex.FULL


def test_the_echo_goes_as_soon_as_its_delay_is_known() -> None:
    guard = EchoGuard()
    own = own_voice(4.0)
    heard = echoed(own)
    out = through(guard, own, heard)
    known = int(np.flatnonzero(out[DELAY + 1600 :])[0]) + DELAY + 1600
    at_once = slice(known, known + SAMPLE_RATE // 4)
    assert power_db(heard[at_once]) - power_db(out[at_once]) > 12.0


def test_until_the_delay_is_known_a_loud_echo_is_muted() -> None:
    own = own_voice(1.0)
    out = through(EchoGuard(), own, echoed(own))
    assert not out[DELAY + 160 : round(0.25 * SAMPLE_RATE)].any()


def test_where_no_echo_comes_back_a_person_is_heard_over_the_coach() -> None:
    """Headphones, or a speakerphone that cancels by itself."""
    own = own_voice(5.0)
    heard = np.random.default_rng(2).normal(0.0, 10.0, len(own)).astype(np.int16)
    heard[3 * SAMPLE_RATE : 4 * SAMPLE_RATE] += 2000
    out = through(EchoGuard(), own, heard)
    assert np.array_equal(out[3 * SAMPLE_RATE :], heard[3 * SAMPLE_RATE : len(out)])


def test_a_late_echo_is_no_missing_one() -> None:
    """The latest that is looked for comes after 0.6 s; by 1.4 s its delay cannot be known yet."""
    own = own_voice(1.4)
    late = np.concatenate((np.zeros(LONGEST, np.int16), own))[: len(own)]
    guard = EchoGuard(Deaf)
    assert not through(guard, own, late).any()


class Deaf(Canceller):
    """A canceller that takes nothing away."""

    def cancel(self, heard: Samples, own: Samples, learn: bool = True) -> Samples:
        return heard


def test_a_canceller_that_does_not_help_is_found_out() -> None:
    guard = EchoGuard(Deaf)
    own = own_voice(12.0)
    out = through(guard, own, echoed(own))
    assert guard.duplex is Duplex.HALF
    assert not out[-BLOCK:].any()


def starved(own: Samples, at_s: float, gap_s: float) -> Samples:
    """What such a card makes of it: it falls silent for a while and then goes on."""
    at = round(at_s * SAMPLE_RATE)
    gap = np.zeros(round(gap_s * SAMPLE_RATE), np.int16)
    return np.concatenate((own[:at], gap, own[at:]))[: len(own)]


def test_after_the_card_ran_dry_nothing_uncancelled_is_let_through() -> None:
    own = own_voice(10.0)
    heard = echoed(starved(own, 6.0, 0.2))
    out = through(EchoGuard(), own, heard, dry_at_s={6.0})
    for t in np.arange(6.0, 9.9, 0.1):
        part = slice(round(t * SAMPLE_RATE), round((t + 0.1) * SAMPLE_RATE))
        assert power_db(out[part]) < power_db(heard[6 * SAMPLE_RATE :]) - 6.0


def test_a_person_is_heard_again_soon_after_the_card_ran_dry() -> None:
    own = own_voice(10.0)
    heard = echoed(starved(own, 6.0, 0.2))
    during = slice(7 * SAMPLE_RATE, 8 * SAMPLE_RATE)
    heard[during] += tone()
    out = through(EchoGuard(), own, heard, dry_at_s={6.0})
    assert power_db(out[during]) > power_db(tone()) - 9.0


def test_after_the_card_ran_dry_a_small_shift_is_followed_at_once() -> None:
    own = own_voice(8.0)
    heard = echoed(starved(own, 6.0, 0.0008))
    out = through(EchoGuard(), own, heard, dry_at_s={6.0})
    soon = slice(round(6.7 * SAMPLE_RATE), round(6.9 * SAMPLE_RATE))
    assert power_db(heard[soon]) - power_db(out[soon]) > 25.0


def test_a_shift_that_nobody_told_of_is_found_out() -> None:
    """A sound server that was starved says nothing."""
    own = own_voice(10.0)
    heard = echoed(starved(own, 6.0, 0.06))
    out = through(EchoGuard(), own, heard)
    later = slice(round(6.8 * SAMPLE_RATE), 9 * SAMPLE_RATE)
    assert power_db(heard[later]) - power_db(out[later]) > 15.0


def test_a_small_shift_is_followed_before_the_canceller_has_learnt_it() -> None:
    own = own_voice(10.0)
    heard = echoed(starved(own, 6.0, 0.005))
    out = through(EchoGuard(), own, heard)
    soon = slice(round(6.5 * SAMPLE_RATE), round(6.8 * SAMPLE_RATE))
    assert power_db(heard[soon]) - power_db(out[soon]) > 5.0


def test_what_a_dry_card_lost_is_not_counted() -> None:
    """It takes blocks faster than time passes and plays none of them: by the count it is ahead."""
    own = OwnVoice()
    loud = np.full(BLOCK, 1000, np.int16)
    for block in range(50):
        own.add(loud, 10.0 + 0.5 * block * BLOCK / SAMPLE_RATE)
    after = np.full(BLOCK, 2000, np.int16)
    own.add(after, 10.5, gap=True)
    at = round(10.5 * SAMPLE_RATE)
    assert np.array_equal(own.between(at, at + BLOCK), after)


def test_what_a_dry_card_did_not_play_is_silence() -> None:
    """And not what was played six seconds ago, in whose place it is kept."""
    own = OwnVoice()
    loud = np.full(BLOCK, 1000, np.int16)
    for block in range(400):
        own.add(loud, block * BLOCK / SAMPLE_RATE)
    own.add(loud, 8.5, gap=True)
    assert not own.between(8 * SAMPLE_RATE, round(8.5 * SAMPLE_RATE)).any()


def test_an_echo_that_comes_before_its_voice_by_the_count_is_found_again() -> None:
    """A sound server was starved, said nothing, and took the rest as much later."""
    own = own_voice(10.0)
    late = round(0.18 * SAMPLE_RATE)
    heard = echoed(starved(own, 6.0, 0.18))
    guard, out = EchoGuard(), []
    for start in range(0, len(own) - BLOCK + 1, BLOCK):
        t = (start + BLOCK) / SAMPLE_RATE
        if not 6.0 <= start / SAMPLE_RATE < 6.18:
            handed = start - (late if t > 6.0 else 0)
            guard.heard_own(own[handed : handed + BLOCK], start / SAMPLE_RATE)
        out.append(guard.clean(Block(t, heard[start : start + BLOCK])).samples)
    later = slice(round(7.5 * SAMPLE_RATE), round(9.9 * SAMPLE_RATE))
    assert power_db(heard[later]) - power_db(np.concatenate(out)[later]) > 15.0


def test_an_echo_that_does_not_come_is_neither_made_up_nor_learnt_from() -> None:
    own = own_voice(8.0)
    silent = slice(5 * SAMPLE_RATE, 6 * SAMPLE_RATE)
    heard = echoed(own)
    heard[silent] = np.random.default_rng(3).normal(0.0, 2.0, SAMPLE_RATE)
    reference = np.concatenate((np.zeros(DELAY, np.int16), own[:-DELAY]))
    out = Canceller().cancel(heard, reference)
    assert power_db(out[silent.start + 320 : silent.stop]) < 10.0
    again = slice(silent.stop + 320, silent.stop + SAMPLE_RATE // 10)
    assert power_db(heard[again]) - power_db(out[again]) > 30.0


def test_who_turns_the_volume_down_is_followed() -> None:
    own = own_voice(8.0)
    heard = echoed(own)
    heard[5 * SAMPLE_RATE :] = (heard[5 * SAMPLE_RATE :] * 0.03).astype(np.int16)
    guard = EchoGuard()
    out = through(guard, own, heard)
    later = slice(7 * SAMPLE_RATE, round(7.9 * SAMPLE_RATE))
    assert power_db(heard[later]) - power_db(out[later]) > 10.0


def by_another_clock(sound: Samples, faster_ppm: int) -> Samples:
    """As a microphone records it whose clock runs faster than the speaker's."""
    count = round(len(sound) * (1.0 + faster_ppm * 1e-6))
    stretched = np.zeros(len(sound), np.int16)
    exact = np.fft.irfft(np.fft.rfft(sound), count)[: len(sound)] * (count / len(sound))
    stretched[: len(exact)] = exact
    return stretched


def cues(count: int) -> Samples:
    """Two seconds of own voice, as dull as a voice is, two of silence, and so on."""
    own = np.convolve(own_voice(4.0 * count), np.full(6, 0.4), "same").astype(np.int16)
    own[np.arange(len(own)) // (2 * SAMPLE_RATE) % 2 == 1] = 0
    return own


def cancelled_db(
    heard: Samples, out: Samples, start_s: float, seconds: float, delay: int = DELAY
) -> float:
    start = delay + round(start_s * SAMPLE_RATE)
    part = slice(start, start + round(seconds * SAMPLE_RATE))
    return power_db(heard[part]) - power_db(out[part])


def test_clocks_that_run_apart_are_followed_through_the_silence_between_cues() -> None:
    own = cues(6)
    heard = by_another_clock(echoed(own), 60)
    out = through(EchoGuard(), own, heard)
    assert cancelled_db(heard, out, 20.0, 0.1) > 20.0


def test_clocks_may_part_by_more_than_the_filter_begins_before_the_echo() -> None:
    own = cues(15)
    heard = by_another_clock(echoed(own), -200)
    guard = EchoGuard()
    out = through(guard, own, heard)
    assert cancelled_db(heard, out, 56.0, 1.0) > 20.0
    assert guard.disturbed == 0


def test_clocks_are_followed_where_the_echo_comes_at_once() -> None:
    own = cues(6)
    late = np.concatenate((np.zeros(80, np.int16), own[:-80]))
    heard = by_another_clock(late // 2, -60)
    out = through(EchoGuard(), own, heard)
    assert cancelled_db(heard, out, 20.0, 0.1, delay=80) > 20.0


def looked_at() -> Signal:
    """As much of own voice as is looked at at a time."""
    return cues(1)[: LOOKED * FRAME].astype(np.float64)


def later(sound: Signal, samples: float) -> Signal:
    turn = np.exp(-2j * np.pi * samples * np.fft.rfftfreq(len(sound)))
    return np.fft.irfft(np.fft.rfft(sound) * turn, len(sound))


def followed(drift: Drift, sound: Signal, late: float) -> float:
    """Samples by which an echo is moved that comes so much later than it was made up."""
    frames = zip(later(sound, late).reshape(-1, FRAME), sound.reshape(-1, FRAME), strict=True)
    return sum(drift.feed(heard.astype(np.int16), made_up, True) for heard, made_up in frames)


def moved_in_silence(drift: Drift, frames: int) -> float:
    silence = np.zeros(FRAME, np.int16)
    return sum(drift.feed(silence, silence.astype(np.float64), True) for _ in range(frames))


def test_an_echo_that_jumps_is_followed_but_no_clock_is_to_blame() -> None:
    drift = Drift()
    voice = looked_at()
    followed(drift, voice, 0.0)
    assert followed(drift, voice, 20.0) > 15.0
    assert moved_in_silence(drift, 1000) == 0.0


def test_after_minutes_of_silence_nobody_knows_how_far_the_clocks_are_apart() -> None:
    drift = Drift()
    voice = looked_at()
    for _ in range(40):
        followed(drift, voice, 0.2)
    assert moved_in_silence(drift, BLIND) > 100.0
    assert moved_in_silence(drift, BLIND) == 0.0


def test_how_much_later_an_echo_comes_is_seen_to_a_hundredth_of_a_sample() -> None:
    made_up = looked_at()
    late = lateness(later(made_up, 2.3), made_up)
    assert late is not None
    assert abs(late - 2.3) < 0.01


def test_an_echo_that_is_later_than_any_clock_makes_it_is_another() -> None:
    hum = np.sin(np.arange(LOOKED * FRAME + 40) * 2 * np.pi / 640)
    assert lateness(hum[:-40], hum[40:]) is None


def test_where_nothing_is_heard_no_echo_is_late() -> None:
    made_up = looked_at()
    assert lateness(np.zeros(LOOKED * FRAME), made_up) is None


def test_under_a_persons_voice_nobody_sees_how_late_an_echo_comes() -> None:
    made_up = looked_at()
    person = own_voice(3.0)[-LOOKED * FRAME :]
    assert lateness(made_up + person, made_up) is None


def test_an_echo_that_has_only_just_begun_says_nothing_about_the_clocks() -> None:
    made_up = looked_at()
    made_up[: -FRAME // 2] = 0.0
    assert lateness(made_up, made_up) is None


class LearntWrong(Canceller):
    """After two seconds all that it has learnt is lost, and it is sure of it."""

    made = 0

    def __init__(self) -> None:
        super().__init__()
        LearntWrong.made += 1
        self._frames = 0 if LearntWrong.made == 1 else 1000

    def cancel(self, heard: Samples, own: Samples, learn: bool = True) -> Samples:
        self._frames += 1
        if self._frames == 200:
            self._way = -self._way
            self._unsure *= 0.0
        return super().cancel(heard, own, learn)


def test_a_canceller_that_has_learnt_wrong_is_replaced() -> None:
    own = own_voice(6.0)
    heard = echoed(own)
    guard = EchoGuard(LearntWrong)
    out = through(guard, own, heard)
    later = slice(5 * SAMPLE_RATE, len(out))
    assert power_db(heard[later]) - power_db(out[later]) > 15.0
    assert guard.disturbed == 1


def test_what_was_let_through_is_known_for_an_echo_afterwards() -> None:
    own = own_voice(7.0)
    heard = echoed(starved(own, 6.3, 0.005))
    guard = EchoGuard()
    out = through(guard, own, heard)
    let_through = slice(round(6.35 * SAMPLE_RATE), round(6.5 * SAMPLE_RATE))
    assert power_db(heard[let_through]) - power_db(out[let_through]) < 3.0
    assert guard.disturbed == 1
    assert guard.taken_away.db(0.7) > LET_THROUGH_DB


def test_what_was_let_through_is_looked_up_for_as_long_however_often() -> None:
    taken_away = TakenAway()
    looked_up = []

    def without_own(heard: Samples) -> Samples:
        looked_up.append(len(heard))
        return heard

    for _ in range(20):
        for _ in range(50):
            taken_away.add(tone()[:BLOCK], tone()[:BLOCK])
        taken_away.again(2.0, without_own)
    assert max(looked_up) == 2 * SAMPLE_RATE


def test_a_voice_like_the_coachs_own_is_not_followed_as_its_echo() -> None:
    """Half of what this person says is what the coach has just said."""
    own = own_voice(10.0)
    heard = echoed(own)
    during = slice(7 * SAMPLE_RATE, 8 * SAMPLE_RATE)
    like = own[during.start - DELAY // 2 : during.stop - DELAY // 2].astype(np.int32)
    heard[during] += (1.5 * like + 1.5 * own_voice(14.0)[-SAMPLE_RATE:]).astype(np.int16)
    guard = EchoGuard()
    out = through(guard, own, heard)
    assert guard.disturbed == 0
    assert power_db(out[during]) > power_db(heard[during]) - 9.0


def test_how_much_was_taken_away_tells_an_echo_from_a_person() -> None:
    own = own_voice(10.0)
    heard = echoed(own)
    guard = EchoGuard()
    through(guard, own, heard)
    assert guard.taken_away.db(1.0) > 15.0
    guard = EchoGuard()
    heard[9 * SAMPLE_RATE :] += tone()
    through(guard, own, heard)
    assert guard.taken_away.db(1.0) < 9.0


def test_while_the_card_starves_the_ears_are_shut_and_say_so() -> None:
    """Sound in pieces of which each comes later than the one before."""
    own = own_voice(12.0)
    dry = {round(t, 2) for t in np.arange(1.0, 12.0, 0.15)}
    played = own
    for t in sorted(dry):
        played = starved(played, t, 0.05)
    guard = EchoGuard()
    out = through(guard, own, echoed(played), dry_at_s=dry)
    assert not out[3 * SAMPLE_RATE :].any()
    assert guard.duplex is Duplex.HALF


def test_a_block_may_be_empty() -> None:
    """As from a card of another sample rate, whose blocks are no whole frames of ours."""
    guard = EchoGuard()
    own = own_voice(2.0)
    through(guard, own, echoed(own))
    assert not len(guard.clean(Block(2.0, own[:0])).samples)


def test_a_block_may_be_as_long_as_all_that_is_compared() -> None:
    """As after a halt of the machine."""
    guard = EchoGuard()
    own = own_voice(6.0)
    heard = echoed(own)
    for start in range(0, len(own), SAMPLE_RATE // 2):
        part = slice(start, start + SAMPLE_RATE // 2)
        guard.heard_own(own[part], start / SAMPLE_RATE)
        out = guard.clean(Block((start + len(own[part])) / SAMPLE_RATE, heard[part])).samples
    assert len(out) == SAMPLE_RATE // 2


def test_once_the_card_is_fed_again_a_person_is_heard_again() -> None:
    own = own_voice(18.0)
    during = slice(16 * SAMPLE_RATE, 17 * SAMPLE_RATE)
    heard = echoed(own)
    heard[during] += tone()
    out = through(EchoGuard(), own, heard, dry_at_s=set(np.arange(2.0, 5.0, 0.3)))
    assert power_db(out[during]) > power_db(tone()) - 9.0


def test_threads_that_wake_up_late_do_not_disturb() -> None:
    """A busy machine stamps late and takes many blocks at once; not one sample is lost."""
    rng = np.random.default_rng(4)
    own = own_voice(8.0)
    heard = echoed(own)
    out = through(EchoGuard(), own, heard, late_s=lambda: float(rng.choice([0.0, 0.0, 0.15])))
    later = slice(3 * SAMPLE_RATE, 7 * SAMPLE_RATE)
    assert power_db(heard[later]) - power_db(out[later]) > 15.0


def test_the_delay_is_found_within_ten_milliseconds() -> None:
    own = own_voice(4.0)
    heard = echoed(own)
    finder = DelayFinder(played(own))
    found = [finder.feed(heard[i : i + BLOCK], i) for i in range(0, len(own), BLOCK)]
    delays = [delay for delay in found if delay is not None]
    assert delays
    assert all(abs(delay - DELAY) < 160 for delay in delays)


def test_where_there_is_no_echo_no_delay_is_found() -> None:
    own = own_voice(4.0)
    noise = np.random.default_rng(3).normal(0.0, 500.0, len(own)).astype(np.int16)
    finder = DelayFinder(played(own))
    assert not any(finder.feed(noise[i : i + BLOCK], i) for i in range(0, len(own), BLOCK))

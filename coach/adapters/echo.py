"""The coach must not hear itself: its own output is taken out of what the microphone brings.

Full duplex with an echo canceller. Where that does not help, half duplex: the ears are shut while
the coach speaks, and a bit longer for the room's own echo.
"""

import copy
from collections import deque
from collections.abc import Callable
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from coach.adapters.echo_canceller import FRAME, Canceller
from coach.adapters.echo_delay import MOVED, DelayFinder
from coach.adapters.echo_drift import Drift
from coach.adapters.echo_streams import OwnVoice, Stream
from coach.adapters.echo_taken import TakenAway
from coach.ports import SAMPLE_RATE, Block

Samples = npt.NDArray[np.int16]

HELPS_DB = 3.0
"""A canceller that takes away less than this of a loud echo is not working."""

FAILS_FRAMES = 20
"""So many loud frames (0.2 s) with next to nothing taken away: a person, or a lost echo."""

SURE_DB = 10.0
"""While the delay is in doubt, what the canceller takes less away from is muted."""

JUDGED_FRAMES = 500
"""Loud frames (5 s) over which the canceller is judged."""

JUMPED = 8
"""Samples (0.5 ms) by which an echo has jumped where nothing is taken away any more. Else less than
`MOVED` is another way through the room, which the canceller learns."""

BETTER, JUDGED = 2.0, SAMPLE_RATE // 10
"""Another delay or a new canceller is taken where it leaves less than half the power of the last
0.1 s. A person's voice, which makes any canceller fail, and is found here and there in the coach's,
is left by all of them."""

ECHO_DB = 10.0
"""Louder than the room by this, while the coach speaks: an echo, or somebody speaking too."""

AGAIN_S = 2.0
"""Once the echo is found elsewhere, it is looked up for so long what had been let through."""

TAIL_S = 0.3
"""How long after its own voice the microphone may still bring its echo."""

ECHOLESS_S = 1.0
"""So much of its own voice without an echo (the latest comes after 0.6 s): headphones, or a
speakerphone that cancels by itself."""

OWN_POWER = 1e5
"""Own voice that an echo would be heard of; its sentences have about 1e7."""


class Duplex(StrEnum):
    FULL = "full-duplex"
    HALF = "half-duplex"


class EchoGuard:
    """Takes the coach's own voice out of the microphone's blocks.

    The canceller has to know how late the echo comes. Until that is known (half a second of the
    first utterance) a loud echo is muted, unless there proves to be none; afterwards only the
    echo goes and people are heard over the coach, also while the clocks of microphone and speaker
    run apart. The delay is in doubt again once the speaker ran dry, or an echo that is not taken
    away is not seen where it was: what the canceller does not take away is muted then.

    `heard_own` may be called from the player's thread, `clean` from the microphone's.
    """

    def __init__(self, canceller: Callable[[], Canceller] = Canceller) -> None:
        self._new_canceller = canceller
        self._canceller: Canceller | None = None
        self._own = OwnVoice()
        self._stream = Stream()
        self._finder = DelayFinder(self._own.between)
        self._drift = Drift()
        self._drifted = 0.0
        self._delay = 0
        self._seen = 0.0
        self._certain = False
        self.disturbed = 0
        """How often the echo was not, or may not have been, where it was thought to be."""
        self._moved = 0
        self._gap: int | None = None
        self._gains_db: deque[float] = deque(maxlen=JUDGED_FRAMES)
        self._quiet_power = 100.0
        self._unechoed_s = 0.0
        self.taken_away = TakenAway()

    @property
    def duplex(self) -> Duplex:
        """How the coach listens, right now, while it speaks; for the doctor."""
        return Duplex.HALF if self._unhealthy or self._unsure else Duplex.FULL

    @property
    def _unhealthy(self) -> bool:
        if self._own.starved:
            return True
        judged = len(self._gains_db) == JUDGED_FRAMES
        return judged and float(np.median(self._gains_db)) < HELPS_DB

    @property
    def _unsure(self) -> bool:
        """Whether there is an echo, or may be one, and it is not known how late it comes."""
        echo = self._canceller is not None or self._unechoed_s < ECHOLESS_S
        return echo and not self._certain

    def heard_own(self, samples: Samples, t: float, gap: bool = False) -> None:
        """The speaker was handed this at `t` seconds; `gap`: it had run dry before."""
        self._own.add(samples, t, gap)

    def clean(self, block: Block) -> Block:
        """The block without own voice; it must be whole frames of 10 ms."""
        count = len(block.samples)
        if count == 0:
            return block  # a converter of sample rates brings now more, now less
        start = self._stream.place(block.t - count / SAMPLE_RATE, count)
        out = self._without_own(block.samples, start)
        self.taken_away.add(block.samples, out)
        return Block(block.t, out)

    def _without_own(self, heard: Samples, start: int) -> Samples:
        stop = start + len(heard)
        self._follow()
        first = start - self._delay - round(TAIL_S * SAMPLE_RATE)
        power = _power(heard)
        if not self._own.between(first, stop).any():
            self._follow_the_clocks()
            self._quiet_power += 0.05 * (power - self._quiet_power)
            return self._cancelled(heard, start)
        self._learn_delay(heard, start)
        loud = power > self._echo_power
        self._look_for_an_echo(self._own.between(start, stop), loud)
        out = self._cancelled(heard, start, self._is_early(stop))
        if self._unhealthy or self._in_doubt(power, _power(out)):
            return np.zeros_like(heard)
        return out

    @property
    def _echo_power(self) -> float:
        return self._quiet_power * float(10.0 ** (ECHO_DB / 10.0))

    def _in_doubt(self, before: float, after: float) -> bool:
        """Whether this may be an echo, or the canceller's mistake about one."""
        loud = max(before, after) >= self._echo_power
        return loud and self._unsure and _gain_db(before, after) < SURE_DB

    def _look_for_an_echo(self, own: Samples, loud: bool) -> None:
        """How much the coach has said without a sound coming back; once that is clear it stays."""
        if self._unechoed_s >= ECHOLESS_S:
            return
        if loud:
            self._unechoed_s = 0.0
        elif _power(own) > OWN_POWER:
            self._unechoed_s += len(own) / SAMPLE_RATE

    # --- how late the echo comes --------------------------------------------------------------

    def _follow(self) -> None:
        """The count of what was played was put right: the echo comes sooner or later by it."""
        in_all = self._own.moved
        moved, self._moved = in_all - self._moved, in_all
        if self._certain and moved <= self._delay:
            self._delay -= moved
            self._seen -= moved
        elif moved:
            self._certain = False

    def _follow_the_clocks(self) -> None:
        """The delay takes over what the way has moved by in the canceller, while nothing sounds.

        Else the way would move out of the canceller within minutes. There is no delay to take over
        where the reference is as early as can be, and has room before the echo still.
        """
        whole = round(self._drifted)
        if self._canceller is not None and whole and min(0, whole) + self._delay >= MOVED:
            self._delay += whole
            self._drifted -= whole
            self._canceller.move(-whole)

    def _learn_delay(self, heard: Samples, start: int) -> None:
        gap = self._own.gap
        if gap is not None and gap != self._gap and start >= gap + self._delay:
            self._gap = gap
            self._certain = False
            self.disturbed += 1
            self._finder.forget()
        found = self._finder.feed(heard, start)
        seen = self._finder.seen
        if seen is None or abs(seen - self._seen) >= MOVED:
            if self._certain and not self._fails:
                return  # somebody's voice is like the coach's of a while ago
            self._certain = False
        if found is None:
            return
        stop, count = start + len(heard), len(heard)
        if self._canceller is None:
            self._canceller = self._new_canceller()
            self._left(self._canceller, found, stop, count, learn=True)
            self._delay = found
        elif (
            not self._certain or self._fails or abs(found - self._seen) >= MOVED
        ) and not self._takes_away(self._canceller, found, stop, count):
            return  # somebody's voice is like the coach's
        self._seen = found
        self._certain = True

    @property
    def _fails(self) -> bool:
        """Whether hardly anything was taken away of late."""
        latest = list(self._gains_db)[-FAILS_FRAMES:]
        return not latest or float(np.median(latest)) < HELPS_DB

    def _takes_away(self, known: Canceller, found: int, stop: int, block: int) -> bool:
        """Whether the echo that was found there is taken away.

        Where another delay or a new canceller takes away clearly more, it is taken.
        """
        heard = self._finder.fresh[:-block]
        if len(heard) < 2 * JUDGED:
            return False
        new = self._new_canceller()
        same = copy.deepcopy(known)  # the room is the same
        moved = self._delay + round(found - self._seen)
        others = (
            (self._left(new, found, stop, block, learn=True), found, new),
            (self._left(same, moved, stop, block, learn=False), moved, same),
        )
        left = self._left(copy.deepcopy(known), self._delay, stop, block, learn=False)
        least, delay, canceller = min(others, key=lambda other: other[0])
        if least >= left / BETTER:
            helps = left < _power(heard[-JUDGED:]) / BETTER
            return abs(found - self._seen) < (MOVED if helps else JUMPED)
        self._delay, self._canceller = delay, canceller
        self._gains_db.clear()
        self.disturbed += 1

        def without_own(heard: Samples) -> Samples:
            own = self._reference(stop - block - len(heard), len(heard), delay)
            return copy.deepcopy(canceller).cancel(heard, own, learn=False)

        self.taken_away.again(AGAIN_S, without_own)
        return True

    def _left(self, canceller: Canceller, delay: int, stop: int, block: int, learn: bool) -> float:
        """Power that is left of what was heard before this block; the canceller helps at once.

        Without that, what is left of the coach's first cue and a person's word are heard as one.
        Of the end, which is what is judged, nothing is learnt.
        """
        heard = self._finder.fresh[:-block]
        heard = heard[len(heard) % FRAME :]
        if len(heard) <= JUDGED:
            return 0.0  # a long block, after a halt
        own = self._reference(stop - block - len(heard), len(heard), delay)
        canceller.cancel(heard[:-JUDGED], own[:-JUDGED], learn)
        canceller.cancel(heard[-JUDGED:], own[-JUDGED:], learn=False)
        return canceller.left

    def _reference(self, start: int, count: int, delay: int) -> Samples:
        """Own voice a little before its echo: the filter never wants the echo first."""
        first = start - max(0, delay - MOVED)
        return self._own.between(first, first + count)

    def _is_early(self, stop: int) -> bool:
        """Whether by the delay this is an echo of what is yet to be played: the delay is longer."""
        return stop - max(0, self._delay - MOVED) > self._own.stop

    def _cancelled(self, heard: Samples, start: int, early: bool = False) -> Samples:
        if self._canceller is None:
            return heard
        own = self._reference(start, len(heard), self._delay)
        frames = []
        for i in range(0, len(heard), FRAME):
            frame = slice(i, i + FRAME)
            out = self._canceller.cancel(heard[frame], own[frame], learn=self._certain)
            late = self._drift.feed(heard[frame], self._canceller.made_up, self._certain)
            if late:
                self._canceller.move(late)
                self._drifted += late
                self._seen += late
            before = _power(heard[frame])
            if before > self._echo_power and (early or own[frame].any()):
                self._gains_db.append(_gain_db(before, _power(out)))
            frames.append(out)
        return np.concatenate(frames)


def _gain_db(before: float, after: float) -> float:
    return 10.0 * float(np.log10(before / after))


def _power(samples: Samples) -> float:
    return float(np.mean(np.square(samples.astype(np.float32)))) + 1.0

"""The way of the coach's own voice through speaker, air and microphone: found, followed, undone.

How late the echo comes is looked for in what is heard; the canceller learns the rest of the way.
"""

import copy
from collections import deque
from collections.abc import Callable
from math import inf

import numpy as np
import numpy.typing as npt

from coach.adapters.echo_canceller import FRAME, Canceller
from coach.adapters.echo_delay import MOVED, DelayFinder
from coach.adapters.echo_drift import Drift
from coach.adapters.echo_streams import OwnVoice
from coach.adapters.echo_taken import TakenAway, gain_db, power
from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]

HELPS_DB = 3.0
"""A canceller that takes away less than this of a loud echo is not working."""

FAILS_FRAMES = 20
"""So many loud frames (0.2 s) with next to nothing taken away: a person, or a lost echo."""

JUDGED_FRAMES = 500
"""Loud frames (5 s) over which the canceller is judged."""

JUMPED = 8
"""Samples (0.5 ms) by which an echo has jumped where nothing is taken away any more. Else less than
`MOVED` is another way through the room, which the canceller learns."""

BETTER, JUDGED = 2.0, SAMPLE_RATE // 10
"""Another delay or a new canceller is taken where it leaves less than half the power of the last
0.1 s. A person's voice, which makes any canceller fail, and is found here and there in the coach's,
is left by all of them."""

AGAIN_S = 2.0
"""Once the echo is found elsewhere, it is looked up for so long what had been let through."""


class EchoPath:
    """Where in the microphone's sound the coach's own voice comes back, and the sound without it.

    certain: it is known how late the echo comes. In doubt again once the speaker ran dry, or an
        echo that is not taken away is not seen where it was
    disturbed: how often the echo was not, or may not have been, where it was thought to be
    """

    def __init__(
        self, own: OwnVoice, canceller: Callable[[], Canceller], taken_away: TakenAway
    ) -> None:
        self._own, self._new_canceller, self._taken_away = own, canceller, taken_away
        self._canceller: Canceller | None = None
        self._finder = DelayFinder(own.between)
        self._drift = Drift()
        self._drifted = 0.0
        self._seen = 0.0
        self._moved = 0
        self._gap: int | None = None
        self._gains_db: deque[float] = deque(maxlen=JUDGED_FRAMES)
        self.delay = 0
        """Samples."""
        self.certain = False
        self.disturbed = 0

    @property
    def known(self) -> bool:
        """Whether there has been an echo."""
        return self._canceller is not None

    @property
    def unhealthy(self) -> bool:
        """Whether the canceller has hardly taken anything away for seconds."""
        judged = len(self._gains_db) == JUDGED_FRAMES
        return judged and float(np.median(self._gains_db)) < HELPS_DB

    def follow(self) -> None:
        """The count of what was played was put right: the echo comes sooner or later by it."""
        in_all = self._own.moved
        moved, self._moved = in_all - self._moved, in_all
        if self.certain and moved <= self.delay:
            self.delay -= moved
            self._seen -= moved
        elif moved:
            self.certain = False

    def follow_the_clocks(self) -> None:
        """The delay takes over what the way has moved by in the canceller, while nothing sounds.

        Else the way would move out of the canceller within minutes. There is no delay to take over
        where the reference is as early as can be, and has room before the echo still.
        """
        whole = round(self._drifted)
        if self._canceller is not None and whole and min(0, whole) + self.delay >= MOVED:
            self.delay += whole
            self._drifted -= whole
            self._canceller.move(-whole)

    def learn(self, heard: Samples, start: int) -> None:
        """How late the echo comes, from what is heard while something sounds."""
        gap = self._own.gap
        if gap is not None and gap != self._gap and start >= gap + self.delay:
            self._gap = gap
            self.certain = False
            self.disturbed += 1
            self._finder.forget()
        found = self._finder.feed(heard, start)
        seen = self._finder.seen
        if seen is None or abs(seen - self._seen) >= MOVED:
            if self.certain and not self._fails:
                return  # somebody's voice is like the coach's of a while ago
            self.certain = False
        if found is None:
            return
        stop, count = start + len(heard), len(heard)
        if self._canceller is None:
            self._canceller = self._new_canceller()
            self._left(self._canceller, found, stop, count, learn=True)
            self.delay = found
        elif (
            not self.certain or self._fails or abs(found - self._seen) >= MOVED
        ) and not self._takes_away(self._canceller, found, stop, count):
            return  # somebody's voice is like the coach's
        self._seen = found
        self.certain = True

    def without_echo(self, heard: Samples, start: int, echo_power: float = inf) -> Samples:
        """What is left of it, in whole frames.

        start: index of the first sample heard
        echo_power: from which on a frame tells whether the canceller helps; by default none does
        """
        if self._canceller is None:
            return heard
        own = self._reference(start, len(heard), self.delay)
        early = self._is_early(start + len(heard))
        frames = []
        for i in range(0, len(heard), FRAME):
            frame = slice(i, i + FRAME)
            out = self._canceller.cancel(heard[frame], own[frame], learn=self.certain)
            late = self._drift.feed(heard[frame], self._canceller.made_up, self.certain)
            if late:
                self._canceller.move(late)
                self._drifted += late
                self._seen += late
            before = power(heard[frame])
            if before > echo_power and (early or own[frame].any()):
                self._gains_db.append(gain_db(before, power(out)))
            frames.append(out)
        return np.concatenate(frames)

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
        moved = self.delay + round(found - self._seen)
        others = (
            (self._left(new, found, stop, block, learn=True), found, new),
            (self._left(same, moved, stop, block, learn=False), moved, same),
        )
        left = self._left(copy.deepcopy(known), self.delay, stop, block, learn=False)
        least, delay, canceller = min(others, key=lambda other: other[0])
        if least >= left / BETTER:
            helps = left < power(heard[-JUDGED:]) / BETTER
            return abs(found - self._seen) < (MOVED if helps else JUMPED)
        self.delay, self._canceller = delay, canceller
        self._gains_db.clear()
        self.disturbed += 1

        def without_own(heard: Samples) -> Samples:
            own = self._reference(stop - block - len(heard), len(heard), delay)
            return copy.deepcopy(canceller).cancel(heard, own, learn=False)

        self._taken_away.again(AGAIN_S, without_own)
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
        return stop - max(0, self.delay - MOVED) > self._own.stop

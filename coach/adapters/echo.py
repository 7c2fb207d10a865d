"""The coach must not hear itself: its own output is taken out of what the microphone brings.

Full duplex with an echo canceller. Where that does not help, half duplex: the ears are shut while
the coach speaks, and a bit longer for the room's own echo.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from coach.adapters.echo_canceller import Canceller
from coach.adapters.echo_path import EchoPath
from coach.adapters.echo_streams import OwnVoice, Stream
from coach.adapters.echo_taken import TakenAway, gain_db, power
from coach.ports import SAMPLE_RATE, Block

Samples = npt.NDArray[np.int16]

SURE_DB = 10.0
"""While the delay is in doubt, what the canceller takes less away from is muted."""

ECHO_DB = 10.0
"""Louder than the room by this, while the coach speaks: an echo, or somebody speaking too."""

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
    run apart. While the delay is in doubt, what the canceller does not take away is muted.

    `heard_own` may be called from the player's thread, `clean` from the microphone's.
    """

    def __init__(self, canceller: Callable[[], Canceller] = Canceller) -> None:
        self._own = OwnVoice()
        self._stream = Stream()
        self.taken_away = TakenAway()
        self._path = EchoPath(self._own, canceller, self.taken_away)
        self._quiet_power = 100.0
        self._unechoed_s = 0.0

    @property
    def disturbed(self) -> int:
        """How often the echo was not, or may not have been, where it was thought to be."""
        return self._path.disturbed

    @property
    def duplex(self) -> Duplex:
        """How the coach listens, right now, while it speaks; for the doctor."""
        return Duplex.HALF if self._unhealthy or self._unsure else Duplex.FULL

    @property
    def _unhealthy(self) -> bool:
        return self._own.starved or self._path.unhealthy

    @property
    def _unsure(self) -> bool:
        """Whether there is an echo, or may be one, and it is not known how late it comes."""
        echo = self._path.known or self._unechoed_s < ECHOLESS_S
        return echo and not self._path.certain

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
        path = self._path
        path.follow()
        first = start - path.delay - round(TAIL_S * SAMPLE_RATE)
        before = power(heard)
        if not self._own.between(first, stop).any():
            path.follow_the_clocks()
            self._quiet_power += 0.05 * (before - self._quiet_power)
            return path.without_echo(heard, start)
        path.learn(heard, start)
        loud = before > self._echo_power
        self._look_for_an_echo(self._own.between(start, stop), loud)
        out = path.without_echo(heard, start, self._echo_power)
        if self._unhealthy or self._in_doubt(before, power(out)):
            return np.zeros_like(heard)
        return out

    @property
    def _echo_power(self) -> float:
        return self._quiet_power * float(10.0 ** (ECHO_DB / 10.0))

    def _in_doubt(self, before: float, after: float) -> bool:
        """Whether this may be an echo, or the canceller's mistake about one."""
        loud = max(before, after) >= self._echo_power
        return loud and self._unsure and gain_db(before, after) < SURE_DB

    def _look_for_an_echo(self, own: Samples, loud: bool) -> None:
        """How much the coach has said without a sound coming back; once that is clear it stays."""
        if self._unechoed_s >= ECHOLESS_S:
            return
        if loud:
            self._unechoed_s = 0.0
        elif power(own) > OWN_POWER:
            self._unechoed_s += len(own) / SAMPLE_RATE

"""Whether what is being said can be a command, apart from its words, and what speaks against it.

Who says a command says it by itself, briskly, and louder than what is heard before and after it. A
noise that reads like a word fails some of that, and so does a sentence in which a noise leaves only
a command to be heard. All figures are measured, as docs/benchmarks.md tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coach.adapters.echo_taken import LET_THROUGH_DB, OWN_VOICE_DB, TakenAway
from coach.adapters.endpoint import FRAME_S, Endpointer

Samples = npt.NDArray[np.int16]

LONGEST_S, LONGEST_WORD_S = 1.0, 0.4
"""A voice that goes on for longer than this and this for each word of the command has said more
than the command: 0.4 s a word is conversation's pace, and the slowest single word of the test's
voices takes 1.1 s."""

BRISK_S, BRISK_WORD_S = 0.6, 0.3
"""The same for most voices and words."""

STANDS_OUT_DB = 5.0
"""So much louder than what is before and after it is nearly every word at 10 dB above music."""

ALONE_S = 0.7
"""A voice so soon before was the same sentence."""

A_VOICE, ALL_VOICE = 0.9, 0.8
"""How sure the detector of voices is of one: at least once, and on the whole."""

_PAUSE = 5
"""Frames: the last 0.1 s."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """An utterance up to now.

    said: its frames, after some from before its beginning
    heard: where in it a voice is
    taken_away: how much of the coach's own voice was taken out of it; None: nothing ever is
    disturbed: some of that voice may have been let through meanwhile
    """

    said: Sequence[Samples]
    heard: Endpointer
    taken_away: TakenAway | None = None
    disturbed: bool = False

    def may_be(self, words: int) -> bool:
        """Whether it can be a command of so many words: no rest of an echo, and not too long."""
        if self.taken_away is not None:
            most_db = LET_THROUGH_DB if self.disturbed else OWN_VOICE_DB
            if self.taken_away.db(self.heard.lasted_s) > most_db:
                return False
        return self.voice_s < LONGEST_S + LONGEST_WORD_S * words

    def doubts(self, words: int) -> int:
        """How much speaks against its being a command of so many words, of six things."""
        began = round(self.heard.lasted_s / FRAME_S) + 1
        before, since = _levels(self.said[:-began]), _levels(self.said[-began:])
        loud = np.percentile(since[:-_PAUSE], 80) if len(since) > _PAUSE else since.max()
        limit = loud - STANDS_OUT_DB
        # What is left of the coach's own voice, or made it a word's neighbour, is no other talk.
        after_own = self._own_s(self.heard.lasted_s + ALONE_S) > 0.0
        doubts = (
            np.median(since[-_PAUSE:]) > limit,
            not after_own and len(before) > 0 and np.median(before) > limit,
            not after_own and self.heard.quiet_s < ALONE_S,
            self.heard.surest < A_VOICE,
            self.heard.sureness < ALL_VOICE,
            self.voice_s > BRISK_S + BRISK_WORD_S * words,
        )
        return sum(map(bool, doubts))

    @property
    def voice_s(self) -> float:
        """How long a voice was heard that was not mostly the coach's own, as far as remembered."""
        voice_s = min(self.heard.voice_s, self.heard.longest_s)
        return voice_s - self._own_s(self.heard.lasted_s)

    def _own_s(self, seconds: float) -> float:
        return 0.0 if self.taken_away is None else self.taken_away.own_s(seconds)


def _levels(frames: Sequence[Samples]) -> npt.NDArray[np.float64]:
    """The level of each frame in dB."""
    powers = [np.mean(np.square(frame.astype(np.float64))) for frame in frames]
    return 10.0 * np.log10(np.array(powers) + 1.0)

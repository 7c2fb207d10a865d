"""Whether people have been talking of late, television included.

Who exercises alone says a command out of quiet, music or the coach's own voice. Amid talk, what
reads like a command is more likely a piece of it. Measured, see docs/benchmarks.md.
"""

from collections import deque

LATELY_S = 20.0
"""So long talk is remembered."""

TALK_S = 3.0
"""So much of it is talk."""

A_TRY_S = 1.5
"""A voice that lasts no longer is no talk: somebody who says again what was not understood, counts
along, or breathes hard, must not be understood less for it. "Hey coach, it's Ada" takes so long."""


class Talk:
    """Voices, neither the coach's own nor commands, and how long ago they were."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._voices: deque[tuple[float, float]] = deque()

    def wait(self, seconds: float) -> None:
        self._now_s += seconds
        while self._voices and self._voices[0][0] < self._now_s - LATELY_S:
            self._voices.popleft()

    def add(self, voice_s: float) -> None:
        """An utterance has ended in which a voice was heard for so many seconds."""
        if voice_s > A_TRY_S:
            self._voices.append((self._now_s, voice_s))

    @property
    def goes_on(self) -> bool:
        return sum(voice_s for _, voice_s in self._voices) > TALK_S

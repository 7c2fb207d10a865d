"""The same loop on recordings and virtual time: as fast as it can be computed, always the same.

Whatever is due next is done next: a timer, a call, a block of sound or a frame.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Protocol

from coach.adapters.clock import VirtualClock
from coach.domain.events import Event
from coach.domain.session import Phase
from coach.loop import Loop


class Recording(Protocol):
    @property
    def next_t(self) -> float: ...

    def read(self, timeout_s: float) -> Any: ...


@dataclass(frozen=True, slots=True)
class Feed:
    """A recorded device and the sense that it feeds."""

    recording: Recording
    sense: Callable[[Any], Iterable[Event]]


def simulate(
    loop: Loop,
    clock: VirtualClock,
    inbox: "SimpleQueue[Event]",
    feeds: Sequence[Feed],
    limit_s: float,
) -> None:
    """Until the session ends, nothing more can happen, or virtual time has reached `limit_s`."""
    never = float("inf")
    while loop.session.phase is not Phase.ENDED and clock.t < limit_s:
        if not inbox.empty():
            loop.handle(inbox.get())
            continue
        timer = loop.timers.next_due()
        timer_t = never if timer is None else timer
        call_t = clock.due[0][0] if clock.due else never
        feed = min(feeds, key=lambda one: one.recording.next_t, default=None)
        feed_t = never if feed is None else feed.recording.next_t
        if min(timer_t, call_t, feed_t) == never:
            return  # everybody is gone: nothing can happen any more
        clock.t = max(clock.t, min(timer_t, call_t, feed_t))
        if call_t <= min(timer_t, feed_t):
            heapq.heappop(clock.due)[2]()
        elif timer_t <= feed_t:
            expired = loop.timers.expire(clock.t)
            if expired is not None:
                loop.handle(expired)
        elif feed is not None:
            for event in feed.sense(feed.recording.read(0.0)):
                loop.handle(event)

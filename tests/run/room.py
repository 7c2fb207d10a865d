"""A room without devices: what the loop told each of them, and what happens in virtual time."""

from dataclasses import dataclass, field
from queue import Empty

from coach.domain.effects import Cue, WatchOrder
from coach.domain.events import CommandHeard, Event, LockoutSeen, RepCompleted, SpeechFinished
from coach.domain.session import Phase
from coach.domain.terms import Command, Rep
from coach.loop import Loop
from tests.domain import make


class Mouth:
    """Remembers what was said; `stopped` counts how often it was cut."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []
        self.stopped = 0

    def speak(self, utterance: int, cue: Cue) -> None:
        self.said.append((utterance, cue.id))

    def stop(self) -> None:
        self.stopped += 1


class Ears:
    def __init__(self) -> None:
        self.asked: list[frozenset[Command]] = []

    def listen_for(self, commands: frozenset[Command]) -> None:
        self.asked.append(commands)


class Eyes:
    def __init__(self) -> None:
        self.asked: list[WatchOrder | None] = []

    def watch(self, order: WatchOrder | None) -> None:
        self.asked.append(order)


@dataclass
class Inbox:
    """An inbox in virtual time: `get` lets the time pass until the next event, or the timeout."""

    coming: list[Event] = field(default_factory=list)
    t: float = 0.0

    def now(self) -> float:
        return self.t

    def get(self, timeout: float) -> Event:
        if self.coming and self.coming[0].t <= self.t + timeout:
            event = self.coming.pop(0)
            self.t = max(self.t, event.t)
            return event
        self.t += timeout
        raise Empty


def say(loop: Loop, *commands: Command, t: float = 1.0) -> None:
    for command in commands:
        loop.handle(CommandHeard(t, command))


def hear_out(loop: Loop, t: float = 1.0) -> None:
    """The coach says all that it has to say."""
    while (current := loop.session.talk.current) is not None:
        loop.handle(SpeechFinished(t, current.id))


def into_the_set(loop: Loop) -> None:
    say(loop, Command.WAKE)
    while loop.session.phase is not Phase.SET:
        say(loop, Command.NEXT)
    hear_out(loop)


def do(loop: Loop, rep: Rep | None = None, t: float = 1.0) -> None:
    """One rep, seen to its top by the watch that the session asked for."""
    work = loop.session.work
    assert work is not None
    loop.handle(RepCompleted(t, work.watch, rep or make.rep(t=t)))
    loop.handle(LockoutSeen(t, work.watch))

"""A coach in a house, in virtual time: a person who answers and moves, and devices that fail.

`House` is every device at once. `lose` and `bring_back` are the failure switches: what a real
device's thread reports then is what the loop gets here.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from coach.domain.effects import Cue, Effect, Speak, WatchOrder
from coach.domain.events import (
    CommandHeard,
    DeviceFailed,
    DeviceRecovered,
    Event,
    LockoutSeen,
    PoweredUp,
    RepCompleted,
    SpeechFinished,
    TimerExpired,
)
from coach.domain.session import Phase, Session, begin, wants
from coach.domain.state import Opened
from coach.domain.terms import Command, Device
from coach.loop import Loop
from coach.store.memory import Memory
from tests.domain import make

SPEECH_S = 2.0
ANSWER_S = 1.0
REP_S, TOP_S = 4.0, 0.5
HOURS = 3600.0

_OPEN: list[Memory] = []

Until = Callable[["House"], bool]


class House:
    """memory: where sessions are kept; None keeps nothing. `said`: every cue, in order."""

    def __init__(
        self,
        opened: Opened | None = None,
        memory: Memory | None = None,
        missing: Iterable[Device] = (),
    ) -> None:
        opened = opened or make.opened()
        self.t = 0.0
        self.missing = set(missing)
        self.said: list[str] = []
        self.sessions: list[Session] = []
        self.silent: set[Phase] = set()
        self._due: list[tuple[float, int, Event]] = []
        self._number = 0
        self._called = False
        left = memory.session if memory is not None else None
        journal = memory.journal if memory is not None else None
        if journal is not None and left is None:
            journal.open(opened)
        self.loop = Loop(left or begin(opened), self, self, self, journal, [self._observe])
        self._called = left is not None

    def power_up(self, *, unattended: bool = False) -> "House":
        missing = tuple(sorted(self.missing))
        self.loop.handle(PoweredUp(self.t, missing, unattended=unattended))
        return self

    @property
    def session(self) -> Session:
        return self.loop.session

    def run(self, until: Until, limit_s: float = HOURS) -> "House":
        """Raises AssertionError when it never comes to that."""
        end = self.t + limit_s
        while not until(self):
            timer = self.loop.timers.next_due()
            event_t = self._due[0][0] if self._due else None
            if timer is None and event_t is None:
                raise AssertionError(f"nothing more happens in {self.session.phase}: {self.said}")
            if event_t is None or (timer is not None and timer < event_t):
                assert timer is not None
                self.t = max(self.t, timer)
                expired = self.loop.timers.expire(self.t)
                if expired is not None:
                    self.loop.handle(expired)
            else:
                self.t = max(self.t, event_t)
                self.loop.handle(heapq.heappop(self._due)[2])
            assert self.t < end, f"it takes too long in {self.session.phase}: {self.said[-9:]}"
        return self

    def wait(self, seconds: float) -> "House":
        """So much time passes, whatever happens in it or does not."""
        self._number += 1
        end = self.t + seconds
        heapq.heappush(self._due, (end, self._number, TimerExpired(end, -1)))
        return self.run(lambda house: house.t >= end, seconds + 1.0)

    # --- failure switches ---------------------------------------------------------------------

    def lose(self, device: Device) -> None:
        self.missing.add(device)
        self.loop.handle(DeviceFailed(self.t, device, "unplugged"))

    def bring_back(self, device: Device) -> None:
        self.missing.discard(device)
        self.loop.handle(DeviceRecovered(self.t, device))

    def says(self, command: Command) -> None:
        if Device.MICROPHONE not in self.missing:
            self.loop.handle(CommandHeard(self.t, command))

    # --- the devices and the person -----------------------------------------------------------

    def speak(self, utterance: int, cue: Cue) -> None:
        heard = Device.SPEAKER not in self.missing
        self._later(SpeechFinished(self.t + SPEECH_S, utterance, completed=heard))

    def stop(self) -> None:
        pass

    def listen_for(self, commands: frozenset[Command]) -> None:
        pass

    def watch(self, order: WatchOrder | None) -> None:
        if order is not None:
            self._move(order)

    def _observe(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        self.said += [effect.cue.id for effect in effects if isinstance(effect, Speak)]
        order = wants(session).watch
        if isinstance(event, RepCompleted) and order is not None:
            self._later(LockoutSeen(self.t + TOP_S, order.id))
        if isinstance(event, LockoutSeen) and order is not None:
            self._move(order)
        if session.talk.current is None and Device.MICROPHONE not in self.missing:
            answer = self._answer(session)
            if answer is not None and isinstance(event, SpeechFinished):
                self._later(CommandHeard(self.t + ANSWER_S, answer))

    def _answer(self, session: Session) -> Command | None:
        if session.phase in self.silent:
            return None
        if session.phase is Phase.IDLE and not self._called:
            self._called = True
            return Command.WAKE
        for answer in (Command.GOOD, Command.YES, Command.RESUME):
            if answer in wants(session).listen:
                return answer
        return Command.DONE if session.phase is Phase.SETUP else None

    def _move(self, order: WatchOrder) -> None:
        if Device.CAMERA not in self.missing:
            self._later(RepCompleted(self.t + REP_S - TOP_S, order.id, make.rep(t=self.t)))

    def _later(self, event: Event) -> None:
        self._number += 1
        heapq.heappush(self._due, (event.t, self._number, event))


def in_phase(phase: Phase) -> Until:
    return lambda house: house.session.phase is phase


def reps(count: int) -> Until:
    return lambda house: house.session.work is not None and house.session.work.done >= count


def over(house: House) -> bool:
    """The session came to its end, and the coach has said everything."""
    session = house.session
    return session.phase is Phase.IDLE and not session.talk.current and "summary" in house.said


def memory(folder: Path, person: str = "me", program: str = "first-hinge") -> Memory:
    def never(sentence: str) -> None:
        raise AssertionError(sentence)

    opened = Memory(folder, person, program, never)
    _OPEN.append(opened)
    return opened


def pull_all_plugs() -> None:
    """Nothing is flushed or said, as when power goes; only the files are let go."""
    while _OPEN:
        _OPEN.pop().journal._db.close()

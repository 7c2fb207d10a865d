"""The loop: inbox -> journal -> step -> perform. Nothing here knows about coaching.

One thread calls `handle`. Every device lives in a thread of its own that only puts events in the
inbox; the only wait of the program is the one for the inbox, until the next timer is due.
"""

import heapq
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Protocol

from coach.domain.effects import (
    CancelTimer,
    Cue,
    Effect,
    Speak,
    StartTimer,
    StopSpeaking,
    UseLanguage,
    WatchOrder,
)
from coach.domain.events import DeviceFailed, DeviceRecovered, Event, TimerExpired
from coach.domain.session import Phase, Session, step, wants
from coach.domain.terms import Command, Device
from coach.store.database import StoreError
from coach.store.journal import Journal

QUIET_S = 1.0
"""The loop turns at least this often, so that its heartbeat can be seen."""

Observer = Callable[[Event, Session, Sequence[Effect]], None]
"""Called after each step, in order: the transcript, `--json`, a recorded trainee."""


class Mouth(Protocol):
    """Says cues; every utterance is answered by exactly one `SpeechFinished`."""

    def speak(self, utterance: int, cue: Cue) -> None: ...

    def stop(self) -> None: ...


class Listener(Protocol):
    """What hears, by whatever means: it only has to know what is wanted."""

    def listen_for(self, commands: frozenset[Command]) -> None: ...


class Watcher(Protocol):
    """What sees: it only has to know what is wanted."""

    def watch(self, order: WatchOrder | None) -> None: ...


class Timers:
    """Running timers, the next one first."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int]] = []
        self._cancelled: set[int] = set()

    def start(self, timer: int, due: float) -> None:
        heapq.heappush(self._due, (due, timer))

    def cancel(self, timer: int) -> None:
        self._cancelled.add(timer)

    def next_due(self) -> float | None:
        while self._due and self._due[0][1] in self._cancelled:
            self._cancelled.discard(heapq.heappop(self._due)[1])
        return self._due[0][0] if self._due else None

    def expire(self, now: float) -> TimerExpired | None:
        """The next timer that is due by now, taken off."""
        due = self.next_due()
        if due is None or due > now:
            return None
        return TimerExpired(due, heapq.heappop(self._due)[1])


class Loop:
    def __init__(
        self,
        session: Session,
        mouth: Mouth,
        ears: Listener,
        eyes: Watcher,
        journal: Journal | None,
        observers: Sequence[Observer] = (),
        use_language: Callable[[str], None] = lambda language: None,
    ) -> None:
        """`use_language` gives mouth and ears the words of another language."""
        self.session = session
        self.timers = Timers()
        self._mouth = mouth
        self._ears = ears
        self._eyes = eyes
        self._journal = journal
        self._journal_sound = True
        self._observers = observers
        self._use_language = use_language
        self._wanted = wants(self.session)
        ears.listen_for(self._wanted.listen)
        eyes.watch(self._wanted.watch)

    def handle(self, event: Event) -> None:
        """One event to its end; a record is on disk before anything of it is heard."""
        session, effects = step(self.session, event)
        trouble = self._keep(event, session, effects)
        self.session = session
        for effect in effects:
            self._perform(effect, event.t)
        self._apply_wants()
        for observe in self._observers:
            observe(event, session, effects)
        if trouble is not None:
            self.handle(trouble)

    def run(
        self,
        inbox: "SimpleQueue[Event]",
        clock: Callable[[], float],
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """Until the session has ended. `beat` is called at least every QUIET_S: a sign of life."""
        while self.session.phase is not Phase.ENDED:
            beat()
            expired = self.timers.expire(clock())
            if expired is not None:
                self.handle(expired)
                continue
            due = self.timers.next_due()
            patience = QUIET_S if due is None else min(QUIET_S, max(0.0, due - clock()))
            try:
                event = inbox.get(timeout=patience)
            except Empty:
                self._when_quiet(clock())
            else:
                self.handle(event)

    def _perform(self, effect: Effect, t: float) -> None:
        match effect:
            case Speak(utterance, cue):
                self._mouth.speak(utterance, cue)
            case StopSpeaking():
                self._mouth.stop()
            case UseLanguage(language):
                self._use_language(language)
            case StartTimer(timer, seconds):
                self.timers.start(timer, t + seconds)
            case CancelTimer(timer):
                self.timers.cancel(timer)
            case _:
                pass  # records are kept by the journal; the rest is for the observers

    def _apply_wants(self) -> None:
        wanted = wants(self.session)
        if wanted.listen != self._wanted.listen:
            self._ears.listen_for(wanted.listen)
        if wanted.watch != self._wanted.watch:
            self._eyes.watch(wanted.watch)
        self._wanted = wanted

    def _keep(self, event: Event, session: Session, effects: Sequence[Effect]) -> Event | None:
        """What the disk's refusal, or its recovery, means to the session."""
        if self._journal is None:
            return None
        try:
            self._journal.keep(event, session, effects)
        except StoreError as error:
            return self._store_failed(event.t, error)
        return None

    def _when_quiet(self, now: float) -> None:
        if self._journal is None:
            return
        try:
            self._journal.flush()
        except StoreError as error:
            trouble = self._store_failed(now, error)
            if trouble is not None:
                self.handle(trouble)
            return
        if not self._journal_sound:
            self._journal_sound = True
            self.handle(DeviceRecovered(now, Device.STORE, self._journal.take_lost()))

    def _store_failed(self, t: float, error: StoreError) -> Event | None:
        if not self._journal_sound:
            return None
        self._journal_sound = False
        return DeviceFailed(t, Device.STORE, str(error))

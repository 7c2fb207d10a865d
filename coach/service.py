"""What the service manager is told: ready, alive, stopping, and how things stand in plain words.

The watchdog is fed only by evidence of work. The main loop proves itself by calling `beat`; each
device proves itself by a block or a frame of a moment ago, unless the session knows that it is
missing. A main loop that hangs is found out by the service manager; where a camera, a microphone
or a player hangs, the main loop asks for the same end. Either is a restart, and the session goes
on at its checkpoint.

Protocol: sd_notify(3). Outside of a service there is nobody to tell, and nothing is sent.
"""

import os
from collections.abc import Callable, Mapping, Sequence

from coach.domain.effects import Effect, Speak
from coach.domain.events import Event
from coach.domain.session import Phase, Session
from coach.domain.terms import Device

FRESH_S = 7.0
"""A working device brings something at least this often (a microphone: every 0.02 s), also while
it loads a model on a slow card. With a start it is about the time that a hung main loop takes."""

FEED_S = 1.0
"""The watchdog is fed at most this often."""

_DOING = {
    Phase.IDLE: "Waiting to be called",
    Phase.WHO: "Asking who it is",
    Phase.SETUP: "Setting up",
    Phase.SET: "Counting a set",
    Phase.ASK: "Asking",
    Phase.REST: "Resting between sets",
    Phase.PAUSED: "Paused",
    Phase.ENDED: "Stopping",
}

Tell = Callable[[str], None]


def is_service() -> bool:
    """Whether the machine started this process, and not somebody who is there now."""
    return "NOTIFY_SOCKET" in os.environ


def service_manager() -> Tell:
    """Sends to the socket that systemd names in NOTIFY_SOCKET; without one, to nobody."""
    if not is_service():
        return lambda assignment: None
    from sdnotify import SystemdNotifier

    tell: Tell = SystemdNotifier().notify
    return tell


class Service:
    """An observer of the loop, and its heartbeat.

    clock: monotonic seconds
    last_work: per device, when it last brought something; from any thread
    tell: takes one assignment of sd_notify(3)
    """

    def __init__(
        self,
        clock: Callable[[], float],
        last_work: Mapping[Device, Callable[[], float]],
        tell: Tell,
    ) -> None:
        self._clock = clock
        self._last_work = last_work
        self._tell = tell
        self._beaten: float | None = None
        self._hung = False
        self._ready = False
        self._status = ""

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        if not self._ready and any(isinstance(effect, Speak) for effect in effects):
            self._ready = True
            self._tell("READY=1")
        if (status := _status(session)) != self._status:
            self._status = status
            self._tell(f"STATUS={status}")
        if session.phase is Phase.ENDED:
            self._tell("STOPPING=1")

    def beat(self, session: Session) -> None:
        """The main loop has turned; called at least once a second."""
        now = self._clock()
        if self._beaten is not None and now - self._beaten < FEED_S:
            return
        self._beaten = now
        hung, self._hung = self._hung, bool(self.stuck(session, now))
        if not self._hung:
            self._tell("WATCHDOG=1")
        elif hung:  # Twice: at the first beat after a halt of the whole machine all are silent.
            self._tell("WATCHDOG=trigger")

    def stuck(self, session: Session, now: float) -> tuple[Device, ...]:
        """The devices that should work and bring nothing."""
        return tuple(
            device
            for device, last in self._last_work.items()
            if device not in session.missing and now - last() > FRESH_S
        )


def _status(session: Session) -> str:
    without = ", ".join(sorted(session.missing))
    return _DOING[session.phase] + (f", without {without}." if without else ".")

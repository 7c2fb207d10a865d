"""The same loop on recordings and virtual time: as fast as it can be computed, always the same.

Whatever is due next is done next: a timer, a block of sound, a frame, the end of an utterance.
"""

from collections.abc import Callable
from queue import SimpleQueue

from coach.adapters.recorded import (
    RecordedCamera,
    RecordedMicrophone,
    RecordedSpeaker,
    VirtualClock,
)
from coach.domain.events import Event
from coach.domain.session import Phase, wants
from coach.loop import Loop
from coach.ports import Ears, Eyes


def simulate(
    loop: Loop,
    clock: VirtualClock,
    inbox: "SimpleQueue[Event]",
    speaker: RecordedSpeaker,
    hearing: tuple[RecordedMicrophone, Ears] | None,
    seeing: tuple[RecordedCamera, Eyes] | None,
    limit_s: float,
) -> None:
    """Until the session has ended, or virtual time has reached `limit_s`."""
    while loop.session.phase is not Phase.ENDED and clock.t < limit_s:
        if not inbox.empty():
            loop.handle(inbox.get())
            continue
        due, act = min(_next(loop, speaker, hearing, seeing), key=lambda one: one[0])
        clock.t = max(clock.t, due)
        for event in act():
            loop.handle(event)


def _next(
    loop: Loop,
    speaker: RecordedSpeaker,
    hearing: tuple[RecordedMicrophone, Ears] | None,
    seeing: tuple[RecordedCamera, Eyes] | None,
) -> list[tuple[float, Callable[[], tuple[Event, ...]]]]:
    due: list[tuple[float, Callable[[], tuple[Event, ...]]]] = []
    if (timer := loop.timers.next_due()) is not None:
        due.append((timer, lambda: _some(loop.timers.expire(timer))))
    if speaker.next_t is not None:
        due.append((speaker.next_t, lambda: _said(speaker)))
    if hearing is not None:
        microphone, ears = hearing
        due.append((microphone.next_t, lambda: _fed(microphone, ears)))
    if seeing is not None and wants(loop.session).watch is not None:
        camera, eyes = seeing
        due.append((camera.next_t, lambda: _shown(camera, eyes)))
    return due


def _some(event: Event | None) -> tuple[Event, ...]:
    return () if event is None else (event,)


def _said(speaker: RecordedSpeaker) -> tuple[Event, ...]:
    speaker.finish()
    return ()


def _fed(microphone: RecordedMicrophone, ears: Ears) -> tuple[Event, ...]:
    block = microphone.read(0.0)
    return ears.feed(block) if block is not None else ()


def _shown(camera: RecordedCamera, eyes: Eyes) -> tuple[Event, ...]:
    frame = camera.read(0.0)
    return eyes.feed(frame) if frame is not None else ()

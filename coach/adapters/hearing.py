"""A microphone that works and yet brings nothing: muted, or the wrong one of several."""

from coach.domain.events import DeviceFailed, DeviceRecovered, Event
from coach.domain.terms import Command, Device
from coach.ports import SAMPLE_RATE, Block, Ears

MUTED_S = 10.0
"""No real microphone is so quiet for so long: even a silent room gives a few bits of noise."""

MUTED = "The microphone gives only silence; is it muted? Switch it on, or choose another one."


class Hearing:
    """The `Ears` port around other ears: says so when not one sample has been other than zero.

    The first sound at all ends the matter for good: a noise gate gives zeros between words, and
    nobody wants to be told so.
    """

    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self._silent = 0
        self._sounded = False
        self._said = False

    def listen_for(self, commands: frozenset[Command]) -> None:
        self._ears.listen_for(commands)

    def feed(self, block: Block) -> tuple[Event, ...]:
        return (*self._noticed(block), *self._ears.feed(block))

    def _noticed(self, block: Block) -> tuple[Event, ...]:
        if self._sounded:
            return ()
        if block.samples.any():
            self._sounded = True
            return (DeviceRecovered(block.t, Device.MICROPHONE),) if self._said else ()
        self._silent += len(block.samples)
        if self._said or self._silent < MUTED_S * SAMPLE_RATE:
            return ()
        self._said = True
        return (DeviceFailed(block.t, Device.MICROPHONE, MUTED),)

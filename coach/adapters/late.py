"""Senses and devices that may come later: what they need is looked for each time they are opened.

An appliance is plugged together in any order. A model that is not there yet, or a camera that
nobody has plugged in, is tried again by the device's own thread until it is there.
"""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from coach.domain.effects import WatchOrder
from coach.domain.events import Event
from coach.domain.terms import Command
from coach.ports import Block, Ears, Eyes, Frame
from coach.speech.voice_pack import VoicePack

Item = TypeVar("Item", covariant=True)


class Source(Protocol[Item]):
    def open(self) -> None: ...

    def read(self, timeout_s: float) -> Item | None: ...

    def close(self) -> None: ...


class LateSource(Generic[Item]):
    """A camera or a microphone that is made when it is opened; `make` may raise DeviceError."""

    def __init__(self, make: Callable[[], Source[Item]]) -> None:
        self._make = make
        self._made: Source[Item] | None = None

    def open(self) -> None:
        self._made = self._make()
        self._made.open()

    def read(self, timeout_s: float) -> Item | None:
        assert self._made is not None, "open comes first"
        return self._made.read(timeout_s)

    def close(self) -> None:
        if self._made is not None:
            self._made.close()


class LateEars:
    """Ears whose model may still be missing, and which may have to learn another language.

    What is wanted is remembered until the model is there. `load` and `feed` are of the feeding
    thread; `listen_for` and `use` may be called from another one.
    """

    def __init__(self, make: Callable[[VoicePack], Ears], pack: VoicePack) -> None:
        self._make = make
        self._pack = pack
        self._made: Ears | None = None
        self._made_for = pack
        self._wanted: frozenset[Command] = frozenset()

    def load(self) -> None:
        """Raises DeviceError while the model is not there."""
        pack = self._pack
        if self._made is None or self._made_for is not pack:
            self._made = None  # two models at once would take twice the memory
            self._made, self._made_for = self._make(pack), pack

    def use(self, pack: VoicePack) -> None:
        """From the next block on, understand this language."""
        self._pack = pack

    def listen_for(self, commands: frozenset[Command]) -> None:
        self._wanted = commands

    def feed(self, block: Block) -> tuple[Event, ...]:
        if self._made is None:
            return ()
        if self._made_for is not self._pack:
            self.load()
        self._made.listen_for(self._wanted)
        return self._made.feed(block)


class LateEyes:
    """Eyes whose model may still be missing; the order is remembered until it is there."""

    def __init__(self, make: Callable[[], Eyes]) -> None:
        self._make = make
        self._made: Eyes | None = None
        self._order: WatchOrder | None = None

    def load(self) -> None:
        """Raises DeviceError while the model is not there. From the feeding thread."""
        if self._made is None:
            self._made = self._make()

    @property
    def bottom(self) -> Any:
        """The picture of the last rep's deepest frame, where the eyes remember one."""
        return getattr(self._made, "bottom", None)

    def watch(self, order: WatchOrder | None) -> None:
        self._order = order

    def feed(self, frame: Frame) -> tuple[Event, ...]:
        if self._made is None:
            return ()
        self._made.watch(self._order)
        return self._made.feed(frame)

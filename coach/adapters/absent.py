"""Missing devices as implementations: nothing is heard, nothing is seen, nobody has to ask."""

from coach.domain.effects import WatchOrder
from coach.domain.events import Event
from coach.domain.terms import Command
from coach.ports import Block, Frame


class AbsentEars:
    def listen_for(self, commands: frozenset[Command]) -> None:
        pass

    def feed(self, block: Block) -> tuple[Event, ...]:
        return ()


class AbsentEyes:
    def watch(self, order: WatchOrder | None) -> None:
        pass

    def feed(self, frame: Frame) -> tuple[Event, ...]:
        return ()

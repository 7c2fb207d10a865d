"""The rest between two sets."""

from coach.domain.events import CommandHeard, Event
from coach.domain.state import Phase, Purpose
from coach.domain.terms import Command
from coach.domain.turn import Turn


def enter(turn: Turn) -> None:
    seconds = turn.session.block.rest_s
    turn.say("rest.start", seconds=seconds)
    turn.start(Purpose.REST, seconds)


def handle(turn: Turn, event: Event) -> None:
    match event:
        case CommandHeard(command=Command.NEXT | Command.AGAIN):
            turn.hush()
            _next_set(turn)
        case _:
            turn.ignore("resting")


def over(turn: Turn) -> None:
    turn.say("rest.over")
    _next_set(turn)


def _next_set(turn: Turn) -> None:
    """Side and arms are only told where they change."""
    turn.cancel(Purpose.REST)
    session, work = turn.session, turn.session.work
    same = work is not None and (work.side, work.arms) == (session.side, session.arms)
    turn.go(Phase.SET if same else Phase.SETUP)

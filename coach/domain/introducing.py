"""Who is it? Asked name by name, for those whose names the recogniser cannot hear."""

from coach.domain import idle
from coach.domain.events import CommandHeard, Event
from coach.domain.people import GUEST, ME
from coach.domain.terms import Command
from coach.domain.turn import Turn


def enter(turn: Turn) -> None:
    repeat(turn)


def repeat(turn: Turn) -> None:
    name = turn.session.candidates[0]
    if name == ME:
        turn.say("who.me")
    else:
        turn.say("who.are-you", name=name)


def handle(turn: Turn, event: Event) -> None:
    match event:
        case CommandHeard(command=Command.YES):
            turn.hush()
            idle.introduced(turn, turn.session.candidates[0])
        case CommandHeard(command=Command.NO):
            turn.hush()
            _next(turn)
        case CommandHeard(command=Command.AGAIN):
            turn.hush()
            repeat(turn)
        case _:
            turn.ignore("asking who it is")


def _next(turn: Turn) -> None:
    """Whoever is none of those who are known is a guest."""
    turn.change(candidates=turn.session.candidates[1:])
    if turn.session.candidates:
        repeat(turn)
    else:
        idle.introduced(turn, GUEST)

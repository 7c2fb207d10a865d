"""A pause, and back into the phase that it broke off, at its checkpoint."""

from coach.domain import working
from coach.domain.effects import Priority
from coach.domain.state import Phase, Purpose
from coach.domain.turn import Turn


def pause(turn: Turn) -> None:
    turn.hush()
    turn.cancel(Purpose.PACE, Purpose.LOCKOUT, Purpose.REST)
    turn.change(before_pause=turn.session.phase, phase=Phase.PAUSED)
    turn.say("paused", Priority.URGENT)


def resume(turn: Turn) -> None:
    turn.hush()
    before = turn.session.before_pause
    turn.change(before_pause=None)
    turn.say("resumed")
    go_on(turn, before)


def go_on(turn: Turn, phase: Phase | None) -> None:
    """Back into a phase that was broken off, at its checkpoint."""
    match phase:
        case Phase.SET:
            working.go_on(turn)
        case Phase.PAUSED:
            turn.say("paused")
        case Phase.ASK | Phase.REST:
            turn.go(phase)
        case _:
            turn.go(Phase.SETUP)

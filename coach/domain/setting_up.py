"""The setup of a drill: one step at a time, each answered with "done"."""

from dataclasses import replace

from coach.domain.events import CommandHeard, Event
from coach.domain.state import Phase
from coach.domain.terms import Command
from coach.domain.turn import Turn

UNHEARD_STEP_S = 10.0
"""Seconds for a setup step when nobody can answer."""


def enter(turn: Turn) -> None:
    """At the step that the place names, which is not the first one after a rest or a stop."""
    session = turn.session
    if session.place.step >= len(session.steps):
        turn.go(Phase.SET)
        return
    if session.place.check and session.place.step == 0 and not session.place.brief:
        turn.say("check.start")
    repeat_step(turn)


def repeat_step(turn: Turn) -> None:
    turn.say(turn.session.steps[turn.session.place.step])


def handle(turn: Turn, event: Event) -> None:
    match event:
        case CommandHeard(command=Command.DONE):
            turn.hush()
            next_step(turn)
        case CommandHeard(command=Command.AGAIN):
            turn.hush()
            repeat_step(turn)
        case CommandHeard(command=Command.NEXT):
            turn.hush()
            turn.go(Phase.SET)
        case _:
            turn.ignore("setting up")


def next_step(turn: Turn) -> None:
    step = turn.session.place.step + 1
    turn.change(place=replace(turn.session.place, step=step), nudges=0)
    if step < len(turn.session.steps):
        repeat_step(turn)
    else:
        turn.go(Phase.SET)

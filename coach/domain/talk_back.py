"""Answers to what a person may ask or say in between: counts, progress, a weight."""

from dataclasses import replace

from coach.domain.effects import Priority
from coach.domain.events import CommandHeard
from coach.domain.mastery import State
from coach.domain.state import Phase
from coach.domain.terms import Question
from coach.domain.turn import Turn


def help_(turn: Turn) -> None:
    session = turn.session
    timed = "-timed" if session.phase is Phase.SET and not session.sees else ""
    turn.say(f"help.{session.phase}{timed}{about_the_back(turn)}", Priority.URGENT)


def about_the_back(turn: Turn) -> str:
    """One question is answered with other words than yes and no."""
    return "-back" if turn.session.question is Question.BACK else ""


def how_many(turn: Turn) -> None:
    work = turn.session.work
    if work is None or work.done == 0:
        turn.say("how-many.none", Priority.URGENT)
    else:
        left = max(0, turn.session.block.reps - work.done)
        turn.say("how-many", Priority.URGENT, n=work.done, left=left)


def how_am_i(turn: Turn) -> None:
    turn.hush()
    session = turn.session
    drill = session.block.drill
    match session.mastery.state(drill):
        case State.RETAINED:
            turn.say("how-am-i.retained")
        case State.PASSED:
            turn.say("how-am-i.passed")
        case State.LEARNING:
            turn.say("how-am-i.streak", streak=session.progress.streak)
            if drill.gate:
                turn.say("how-am-i.needed", needed=drill.gate.in_a_row)


def weight(turn: Turn, event: CommandHeard) -> None:
    kilos = event.meaning
    turn.hush()
    if not isinstance(kilos, int):
        # Heard, but not how many: the question stays open, and somebody has to be waited for.
        turn.say(f"silence.how.{turn.session.phase}")
        return
    turn.keep(replace(turn.session.progress, weight_kg=float(kilos)))
    turn.say("weight.noted", kilos=kilos)

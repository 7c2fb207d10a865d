"""Answers to what a person may ask or say in between: counts, progress, reasons, a weight."""

from dataclasses import replace
from math import ceil, floor

from coach.domain.effects import Priority
from coach.domain.events import CommandHeard
from coach.domain.mastery import State
from coach.domain.state import Phase
from coach.domain.terms import Evidence, Fault, Question, Unit
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


def why(turn: Turn) -> None:
    """The number behind the last correction of the set that has just been done."""
    work = turn.session.work
    turn.hush()
    said = work.cueing.said if work is not None else ()
    reps = work.reps if work is not None else ()
    fault, number = max(said, key=lambda one: one[1], default=(None, 0))
    known = (one for rep in reps if rep.number == number for one in rep.evidence)
    found = next((one for one in known if one.fault is fault), None)
    if found is None:
        turn.say("why.none")
        return
    front = ".front" if found.unit is Unit.HIPS else ""
    measured, limit = _spoken(found)
    turn.say(f"why.{fault}{front}", rep=number, measured=measured, limit=limit)
    if found.confidence is not None:
        turn.say("why.sure", percent=round(100 * found.confidence))


def _spoken(found: Evidence) -> tuple[str, str]:
    """Measured and limit, never rounded to the same; of a back in percent of its length."""
    if found.unit is Unit.TORSOS:
        return f"{ceil(1000 * found.measured) / 10:.1f}", f"{100 * found.limit:.1f}"
    measured = abs(found.measured)
    whole = floor(measured) if found.fault is Fault.SHALLOW else ceil(measured)
    return str(whole), f"{found.limit:.0f}"


def weight(turn: Turn, event: CommandHeard) -> None:
    kilos = event.meaning
    turn.hush()
    if not isinstance(kilos, int):
        # Heard, but not how many: the question stays open, and somebody has to be waited for.
        turn.say(f"silence.how.{turn.session.phase}")
        return
    turn.keep(replace(turn.session.progress, weight_kg=float(kilos)))
    turn.say("weight.noted", kilos=kilos)

"""What comes after a set: the other side, another set, a drill back, the next drill, or home."""

from dataclasses import replace

from coach.domain import idle, today
from coach.domain.mastery import Progress, State, after_detour
from coach.domain.program import Drill, Order
from coach.domain.state import Phase, Session
from coach.domain.today import Place
from coach.domain.turn import Turn


def after_set(turn: Turn, grown: Progress, shown: bool) -> None:
    """shown: the set showed what its gate asks for, in body and in feeling."""
    drill, detoured = turn.session.block.drill, turn.session.on_detour
    turn.keep(grown)
    session = turn.session
    if session.on_detour and not detoured:
        _fall_back(turn)
    elif _other_side(turn, drill):
        pass
    elif detoured and shown:
        _back_from_detour(turn)
    elif _enough(turn, drill):
        _finish_drill(turn, drill)
    else:
        turn.go(Phase.REST)


def _fall_back(turn: Turn) -> None:
    """Once a day there and back; the second time it is better to sleep on it."""
    place = turn.session.place
    if place.detoured:
        turn.say("tries.enough")
        summarise(turn)
        return
    turn.say("fall-back")
    _begin(turn, Place(place.block, detoured=True))


def after_check(turn: Turn) -> None:
    """It stayed, or it is trained again at once, kindly."""
    drill = turn.session.block.drill
    if _other_side(turn, drill):
        return
    if turn.session.mastery.state(drill) is State.LEARNING:
        turn.say("check.faded")
        turn.change(place=Place(turn.session.place.block, brief=True))
        turn.go(Phase.REST)
        return
    turn.say("check.stayed")
    turn.change(place=replace(turn.session.place, check=False, brief=True, side=0, step=0))
    if _enough(turn, drill):
        _finish_drill(turn, drill)
    else:
        turn.go(Phase.REST)


def _other_side(turn: Turn, drill: Drill) -> bool:
    place = turn.session.place
    if place.side + 1 >= len(drill.sides):
        return False
    turn.change(place=replace(place, side=place.side + 1, step=0, brief=True))
    turn.go(Phase.SETUP)
    return True


def _enough(turn: Turn, drill: Drill) -> bool:
    """One more set is done; whether that was the last one of this drill for today."""
    session = turn.session
    place = replace(session.place, tries=session.place.tries + 1, side=0, step=0, brief=True)
    turn.change(place=place)
    if session.on_detour or _stops_here(session, drill):
        return place.tries >= session.block.tries
    if session.program.order is Order.PROGRESSION and drill.gate:
        return True
    return place.tries >= session.block.sets


def _stops_here(session: Session, drill: Drill) -> bool:
    """Until a gate is passed, a progression has no later drill."""
    gated = session.program.order is Order.PROGRESSION and drill.gate is not None
    return gated and session.mastery.state(drill) is State.LEARNING


def _back_from_detour(turn: Turn) -> None:
    session = turn.session
    for progress in session.mastery.sides(session.own_block.drill):
        turn.keep(after_detour(progress))
    turn.say("fall-back.over")
    _begin(turn, Place(session.place.block, detoured=True))


def _finish_drill(turn: Turn, drill: Drill) -> None:
    session, index = turn.session, turn.session.place.block
    if session.on_detour or _stops_here(session, drill):
        turn.say("tries.enough")
        summarise(turn)
        return
    place = today.following(session.program, session.mastery, index)
    if place is not None:
        _begin(turn, place)
        return
    if today.something_locked(session.program, session.mastery):
        turn.say("load.locked")
    summarise(turn)


def summarise(turn: Turn) -> None:
    tally = turn.session.tally
    turn.say("summary", sets=tally.sets, reps=tally.reps, clean=tally.clean)
    idle.week(turn)
    turn.say("idle")
    turn.me(mastery=replace(turn.session.mastery, sore=False))
    idle.leave(turn, "finished", resumable=False)


def _begin(turn: Turn, place: Place) -> None:
    turn.change(place=place, work=None)
    turn.go(Phase.SETUP)

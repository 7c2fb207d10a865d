"""After a set: what it was worth, what is said of it, and what it changes."""

from dataclasses import replace

from coach.domain import idle, onward
from coach.domain.effects import RecordAnswer, RecordSet
from coach.domain.gates import Judgement, Outcome, judge
from coach.domain.mastery import (
    Progress,
    State,
    after_check,
    after_set,
    carried,
    not_felt,
)
from coach.domain.state import Phase, Session, Tally
from coach.domain.terms import Fault, Question
from coach.domain.turn import Turn


def verdict(turn: Turn) -> None:
    session = turn.session
    judged = _judged(session)
    _record(turn, judged)
    if session.place.check:
        turn.keep(after_check(session.progress, judged))
        onward.after_check(turn)
        return
    grown = after_set(session.progress, session.block, judged, session.mastery.sessions)
    if session.on_detour:
        grown = replace(grown, detour=None)  # one step back is enough at a time
    _say_outcome(turn, judged, grown)
    if _ask_about_the_stretch(session, grown):
        turn.change(waiting=grown, questions=(Question.STRETCH,))
        turn.go(Phase.ASK)
    else:
        onward.after_set(turn, grown, judged.outcome is Outcome.PASSED)


def felt(turn: Turn, stretch: bool | None) -> None:
    """The stretch in the back of the legs; without it the position is not right yet."""
    grown = turn.session.waiting
    assert grown is not None, "the stretch is asked about while progress waits for it"
    if stretch is not None:
        turn.say("stretch.yes" if stretch else "stretch.no")
    gated = turn.session.block.drill.gate is not None
    turn.change(waiting=None)
    if stretch is False and gated:
        grown = not_felt(grown)
    onward.after_set(turn, grown, shown=stretch is not False)


def hurts(turn: Turn) -> None:
    """Kindly, and at once: no more today, and no load until a session goes without pain."""
    if turn.session.work is not None and turn.session.phase in (Phase.SET, Phase.ASK):
        _record(turn, replace(_judged(turn.session), outcome=Outcome.PAIN))
    turn.me(mastery=replace(turn.session.mastery, sore=True))
    turn.say("pain.yes")
    idle.leave(turn, "pain", resumable=False)


def hurts_unasked(turn: Turn) -> None:
    """Kept like an answer."""
    turn.hush()
    number = turn.session.work.number if turn.session.work else 0
    turn.do(RecordAnswer(turn.session.block.drill.id, number, Question.PAIN, True))
    hurts(turn)


def _judged(session: Session) -> Judgement:
    block, work = session.block, session.work
    assert work is not None, "a verdict is on a set"
    gate, before = block.drill.gate, carried(session.progress, block)
    needed = gate.in_a_row if gate else 0
    if session.place.check:
        needed, before = min(needed, block.reps), 0
    return judge(block.drill, work.reps, work.neutral, work.paced, session.kept, needed, before)


def _record(turn: Turn, judged: Judgement) -> None:
    session, work = turn.session, turn.work()
    turn.do(
        RecordSet(
            session.block.drill.id,
            work.number,
            work.done,
            work.clean,
            judged.outcome,
            judged.streak,
            session.place.check,
            work.side,
            work.arms,
            session.progress.weight_kg,
        )
    )
    tally = session.tally
    turn.change(tally=Tally(tally.sets + 1, tally.reps + work.done, tally.clean + work.clean))


def _say_outcome(turn: Turn, judged: Judgement, grown: Progress) -> None:
    session = turn.session
    block, felt_good = session.block, session.kept is True
    drill, plain = block.drill, "" if block.drill.stick else ".no-stick"
    needed = drill.gate.in_a_row if drill.gate else block.reps
    if felt_good and not drill.stick and judged.fault is Fault.ROUNDED_BACK:
        turn.say("back.felt-good")
    match judged.outcome:
        case Outcome.PASSED if _just_passed(session, grown):
            turn.say(f"gate.passed{plain}", reps=judged.streak)
        case Outcome.PASSED if grown.arms > session.progress.arms:
            turn.say("set.stage")
        case Outcome.PASSED if grown.state is State.LEARNING:
            turn.say("set.more")
        case Outcome.PASSED:
            turn.say("set.done")
        case Outcome.LOST:
            turn.say(f"gate.failed{plain}", rep=judged.lost_at or 0, needed=needed)
        case Outcome.SAID_NO:
            turn.say(f"gate.said-no{plain}", needed=needed)
        case Outcome.SHORT:
            turn.say("gate.short", reps=judged.streak, needed=needed)
        case Outcome.UNSURE:
            turn.say("gate.unsure", needed=needed)
        case Outcome.PRACTISED if judged.lost_at is None:
            turn.say("set.done")
        case Outcome.PRACTISED | Outcome.PAIN:
            pass


def _just_passed(session: Session, grown: Progress) -> bool:
    """The whole drill, with both sides where it has two."""
    drill = session.block.drill
    after = session.mastery.knowing(grown).state(drill)
    return session.mastery.state(drill) is State.LEARNING and after is not State.LEARNING


def _ask_about_the_stretch(session: Session, grown: Progress) -> bool:
    drill, tries = session.block.drill, session.place.tries + 1
    if Question.STRETCH not in drill.asks:
        return False
    if drill.gate is None:
        return tries == session.block.sets
    return _just_passed(session, grown)

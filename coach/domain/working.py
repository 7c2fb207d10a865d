"""The set: reps are kept, counted aloud and corrected, or paced by time where nobody sees them."""

from dataclasses import replace

from coach.domain.cueing import Cueing, after_fault, after_lockout, after_rep
from coach.domain.effects import AmendRep, Priority, RecordRep
from coach.domain.events import (
    CommandHeard,
    Event,
    FaultSeen,
    LockoutSeen,
    NeutralLearned,
    OtherMovementSeen,
    RepCompleted,
    ViewChanged,
)
from coach.domain.gates import as_watched, needs_word
from coach.domain.mastery import State
from coach.domain.program import Stage
from coach.domain.state import Phase, Purpose, Session, Work
from coach.domain.terms import Command, Evidence, Fault, Question
from coach.domain.turn import Turn
from coach.domain.verdicts import verdict

PACE_S = 5.0
"""Seconds a rep takes when the coach keeps the time: slow down, a breath, up."""

LOCKOUT_S = 4.0
"""Whose last top is not seen to its end (they have walked off) is waited for no longer."""

FRAMING_AGAIN_S = 12.0
"""The same framing remark is not made again sooner."""


def enter(turn: Turn) -> None:
    turn.cancel(Purpose.PACE, Purpose.LOCKOUT, Purpose.REST)
    session = turn.session
    work = Work(session.sets_begun + 1, turn.new_id(), session.side, session.arms)
    work = replace(work, cueing=_feedback(session))
    turn.change(work=work, sets_begun=work.number, kept=None, framed=None)
    turn.say(f"set.start{'' if session.sees else '-timed'}", reps=session.block.reps)


def go_on(turn: Turn) -> None:
    """After a pause: what is done stays done, and the eyes start afresh."""
    if _full(turn):
        finish(turn)
        return
    turn.change(phase=Phase.SET, work=replace(turn.work(), watch=turn.new_id()), nudges=0)
    turn.say("set.go-on", left=turn.session.block.reps - turn.work().done)


def handle(turn: Turn, event: Event) -> None:
    match event:
        case RepCompleted() if _full(turn):
            turn.ignore("the set is full; its last top is awaited")
        case RepCompleted(watch=watch) if watch == turn.work().watch:
            _rep(turn, event)
        case NeutralLearned(watch=watch, calibration=calibration) if watch == turn.work().watch:
            turn.change(work=replace(turn.work(), provisional=calibration))
        case FaultSeen():
            turn.ignore("told with its rep: feedback comes after it")
        case LockoutSeen(watch=watch) if watch == turn.work().watch and turn.work().reps:
            _lockout(turn, event)
        case RepCompleted() | LockoutSeen() | NeutralLearned() | OtherMovementSeen():
            turn.ignore("not of this watch, or no hinge")
        case ViewChanged():
            _framing(turn, event)
        case CommandHeard(command=Command.DONE | Command.NEXT):
            turn.hush()
            if not _full(turn):
                turn.say("set.early")
            finish(turn)
        case CommandHeard(command=Command.AGAIN):
            turn.hush()
            turn.go(Phase.SET)
        case _:
            turn.ignore("in the set")


def pace(turn: Turn) -> None:
    """Time for one more rep that nobody sees."""
    work = turn.work()
    turn.change(work=replace(work, paced=work.paced + 1))
    turn.say("count", Priority.COUNT, n=turn.work().done)
    if _full(turn):
        finish(turn)


def finish(turn: Turn) -> None:
    """What the camera could not vouch for is asked before the verdict."""
    turn.cancel(Purpose.PACE, Purpose.LOCKOUT, Purpose.SILENCE)
    turn.change(questions=_questions(turn.session, turn.work()))
    if turn.session.questions:
        turn.go(Phase.ASK)
    else:
        verdict(turn)


def _rep(turn: Turn, event: RepCompleted) -> None:
    """Kept first, counted aloud second: what was announced is never lost."""
    work, drill = turn.work(), turn.session.block.drill
    # The eyes number from one after each pause; the set goes on counting.
    rep = replace(as_watched(event.rep, drill), number=work.done + 1)
    cueing, cue = after_rep(work.cueing, rep)
    if cue is not None and cue.startswith(f"correct.{Fault.ROUNDED_BACK}") and not drill.stick:
        cue += ".no-stick"
    turn.change(work=replace(work, reps=(*work.reps, rep), cueing=cueing), nudges=0)
    turn.do(RecordRep(drill.id, work.number, rep, cue))
    turn.say("count", Priority.COUNT, n=rep.number)
    if cue is not None:
        turn.say(cue, Priority.CORRECTION)
    if _full(turn):
        turn.start(Purpose.LOCKOUT, LOCKOUT_S)


def _lockout(turn: Turn, event: LockoutSeen) -> None:
    """The rep was counted; now its top amends it, and only then is it clean, or the set over."""
    found = event.fault
    if found is not None and found.fault in turn.session.block.drill.watched:
        _amend(turn, found)
    if not event.over:
        return
    work = turn.work()
    cueing, praise = after_lockout(work.cueing, work.reps[-1])
    turn.change(work=replace(work, cueing=cueing))
    if praise is not None:
        turn.say(praise, Priority.CORRECTION)
    if _full(turn):
        finish(turn)


def _amend(turn: Turn, found: Evidence) -> None:
    work = turn.work()
    before, rep = work.reps[-1], work.reps[-1].with_fault(found)
    if rep == before:
        return
    cueing, cue = work.cueing, None
    if found.fault not in before.faults:
        cueing, cue = after_fault(cueing, rep, found.fault)
    turn.change(work=replace(work, reps=(*work.reps[:-1], rep), cueing=cueing))
    turn.do(AmendRep(turn.session.block.drill.id, work.number, rep, cue))
    if cue is not None:
        turn.say(cue, Priority.CORRECTION)


def _full(turn: Turn) -> bool:
    return turn.work().done >= turn.session.block.reps


def _feedback(session: Session) -> Cueing:
    """Rarer as the streak grows; a check has none; with a weight in hand the back always has."""
    loaded = session.block.drill.stage is Stage.LOAD
    always = frozenset({Fault.ROUNDED_BACK}) if loaded else frozenset[Fault]()
    return Cueing(session.progress.streak, session.place.check, always)


def _questions(session: Session, work: Work) -> tuple[Question, ...]:
    if not work.done:
        return ()
    asks = session.block.drill.asks
    unseen = work.paced > 0 or any(needs_word(rep) for rep in work.reps[work.neutral :])
    questions = []
    if Question.CONTACT in asks and (unseen or work.neutral):
        questions.append(Question.CONTACT_ALL if unseen else Question.CONTACT)
    # Judging oneself before hearing the verdict teaches; it fades like all feedback.
    new = session.progress.state is State.LEARNING and not work.cueing.faded
    judging_oneself = new and not session.place.check
    if Question.BACK in asks and (unseen or work.neutral or judging_oneself):
        questions.append(Question.BACK)
    if Question.PAIN in asks and session.place.tries == 0:
        questions.append(Question.PAIN)
    return tuple(questions)


def _framing(turn: Turn, event: ViewChanged) -> None:
    if event.judgeable or event.reason is None:
        return
    if turn.session.framed is not None:
        reason, when = turn.session.framed
        if reason is event.reason and event.t - when < FRAMING_AGAIN_S:
            turn.ignore("said a moment ago")
            return
    turn.change(framed=(event.reason, event.t))
    turn.say(f"framing.{event.reason}", Priority.CORRECTION)

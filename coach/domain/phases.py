"""What each phase does on entering it and with what happens in it.

`enter_*` starts a phase; the functions named after phases answer the events that reach them.
Commands that mean the same everywhere (stop, pause, help) are answered in `session.step`.
"""

from dataclasses import replace

from coach.domain.cueing import after_rep
from coach.domain.effects import (
    EndSession,
    Priority,
    RecordAnswer,
    RecordCalibration,
    RecordRep,
    RecordSet,
    StartSession,
)
from coach.domain.events import (
    CommandHeard,
    Event,
    NeutralLearned,
    OtherMovementSeen,
    RepCompleted,
    ViewChanged,
)
from coach.domain.mastery import Outcome, judge, needs_word
from coach.domain.state import Phase, Place, Purpose, Question, Tally, Work
from coach.domain.terms import Command
from coach.domain.turn import Turn

PACE_S = 5.0
"""Seconds a rep takes when the coach keeps the time: slow down, a breath, up."""

UNHEARD_STEP_S = 10.0
"""Seconds for a setup step when nobody can answer."""

FRAMING_AGAIN_S = 12.0
"""The same framing remark is not made again sooner."""


# --- idle ---------------------------------------------------------------------------------


def idle(turn: Turn, event: Event) -> None:
    if isinstance(event, CommandHeard):
        turn.hush()
        called(turn)
    else:
        turn.ignore("idle")


def called(turn: Turn) -> None:
    turn.cancel(Purpose.UNCALLED)
    turn.do(StartSession(turn.session.opened.program.id))
    if turn.session.resumable:
        turn.say("welcome-back")
        turn.change(resumable=False)
        enter_setup(turn, turn.session.place.step)
    else:
        turn.change(tally=Tally(), sets_begun=0)
        enter_setup(turn, 0)


def enter_idle(turn: Turn, reason: str, resumable: bool) -> None:
    """The training session ends; the coach stays and waits to be called."""
    turn.cancel(Purpose.SILENCE, Purpose.PACE, Purpose.REST)
    if not resumable:
        turn.change(place=Place(block=turn.session.opened.block))
    turn.change(phase=Phase.IDLE, work=None, question=None, resumable=resumable, nudges=0)
    turn.do(EndSession(reason))


# --- setup --------------------------------------------------------------------------------


def enter_setup(turn: Turn, step: int) -> None:
    turn.change(phase=Phase.SETUP, place=replace(turn.session.place, step=step), nudges=0)
    repeat_step(turn)


def repeat_step(turn: Turn) -> None:
    turn.say(turn.session.block.drill.setup[turn.session.place.step])


def setup(turn: Turn, event: Event) -> None:
    match event:
        case CommandHeard(command=Command.DONE):
            turn.hush()
            next_step(turn)
        case CommandHeard(command=Command.AGAIN):
            turn.hush()
            repeat_step(turn)
        case CommandHeard(command=Command.NEXT):
            turn.hush()
            enter_set(turn)
        case _:
            turn.ignore("setting up")


def next_step(turn: Turn) -> None:
    step = turn.session.place.step + 1
    if step < len(turn.session.block.drill.setup):
        enter_setup(turn, step)
    else:
        enter_set(turn)


# --- set ----------------------------------------------------------------------------------


def enter_set(turn: Turn) -> None:
    turn.cancel(Purpose.REST)
    work = Work(number=turn.session.sets_begun + 1, watch=turn.new_id())
    turn.change(phase=Phase.SET, work=work, sets_begun=work.number, nudges=0)
    turn.change(kept=None, framed=None)
    timed = "" if turn.session.sees else "-timed"
    turn.say(f"set.start{timed}", reps=turn.session.block.reps)


def go_on_with_set(turn: Turn) -> None:
    """After a pause: what is done stays done, and the eyes start afresh."""
    turn.change(phase=Phase.SET, work=replace(turn.work(), watch=turn.new_id()), nudges=0)
    turn.say("set.go-on", left=turn.session.block.reps - turn.work().done)


def set_(turn: Turn, event: Event) -> None:
    match event:
        case RepCompleted(watch=watch) if watch == turn.work().watch:
            _rep(turn, event)
        case NeutralLearned(watch=watch, calibration=calibration) if watch == turn.work().watch:
            turn.change(work=replace(turn.work(), provisional=calibration))
        case RepCompleted() | NeutralLearned() | OtherMovementSeen():
            turn.ignore("not of this watch, or no hinge")
        case ViewChanged():
            _framing(turn, event)
        case CommandHeard(command=Command.DONE | Command.NEXT):
            turn.hush()
            turn.say("set.early")
            finish_set(turn)
        case CommandHeard(command=Command.AGAIN):
            turn.hush()
            turn.cancel(Purpose.PACE)
            enter_set(turn)
        case _:
            turn.ignore("in the set")


def _rep(turn: Turn, event: RepCompleted) -> None:
    """Kept first, counted aloud second: what was announced is never lost."""
    work = turn.work()
    # The eyes number from one after each pause; the set goes on counting.
    rep = replace(event.rep, number=work.done + 1)
    cueing, cue = after_rep(work.cueing, rep)
    turn.change(work=replace(work, reps=(*work.reps, rep), cueing=cueing), nudges=0)
    turn.do(RecordRep(turn.session.block.drill.id, work.number, rep))
    turn.say("count", Priority.COUNT, n=rep.number)
    if cue is not None:
        turn.say(cue, Priority.CORRECTION)
    if rep.number >= turn.session.block.reps:
        finish_set(turn)


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


def pace(turn: Turn) -> None:
    """Time for one more rep that nobody sees."""
    work = turn.work()
    turn.change(work=replace(work, paced=work.paced + 1))
    turn.say("count", Priority.COUNT, n=turn.work().done)
    if turn.work().done >= turn.session.block.reps:
        finish_set(turn)


# --- after the set ------------------------------------------------------------------------


def finish_set(turn: Turn) -> None:
    """What the camera could not vouch for is asked before the verdict."""
    turn.cancel(Purpose.PACE, Purpose.SILENCE)
    work = turn.work()
    if work.paced or any(needs_word(rep) for rep in work.reps[work.neutral :]):
        ask(turn, Question.CONTACT_ALL)
    elif work.neutral:
        ask(turn, Question.CONTACT)
    else:
        verdict(turn)


def ask(turn: Turn, question: Question) -> None:
    turn.change(phase=Phase.ASK, question=question, nudges=0)
    turn.say(question)


def asking(turn: Turn, event: Event) -> None:
    match event:
        case CommandHeard(command=Command.YES):
            answered(turn, True)
        case CommandHeard(command=Command.NO):
            answered(turn, False)
        case CommandHeard(command=Command.NEXT):
            answered(turn, None)
        case CommandHeard(command=Command.AGAIN):
            turn.hush()
            turn.say(turn.session.question or "")
        case _:
            turn.ignore("waiting for an answer")


def answered(turn: Turn, answer: bool | None) -> None:
    """None: skipped, or nobody answered."""
    turn.hush()
    question = turn.session.question
    assert question is not None
    drill, number = turn.session.block.drill.id, turn.work().number
    turn.do(RecordAnswer(drill, number, question, answer))
    if question is Question.STRETCH:
        if answer is not None:
            turn.say("stretch.yes" if answer else "stretch.no")
        turn.change(question=None)
        finish_drill(turn)
        return
    turn.change(kept=answer, question=None)
    learned = turn.work().provisional
    if answer and learned is not None:
        turn.change(calibration=learned)
        turn.do(RecordCalibration(learned))
    verdict(turn)


def verdict(turn: Turn) -> None:
    session, work, block = turn.session, turn.work(), turn.session.block
    judgement = judge(block.drill, work.reps, work.neutral, work.paced, session.kept)
    outcome = judgement.outcome
    turn.do(RecordSet(block.drill.id, work.number, work.done, work.clean, outcome))
    tally = session.tally
    turn.change(
        tally=Tally(tally.sets + 1, tally.reps + work.done, tally.clean + work.clean),
        place=replace(session.place, tries=session.place.tries + 1),
    )
    needed = block.drill.gate.in_a_row if block.drill.gate else block.reps
    match outcome:
        case Outcome.PASSED:
            turn.say("gate.passed", reps=judgement.streak)
        case Outcome.LOST:
            turn.say("gate.failed", rep=judgement.lost_at or 0, needed=needed)
        case Outcome.SAID_NO:
            turn.say("gate.said-no", needed=needed)
        case Outcome.SHORT:
            turn.say("gate.short", reps=judgement.streak, needed=needed)
        case Outcome.UNSURE:
            turn.say("gate.unsure", needed=needed)
    if outcome is Outcome.PASSED:
        ask(turn, Question.STRETCH)
    elif turn.session.place.tries >= block.tries:
        turn.say("tries.enough")
        summarise(turn)
    else:
        enter_rest(turn)


def finish_drill(turn: Turn) -> None:
    following = turn.session.place.block + 1
    if following < len(turn.session.opened.program.blocks):
        turn.change(place=Place(block=following), work=None)
        enter_setup(turn, 0)
    else:
        summarise(turn)


def summarise(turn: Turn) -> None:
    tally = turn.session.tally
    turn.say("summary", sets=tally.sets, reps=tally.reps, clean=tally.clean)
    turn.say("idle")
    enter_idle(turn, "finished", resumable=False)


# --- rest ---------------------------------------------------------------------------------


def enter_rest(turn: Turn) -> None:
    seconds = turn.session.block.rest_s
    turn.change(phase=Phase.REST, nudges=0)
    turn.say("rest.start", seconds=seconds)
    turn.start(Purpose.REST, seconds)


def rest(turn: Turn, event: Event) -> None:
    match event:
        case CommandHeard(command=Command.NEXT | Command.AGAIN):
            turn.hush()
            enter_set(turn)
        case _:
            turn.ignore("resting")


def rest_over(turn: Turn) -> None:
    turn.say("rest.over")
    enter_set(turn)

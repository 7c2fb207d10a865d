"""Questions after a set, one at a time, and what each answer means."""

from coach.domain.effects import RecordAnswer, RecordCalibration
from coach.domain.events import CommandHeard, Event
from coach.domain.terms import Command, Question
from coach.domain.turn import Turn
from coach.domain.verdicts import felt, hurts, verdict


def enter(turn: Turn) -> None:
    repeat(turn)


def repeat(turn: Turn) -> None:
    turn.say(_asked(turn))


def handle(turn: Turn, event: Event) -> None:
    match event:
        case CommandHeard(command=Command.YES | Command.GOOD):
            answered(turn, True)
        case CommandHeard(command=Command.NO | Command.ROUNDED):
            answered(turn, False)
        case CommandHeard(command=Command.NEXT):
            answered(turn, None)
        case CommandHeard(command=Command.AGAIN):
            turn.hush()
            repeat(turn)
        case _:
            turn.ignore("waiting for an answer")


def answered(turn: Turn, answer: bool | None) -> None:
    """None: skipped, or nobody answered."""
    turn.hush()
    question = _asked(turn)
    drill = turn.session.block.drill
    turn.do(RecordAnswer(drill.id, turn.work().number, question, answer))
    turn.change(questions=turn.session.questions[1:])
    match question:
        case Question.STRETCH:
            felt(turn, answer)
            return
        case Question.PAIN if answer:
            hurts(turn)
            return
        case Question.PAIN:
            pass
        case _:
            turn.change(kept=answer)
            learned = turn.work().provisional
            if answer and learned is not None and drill.stick:
                turn.me(calibration=learned)
                turn.do(RecordCalibration(learned))
    if turn.session.questions:
        repeat(turn)
    else:
        verdict(turn)


def _asked(turn: Turn) -> Question:
    question = turn.session.question
    assert question is not None, "only a phase with a question asks"
    return question

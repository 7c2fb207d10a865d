"""What to listen for and to watch now: derived from the state, so nothing stays switched on."""

from coach.domain.effects import Wants, WatchOrder
from coach.domain.program import Stage
from coach.domain.state import NEUTRAL_REPS, Phase, Session
from coach.domain.terms import Command, Question

_C = Command
_ANYTIME = frozenset({_C.PAUSE, _C.HELP, _C.STOP})
LISTEN: dict[Phase, frozenset[Command]] = {
    Phase.IDLE: frozenset({_C.WAKE}),
    Phase.WHO: frozenset({_C.YES, _C.NO, _C.AGAIN, _C.HELP, _C.STOP}),
    Phase.SETUP: _ANYTIME | {_C.DONE, _C.AGAIN, _C.NEXT, _C.HOW_AM_I, _C.HURTS},
    Phase.SET: _ANYTIME | {_C.DONE, _C.AGAIN, _C.NEXT, _C.HOW_MANY, _C.HURTS},
    Phase.ASK: _ANYTIME | {_C.YES, _C.NO, _C.AGAIN, _C.NEXT},
    Phase.REST: _ANYTIME | {_C.NEXT, _C.AGAIN, _C.HOW_MANY, _C.HOW_AM_I, _C.HURTS, _C.WHY},
    Phase.PAUSED: frozenset({_C.RESUME, _C.HELP, _C.STOP}),
    Phase.ENDED: frozenset(),
}
"""Few phrases at a time: each one more is one more word that other talk can be taken for."""


def listening(session: Session) -> frozenset[Command]:
    listen = LISTEN[session.phase]
    if session.phase is Phase.ASK and session.question is Question.BACK:
        listen = listen - {Command.YES, Command.NO} | {Command.GOOD, Command.ROUNDED}
    if session.phase is Phase.IDLE and session.others:
        listen |= {Command.SOMEBODY}
    getting_ready = session.phase in (Phase.SETUP, Phase.REST)
    if getting_ready and session.block.drill.stage is Stage.LOAD:
        listen |= {Command.WEIGHT}
    if session.talk.current is not None:
        listen |= {Command.STOP}
    return listen


def wants(session: Session) -> Wants:
    """What to listen for and to watch now; derived, so that nothing can be left switched on."""
    order = None
    if session.phase is Phase.SET and session.work and session.sees:
        order = WatchOrder(
            session.work.watch, session.block.drill.id, session.calibration, NEUTRAL_REPS
        )
    elif session.lookout is not None:
        order = WatchOrder(session.lookout, session.block.drill.id)
    return Wants(listening(session), order)

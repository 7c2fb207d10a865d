"""The coach's mind: one pure function from what happened to what to do.

Theory of operation
-------------------
`step(session, event) -> (session, effects)`. No clock, no device, no randomness: replaying the
events of a journal gives exactly the same effects.

1. Once ended, nothing happens any more. Every event that does not apply becomes `Ignore(reason)`.
2. Dangerous events come first, in every phase: shutdown, "stop", a lost device.
3. A command counts only when it is among what the phase listens for (`wants`).
4. Every answer carries the id of what it answers. An utterance, a timer or a watch that is not
   the current one answers late and is ignored.
5. Nobody waits for ever: each utterance has a limit, and when the coach has spoken and a person
   is expected to act, a silence timer runs. First silence: the question again. Second: how to go
   on. Third: rest, with the place kept. Without a microphone, time itself moves on.
6. "stop" silences and ends. The place is kept, and being called again goes on from there.
7. Power that comes back in the middle of a session goes on at its checkpoint, unasked.
"""

from typing import assert_never

from coach.domain import (
    asking,
    coming_and_going,
    idle,
    introducing,
    patience,
    pausing,
    resting,
    setting_up,
    talk_back,
    verdicts,
    working,
)
from coach.domain.attention import wants
from coach.domain.effects import Effect
from coach.domain.events import (
    CommandHeard,
    DayBegan,
    DeviceFailed,
    DeviceRecovered,
    Event,
    PoweredUp,
    ReminderDue,
    ShutdownRequested,
    SpeechFinished,
    TimerExpired,
)
from coach.domain.state import Opened, Phase, Purpose, Session, begin
from coach.domain.terms import Command
from coach.domain.turn import Turn

__all__ = ["Opened", "Phase", "Session", "begin", "step", "wants"]


def step(session: Session, event: Event) -> tuple[Session, tuple[Effect, ...]]:
    """What to do about `event`, and the session afterwards."""
    turn = Turn(session, event.t)
    if session.phase is Phase.ENDED:
        turn.ignore("ended")
    else:
        _dispatch(turn, event)
        while turn.entering:
            _enter(turn)
    return turn.session, tuple(turn.effects)


def _enter(turn: Turn) -> None:
    """Each phase starts in one place, whatever led to it; it may lead straight on to another."""
    turn.entering = False
    match turn.session.phase:
        case Phase.WHO:
            introducing.enter(turn)
        case Phase.SETUP:
            setting_up.enter(turn)
        case Phase.SET:
            working.enter(turn)
        case Phase.ASK:
            asking.enter(turn)
        case Phase.REST:
            resting.enter(turn)
        case Phase.IDLE | Phase.PAUSED | Phase.ENDED:
            pass
        case never:
            assert_never(never)


def _dispatch(turn: Turn, event: Event) -> None:
    match event:
        case ShutdownRequested():
            coming_and_going.shut_down(turn)
        case PoweredUp():
            coming_and_going.powered_up(turn, event)
        case DayBegan():
            idle.new_day(turn, event.day)
        case ReminderDue():
            idle.remind(turn, event.person)
        case DeviceFailed():
            coming_and_going.device_failed(turn, event.device)
        case DeviceRecovered():
            coming_and_going.device_recovered(turn, event)
        case SpeechFinished():
            current = turn.session.talk.current
            if current is None or current.id != event.utterance:
                turn.ignore("late answer of an utterance")
            else:
                turn.speech_ended()
                patience.when_quiet(turn)
        case TimerExpired():
            patience.expired(turn, event)
        case CommandHeard():
            _command(turn, event)
        case _:
            _phase(turn, event)


def _command(turn: Turn, event: CommandHeard) -> None:
    if event.command not in wants(turn.session).listen:
        turn.ignore(f"{event.command} means nothing now")
        return
    turn.cancel(Purpose.SILENCE)
    turn.change(nudges=0)
    match event.command:
        case Command.STOP:
            turn.silence()
            turn.cancel(*Purpose)
            if turn.session.active:
                idle.leave(turn, "stopped", resumable=True)
            elif turn.session.phase is Phase.WHO:
                turn.change(phase=Phase.IDLE)
        case Command.PAUSE:
            pausing.pause(turn)
        case Command.RESUME:
            pausing.resume(turn)
        case Command.HELP:
            talk_back.help_(turn)
        case Command.HOW_MANY:
            talk_back.how_many(turn)
        case Command.HOW_AM_I:
            talk_back.how_am_i(turn)
        case Command.WHY:
            talk_back.why(turn)
        case Command.WEIGHT:
            talk_back.weight(turn, event)
        case Command.HURTS:
            verdicts.hurts_unasked(turn)
        case _:
            _phase(turn, event)


def _phase(turn: Turn, event: Event) -> None:
    match turn.session.phase:
        case Phase.IDLE:
            idle.handle(turn, event)
        case Phase.WHO:
            introducing.handle(turn, event)
        case Phase.SETUP:
            setting_up.handle(turn, event)
        case Phase.SET:
            working.handle(turn, event)
        case Phase.ASK:
            asking.handle(turn, event)
        case Phase.REST:
            resting.handle(turn, event)
        case Phase.PAUSED:
            turn.ignore("paused")
        case Phase.ENDED:
            turn.ignore("ended")
        case never:
            assert_never(never)

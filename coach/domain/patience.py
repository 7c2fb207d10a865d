"""Timers: nobody waits for ever, neither for the coach nor for a person.

First silence: the question again. Second: how to go on. Third: rest, with the place kept. Without
a microphone, time itself moves on.
"""

from typing import assert_never

from coach.domain import (
    asking,
    idle,
    introducing,
    pausing,
    resting,
    setting_up,
    talk_back,
    working,
)
from coach.domain.events import TimerExpired
from coach.domain.state import Phase, Purpose
from coach.domain.turn import Turn

SILENCE_S = {
    Phase.WHO: 10.0,
    Phase.SETUP: 15.0,
    Phase.ASK: 10.0,
    Phase.SET: 30.0,
    Phase.PAUSED: 300.0,
}
"""How long a person may be quiet before the coach speaks again."""

RESTS_AFTER = 3
"""Silences in a row after which the coach rests."""


def expired(turn: Turn, event: TimerExpired) -> None:
    purpose = turn.purpose_of(event.timer)
    if purpose is None:
        turn.ignore("late timer")
        return
    turn.forget(purpose)
    match purpose:
        case Purpose.SPEECH:
            turn.speech_ended()
            when_quiet(turn)
        case Purpose.SILENCE:
            _silence(turn)
        case Purpose.PACE:
            working.pace(turn)
        case Purpose.LOCKOUT:
            working.finish(turn)
        case Purpose.REST:
            resting.over(turn)
        case Purpose.UNCALLED:
            if turn.session.phase is Phase.IDLE and not turn.session.hears:
                idle.called(turn)
        case Purpose.LOOKOUT:
            turn.cancel(Purpose.READY)
        case Purpose.READY:
            idle.ready(turn)
        case never:
            assert_never(never)


def when_quiet(turn: Turn) -> None:
    """The coach has said everything: now it is the person's turn, for a while."""
    session = turn.session
    if session.talk.current is not None:
        return
    if session.phase is Phase.SET and not session.sees:
        turn.start(Purpose.PACE, working.PACE_S)
    elif session.phase in SILENCE_S:
        patience = SILENCE_S[session.phase]
        if session.phase is Phase.SETUP and not session.hears:
            patience = setting_up.UNHEARD_STEP_S
        turn.start(Purpose.SILENCE, patience)


def _silence(turn: Turn) -> None:
    session = turn.session
    if not session.hears:
        if session.phase is Phase.SETUP:
            setting_up.next_step(turn)
            return
        if session.phase is Phase.ASK:
            asking.answered(turn, None)
            return
        if session.phase is Phase.PAUSED:
            pausing.resume(turn)
            return
    turn.change(nudges=session.nudges + 1)
    if turn.session.nudges >= RESTS_AFTER or session.phase is Phase.PAUSED:
        if session.phase is Phase.ASK:
            asking.answered(turn, None)
            return
        if session.phase is Phase.WHO:
            turn.change(phase=Phase.IDLE)
            turn.say("idle")
            return
        turn.say("silence.rest")
        idle.leave(turn, "nobody answered", resumable=True)
    elif turn.session.nudges == 1 and session.phase is Phase.SETUP:
        setting_up.repeat_step(turn)
    elif turn.session.nudges == 1 and session.phase is Phase.ASK:
        asking.repeat(turn)
    elif turn.session.nudges == 1 and session.phase is Phase.WHO:
        introducing.repeat(turn)
    else:
        turn.say(f"silence.how.{session.phase}{talk_back.about_the_back(turn)}")

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

from coach.domain import asking, idle, resting, setting_up, talk_back, verdicts, working
from coach.domain.effects import Effect, EndSession, Priority
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
from coach.domain.state import Opened, Phase, Purpose, Session, begin, wants
from coach.domain.talk import Talk
from coach.domain.terms import Command, Device
from coach.domain.turn import Turn

__all__ = ["Opened", "Phase", "Session", "begin", "step", "wants"]

SILENCE_S = {Phase.SETUP: 15.0, Phase.ASK: 10.0, Phase.SET: 30.0, Phase.PAUSED: 300.0}
"""How long a person may be quiet before the coach speaks again."""

UNCALLED_S = 60.0
"""Without a microphone nobody can call the coach: it begins by itself so long after power-up."""

RESTS_AFTER = 3
"""Silences in a row after which the coach rests."""


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
            _end(turn)
        case PoweredUp():
            _powered_up(turn, event)
        case DayBegan():
            idle.new_day(turn, event.day)
        case ReminderDue():
            idle.remind(turn)
        case DeviceFailed():
            _device_failed(turn, event.device)
        case DeviceRecovered():
            _device_recovered(turn, event.device)
        case SpeechFinished():
            current = turn.session.talk.current
            if current is None or current.id != event.utterance:
                turn.ignore("late answer of an utterance")
            else:
                turn.speech_ended()
                _when_quiet(turn)
        case TimerExpired():
            _timer(turn, event)
        case CommandHeard():
            _command(turn, event)
        case _:
            _phase(turn, event)


def _powered_up(turn: Turn, event: PoweredUp) -> None:
    interrupted = turn.session.active
    # Whoever was to answer an utterance or a timer is gone with the process that asked.
    turn.change(missing=frozenset(event.missing), talk=Talk(), timers=())
    turn.say("interrupted" if interrupted else "greet")
    for note in event.notes:
        turn.say_cue(note, Priority.NEWS)
    for device in event.missing:
        turn.say(f"device.{device}-missing", Priority.NEWS)
    if interrupted:
        _go_on(turn, turn.session.phase)
        return
    idle.say_what_is_next(turn)
    if not turn.session.hears:
        turn.start(Purpose.UNCALLED, UNCALLED_S)


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
        case Command.PAUSE:
            turn.hush()
            turn.cancel(Purpose.PACE, Purpose.REST)
            turn.change(before_pause=turn.session.phase, phase=Phase.PAUSED)
            turn.say("paused", Priority.URGENT)
        case Command.RESUME:
            _resume(turn)
        case Command.HELP:
            talk_back.help_(turn)
        case Command.HOW_MANY:
            talk_back.how_many(turn)
        case Command.HOW_AM_I:
            talk_back.how_am_i(turn)
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


def _resume(turn: Turn) -> None:
    turn.hush()
    before = turn.session.before_pause
    turn.change(before_pause=None)
    turn.say("resumed")
    _go_on(turn, before)


def _go_on(turn: Turn, phase: Phase | None) -> None:
    """Back into a phase that was broken off, at its checkpoint."""
    match phase:
        case Phase.SET:
            working.go_on(turn)
        case Phase.PAUSED:
            turn.say("paused")
        case Phase.ASK | Phase.REST:
            turn.go(phase)
        case _:
            turn.go(Phase.SETUP)


def _end(turn: Turn) -> None:
    turn.silence()
    turn.cancel(*Purpose)
    if turn.session.active:
        turn.do(EndSession("shut down"))
    turn.change(phase=Phase.ENDED, work=None)


def _device_failed(turn: Turn, device: Device) -> None:
    if device in turn.session.missing:
        turn.ignore("known to be missing")
        return
    turn.change(missing=turn.session.missing | {device})
    turn.say(f"device.{device}-lost", Priority.NEWS)


def _device_recovered(turn: Turn, device: Device) -> None:
    if device not in turn.session.missing:
        turn.ignore("was not missing")
        return
    turn.change(missing=turn.session.missing - {device})
    if device is Device.CAMERA:
        turn.cancel(Purpose.PACE)
    turn.say(f"device.{device}-back", Priority.NEWS)


def _timer(turn: Turn, event: TimerExpired) -> None:
    purpose = turn.purpose_of(event.timer)
    if purpose is None:
        turn.ignore("late timer")
        return
    turn.forget(purpose)
    match purpose:
        case Purpose.SPEECH:
            turn.speech_ended()
            _when_quiet(turn)
        case Purpose.SILENCE:
            _silence(turn)
        case Purpose.PACE:
            working.pace(turn)
        case Purpose.REST:
            resting.over(turn)
        case Purpose.UNCALLED:
            if turn.session.phase is Phase.IDLE and not turn.session.hears:
                idle.called(turn)
        case never:
            assert_never(never)


def _when_quiet(turn: Turn) -> None:
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
            _resume(turn)
            return
    turn.change(nudges=session.nudges + 1)
    if turn.session.nudges >= RESTS_AFTER or session.phase is Phase.PAUSED:
        if session.phase is Phase.ASK:
            asking.answered(turn, None)
            return
        turn.say("silence.rest")
        idle.leave(turn, "nobody answered", resumable=True)
    elif turn.session.nudges == 1 and session.phase is Phase.SETUP:
        setting_up.repeat_step(turn)
    elif turn.session.nudges == 1 and session.phase is Phase.ASK:
        asking.repeat(turn)
    else:
        turn.say(f"silence.how.{session.phase}{talk_back.about_the_back(turn)}")

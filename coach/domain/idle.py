"""Waiting to be called, and the greeting: who it is, what today holds, how it went last time."""

from dataclasses import replace

from coach.domain.effects import EndSession, StartSession, UseLanguage
from coach.domain.events import CommandHeard, Event, ViewChanged
from coach.domain.mastery import MISSED_DAYS, WEEK_SESSIONS, after_days, days_missed, this_week
from coach.domain.people import GUEST, ME, Person
from coach.domain.state import Phase, Purpose, Tally
from coach.domain.terms import Command
from coach.domain.today import first
from coach.domain.turn import Turn

REMEMBERED_DAYS = 30
READY_S = 5.0
"""Whoever stands at the mark for so long, sideways and in full view, does not just walk by."""

REMINDED_AFTER_DAYS = 2
"""No reminder on the day after training: two or three times a week is the dose."""


def handle(turn: Turn, event: Event) -> None:
    match event:
        case CommandHeard(command=Command.SOMEBODY):
            turn.hush()
            turn.change(candidates=tuple(one.name for one in turn.session.others))
            turn.go(Phase.WHO)
        case CommandHeard(meaning=str(name)):
            turn.hush()
            introduced(turn, name)
        case CommandHeard():
            turn.hush()
            called(turn)
        case ViewChanged(judgeable=judgeable) if turn.session.lookout is not None:
            if judgeable:
                turn.start(Purpose.READY, READY_S)
            else:
                turn.cancel(Purpose.READY)
        case _:
            turn.ignore("idle")


def ready(turn: Turn) -> None:
    """Somebody has stood at the mark for a while, and nobody can call."""
    if turn.session.lookout is None:
        turn.ignore("nobody is waited for any more")
    elif turn.session.talk.current is not None:
        turn.start(Purpose.READY, READY_S)  # let them hear what the coach begins without
    else:
        called(turn)


def say_what_is_next(turn: Turn) -> None:
    """At power-up, to somebody who trained before."""
    session = turn.session
    if session.mastery.sessions and first(session.program, session.mastery) is not None:
        _last_time(turn)
        turn.say(f"today.{turn.session.block.drill.id}")


def remind(turn: Turn, name: str) -> None:
    """By name where there are several, so that nobody takes it for theirs."""
    session = turn.session
    who = next((one for one in (session.me, *session.others) if one.name == name), Person(name))
    days = who.mastery.days
    recently = bool(days) and session.day - days[-1] < REMINDED_AFTER_DAYS
    if session.phase is not Phase.IDLE or recently:
        turn.ignore("trained a short while ago, or training now")
    elif session.others and name != ME:
        turn.say("reminder.for", name=name)
    else:
        turn.say("reminder")


def new_day(turn: Turn, day: int) -> None:
    if day > turn.session.day:
        turn.change(day=day)
    else:
        turn.ignore("the clock was set back")


def introduced(turn: Turn, name: str) -> None:
    """Somebody said who they are: greeted by name, in their own language, and off they go."""
    _switch(turn, name)
    if name in (ME, GUEST):
        turn.say(f"hello.{name}")
    else:
        turn.say("hello", name=name)
    called(turn)


def _switch(turn: Turn, name: str) -> None:
    """Somebody else of the household: their own mastery, and no trace of a guest before them."""
    session = turn.session
    if name == session.me.name and name != GUEST:
        return
    _close_the_books(turn)
    known = (*session.others, turn.session.me)
    me = next((one for one in known if one.name == name and name != GUEST), Person(name))
    others = tuple(one for one in known if one.name not in (name, GUEST))
    turn.change(me=me, others=others, resumable=False)
    if name != GUEST:  # who goes on in the language in which they have just been understood
        _speak(turn, me.language or session.opened.language)


def _speak(turn: Turn, language: str) -> None:
    opened = turn.session.opened
    if language == turn.session.language:
        return
    if language in opened.languages | {opened.language}:
        turn.change(language=language)
        turn.do(UseLanguage(language))
    else:
        turn.say("language.unready")


def called(turn: Turn) -> None:
    turn.cancel(Purpose.UNCALLED, Purpose.LOOKOUT, Purpose.READY)
    session = turn.session
    resumed = session.resumable
    if not resumed:
        _close_the_books(turn)
    turn.do(StartSession(session.program.id, session.me.name, resumed))
    if resumed:
        turn.say("welcome-back")
        turn.change(resumable=False)
    else:
        turn.change(sets_begun=0, called_on=session.day)
        _after_a_break(turn)
        place = first(turn.session.program, turn.session.mastery)
        if place is None:
            turn.say("load.locked")
            leave(turn, "locked", resumable=False)
            return
        turn.change(place=place)
        if turn.session.mastery.sessions:
            _last_time(turn)
    turn.go(Phase.SETUP)


def leave(turn: Turn, reason: str, resumable: bool) -> None:
    """The training session ends; the coach stays and waits to be called."""
    turn.cancel(Purpose.SILENCE, Purpose.PACE, Purpose.LOCKOUT, Purpose.REST)
    turn.change(phase=Phase.IDLE, work=None, questions=(), waiting=None, nudges=0)
    turn.change(resumable=resumable, before_pause=None)
    turn.do(EndSession(reason))


def _last_time(turn: Turn) -> None:
    if turn.session.progress.streak:
        turn.say("last.streak", streak=turn.session.progress.streak)


def _close_the_books(turn: Turn) -> None:
    """The session before, if it had a rep in it, now lies behind."""
    session = turn.session
    if session.tally.reps:
        mastery = session.mastery
        days = (*mastery.days, session.called_on)[-REMEMBERED_DAYS:]
        turn.me(mastery=replace(mastery, sessions=mastery.sessions + 1, days=days))
    turn.change(tally=Tally())


def _after_a_break(turn: Turn) -> None:
    session = turn.session
    missed = days_missed(session.mastery, session.day)
    if missed < MISSED_DAYS:
        return
    turn.say("week.missed")
    for block in session.program.blocks:
        for progress in after_days(session.mastery, block, missed):
            turn.keep(progress)


def week(turn: Turn) -> None:
    """With the summary: how often it was this week, and when it is enough."""
    session = turn.session
    if not session.mastery.sessions:
        return
    times = this_week(session.mastery, session.day) + 1
    turn.say("week.count", n=times)
    if times >= WEEK_SESSIONS:
        turn.say("week.enough")

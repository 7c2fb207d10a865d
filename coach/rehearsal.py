"""Whole weeks without devices: a model person, and the conversations that follow.

Speech takes as long as its text is long, the person answers a second later, and reps come every
four seconds. Nothing is random, so a rehearsal always reads the same.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from coach.adapters.mouth import reading_s
from coach.domain.effects import Cue, Effect, WatchOrder
from coach.domain.events import (
    CommandHeard,
    DayBegan,
    Event,
    LockoutSeen,
    PoweredUp,
    RepCompleted,
    SpeechFinished,
)
from coach.domain.session import Opened, Phase, Session, begin, wants
from coach.domain.terms import (
    AT_THE_TOP,
    Back,
    Command,
    Evidence,
    Fault,
    Question,
    Rep,
    Spine,
    Unit,
    Verdict,
)
from coach.loop import Loop, Observer
from coach.speech.voice_pack import VoicePack
from coach.trainees import Trainee

ANSWER_S = 1.0
REP_S, TOP_S = 4.0, 0.5
"""From rep to rep, and from the return of one until its top has been seen."""
LIMIT_S = 3 * 3600.0
"""A session that lasts longer is broken off: nobody trains for three hours."""

DAY_S = 24 * 3600.0


USUAL = {
    Question.CONTACT: Command.YES,
    Question.CONTACT_ALL: Command.YES,
    Question.BACK: Command.GOOD,
    Question.STRETCH: Command.YES,
    Question.PAIN: Command.NO,
}
"""What somebody answers with whom all is well."""


PLAINLY = (
    Evidence(Fault.ROUNDED_BACK, 0.05, 0.02, Unit.TORSOS),
    Evidence(Fault.HYPEREXTENDED, 18.0, 10.0),
    Evidence(Fault.SQUATTING, 50.0, 40.0),
    Evidence(Fault.SHALLOW, 33.0, 40.0),
    Evidence(Fault.SOFT_LOCKOUT, 20.0, 12.0),
    Evidence(Fault.KNEES_BENDING, 38.0, 34.0),
    Evidence(Fault.ARMS_DRIFTING, 30.0, 18.0),
    Evidence(Fault.HEAD_OFF, 20.0, 12.0),
)
"""How each fault looks when nobody could miss it."""


@dataclass
class Agenda:
    """What will happen, in order of time; it is every device of a rehearsal at once."""

    t: float = 0.0
    _due: list[tuple[float, int, Event]] = field(default_factory=list)
    _number: int = 0

    def at(self, event: Event) -> None:
        self._number += 1
        heapq.heappush(self._due, (event.t, self._number, event))

    def next_t(self) -> float | None:
        return self._due[0][0] if self._due else None

    def pop(self) -> Event:
        self.t, _, event = heapq.heappop(self._due)
        return event


class ModelPerson:
    """Hears, answers and moves as a `Trainee` says."""

    def __init__(self, agenda: Agenda, pack: VoicePack, trainee: Trainee) -> None:
        self._agenda = agenda
        self._pack = pack
        self._trainee = trainee
        self._to_say = list(trainee.says)
        self._session: Session | None = None
        self._reps = 0
        self._top: Evidence | None = None
        self.number = 1

    # the mouth: somebody listens
    def speak(self, utterance: int, cue: Cue) -> None:
        seconds = reading_s(self._pack.text(cue))
        self._agenda.at(SpeechFinished(self._agenda.t + seconds, utterance))

    def stop(self) -> None:
        pass

    # the ears and the eyes: somebody answers and moves
    def listen_for(self, commands: frozenset[Command]) -> None:
        pass

    def watch(self, order: WatchOrder | None) -> None:
        if order is not None:
            self._agenda.at(RepCompleted(self._agenda.t + REP_S, order.id, _STANDING))

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        """An observer: once the coach is quiet the person answers; after a rep comes the next."""
        self._session = session
        order = wants(session).watch
        if isinstance(event, RepCompleted) and order is not None:
            self._agenda.at(LockoutSeen(event.t + TOP_S, order.id, self._top))
        if isinstance(event, LockoutSeen) and order is not None:
            self._agenda.at(RepCompleted(event.t + REP_S - TOP_S, order.id, _STANDING))
        if isinstance(event, SpeechFinished) and session.talk.current is None:
            answer = self._answer(session)
            if answer is not None:
                self._agenda.at(CommandHeard(event.t + ANSWER_S, answer, str(answer)))

    def moving(self, event: RepCompleted) -> RepCompleted:
        """The rep as this person does it, decided when it comes to its end."""
        self._reps += 1
        faults = [fault for fault, reps in self._trainee.faults.items() if self._reps in reps]
        faults += [fault for fault, last in self._trainee.always.items() if self.number <= last]
        session, side = self._session, self._trainee.wobbles_on
        if side and session and session.work and session.work.side is side and self.number == 1:
            faults.append(Fault.ROUNDED_BACK)
        seen = self._reps not in self._trainee.unseen
        at_top = AT_THE_TOP.intersection(faults)
        self._top = next((one for one in PLAINLY if one.fault in at_top), None)
        return replace(event, rep=_rep(event.t, tuple(sorted(set(faults) - at_top)), seen))

    def _answer(self, session: Session) -> Command | None:
        wanted = wants(session).listen
        extra = next((one for one in self._to_say if one in wanted), None)
        if extra is not None and session.active:
            self._to_say.remove(extra)
            return extra
        answer = self._usual(session)
        return None if answer in self._trainee.never_says else answer

    def _usual(self, session: Session) -> Command | None:
        match session.phase:
            case Phase.SETUP:
                return Command.DONE
            case Phase.PAUSED:
                return Command.RESUME
            case Phase.ASK if session.question is not None:
                said = self._trainee.answers.get(session.question)
                return Command(said) if said else USUAL[session.question]
            case _:
                return None


def _rep(t: float, faults: tuple[Fault, ...], seen: bool) -> Rep:
    clean = Verdict.CLEAN if seen else Verdict.UNJUDGED
    evidence = tuple(one for one in PLAINLY if one.fault in faults)
    measured = {one.fault: one.measured for one in evidence}
    bow = measured.get(Fault.ROUNDED_BACK, 0.0)
    return Rep(
        number=1,
        t=t - 1.5,
        verdict=Verdict.FAULT if faults else clean,
        faults=faults,
        lean_deg=measured.get(Fault.SHALLOW, 62.0),
        knee_deg=measured.get(Fault.SQUATTING, measured.get(Fault.KNEES_BENDING, 8.0)),
        back=Back(True, "contour", bow, 0.02, Spine.LUMBAR) if seen else Back(False, "none"),
        duration_s=3.5,
        evidence=evidence,
    )


_STANDING = _rep(0.0, (), True)


def rehearse(
    opened: Opened,
    pack: VoicePack,
    observers: Sequence[Observer] = (),
    trainee: Trainee | None = None,
    called: Sequence[str | None] = (),
) -> Session:
    """Play every session of the trainee, each from being called to idle; the session at the end.

    called: the names with which the coach is called, one session each, all on one day
    """
    who = trainee or Trainee()
    agenda = Agenda()
    person = ModelPerson(agenda, pack, who)
    loop = Loop(begin(opened), person, person, person, None, (*observers, person))
    names = called or (None,) * len(who.sessions)
    days = who.sessions if not called else (0,) * len(called)
    day = opened.day
    for number, (pause, name) in enumerate(zip(days, names, strict=True), 1):
        person.number = number
        if number == 1:
            loop.handle(PoweredUp(0.0))
        elif pause:
            agenda.t += pause * DAY_S
            day += pause
            loop.handle(DayBegan(agenda.t, day))
        _until_quiet(loop, agenda, person)
        agenda.t += ANSWER_S
        loop.handle(CommandHeard(agenda.t, Command.WAKE, str(Command.WAKE), meaning=name))
        _until_quiet(loop, agenda, person)
    return loop.session


def _until_quiet(loop: Loop, agenda: Agenda, person: ModelPerson) -> None:
    """Until nothing more is due, or for three hours."""
    limit = agenda.t + LIMIT_S
    while agenda.t < limit:
        timer, event = loop.timers.next_due(), agenda.next_t()
        if timer is not None and (event is None or timer < event):
            agenda.t = timer
            expired = loop.timers.expire(timer)
            if expired is not None:
                loop.handle(expired)
        elif event is not None:
            due = agenda.pop()
            loop.handle(person.moving(due) if isinstance(due, RepCompleted) else due)
        else:
            break

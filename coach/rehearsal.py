"""A whole session without devices: a model person, and the conversation that follows.

Speech takes as long as its text is long, the person answers a second later, and reps come every
four seconds. Nothing is random, so a rehearsal always reads the same.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from coach.adapters.mouth import reading_time
from coach.domain.effects import Cue, Effect, WatchOrder
from coach.domain.events import CommandHeard, Event, PoweredUp, RepCompleted, SpeechFinished
from coach.domain.session import Opened, Phase, Session, wants
from coach.domain.terms import Back, Command, Fault, Rep, Spine, Verdict
from coach.loop import Loop, Observer
from coach.ports import SAMPLE_RATE
from coach.speech.voice_pack import VoicePack

ANSWER_S = 1.0
REP_S = 4.0
LIMIT_S = 3 * 3600.0


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
    """Answers every question, says "done" to every step, and loses the stick in some reps.

    rounds_on: the reps, counted over the whole session, in which the back rounds
    """

    def __init__(self, agenda: Agenda, pack: VoicePack, rounds_on: frozenset[int]) -> None:
        self._agenda = agenda
        self._pack = pack
        self._rounds_on = rounds_on
        self._saying: int | None = None
        self._reps = 0

    # the mouth: somebody listens
    def speak(self, utterance: int, cue: Cue) -> None:
        seconds = len(reading_time(self._pack.text(cue))) / SAMPLE_RATE
        self._saying = utterance
        self._agenda.at(SpeechFinished(self._agenda.t + seconds, utterance))

    def stop(self) -> None:
        self._saying = None

    # the ears and the eyes: somebody answers and moves
    def listen_for(self, commands: frozenset[Command]) -> None:
        pass

    def watch(self, order: WatchOrder | None) -> None:
        if order is not None:
            self._move(order, self._agenda.t + REP_S)

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        """An observer: once the coach is quiet the person answers; after a rep comes the next."""
        if isinstance(event, RepCompleted) and (order := wants(session).watch) is not None:
            self._move(order, event.t + REP_S)
        if isinstance(event, SpeechFinished) and session.talk.current is None:
            answer = _answer(session)
            if answer is not None:
                self._agenda.at(CommandHeard(event.t + ANSWER_S, answer, str(answer)))

    def _move(self, order: WatchOrder, t: float) -> None:
        self._reps += 1
        rounded = self._reps in self._rounds_on
        back = Back(True, "contour", 0.05 if rounded else 0.0, 0.02, Spine.LUMBAR)
        faults = (Fault.ROUNDED_BACK,) if rounded else ()
        verdict = Verdict.FAULT if rounded else Verdict.CLEAN
        rep = Rep(1, t - 1.5, verdict, faults, 62.0, 8.0, back, 3.5)
        self._agenda.at(RepCompleted(t, order.id, rep))


def _answer(session: Session) -> Command | None:
    match session.phase:
        case Phase.IDLE if session.tally.sets == 0:
            return Command.WAKE
        case Phase.SETUP:
            return Command.DONE
        case Phase.ASK:
            return Command.YES
        case _:
            return None


def rehearse(
    opened: Opened,
    pack: VoicePack,
    observers: Sequence[Observer] = (),
    rounds_on: frozenset[int] = frozenset(),
) -> Session:
    """Play one session from being called to being idle again; the session as it ended."""
    agenda = Agenda()
    person = ModelPerson(agenda, pack, rounds_on)
    loop = Loop(opened, person, person, person, None, (*observers, person))
    loop.handle(PoweredUp(0.0))
    while agenda.t < LIMIT_S:
        timer, event = loop.timers.next_due(), agenda.next_t()
        if timer is not None and (event is None or timer < event):
            agenda.t = timer
            expired = loop.timers.expire(timer)
            if expired is not None:
                loop.handle(expired)
        elif event is not None:
            loop.handle(agenda.pop())
        else:
            break
    return loop.session

"""One turn of `step` in the making: the session as it changes and the effects it earns.

Mutable inside one call of `step` and never seen outside it: it keeps the phases readable.
"""

from dataclasses import replace
from typing import Any

from coach.domain.effects import (
    CancelTimer,
    Cue,
    Effect,
    Ignore,
    Priority,
    RecordProgress,
    Speak,
    StartTimer,
)
from coach.domain.mastery import Progress
from coach.domain.state import Phase, Purpose, Session, Work
from coach.domain.talk import Talk, Utterance, finished, hush, say, silence

SPEECH_LIMIT_S = 30.0
"""A speaker that never reports the end of an utterance is not waited for beyond this."""


class Turn:
    def __init__(self, session: Session, t: float) -> None:
        self.session = session
        self.t = t
        self.effects: list[Effect] = []
        self.entering = False

    def go(self, phase: Phase) -> None:
        """Enter a phase, as the last thing done here: `step` then starts it."""
        self.change(phase=phase, nudges=0)
        self.entering = True

    def change(self, **fields: Any) -> None:
        self.session = replace(self.session, **fields)

    def work(self) -> Work:
        work = self.session.work
        assert work is not None, "only phases with a set at hand ask for it"
        return work

    def me(self, **fields: Any) -> None:
        self.change(me=replace(self.session.me, **fields))

    def keep(self, progress: Progress) -> None:
        """The person has come further, or not: for the rest of the session and for good."""
        if progress != self.session.mastery.of(progress.drill, progress.side):
            self.me(mastery=self.session.mastery.knowing(progress))
            self.do(RecordProgress(progress))

    def new_id(self) -> int:
        taken = self.session.next_id
        self.change(next_id=taken + 1)
        return taken

    def do(self, effect: Effect) -> None:
        self.effects.append(effect)

    def ignore(self, reason: str) -> None:
        self.do(Ignore(reason))

    def say(self, cue: str, priority: Priority = Priority.TALK, **values: int | str) -> None:
        self.say_cue(Cue(cue, tuple(values.items())), priority)

    def say_cue(self, cue: Cue, priority: Priority = Priority.TALK) -> None:
        utterance = Utterance(self.new_id(), cue, priority)
        self._talk(say(self.session.talk, utterance))

    def speech_ended(self) -> None:
        self.cancel(Purpose.SPEECH)
        self._talk(finished(self.session.talk))

    def hush(self) -> None:
        self.cancel(Purpose.SPEECH)
        self._talk(hush(self.session.talk))

    def silence(self) -> None:
        self.cancel(Purpose.SPEECH)
        self._talk(silence(self.session.talk))

    def start(self, purpose: Purpose, seconds: float) -> None:
        self.cancel(purpose)
        timer = self.new_id()
        self.change(timers=(*self.session.timers, (purpose, timer)))
        self.do(StartTimer(timer, seconds))

    def cancel(self, *purposes: Purpose) -> None:
        for purpose, timer in self.session.timers:
            if purpose in purposes:
                self.do(CancelTimer(timer))
        self.forget(*purposes)

    def forget(self, *purposes: Purpose) -> None:
        """Drop timers that need no cancelling because they have expired."""
        kept = tuple(entry for entry in self.session.timers if entry[0] not in purposes)
        self.change(timers=kept)

    def purpose_of(self, timer: int) -> Purpose | None:
        return next((p for p, known in self.session.timers if known == timer), None)

    def _talk(self, change: tuple[Talk, tuple[Effect, ...]]) -> None:
        talk, effects = change
        self.change(talk=talk)
        for effect in effects:
            self.do(effect)
            if isinstance(effect, Speak):
                self.cancel(Purpose.SILENCE)  # it measures the person's silence, not ours
                self.start(Purpose.SPEECH, SPEECH_LIMIT_S)

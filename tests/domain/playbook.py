"""Playbooks: plain scripts of what happens and what the coach then does.

    > hey-coach                 somebody says it
    > said                      the coach's utterance ends; `quiet`: and all that wait behind it
    > rep                       a clean rep; `rep rounded-back lumbar`, `rep unseen`
    > back-up                   a rep comes back as above, but its top is not seen yet
    > leaning hyperextended     a fault shows at the top; `top` (hyperextended): it is over
    > silence | pace | rest     that timer expires (it must be running)
    > day 3 | remind anna       it is another day; the time at which anna wants to be reminded
    > hey-coach anna | weight 8 a phrase with a name or a number in it
    > view nobody | view side   the camera's view changes
    > lost camera | back camera
    < speak count n=3           an effect; timers are left out

A line starting with # is a comment. Every effect must be written down, in order.
"""

from dataclasses import dataclass, field, fields, is_dataclass, replace

from coach.domain.effects import CancelTimer, Effect, RecordProgress, Speak, StartTimer
from coach.domain.events import (
    CommandHeard,
    DayBegan,
    DeviceFailed,
    DeviceRecovered,
    Event,
    LockoutSeen,
    NeutralLearned,
    PoweredUp,
    ReminderDue,
    RepCompleted,
    ShutdownRequested,
    SpeechFinished,
    TimerExpired,
    ViewChanged,
)
from coach.domain.session import begin, step
from coach.domain.state import Purpose, Session
from coach.domain.terms import Command, Device, Fault, Framing, Spine, View
from coach.rehearsal import PLAINLY
from coach.store.codec import kebab
from tests.domain import make


@dataclass
class Playbook:
    session: Session
    t: float = 0.0
    lines: list[str] = field(default_factory=list)

    def play(self, script: str) -> str:
        """The script with the effects that really came; equal to the script when all is well."""
        for line in script.splitlines():
            if line.startswith("<"):
                continue
            self.lines.append(line)
            if line == "> quiet":
                while self.session.talk.current is not None:
                    self._step(["said"])
            elif line.startswith(">"):
                self._step(line[1:].split())
        return "\n".join(self.lines) + "\n"

    def _step(self, words: list[str]) -> None:
        self.t += 1.0
        if words[0] == "rep":
            before = self.session
            self._happens(["back-up", *words[1:]])
            if before.work and self.session.work and before.work.done < self.session.work.done:
                self._happens(["top"])
        else:
            self._happens(words)

    def _happens(self, words: list[str]) -> None:
        self.session, effects = step(self.session, self._event(words))
        self.lines += [f"< {shown(e)}" for e in effects if not _timer(e)]

    def _event(self, words: list[str]) -> Event:
        first, *rest = words
        match first:
            case "power-up":
                return PoweredUp(self.t, tuple(Device(name) for name in rest))
            case "said":
                current = self.session.talk.current
                assert current is not None, "nothing is being said"
                return SpeechFinished(self.t, current.id)
            case "leaning" | "top":
                found = next((one for one in PLAINLY if one.fault in rest), None)
                return LockoutSeen(self.t, self._watch(), found, over=first == "top")
            case "back-up":
                return RepCompleted(self.t, self._watch(), self._rep(rest))
            case "neutral":
                return NeutralLearned(self.t, self._watch(), make.calibration())
            case "view":
                if rest[0] == "side":
                    return ViewChanged(self.t, View.SIDE, True)
                return ViewChanged(self.t, View.FRONT, False, Framing(rest[0]))
            case "lost":
                return DeviceFailed(self.t, Device(rest[0]), "")
            case "back":
                return DeviceRecovered(self.t, Device(rest[0]))
            case "shutdown":
                return ShutdownRequested(self.t)
            case "day":
                return DayBegan(self.t, int(rest[0]))
            case "remind":
                return ReminderDue(self.t, rest[0])
            case _ if first in set(Purpose):
                timers = dict(self.session.timers)
                assert Purpose(first) in timers, f"no {first} timer runs, only {timers}"
                return TimerExpired(self.t, timers[Purpose(first)])
            case _:
                meaning = None if not rest else int(rest[0]) if rest[0].isdecimal() else rest[0]
                return CommandHeard(self.t, Command(first), meaning=meaning)

    def _watch(self) -> int:
        return self.session.work.watch if self.session.work else -1

    def _rep(self, words: list[str]) -> make.Rep:
        if words == ["unseen"]:
            return make.rep(t=self.t, back=make.UNSEEN)
        faults = [Fault(word) for word in words if word in set(Fault)]
        where = next((Spine(word) for word in words if word in set(Spine)), None)
        return make.rep(*faults, t=self.t, where=where)


def shown(effect: Effect) -> str:
    """The effect's name and those of its fields that are not as usual."""
    if isinstance(effect, Speak):
        values = "".join(f" {name}={value}" for name, value in effect.cue.values)
        return f"speak {effect.cue.id}{values}"
    value = effect.progress if isinstance(effect, RecordProgress) else effect
    told = [
        f"{field.name}={getattr(value, field.name)}"
        for field in fields(value)
        if getattr(value, field.name) != field.default
        and not is_dataclass(getattr(value, field.name))
    ]
    return " ".join([kebab(type(effect)), *told])


def _timer(effect: Effect) -> bool:
    return isinstance(effect, StartTimer | CancelTimer)


def start(heading: str) -> Playbook:
    """The heading is the script's first line: a sentence with some words that matter.

    uncalibrated; unlocked; program=NAME of tests/domain/make.py; mastered=DRILL,DRILL (gate passed
    in an earlier session); retained=DRILL (and checked since)
    """
    words = heading.split()
    values = dict(word.split("=", 1) for word in words if "=" in word)
    program = make.PROGRAMS[values.get("program", "first-hinge")]
    named = {
        state: [name for name in values.get(state, "").split(",") if name]
        for state in ("mastered", "retained")
    }
    opened = make.opened("uncalibrated" not in words, program, **named)
    if "unlocked" in words:
        opened = replace(opened, mastery=replace(opened.mastery, unlocked=True))
    return Playbook(begin(opened))

"""The state table, asked of `step` itself: what the coach does in each phase with whatever happens.

The phases are found by searching from power-up, shortest way first, so nothing here names one. For
each phase two moments are shown: the coach is quiet, and the coach is speaking.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from coach.domain.calibration import Calibration
from coach.domain.effects import (
    CancelTimer,
    Effect,
    Ignore,
    Speak,
    StartTimer,
    StopSpeaking,
)
from coach.domain.events import (
    CommandHeard,
    DayBegan,
    DeviceFailed,
    DeviceRecovered,
    Event,
    FaultSeen,
    LockoutSeen,
    NeutralLearned,
    OtherMovementSeen,
    PoweredUp,
    ReminderDue,
    RepCompleted,
    ShutdownRequested,
    SpeechFinished,
    TimerExpired,
    ViewChanged,
)
from coach.domain.people import Person
from coach.domain.program import Gate, Program
from coach.domain.session import begin, step
from coach.domain.state import Opened, Phase, Purpose, Session
from coach.domain.terms import (
    Back,
    Command,
    Device,
    Evidence,
    Fault,
    Framing,
    Rep,
    Unit,
    Verdict,
    View,
)
from coach.store.codec import kebab

NOTHING = "-"

NEUTRAL = Calibration(outline=(), ratio=1.0, neck_deg=0.0, face_deg=0.0, hip_deg=0.0)

LONGEST_QUEUE = 4
"""Cues that may wait to be said; the search leaves longer queues out, or it would never end."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Two sessions in the same phase, with all devices: each the first that the search met."""

    quiet: Session | None = None
    speaking: Session | None = None

    @property
    def complete(self) -> bool:
        return self.quiet is not None and self.speaking is not None


def table(program: Program) -> str:
    """Markdown: one section a phase, one row for whatever can happen in it."""
    return "\n".join(_lines(explore(program)))


def explore(program: Program) -> Mapping[Phase, Moments]:
    """The moments of every phase that can be reached, breadth first over what can happen."""
    found = {phase: Moments() for phase in Phase}
    waiting = deque([begin(Opened(_shortened(program), household=(Person("Ada"),)))])
    met: set[object] = set()
    while waiting and not all(moments.complete for moments in found.values()):
        session = waiting.popleft()
        gist = _gist(session)
        if gist in met or session.missing or len(session.talk.waiting) > LONGEST_QUEUE:
            continue
        met.add(gist)
        found[session.phase] = _noted(found[session.phase], session)
        waiting.extend(step(session, event)[0] for event in happenings(session).values())
    return found


def happenings(session: Session) -> dict[str, Event]:
    """Everything that can happen to this session, by a name for people."""
    watch = session.work.watch if session.work else 0
    current = session.talk.current
    seen, unseen = Back(True, "contour"), Back(False, "none")
    return {
        "power-up": PoweredUp(0.0),
        "another day": DayBegan(0.0, session.day + 1),
        "time for a reminder": ReminderDue(0.0, session.me.name),
        **{f'"{command}"': CommandHeard(0.0, command) for command in Command},
        **({"the coach has spoken": SpeechFinished(0.0, current.id)} if current else {}),
        **{f"time is up: {why}": TimerExpired(0.0, timer) for why, timer in session.timers},
        "a clean rep": RepCompleted(0.0, watch, _rep(Verdict.CLEAN, (), seen)),
        "a rep with a fault": RepCompleted(
            0.0, watch, _rep(Verdict.FAULT, (Fault.ROUNDED_BACK,), seen)
        ),
        "a rep whose back was not seen": RepCompleted(
            0.0, watch, _rep(Verdict.UNJUDGED, (), unseen)
        ),
        "a fault before the rep is back": FaultSeen(
            0.0, watch, Evidence(Fault.ROUNDED_BACK, 0.05, 0.02, Unit.TORSOS)
        ),
        "leaning back at the top": LockoutSeen(
            0.0, watch, Evidence(Fault.HYPEREXTENDED, 18.0, 10.0), over=False
        ),
        "a rep's top has been seen": LockoutSeen(0.0, watch),
        "own neutral back learned": NeutralLearned(0.0, watch, NEUTRAL),
        "another movement": OtherMovementSeen(0.0, watch, "squat"),
        "the view can be judged": ViewChanged(0.0, View.SIDE, True),
        "the view cannot be judged": ViewChanged(0.0, View.ABSENT, False, Framing.NOBODY),
        **{f"{device} lost": DeviceFailed(0.0, device, "") for device in Device},
        **{f"{device} back": DeviceRecovered(0.0, device) for device in Device},
        "shutdown": ShutdownRequested(0.0),
        "an answer to something long over": TimerExpired(0.0, 0),
    }


def _rep(verdict: Verdict, faults: tuple[Fault, ...], back: Back) -> Rep:
    return Rep(1, 0.0, verdict, faults, 60.0, 8.0, back, 3.5)


def _shortened(program: Program) -> Program:
    """One step, one rep a set: the same phases, fewer moments on the way."""
    return replace(
        program,
        blocks=tuple(
            replace(
                block,
                reps=1,
                drill=replace(
                    block.drill,
                    setup=block.drill.setup[:1],
                    gate=block.drill.gate and Gate(in_a_row=1),
                ),
            )
            for block in program.blocks[:1]
        ),
    )


def _gist(session: Session) -> object:
    """What tells moments apart here: numbers given to utterances, timers and watches do not."""
    return (
        session.phase,
        session.question,
        session.before_pause,
        session.talk.current is None,
        len(session.talk.waiting),
        tuple(sorted(why for why, _ in session.timers)),
        session.work is None,
    )


def _noted(moments: Moments, session: Session) -> Moments:
    if session.talk.current is None:
        return replace(moments, quiet=moments.quiet or session)
    return replace(moments, speaking=moments.speaking or session)


# --- as text ----------------------------------------------------------------------------------


HEADER = """# What the coach does in each phase

Written by `coach table` from `step` itself; not edited by hand. *Say next* means that it waits
until what sounds now has been said; a phase in bold is the one that follows. Timers are named in
`code`; the limit that every utterance has is left out. The set is shown before its first rep, when
no top can follow: a top amends the rep counted last, and that of the last rep ends the set.
"""


def _lines(found: Mapping[Phase, Moments]) -> Iterator[str]:
    yield HEADER
    for phase, moments in found.items():
        quiet, speaking = _answers(moments.quiet), _answers(moments.speaking)
        rows = {
            name: (quiet.get(name, NOTHING), speaking.get(name, NOTHING))
            for name in {**quiet, **speaking}
        }
        idle = [name for name, answers in rows.items() if set(answers) == {NOTHING}]
        yield f"## {phase}\n"
        if len(idle) < len(rows):
            yield "| what happens | while the coach is quiet | while the coach speaks |"
            yield "|---|---|---|"
            yield from (f"| {n} | {a} | {b} |" for n, (a, b) in rows.items() if n not in idle)
            yield ""
        yield f"Ignored, with the reason in the journal: {', '.join(idle)}.\n"


def _answers(session: Session | None) -> dict[str, str]:
    if session is None:
        return {}
    return {name: _answer(session, event) for name, event in happenings(session).items()}


def _answer(before: Session, event: Event) -> str:
    after, effects = step(before, event)
    done = [text for effect in effects if (text := _shown(effect, before, after))]
    known = {before.talk.current, *before.talk.waiting}
    done += [f"say `{u.cue.id}` next" for u in after.talk.waiting if u not in known]
    if after.phase is not before.phase:
        done.append(f"**{after.phase}**")
    if not done and not any(isinstance(effect, Ignore) for effect in effects):
        done.append("noted")
    return "; ".join(done) or NOTHING


def _shown(effect: Effect, before: Session, after: Session) -> str | None:
    match effect:
        case Speak(_, cue):
            return f"say `{cue.id}`"
        case StopSpeaking():
            return "fall silent"
        case StartTimer(timer, seconds):
            return _timer(after, timer, f"start `{{}}` {seconds:g} s")
        case CancelTimer(timer):
            return _timer(before, timer, "stop `{}`")
        case Ignore():
            return None
        case _:
            return kebab(type(effect)).replace("-", " ")


def _timer(session: Session, timer: int, words: str) -> str | None:
    """The limit that every utterance has is left out: it comes and goes with each `say`."""
    purpose = next((why for why, known in session.timers if known == timer), Purpose.SPEECH)
    return None if purpose is Purpose.SPEECH else words.format(purpose)

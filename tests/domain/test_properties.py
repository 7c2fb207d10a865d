"""What holds for any list of events, however strange."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coach.domain.drills import DRILLS
from coach.domain.effects import EndSession, Ignore, Speak, StartSession, StartTimer, StopSpeaking
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
from coach.domain.mastery import may_load
from coach.domain.program import Stage
from coach.domain.session import begin, step, wants
from coach.domain.state import Opened, Phase, Session
from coach.domain.terms import Command, Device, Fault, Framing, View
from coach.rehearsal import PLAINLY
from tests.domain import make

T = st.just(0.0)
IDS = st.integers(1, 40)
DEVICES = st.sampled_from(Device)
REPS = st.builds(
    lambda faults, seen: make.rep(*faults, back=make.SEEN if seen else make.UNSEEN),
    st.lists(st.sampled_from(Fault), max_size=3, unique=True),
    st.booleans(),
)
ANYTHING: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        CommandHeard,
        T,
        st.sampled_from(Command),
        meaning=st.sampled_from([None, "anna", "binh", "guest", 8]),
    ),
    st.builds(DayBegan, T, st.integers(0, 100)),
    st.builds(ReminderDue, T, st.sampled_from(["me", "anna"])),
    st.builds(SpeechFinished, T, IDS, st.booleans()),
    st.builds(TimerExpired, T, IDS),
    st.builds(RepCompleted, T, IDS, REPS),
    st.builds(FaultSeen, T, IDS, st.sampled_from(PLAINLY)),
    st.builds(LockoutSeen, T, IDS, st.sampled_from((None, *PLAINLY)), st.booleans()),
    st.builds(NeutralLearned, T, IDS, st.just(make.calibration())),
    st.builds(OtherMovementSeen, T, IDS, st.just("squat")),
    st.builds(ViewChanged, T, st.sampled_from(View), st.booleans(), st.sampled_from(Framing)),
    st.builds(DeviceFailed, T, DEVICES, st.just("")),
    st.builds(DeviceRecovered, T, DEVICES),
    st.builds(PoweredUp, T, st.lists(DEVICES, unique=True).map(tuple)),
)
# "current" stands for an answer to whatever the session waits for at that moment.
CURRENT = st.sampled_from(["speech", "timer", "rep", "top", "leaning"])
ITEMS = st.lists(st.one_of(ANYTHING, CURRENT, CURRENT), max_size=80)
OPENED = st.one_of(
    st.just(make.opened(calibrated=False)),
    st.builds(
        make.opened,
        st.booleans(),
        st.sampled_from(list(make.PROGRAMS.values())),
        st.lists(st.sampled_from(list(DRILLS)), max_size=2, unique=True),
        st.sampled_from([(), ("dowel-hinge", "wall-rdl", "bodyweight-hinge")]),
    ),
)


def resolve(session: Session, item: Event | str, t: float) -> Event:
    """An event at time t; the words become answers that are not late."""
    if isinstance(item, Event):
        return replace(item, t=t)
    if item == "speech" and session.talk.current:
        return SpeechFinished(t, session.talk.current.id)
    if item == "timer" and session.timers:
        return TimerExpired(t, session.timers[0][1])
    watch = session.work.watch if session.work else 0
    if item not in ("top", "leaning"):
        return RepCompleted(t, watch, make.rep(t=t))
    leaning = next(one for one in PLAINLY if one.fault is Fault.HYPEREXTENDED)
    return LockoutSeen(t, watch, leaning if item == "leaning" else None, over=item == "top")


def live(opened: Opened, items: list[Event | str]) -> tuple[Session, list[Event]]:
    session, lived = begin(opened), []
    for t, item in enumerate(items):
        event = resolve(session, item, float(t))
        session, _ = step(session, event)
        lived.append(event)
    return session, lived


@given(OPENED, ITEMS)
def test_never_raises_and_never_drops_an_event_in_silence(
    opened: Opened, items: list[Event | str]
) -> None:
    session = begin(opened)
    for t, item in enumerate(items):
        before = session
        session, effects = step(session, resolve(session, item, float(t)))
        assert effects or session != before


@given(OPENED, ITEMS)
def test_stop_always_silences_and_ends(opened: Opened, items: list[Event | str]) -> None:
    session, _ = live(opened, items)
    speaking, active = session.talk.current is not None, session.active
    session, effects = step(session, CommandHeard(1e3, Command.STOP))
    assert not any(isinstance(effect, Speak | StartTimer) for effect in effects)
    assert session.talk.current is None and not session.talk.waiting
    assert not session.active and not session.timers
    if speaking:
        assert StopSpeaking() in effects
    if active:
        assert any(isinstance(effect, EndSession) for effect in effects)


@given(OPENED, ITEMS, ITEMS)
def test_nothing_happens_after_the_end(
    opened: Opened, before: list[Event | str], after: list[Event | str]
) -> None:
    session, _ = live(opened, before)
    ended, _ = step(session, ShutdownRequested(1e3))
    assert ended.phase is Phase.ENDED
    for t, item in enumerate(after):
        again, effects = step(ended, resolve(ended, item, 2e3 + t))
        assert again == ended
        assert all(isinstance(effect, Ignore) for effect in effects)


@given(OPENED, ITEMS)
def test_replaying_gives_the_same_effects(opened: Opened, items: list[Event | str]) -> None:
    _, lived = live(opened, items)

    def run() -> list[object]:
        session, out = begin(opened), []
        for event in lived:
            session, effects = step(session, event)
            out.append(effects)
        return out

    assert run() == run()


@given(OPENED, ITEMS)
def test_somebody_is_always_waited_for(opened: Opened, items: list[Event | str]) -> None:
    """While a session runs, a timer runs too: nobody can be left standing for ever."""
    session, _ = live(opened, items)
    if session.active:
        assert session.timers


@given(OPENED, ITEMS)
def test_a_camera_is_wanted_only_in_a_set(opened: Opened, items: list[Event | str]) -> None:
    session, _ = live(opened, items)
    if wants(session).watch is not None:
        assert session.phase is Phase.SET


@given(OPENED, ITEMS)
def test_the_count_never_goes_back_within_a_set(opened: Opened, items: list[Event | str]) -> None:
    session = begin(opened)
    last = (0, 0)
    for t, item in enumerate(items):
        session, _ = step(session, resolve(session, item, float(t)))
        if session.work is not None:
            now = (session.work.number, session.work.done)
            assert now[0] != last[0] or now[1] >= last[1]
            last = now


@given(OPENED, ITEMS)
def test_nobody_is_sent_to_lift_before_they_may(opened: Opened, items: list[Event | str]) -> None:
    session = begin(opened)
    for t, item in enumerate(items):
        before = session
        session, effects = step(session, resolve(session, item, float(t)))
        begun = any(isinstance(effect, StartSession) for effect in effects)
        if begun and session.active and not before.resumable:
            loaded = session.block.drill.stage is Stage.LOAD
            assert not loaded or may_load(session.program, session.mastery)


@given(OPENED, ITEMS)
def test_another_day_or_another_person_loses_no_mastery_of_anybody(
    opened: Opened, items: list[Event | str]
) -> None:
    session, lived = live(opened, items)
    everybody = {one.name for one in (session.me, *session.others)}
    assert {opened.person, *(one.name for one in opened.household)} <= everybody | {"guest"}
    assert session.day >= max([opened.day, *(e.day for e in lived if isinstance(e, DayBegan))])

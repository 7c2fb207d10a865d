"""The one place that wires a coach: chooses devices, starts in order, stops in reverse."""

import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from coach.adapters.clock import Clock, RealClock, VirtualClock
from coach.adapters.mouth import PackMouth
from coach.adapters.packs import Packs
from coach.adapters.patient_voice import PatientVoice
from coach.adapters.tts import Voice, engine_for
from coach.calendar import Calendar
from coach.devices import furnish, refuse_without_models
from coach.doctor.machine import check_machine
from coach.doctor.spoken import notes_of
from coach.domain.effects import Cue
from coach.domain.events import Event, PoweredUp, ShutdownRequested
from coach.domain.people import GUEST
from coach.domain.program import Program
from coach.domain.session import Opened, Phase, Session, begin
from coach.domain.terms import Device
from coach.household import Household
from coach.loop import Loop, Observer
from coach.ports import DeviceError
from coach.programs import numbers_said
from coach.room import Wish
from coach.service import Service, is_service, service_manager
from coach.simulation import simulate
from coach.speech.voice_pack import VoicePack
from coach.store.claim import Claim
from coach.store.memory import Memory

LONGEST_SIMULATION_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Choice:
    """What `coach run` was asked for.

    fast: for recordings only, virtual time
    notes: cues of what happened before, to be said at power-up
    """

    program: Program
    language: str
    person: str
    state_dir: Path
    wish: Wish
    fast: bool = False
    notes: tuple[Cue, ...] = ()


def run(
    choice: Choice,
    observers: Callable[[Opened], Sequence[Observer]],
    notice: Callable[[str], None],
) -> None:
    """Coach until the process is told to stop, or the recordings are over.

    `notice` gets plain sentences for people. Raises DeviceError for a recording or a device that
    was asked for by name and is not there, StoreError where another coach runs in this folder.
    """
    clock: Clock = VirtualClock() if choice.fast else RealClock()
    inbox: SimpleQueue[Event] = SimpleQueue()
    with ExitStack() as stack:
        if choice.person != GUEST:
            stack.callback(Claim(choice.state_dir, alone=True).release)
        memory = Memory(choice.state_dir, choice.person, choice.program.id, notice)
        stack.callback(memory.close)
        household = Household(memory, choice.person)
        session = memory.session
        if session is None:
            own, hears = choice.state_dir / "programs", choice.wish.hears
            opened = household.opened(choice.program, choice.language, own, hears, notice)
            memory.journal.open(opened)
            session = begin(opened)
        refuse_without_models(choice.wish, session.language)
        packs = Packs(household.names)
        pack, problems = packs(session.language), memory.problems
        without_voice = _prepare(session, pack, problems)

        room = furnish(choice.wish, pack, clock, inbox.put)
        stack.callback(room.close)
        voice = PatientVoice(Voice(engine_for(pack)), inbox.put, clock.now, without_voice)
        stack.callback(voice.close)
        mouth = PackMouth(pack, voice.samples, room.speaker)

        def use_language(language: str) -> None:
            pack = packs(language)
            voice.use(Voice(engine_for(pack)))
            mouth.use(pack)
            room.use_pack(pack)

        service = Service(clock.now, room.last_work, service_manager())
        watching: list[Observer] = [*observers(session.opened), *room.observers, service]
        loop = Loop(session, mouth, room.ears, room.eyes, memory.journal, watching, use_language)
        missing = {**room.problems, **problems}
        for problem in missing.values():
            notice(problem)
        notes = (*choice.notes, *memory.notes, *notes_of(check_machine(choice.state_dir), notice))
        if not choice.fast:
            _listen_to_signals(inbox, clock)  # from the first word on
        loop.handle(PoweredUp(clock.now(), tuple(sorted(missing)), notes, is_service()))
        others = Thread(target=_prepare_others, args=(session, packs), name="voices", daemon=True)
        others.start()
        if isinstance(clock, VirtualClock):
            others.join()
            simulate(loop, clock, inbox, room.feeds, LONGEST_SIMULATION_S)
        else:
            calendar = Calendar(inbox.put, clock.now, household.reminders)
            loop.run(inbox, clock.now, lambda: _beat(service, calendar, memory, loop))


def _beat(service: Service, calendar: Calendar, memory: Memory, loop: Loop) -> None:
    """The main loop turns: the watchdog is fed, days pass, and once a day a copy is made."""
    service.beat(loop.session)
    calendar.beat()
    if loop.session.phase is Phase.IDLE and loop.session.talk.current is None:
        memory.copy_daily()


def _prepare(session: Session, pack: VoicePack, problems: dict[Device, str]) -> str | None:
    """Every sentence of the session, rendered before the first is spoken; else one that fails."""
    voice, texts = Voice(engine_for(pack)), _sentences(session, pack)
    try:
        voice.prepare(texts)
    except DeviceError as error:
        problems[Device.VOICE] = str(error)
        return next((text for text in texts if voice.kept(text) is None), None)
    return None


def _prepare_others(session: Session, packs: Packs) -> None:
    """The words of those who may take over; what fails is tried again when it is to be said."""
    spoken = {session.opened.language, *session.opened.languages} - {session.language}
    for language in sorted(spoken):
        with suppress(DeviceError):
            pack = packs(language)
            Voice(engine_for(pack)).prepare(_sentences(session, pack))


def _sentences(session: Session, pack: VoicePack) -> Sequence[str]:
    people = (session.me, *session.others)
    own = {session.program, *(one.program for one in people if one.program)}
    names = tuple(one.name for one in people)
    return [text for one in own for text in pack.sentences_ahead(numbers_said(one, names))]


def _listen_to_signals(inbox: "SimpleQueue[Event]", clock: Clock) -> None:
    def asked_to_stop(number: int, _: object) -> None:
        inbox.put(ShutdownRequested(clock.now(), signal.Signals(number).name))

    signal.signal(signal.SIGINT, asked_to_stop)
    signal.signal(signal.SIGTERM, asked_to_stop)

"""Hours in a living room, in virtual time, with every part real but the devices.

In each hour a session is trained, the television talks, somebody moves in front of the camera,
and nothing happens for a while. Only "hey coach" may begin a session: any other is a phantom.
Run by `scripts/endurance`; the television is espeak-ng reading sentences full of command words.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np

from coach import config, programs
from coach.adapters.clock import VirtualClock
from coach.adapters.eyes import BlazePoseEyes
from coach.adapters.mouth import PackMouth
from coach.adapters.packs import load_pack
from coach.adapters.recorded import RecordedCamera, RecordedMicrophone, SilentSpeaker
from coach.adapters.sound import read_wav
from coach.adapters.tape import Tape
from coach.adapters.tts import Engine, Voice, engine_for
from coach.adapters.vosk_ears import VoskEars
from coach.domain.effects import Effect, StartSession
from coach.domain.events import CommandHeard, Event, PoweredUp, SpeechFinished
from coach.domain.session import Phase, Session, begin, wants
from coach.domain.state import Opened
from coach.domain.terms import Command, Device
from coach.loop import Loop
from coach.ports import SAMPLE_RATE
from coach.service import Service
from coach.simulation import Feed, simulate
from coach.store.memory import Memory

HOUR_S = 3600.0
SESSION_AT_S, TALK_AT_S, WALK_AT_S = 60.0, 900.0, 2400.0
"""Within each hour: when somebody calls, when the television is switched on, when people pass."""

TALK_S = 900.0
WALK_S = 300.0
PATIENCE_S = 900.0
"""A session that takes longer is stopped by the person."""

CLIP = config.DEMO.parent / "trainee.mp4"
CLIP_S = 68.0
WORDS = config.DEMO.parent / "words"

TALK = (
    "Hey, couch potatoes, stop whatever you are doing and look at this.",
    "The coach said his players are done for the season.",
    "And next on channel four, how many of them were ready to go on.",
    "Yes, said the minister, no, said the other one, and again they could not agree.",
    "Hey, could you come over here for a moment?",
    "He told me to pause before the next sentence.",
    "They stopped the train in the middle of the bridge.",
    "Help is on the way, the captain said.",
    "Are you done with the dishes?",
    "The coach of the visiting team was not happy.",
    "I am ready when you are, my dear.",
    "It hurts me to say so, but it is over.",
    "A good rounded red wine goes well with it.",
    "Once more, the weather: rain in the north, sun in the south.",
)
VOICES = ("en-us", "en-gb-x-rp", "en-gb-scotland")


@dataclass
class Report:
    """What hours of work came to. Samples are taken each ten simulated minutes."""

    sessions: int = 0
    phantoms: list[float] = field(default_factory=list)
    commands_in_talk: int = 0
    longest_unfed_s: float = 0.0
    memory_mb: list[float] = field(default_factory=list)
    open_files: list[int] = field(default_factory=list)
    reps: int = 0


class Trainee:
    """Calls on the hour, answers when the coach is quiet, and moves when a set begins."""

    def __init__(self, microphone: RecordedMicrophone, camera: RecordedCamera) -> None:
        self._microphone = microphone
        self._camera = camera
        self._words = {path.stem: read_wav(path) for path in WORDS.glob("*.wav")}
        self._watch: int | None = None

    def says(self, word: str, t: float) -> None:
        self._microphone.say(t, self._words[word])

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        wanted = wants(session)
        if wanted.watch is not None and wanted.watch.id != self._watch:
            self._watch = wanted.watch.id
            self._camera.play(event.t + 1.0, 0.0, CLIP_S)
        if isinstance(event, SpeechFinished) and session.talk.current is None:
            if session.phase is Phase.SETUP:
                self.says("done", event.t + 1.0)
            elif session.phase is Phase.ASK:
                self.says("yes" if Command.YES in wanted.listen else "next", event.t + 1.0)
            elif session.phase is Phase.REST:
                self.says("next", event.t + 2.0)


class Day:
    def __init__(self, folder: Path, hours: float) -> None:
        self.report = Report()
        self._end = hours * HOUR_S
        self._clock = clock = VirtualClock()
        self._inbox: SimpleQueue[Event] = SimpleQueue()
        pack = load_pack("en")
        tape = Tape(clock, wanted=False)
        self._microphone = RecordedMicrophone(clock, tape)
        self._camera = RecordedCamera(clock, CLIP)
        self._camera.open()
        ears = VoskEars(config.models_dir() / "vosk-en", pack.phrases, pack.decoys)
        eyes = BlazePoseEyes.from_models(config.models_dir())
        voice = Voice(engine_for(pack))
        speaker = SilentSpeaker(clock, self._inbox.put, tape)
        mouth = PackMouth(pack, voice.samples, speaker)
        self._trainee = Trainee(self._microphone, self._camera)
        self._memory = Memory(folder, "me", "first-hinge", _complain)
        opened = Opened(programs.load("first-hinge", folder))
        self._memory.journal.open(opened)
        self._worked = {Device.MICROPHONE: 0.0, Device.CAMERA: 0.0}
        self._fed = 0.0
        self._called_until = 0.0
        last = {device: lambda device=device: self._worked[device] for device in self._worked}
        self._service = Service(clock.now, last, self._told)
        observers = [self._observe, self._trainee, self._service]
        self._loop = Loop(begin(opened), mouth, ears, eyes, self._memory.journal, observers)
        self._feeds = [
            Feed(self._microphone, self._watched(Device.MICROPHONE, ears.feed)),
            Feed(self._camera, self._watched(Device.CAMERA, eyes.feed)),
        ]
        self._talk = _television()

    def run(self) -> Report:
        self._loop.handle(PoweredUp(0.0))
        hour = 0.0
        while hour < self._end:
            self._clock.call_at(hour + SESSION_AT_S, self._call)
            self._clock.call_at(hour + TALK_AT_S, self._switch_on)
            self._clock.call_at(hour + WALK_AT_S, self._pass_by)
            hour += HOUR_S
        self._sample()
        simulate(self._loop, self._clock, self._inbox, self._feeds, self._end)
        self._memory.close()
        return self.report

    # --- what happens in an hour ----------------------------------------------------------------

    def _call(self) -> None:
        now = self._clock.now()
        self._called_until = now + PATIENCE_S
        self._trainee.says("hey-coach", now)
        self._clock.call_at(self._called_until, self._leave)

    def _leave(self) -> None:
        if self._loop.session.active:
            self._trainee.says("stop", self._clock.now())

    def _switch_on(self) -> None:
        t = self._clock.now()
        end, number = t + TALK_S, 0
        while t < end:
            sound = self._talk[number % len(self._talk)]
            self._clock.call_at(t, lambda t=t, sound=sound: self._microphone.say(t, sound))
            # The pauses of talk differ: some sentences run together, some stand alone.
            t += len(sound) / SAMPLE_RATE + (0.1, 0.4, 0.7, 1.5)[number % 4]
            number += 1

    def _pass_by(self) -> None:
        now = self._clock.now()
        for turn in range(int(WALK_S / CLIP_S)):
            t = now + turn * CLIP_S
            self._clock.call_at(t, lambda t=t: self._camera.play(t, 0.0, CLIP_S))

    # --- what is watched ------------------------------------------------------------------------

    def _watched(
        self, device: Device, sense: Callable[[Any], Iterable[Event]]
    ) -> Callable[[Any], Iterable[Event]]:
        def feed(item: Any) -> Iterable[Event]:
            events = sense(item)
            self._worked[device] = item.t
            self._service.beat(self._loop.session)
            self._memory_in_quiet()
            return events

        return feed

    def _memory_in_quiet(self) -> None:
        if self._clock.t // 600 > len(self.report.memory_mb) - 1:
            self._sample()
            self._memory.journal.flush()

    def _told(self, assignment: str) -> None:
        if assignment == "WATCHDOG=1":
            now = self._clock.now()
            self.report.longest_unfed_s = max(self.report.longest_unfed_s, now - self._fed)
            self._fed = now

    def _observe(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        called = event.t <= self._called_until
        if isinstance(event, CommandHeard) and not called:
            self.report.commands_in_talk += 1
        for effect in effects:
            if isinstance(effect, StartSession):
                if called:
                    self.report.sessions += 1
                else:
                    self.report.phantoms.append(event.t)
            self.report.reps += type(effect).__name__ == "RecordRep"

    def _sample(self) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.report.memory_mb.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
        self.report.open_files.append(len(list(Path("/proc/self/fd").iterdir())))


def _television() -> list[np.ndarray]:
    folder = config.voice_dir()
    return [
        Voice(Engine("espeak", VOICES[number % len(VOICES)], 175), folder).samples(sentence)
        for number, sentence in enumerate(TALK)
    ]


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def main(hours: float) -> int:
    with tempfile.TemporaryDirectory() as folder:
        report = Day(Path(folder), hours).run()
    memory, files = report.memory_mb, report.open_files
    print(f"{hours:g} simulated hours: {report.sessions} sessions, {report.reps} reps")
    print(f"phantom sessions: {len(report.phantoms)} {report.phantoms or ''}")
    print(f"commands heard outside of sessions: {report.commands_in_talk}")
    print(f"longest time without a fed watchdog: {report.longest_unfed_s:.1f} s")
    print(f"memory in MB, each 10 minutes: {' '.join(f'{mb:.0f}' for mb in memory)}")
    print(f"open files, each 10 minutes: {' '.join(map(str, files))}")
    return 1 if report.phantoms or report.longest_unfed_s > 5.0 else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))

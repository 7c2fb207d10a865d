"""Furnishes the room: which microphone, speaker and camera a session has, and what is missing."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach import config, models
from coach.adapters.absent import AbsentEars, AbsentEyes
from coach.adapters.clock import Clock, VirtualClock
from coach.adapters.late import LateEars, LateEyes, LateSource
from coach.adapters.recorded import RecordedCamera, RecordedMicrophone, Samples, SilentSpeaker
from coach.adapters.sound import read_wav
from coach.adapters.tape import Tape
from coach.adapters.trainee import Leaving, Trainee, load_script
from coach.domain.effects import Effect
from coach.domain.events import Event
from coach.domain.session import Phase, Session
from coach.domain.terms import Device
from coach.loop import Observer
from coach.ports import Block, DeviceError, Ears, Eyes, Frame
from coach.pump import Pump, Source
from coach.room import FILE, Room, Wish
from coach.settings import Pins
from coach.simulation import Feed
from coach.speech.voice_pack import VoicePack

if TYPE_CHECKING:
    from coach.adapters.gpio import Panel

OPEN_S = 5.0
"""Devices that have not opened by then are named as missing; they may still come."""

Emit = Callable[[Event], None]


def furnish(wish: Wish, pack: VoicePack, clock: Clock, emit: Emit) -> Room:
    """Open what was wished for; raises DeviceError for a thing asked for by name and not there."""
    furnisher = _Furnisher(wish, pack, clock, emit)
    try:
        return furnisher.furnish()
    except DeviceError:
        furnisher.room.close()
        raise


def refuse_without_models(wish: Wish, language: str) -> None:
    """Raises DeviceError for a missing model that must be there, before anything takes long."""
    needed: list[str] = []
    if wish.hears and wish.insists_on(Device.MICROPHONE):
        needed.append(f"vosk-{language}")
    if wish.sees and wish.insists_on(Device.CAMERA):
        landmarks = f"pose_landmark_{models.landmark_variant(wish.pose)}.tflite"
        needed += ["pose_detection.tflite", landmarks]
    try:
        for name in filter(models.catalogue().__contains__, needed):
            models.require(name)
    except models.ModelError as error:
        raise DeviceError(str(error)) from error


class _Furnisher:
    def __init__(self, wish: Wish, pack: VoicePack, clock: Clock, emit: Emit) -> None:
        self._wish = wish
        self._pack = pack
        self._clock = clock
        self._emit = emit
        self._virtual = isinstance(clock, VirtualClock)
        self._tape = Tape(clock, wanted=bool(wish.tapes))
        self._pumps: dict[Device, Pump[Any]] = {}
        self._panel: Panel | None = None
        self._kept_off: dict[Device, str] = {}
        self._own_voice: Callable[[Samples, float, bool], None] = lambda samples, t, gap: None
        self.room = Room(SilentSpeaker(clock, emit, self._tape), AbsentEars(), AbsentEyes())

    def furnish(self) -> Room:
        wish, room = self._wish, self.room
        self._panel = self._wired(wish.pins)
        if wish.trainee is not None:
            self._trainee(wish.trainee)
        else:
            self._microphone(wish.microphone)
            self._camera(wish.camera)
        self._speaker(wish.speaker)
        for device, pump in self._pumps.items():
            if not pump.opened(OPEN_S):
                if pump.problem and self._wish.insists_on(device):
                    raise DeviceError(pump.problem)
                room.problems[device] = pump.problem or f"The {device} does not answer yet."
        for path in wish.tapes:
            room.at_close.append(lambda path=path: self._tape.write(path))  # type: ignore[misc]
        return room

    def _wired(self, pins: Pins) -> "Panel | None":
        if not pins.any:
            return None
        from coach.adapters.gpio import Panel

        try:
            panel = Panel(pins, self._emit, self._clock.now)
        except DeviceError as error:
            # A light or a switch that was asked for and does not work keeps its device off.
            if pins.light is not None:
                self._kept_off[Device.CAMERA] = f"The camera stays off. {error}"
            if pins.mute is not None:
                self._kept_off[Device.MICROPHONE] = f"The microphone stays off. {error}"
            return None
        self.room.observers.append(panel)
        self.room.at_close.append(panel.close)
        return panel

    # --- who is there ---------------------------------------------------------------------

    def _trainee(self, path: Path) -> None:
        script = load_script(path)
        microphone = RecordedMicrophone(self._clock, self._tape)
        camera = RecordedCamera(self._clock, script.clip)
        self._hear(lambda: microphone, live=False)
        self._see(lambda: camera)
        self.room.observers.append(Trainee(script, microphone, camera))
        self.room.observers.append(Leaving(microphone, self._clock, self._emit))

    def _microphone(self, wish: str) -> None:
        if wish == "none":
            self.room.problems[Device.MICROPHONE] = "Without a microphone: the coach keeps time."
        elif wish == "keyboard":
            from coach.adapters.microphone_keyboard import Keyboard

            keyboard = Keyboard(self._emit, self._pack)
            self.room.ears, self.room.use_pack = keyboard, keyboard.use
            keyboard.open()
            self.room.at_close.append(keyboard.close)
        elif wish.startswith(FILE):
            microphone = RecordedMicrophone(self._clock, self._tape)
            microphone.say(self._clock.now(), read_wav(Path(wish.removeprefix(FILE))))
            self._hear(lambda: microphone, live=False)
            self.room.observers.append(Leaving(microphone, self._clock, self._emit))
        else:
            from coach.adapters.microphone_sound import SoundMicrophone

            microphone_of_wish = SoundMicrophone(None if wish == "auto" else wish)
            self._hear(lambda: microphone_of_wish, live=True)

    def _camera(self, wish: str) -> None:
        if wish == "none":
            self.room.problems[Device.CAMERA] = "Without a camera: the coach asks and keeps time."
        elif wish.startswith(FILE):
            camera = RecordedCamera(self._clock, Path(wish.removeprefix(FILE)))
            self._see(lambda: camera)
            self.room.observers.append(_play_with_the_set(camera))
        else:
            from coach.adapters.cameras import live_camera

            try:
                live_camera(wish)
            except DeviceError as error:
                self._later(Device.CAMERA, error)
            self._see(lambda: live_camera(wish))

    def _speaker(self, wish: str) -> None:
        room = self.room
        room.at_close.append(lambda: room.speaker.close())
        if wish == "none":
            room.problems[Device.SPEAKER] = "Without a speaker: the coach writes."
        elif not self._virtual and not wish.startswith(FILE):
            from coach.adapters.player import SoundSpeaker

            speaker = SoundSpeaker(self._emit, None if wish == "auto" else wish, self._sounded)
            try:
                speaker.open()
            except DeviceError as error:
                if self._wish.trainee is not None and wish == "auto":
                    speaker.close()
                    return  # the demo needs no sound card, and does not wait for one
                room.at_close.append(speaker.close)
                self._later(Device.SPEAKER, error)
            room.speaker = speaker
            self._sounded_at = self._clock.now()
            room.last_work[Device.SPEAKER] = lambda: self._sounded_at

    def _later(self, device: Device, error: DeviceError) -> None:
        """It is missing now, and tried again until it is there; an error where it was named."""
        if self._wish.insists_on(device):
            raise error
        self.room.problems[device] = str(error)

    def _sounded(self, samples: Samples, t: float, gap: bool) -> None:
        """A block of the coach's own voice: the echo guard's reference, and for the tape."""
        self._sounded_at = t
        self._own_voice(samples, t, gap)
        self._tape.follow(samples, t)

    # --- how they are connected -------------------------------------------------------------

    def _hear(self, microphone: Callable[[], Source[Block]], live: bool) -> None:
        from coach.adapters.echo import EchoGuard
        from coach.adapters.hearing import Hearing
        from coach.adapters.vosk_ears import VoskEars

        guard = EchoGuard() if live else None
        if guard is not None:
            self._own_voice = guard.heard_own

        def vosk(pack: VoicePack) -> Ears:
            model = config.models_dir() / f"vosk-{pack.language}"
            heard = VoskEars(model, pack.phrases, pack.decoys, guard, meanings=pack.meanings)
            return Hearing(heard) if live else heard

        ears = LateEars(vosk, self._pack)
        self.room.ears, self.room.use_pack = ears, ears.use
        self._connect(Device.MICROPHONE, ears, microphone)

    def _see(self, camera: Callable[[], Source[Frame]]) -> None:
        from coach.adapters.eyes import BlazePoseEyes

        def blazepose() -> Eyes:
            variant = models.landmark_variant(self._wish.pose)
            return BlazePoseEyes.from_models(config.models_dir(), variant)

        eyes = LateEyes(blazepose)
        self.room.eyes = eyes
        self._connect(Device.CAMERA, eyes, camera)
        if self._wish.keep is not None:
            from coach.adapters.pictures import RepPictures

            self.room.observers.append(RepPictures(eyes, self._wish.keep))

    def _connect(
        self, device: Device, sense: LateEars | LateEyes, make: Callable[[], Source[Any]]
    ) -> None:
        if device in self._kept_off:
            self.room.problems[device] = self._kept_off[device]
            return
        feed: Callable[[Any], Any] = sense.feed
        if self._panel is not None and isinstance(sense, LateEars):
            feed = self._panel.mutable(sense.feed)
        elif self._panel is not None:
            make = self._panel.lit(make)
        try:
            sense.load()
        except DeviceError as error:
            if self._wish.insists_on(device):
                raise
            self.room.problems[device] = str(error)
        if self._virtual:
            source: Any = make()
            source.open()
            self.room.feeds.append(Feed(source, feed))
            return

        def with_its_model() -> Source[Any]:
            sense.load()
            return make()

        pump = Pump(device, LateSource(with_its_model), feed, self._emit, self._clock.now)
        self._pumps[device] = pump
        self.room.last_work[device] = lambda: pump.last_work
        self.room.at_close.append(pump.close)
        pump.start()


def _play_with_the_set(camera: RecordedCamera) -> Observer:
    """A clip in place of a camera begins with the first set."""
    begun = False

    def observe(event: Event, session: Session, effects: Sequence[Effect]) -> None:
        nonlocal begun
        if session.phase is Phase.SET and not begun:
            begun = True
            camera.play(event.t, 0.0, float("inf"))

    return observe

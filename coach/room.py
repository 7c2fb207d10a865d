"""What was asked for, and what came of it: every device of a session, as values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coach.domain.terms import Device
from coach.loop import Listener, Observer, Watcher
from coach.ports import Speaker
from coach.settings import Pins
from coach.simulation import Feed
from coach.speech.voice_pack import VoicePack

FILE = "file:"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: `auto`, `none`, `file:PATH`, `keyboard` or a device's name.

    trainee: script of a recorded trainee in place of microphone and camera
    keep: folder for the conversation and a picture of each rep; None keeps nothing
    patient: a live device that is asked for by name may come later, instead of being an error
    pose: the pose model, "auto", "full" or "lite"
    pins: what is wired to a Pi
    """

    camera: str = "auto"
    microphone: str = "auto"
    speaker: str = "auto"
    trainee: Path | None = None
    keep: Path | None = None
    patient: bool = False
    pose: str = "auto"
    pins: Pins = field(default_factory=Pins)

    @property
    def hears(self) -> bool:
        """Whether a recogniser has to understand what is said."""
        return self.trainee is not None or self.microphone not in ("none", "keyboard")

    @property
    def sees(self) -> bool:
        """Whether somebody has to be found in pictures."""
        return self.trainee is not None or self.camera != "none"

    def insists_on(self, device: Device) -> bool:
        """Whether its absence is an error: a recording, or a device that was asked for by name."""
        wish: str = getattr(self, device)
        recorded = self.trainee is not None or wish.startswith(FILE)
        return recorded or (wish != "auto" and not self.patient)

    @property
    def tapes(self) -> Sequence[Path]:
        """Where the conversation is written: nowhere, unless somebody asked for it."""
        paths = []
        if self.keep is not None:
            paths.append(self.keep / "conversation.wav")
        if self.speaker.startswith(FILE):
            paths.append(Path(self.speaker.removeprefix(FILE)))
        return paths


@dataclass
class Room:
    """Every device of a session, open.

    problems: what is missing, with a sentence each
    last_work: when each live device last brought something, in the clock's seconds
    use_pack: lets the ears understand another language
    """

    speaker: Speaker
    ears: Listener
    eyes: Watcher
    problems: dict[Device, str] = field(default_factory=dict)
    last_work: dict[Device, Callable[[], float]] = field(default_factory=dict)
    use_pack: Callable[[VoicePack], None] = lambda pack: None
    observers: list[Observer] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)
    at_close: list[Callable[[], None]] = field(default_factory=list)

    def close(self) -> None:
        for act in reversed(self.at_close):
            act()

"""A recorded trainee: listens to the coach, answers with recordings, moves on a clip.

The script is a list of steps, taken in order. Each waits for a cue, then does one thing:

    - {after: greet, wait_s: 1.0, say: hey-coach}        a recording from the words folder
    - {after: set.start, play: [2.0, 36.5]}              a part of the clip, in its seconds
    - {during: summary, wait_s: 1.0, say: stop}          over the coach's own voice
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coach.adapters.clock import Clock
from coach.adapters.recorded import RecordedCamera, RecordedMicrophone, Samples
from coach.adapters.sound import read_wav
from coach.domain.effects import Effect, Speak
from coach.domain.events import Event, ShutdownRequested, SpeechFinished
from coach.domain.session import Phase, Session
from coach.ports import DeviceError

LEAVES_AFTER_S = 2.0
"""The last word must have been understood, and answered, before the trainee leaves."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of the script; exactly one of `say` and `play` is set."""

    cue: str
    during: bool
    wait_s: float
    say: Samples | None = None
    play: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Script:
    clip: Path
    moves: tuple[Move, ...]


class Trainee:
    """An observer of the loop that drives the recorded microphone and camera."""

    def __init__(
        self,
        script: Script,
        microphone: RecordedMicrophone,
        camera: RecordedCamera,
    ) -> None:
        self._moves = list(script.moves)
        self._microphone = microphone
        self._camera = camera
        self._spoken: dict[int, str] = {}

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        if isinstance(event, SpeechFinished):
            self._react(event.t, self._spoken.pop(event.utterance, ""), during=False)
        for effect in effects:
            if isinstance(effect, Speak):
                self._spoken[effect.utterance] = effect.cue.id
                self._react(event.t, effect.cue.id, during=True)

    def _react(self, t: float, cue: str, during: bool) -> None:
        if not self._moves or (self._moves[0].cue, self._moves[0].during) != (cue, during):
            return
        move = self._moves.pop(0)
        if move.say is not None:
            self._microphone.say(t + move.wait_s, move.say)
        elif move.play is not None:
            self._camera.play(t + move.wait_s, *move.play)


class Leaving:
    """An observer that ends the run: the recording is over and the coach idle, for a while."""

    def __init__(
        self, microphone: RecordedMicrophone, clock: Clock, emit: Callable[[Event], None]
    ) -> None:
        self._microphone = microphone
        self._clock = clock
        self._emit = emit
        self._idle = False
        self._looks_at: float | None = None

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        self._idle = session.phase is Phase.IDLE and session.talk.current is None
        if self._idle and self._looks_at is None:
            self._look_later()

    def _look_later(self) -> None:
        self._looks_at = self._clock.now() + LEAVES_AFTER_S
        self._clock.call_at(self._looks_at, partial(self._look, self._microphone.quiet))

    def _look(self, was_quiet: bool) -> None:
        self._looks_at = None
        if not self._idle:
            return
        if was_quiet and self._microphone.quiet:
            self._emit(ShutdownRequested(self._clock.now(), "the recording is over"))
        else:
            self._look_later()


def load_script(path: Path) -> Script:
    """The script and its recordings; DeviceError names the file and what is wrong."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        moves = tuple(_move(step, path.parent / data["words"]) for step in data["steps"])
        return Script(path.parent / data["clip"], moves)
    except (OSError, UnicodeError, YAMLError) as error:
        reason = " ".join(str(error).split())
        raise DeviceError(f"The trainee's script {path} cannot be read: {reason}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise DeviceError(
            f"The trainee's script {path} is not understood ({error!r}); it needs `clip`, `words` "
            "and `steps`, each with `after` or `during` and one of `say` and `play`."
        ) from error


def _move(step: Mapping[str, object], words: Path) -> Move:
    during = "during" in step
    cue = str(step["during" if during else "after"])
    wait_s = float(str(step.get("wait_s", 0.5)))
    if "say" in step:
        return Move(cue, during, wait_s, say=read_wav(words / f"{step['say']}.wav"))
    if "play" in step:
        begin_s, end_s = map(float, _pair(step["play"]))
        return Move(cue, during, wait_s, play=(begin_s, end_s))
    raise ValueError(f"nothing to do after {cue}")


def _pair(value: object) -> Sequence[float]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("`play` takes [begin, end] in seconds")
    return value

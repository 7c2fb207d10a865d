"""`coach say`: one text or cue through the real voice."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import UsageError, WorkError
from coach.domain.effects import Cue
from coach.domain.events import DeviceFailed, Event, SpeechFinished
from coach.speech.voice_pack import PackError, VoicePack

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def say(
    what: Annotated[str, typer.Argument(help="A cue of the voice pack, or any text")],
    value: Annotated[
        list[str] | None, typer.Option(help="A cue's blank, as NAME=VALUE; may be repeated")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the voice pack")] = "en",
    speaker: Annotated[str, typer.Option(help="auto, a device's NAME, file:WAV or none")] = "auto",
) -> None:
    """Say it, and print what was said."""
    from coach.adapters.packs import load_pack
    from coach.adapters.sound import write_wav
    from coach.adapters.tts import Voice, engine_for
    from coach.ports import DeviceError

    try:
        pack = load_pack(language)
        text = _text(pack, what, value or [])
        samples = Voice(engine_for(pack)).samples(text)
        print(text)
        if speaker.startswith("file:"):
            write_wav(Path(speaker.removeprefix("file:")), samples)
        elif speaker != "none":
            _play(samples, None if speaker == "auto" else speaker)
    except PackError as error:
        raise UsageError(str(error)) from error
    except DeviceError as error:
        raise WorkError(str(error)) from error


def _text(pack: VoicePack, what: str, given: list[str]) -> str:
    if what not in pack.cues:
        return what
    values: list[tuple[str, str | int]] = []
    for pair in given:
        name, equals, text = pair.partition("=")
        if not equals:
            raise UsageError(f"'{pair}' is not NAME=VALUE, for example reps=8.")
        values.append((name, int(text) if text.isdecimal() else text))
    return pack.text(Cue(what, tuple(values)))


def _play(samples: "npt.NDArray[np.int16]", device: str | None) -> None:
    from coach.adapters.player import SoundSpeaker

    ended = threading.Event()
    trouble: list[str] = []

    def note(event: Event) -> None:
        if isinstance(event, DeviceFailed):
            trouble.append(event.reason)
        if isinstance(event, DeviceFailed | SpeechFinished):
            ended.set()

    player = SoundSpeaker(note, device)
    player.open()
    try:
        player.play(1, samples)
        ended.wait()
    finally:
        player.close()
    if trouble:
        raise WorkError(trouble[0])

"""`coach listen`: what the ears hear in a recording or at the microphone."""

import json
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.errors import UsageError, WorkError
from coach.domain.events import CommandHeard, DeviceFailed
from coach.domain.terms import Command
from coach.speech.commands import Phrases, normalised


def listen(
    source: Annotated[
        str, typer.Argument(help="A WAV file, 'microphone', or 'microphone:NAME' for a certain one")
    ],
    commands: Annotated[
        str | None, typer.Option(help="Commands to listen for, separated by commas; all by default")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the voice pack")] = "en",
    fast: Annotated[bool, typer.Option("--fast", help="Read a WAV file at full speed")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """Print every command that is heard, until the recording ends or Ctrl-C."""
    from coach import config
    from coach.adapters.hearing import Hearing
    from coach.adapters.microphone_file import WavMicrophone
    from coach.adapters.microphone_sound import SoundMicrophone
    from coach.adapters.packs import load_pack
    from coach.adapters.vosk_ears import VoskEars
    from coach.ports import DeviceError, Microphone
    from coach.speech.voice_pack import PackError

    began = time.monotonic()
    kind, _, name = source.partition(":")
    live = kind == "microphone"
    try:
        pack = load_pack(language)
        wanted = _wanted(commands, pack.phrases)
        microphone: Microphone = (
            SoundMicrophone(name or None)
            if live
            else WavMicrophone(Path(source), not fast, lambda: time.monotonic() - began)
        )
    except PackError as error:
        raise UsageError(str(error)) from error
    try:
        if not live:
            microphone.open()  # a wrong file is said before the model is loaded
        ears = VoskEars(config.models_dir() / f"vosk-{language}", pack.phrases, pack.decoys)
        for phrase in ears.unknown:
            print(f"The model cannot hear '{phrase}'; it is left out.", file=sys.stderr)
        heard = Hearing(ears) if live else ears
        heard.listen_for(wanted)
        began = time.monotonic()
        microphone.open()
    except DeviceError as error:
        raise (WorkError if live or "model" in str(error) else UsageError)(str(error)) from error
    try:
        while (block := microphone.read(1.0)) is not None or live:
            for event in heard.feed(block) if block is not None else ():
                if isinstance(event, CommandHeard):
                    _print(event, event.t - began if live else event.t, as_json)
                elif isinstance(event, DeviceFailed):
                    print(event.reason, file=sys.stderr, flush=True)
    except DeviceError as error:
        raise WorkError(str(error)) from error
    except KeyboardInterrupt:
        pass
    finally:
        microphone.close()


def _wanted(named: str | None, phrases: Phrases) -> frozenset[Command]:
    """The commands named by their ids, or by one of their phrases."""
    if named is None:
        return frozenset(Command)
    by_name = {phrase: command for command, said in phrases.items() for phrase in said}
    by_name |= {normalised(command.value.replace("-", " ")): command for command in Command}
    wanted = set()
    for name in named.split(","):
        command = by_name.get(normalised(name.replace("-", " ")))
        if command is None:
            raise UsageError(
                f"There is no command '{name.strip()}'; there are: {', '.join(Command)}."
            )
        wanted.add(command)
    return frozenset(wanted)


def _print(event: CommandHeard, t: float, as_json: bool) -> None:
    if as_json:
        line = {
            "event": "command",
            "t": round(t, 3),
            "command": event.command.value,
            "text": event.text,
            "confidence": round(event.confidence, 3),
            "latency_s": round(event.latency_s, 3),
        }
        print(json.dumps(line, ensure_ascii=False), flush=True)
    else:
        print(
            f"{t:7.2f} s  {event.command:10} '{event.text}'  {event.confidence:.0%} sure, "
            f"{event.latency_s * 1000:.0f} ms after the word",
            flush=True,
        )

"""`coach run`: the coach itself."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.errors import UsageError, WorkError

if TYPE_CHECKING:
    from coach.domain.state import Opened
    from coach.loop import Observer

Camera = Annotated[
    str | None, typer.Option(metavar="auto|picamera2|v4l2:/dev/videoN|file:CLIP|none", help="Eyes.")
]
Microphone = Annotated[
    str | None, typer.Option(metavar="auto|NAME|file:WAV|keyboard|none", help="Ears.")
]
Speaker = Annotated[str | None, typer.Option(metavar="auto|NAME|file:WAV|none", help="Voice.")]


def run(
    program: Annotated[
        str | None, typer.Argument(help="What to train.", show_default="your own")
    ] = None,
    camera: Camera = None,
    microphone: Microphone = None,
    speaker: Speaker = None,
    person: Annotated[str | None, typer.Option(help="Who trains.", show_default="me")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the voice pack.", show_default="your own, or en")
    ] = None,
    settings_file: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Settings in YAML; what is typed wins."),
    ] = None,
    state_dir: Annotated[Path | None, typer.Option(help="Where the history is kept.")] = None,
    trainee: Annotated[
        str | None, typer.Option(help="Recorded trainee: a script, or `demo` for the built-in one.")
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(help="Keep the conversation and a picture of each rep here. Off: nothing."),
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Recordings as fast as possible.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Events and effects as JSON.")] = False,
) -> None:
    """Coach: wait for "hey coach", teach, watch, count, remember."""
    from coach import bootstrap, config, programs
    from coach import settings as files
    from coach.adapters.packs import Packs
    from coach.cli import screen
    from coach.cli.persons import used_language, used_program
    from coach.domain.effects import Cue
    from coach.ports import DeviceError
    from coach.room import Wish
    from coach.speech.voice_pack import PackError
    from coach.store.codec import encode
    from coach.store.database import StoreError
    from coach.transcript import Transcript

    try:
        chosen = files.read(settings_file) if settings_file else files.Settings()
    except files.SettingsError as error:
        raise UsageError(str(error)) from error
    typed: dict[str, Any] = {
        "program": program,
        "camera": camera,
        "microphone": microphone,
        "speaker": speaker,
        "person": person,
        "language": language,
    }
    chosen = replace(chosen, **{key: value for key, value in typed.items() if value is not None})
    script = None if trainee is None else config.DEMO if trainee == "demo" else Path(trainee)
    devices = (chosen.camera, chosen.microphone, chosen.speaker)
    patient = settings_file is not None
    wish = Wish(*devices, script, keep, patient, chosen.pose, chosen.gpio)
    live = [w for w in devices if w != "none" and not w.startswith("file:")]
    if fast and live and trainee is None:
        raise UsageError("--fast is for recordings: give file:... or none for every device.")
    state = state_dir or config.state_dir()
    try:
        spoken = chosen.language or used_language(state, chosen.person)
        packs = Packs()
        packs(spoken)  # an unknown language is a mistake in the call
        name = chosen.program or used_program(state, chosen.person, trainee)
        training, broken = programs.load_or_last_good(name, state / "programs")
    except (PackError, programs.ProgramFileError) as error:
        raise UsageError(str(error)) from error

    def observers(opened: "Opened") -> Sequence["Observer"]:
        transcript = Transcript(packs, screen.lines_for_people())
        if not as_json:
            return (transcript,)
        print(encode(opened), flush=True)
        return (transcript, screen.journal_lines)

    notes: tuple[Cue, ...] = ()
    if broken is not None:
        screen.say(f"{broken} The last one that worked is used.")
        notes = (Cue("program.broken"),)
    choice = bootstrap.Choice(training, spoken, chosen.person, state, wish, fast, notes)
    try:
        bootstrap.run(choice, observers, screen.say)
    except DeviceError as error:
        raise UsageError(str(error)) from error
    except StoreError as error:
        raise WorkError(str(error)) from error
    if keep is not None:
        screen.say(f"The conversation and a picture of each rep are in {keep.resolve()}.")

"""`coach run`: the coach itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import UsageError, WorkError

if TYPE_CHECKING:
    from coach.domain.state import Opened
    from coach.loop import Observer

Camera = Annotated[
    str, typer.Option(metavar="auto|picamera2|v4l2:/dev/videoN|file:CLIP|none", help="Eyes.")
]
Microphone = Annotated[str, typer.Option(metavar="auto|NAME|file:WAV|keyboard|none", help="Ears.")]
Speaker = Annotated[str, typer.Option(metavar="auto|NAME|file:WAV|none", help="Voice.")]


def run(
    program: Annotated[str, typer.Argument(help="What to train.")] = "first-hinge",
    camera: Camera = "auto",
    microphone: Microphone = "auto",
    speaker: Speaker = "auto",
    person: Annotated[str, typer.Option(help="Who trains.")] = "me",
    language: Annotated[str, typer.Option(help="Language of the voice pack.")] = "en",
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
    from coach.adapters.packs import load_pack
    from coach.cli import screen
    from coach.devices import Wish
    from coach.ports import DeviceError
    from coach.speech.voice_pack import PackError
    from coach.store.codec import encode
    from coach.store.database import StoreError
    from coach.transcript import Transcript

    script = None if trainee is None else config.DEMO if trainee == "demo" else Path(trainee)
    wish = Wish(camera, microphone, speaker, script, keep)
    live = [w for w in (camera, microphone, speaker) if w != "none" and not w.startswith("file:")]
    if fast and live and trainee is None:
        raise UsageError("--fast is for recordings: give file:... or none for every device.")
    state = state_dir or config.state_dir()
    try:
        pack = load_pack(language)
        chosen = programs.load(program, state / "programs")
    except (PackError, programs.ProgramFileError) as error:
        raise UsageError(str(error)) from error

    def observers(opened: "Opened") -> Sequence["Observer"]:
        transcript = Transcript(pack, screen.lines_for_people())
        if not as_json:
            return (transcript,)
        print(encode(opened), flush=True)
        return (transcript, screen.journal_lines)

    choice = bootstrap.Choice(chosen, pack, person, state, wish, fast)
    try:
        bootstrap.run(choice, observers, screen.say)
    except DeviceError as error:
        raise UsageError(str(error)) from error
    except StoreError as error:
        raise WorkError(str(error)) from error
    if keep is not None:
        screen.say(f"The conversation and a picture of each rep are in {keep.resolve()}.")

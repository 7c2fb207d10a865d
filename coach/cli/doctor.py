"""`coach doctor`: what is wrong, and what to do."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import UsageError

if TYPE_CHECKING:
    from coach.doctor.findings import Finding


def doctor(
    camera: Annotated[str, typer.Option(help="As in `coach run`; `none` leaves it out.")] = "auto",
    microphone: Annotated[str, typer.Option(help="Name of the microphone.")] = "auto",
    speaker: Annotated[str, typer.Option(help="Name of the speaker.")] = "auto",
    language: Annotated[str, typer.Option(help="Language of the voice pack.")] = "en",
    state_dir: Annotated[Path | None, typer.Option(help="Where the history is kept.")] = None,
    bundle: Annotated[
        Path | None,
        typer.Option(metavar="FILE.zip", help="Write a redacted file for a bug report, too."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Check every part for real; exit status 1 when something is wrong."""
    from coach import config
    from coach.adapters.packs import load_pack
    from coach.doctor import machine, senses, sound, talking
    from coach.speech.voice_pack import PackError

    try:
        pack = load_pack(language)
    except PackError as error:
        raise UsageError(str(error)) from error
    state = state_dir or config.state_dir()
    checks: list[Callable[[], Iterable[Finding]]] = [
        lambda: senses.check_models(language),
        lambda: sound.check_sound(_name(speaker), _name(microphone)),
        lambda: talking.check_talking(pack, _name(speaker), _name(microphone)),
        lambda: senses.check_words(pack),
        lambda: senses.check_voice(pack),
        lambda: senses.check_camera(camera),
        lambda: machine.check_history(state),
        lambda: machine.check_machine(state),
        machine.check_unit,
    ]
    found = []
    for finding in _findings(checks):
        found.append(finding)
        if as_json:
            print(json.dumps({**asdict(finding), "fine": finding.fine}), flush=True)
        else:
            mark = "ok  " if finding.fine else "!!  "
            remedy = f"\n      {finding.remedy}" if finding.remedy else ""
            print(f"{mark}{finding.code:<11}{finding.sentence}{remedy}", flush=True)
    if bundle is not None:
        _write_bundle(bundle, state, found)
    raise typer.Exit(0 if all(finding.fine for finding in found) else 1)


def _write_bundle(path: Path, state: Path, found: "list[Finding]") -> None:
    from coach.cli import screen
    from coach.doctor.bundle import write_bundle

    try:
        write_bundle(path, state, found)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}); name another file."
        ) from error
    screen.say(f"{path} is for a bug report. Names and words are taken out; look into it first.")


def _findings(checks: Iterable[Callable[[], Iterable["Finding"]]]) -> Iterator["Finding"]:
    for check in checks:
        yield from check()


def _name(wish: str) -> str | None:
    return None if wish == "auto" else wish

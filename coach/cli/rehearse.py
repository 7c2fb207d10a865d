"""`coach rehearse`: a whole session on paper."""

from typing import Annotated

import typer

from coach.cli.errors import UsageError

Rounds = Annotated[
    list[int] | None, typer.Option("--rounds-on", help="A rep in which the back rounds; repeat.")
]


def rehearse(
    program: Annotated[str, typer.Argument(help="Program; see `coach program list`.")],
    rounds_on: Rounds = None,
    language: Annotated[str, typer.Option(help="Language of the voice pack.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Events and effects as JSON.")] = False,
) -> None:
    """Print a whole session with a model person, in under a second and without devices."""
    from coach import config, programs
    from coach.adapters.packs import load_pack
    from coach.cli import screen
    from coach.domain.session import Opened
    from coach.loop import Observer
    from coach.rehearsal import rehearse as play
    from coach.speech.voice_pack import PackError
    from coach.store.codec import encode
    from coach.transcript import Transcript

    try:
        opened = Opened(programs.load(program, config.state_dir() / "programs"))
        pack = load_pack(language)
    except (programs.ProgramFileError, PackError) as error:
        raise UsageError(str(error)) from error
    observer: Observer = screen.journal_lines
    if as_json:
        print(encode(opened))
    else:
        observer = Transcript(pack, screen.lines_for_people())
    play(opened, pack, (observer,), frozenset(rounds_on or ()))

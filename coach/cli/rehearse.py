"""`coach rehearse`: whole weeks on paper."""

from typing import Annotated

import typer

from coach.cli.errors import UsageError

Rounds = Annotated[
    list[int] | None, typer.Option("--rounds-on", help="A rep in which the back rounds; repeat.")
]


def rehearse(
    program: Annotated[str, typer.Argument(help="Program; see `coach program list`.")],
    trainee: Annotated[
        str | None, typer.Option(help="A model person by name, or a YAML file of one.")
    ] = None,
    rounds_on: Rounds = None,
    sessions: Annotated[
        int | None, typer.Option(min=1, max=400, help="So many, every other day.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the voice pack.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Events and effects as JSON.")] = False,
) -> None:
    """Print sessions with a model person, in under a second and without devices."""
    from coach import config, programs
    from coach.adapters.packs import Packs, load_pack
    from coach.cli import screen
    from coach.domain.session import Opened
    from coach.domain.terms import Fault
    from coach.loop import Observer
    from coach.rehearsal import rehearse as play
    from coach.speech.voice_pack import PackError
    from coach.store.codec import encode
    from coach.trainees import Trainee, TraineeError
    from coach.trainees import trainee as known
    from coach.transcript import Transcript

    try:
        opened = Opened(programs.load(program, config.state_dir() / "programs"), language=language)
        pack = load_pack(language)
        who = known(trainee) if trainee else Trainee()
    except (programs.ProgramFileError, PackError, TraineeError) as error:
        raise UsageError(str(error)) from error
    changes: dict[str, object] = {}
    if rounds_on:
        changes["faults"] = {**who.faults, Fault.ROUNDED_BACK: frozenset(rounds_on)}
    if sessions:
        changes["sessions"] = (0, *[2] * (sessions - 1))
    observer: Observer = screen.journal_lines
    if as_json:
        print(encode(opened))
    else:
        observer = Transcript(Packs(), screen.lines_for_people())
    play(opened, pack, (observer,), who.model_copy(update=changes))

"""`coach table`: what the coach does in each phase, asked of the code."""

from typing import Annotated

import typer

from coach.cli.errors import UsageError


def table(
    program: Annotated[str, typer.Argument(help="Whose first drill to show.")] = "first-hinge",
) -> None:
    """Print what the coach does in each phase with whatever happens, as Markdown."""
    from coach import config, programs
    from coach.table import table as of

    try:
        print(of(programs.load(program, config.state_dir() / "programs")), end="")
    except programs.ProgramFileError as error:
        raise UsageError(str(error)) from error

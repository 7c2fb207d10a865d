"""`coach replay`: a recorded session once more, to see that it comes out the same."""

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.errors import UsageError, WorkError


def replay(
    journal: Annotated[Path, typer.Argument(help="Lines of `coach run --json`, or a database.")],
    run: Annotated[int | None, typer.Option(help="Which run of a database; the last one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Events and effects as JSON.")] = False,
) -> None:
    """Play the events of a journal again and compare every effect; exit 1 where one differs."""
    from coach.adapters.packs import Packs
    from coach.cli import screen
    from coach.loop import Observer
    from coach.replay import Difference, read_journal
    from coach.replay import replay as play
    from coach.speech.voice_pack import PackError
    from coach.store.codec import JournalError
    from coach.store.database import StoreError
    from coach.transcript import Transcript

    observer: Observer = screen.journal_lines
    try:
        if not as_json:
            observer = Transcript(Packs(), screen.lines_for_people())
        events = play(read_journal(journal, run), observer)
    except (JournalError, PackError, StoreError) as error:
        raise UsageError(str(error)) from error
    except Difference as error:
        raise WorkError(str(error)) from error
    screen.say(f"{events} events gave the same effects again.")

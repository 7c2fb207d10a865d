"""Lines for people on standard error, lines for machines on standard output."""

import sys
from collections.abc import Callable, Sequence

from coach.domain.effects import Effect
from coach.domain.events import Event
from coach.domain.session import Session


def lines_for_people() -> Callable[[str, str, str, str], None]:
    """Shows one line of a transcript; colours only on a terminal."""
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False, soft_wrap=True)

    def show(time: str, who: str, what: str, style: str) -> None:
        line = Text()
        line.append(f"{time}  ", "dim")
        line.append(f"{who:<8}", f"bold {style}")
        line.append(what, style)
        console.print(line)

    return show


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def journal_lines(event: Event, session: Session, effects: Sequence[Effect]) -> None:
    """An observer: every event and its effects, one JSON object a line."""
    from coach.store.codec import encode

    print(encode(event), *map(encode, effects), sep="\n", flush=True)

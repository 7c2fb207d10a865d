"""From what was transcribed to what was meant: the whole transcript must be one command phrase."""

import re
from collections.abc import Iterable, Mapping

from coach.domain.terms import Command

Phrases = Mapping[Command, tuple[str, ...]]
"""What a person can say for each command, already normalised."""

_NOT_SPOKEN = re.compile(r"[^\w\s']|_")
_PAUSE = re.compile(r"[.,;:!?\u2026\u2013\u2014\n]+|\s-\s")


def normalised(text: str) -> str:
    """Lower case, single spaces, no punctuation: as a recogniser writes it."""
    return " ".join(_NOT_SPOKEN.sub(" ", text.lower().replace("\u2019", "'")).split())


def command_in(transcript: str, phrases: Phrases, wanted: Iterable[Command]) -> Command | None:
    """The command that the whole transcript says, if it is one of those `wanted` now.

    A command word inside a longer sentence is other talk, not a command.
    """
    said = normalised(transcript)
    return next((c for c in wanted if said in phrases.get(c, ())), None)


def standing_alone(text: str, phrases: Phrases) -> tuple[str, ...]:
    """The command phrases that `text` says alone between two pauses.

    A listener that hears its own voice would take exactly these for a command; inside a longer
    run of words a phrase is refused anyway, because the whole run must be one phrase.
    """
    spoken = {phrase for said in phrases.values() for phrase in said}
    pieces = (normalised(piece) for piece in _PAUSE.split(text))
    return tuple(piece for piece in pieces if piece in spoken)

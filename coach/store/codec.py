"""Events, effects and what a run begins with, as lines of JSON and back.

A line of a journal is one of `{"event": "rep-completed", "t": ...}` and `{"effect": "speak", ...}`:
the name is the class's own, in kebab case. A run begins with `{"opened": {...}}`, or with a whole
`{"session": {...}}` where it goes on from one.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from typing import Any

from coach.domain.effects import Effect
from coach.domain.events import Event
from coach.domain.state import Opened, Session

Line = Event | Effect | Opened | Session


class JournalError(ValueError):
    """A line that is not of a journal; the text names it."""


def kebab(cls: type) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()


def encode(value: Line) -> str:
    """One line of JSON, without its line end."""
    fields = asdict(value)
    if isinstance(value, Opened | Session):
        line: dict[str, Any] = {kebab(type(value)): fields}
    elif isinstance(value, Event):
        line = {"event": kebab(type(value)), **fields}
    else:
        line = {"effect": kebab(type(value)), **fields}
    return json.dumps(line, ensure_ascii=False, default=_plain)


def decode(line: str) -> Line:
    """The value of one line; `JournalError` when it is none."""
    from pydantic import ValidationError

    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            raise ValueError
        for beginning in (Opened, Session):
            if (name := kebab(beginning)) in fields:
                begun: Opened | Session = _checker(name).validate_python(fields[name])
                return begun
        kind = "event" if "event" in fields else "effect"
        value: Event | Effect = _checker(str(fields.pop(kind))).validate_python(fields)
        return value
    except (ValueError, TypeError, KeyError, RecursionError, ValidationError) as error:
        raise JournalError(f"not a line of a journal: {line.strip()[:80]!r}") from error


@cache
def _checker(name: str) -> Any:
    """Made once for each class: that costs a hundred times as much as a line."""
    from pydantic import TypeAdapter

    return TypeAdapter(_CLASSES[name])


def _plain(value: object) -> Any:
    if isinstance(value, Iterable):
        return sorted(value)
    raise TypeError(f"{value!r} has no JSON form")


def _leaves(base: type[Event | Effect]) -> Iterable[type[Event | Effect]]:
    for cls in base.__subclasses__():
        yield cls
        yield from _leaves(cls)


_CLASSES: dict[str, type[Line]] = {
    kebab(cls): cls for cls in (Opened, Session, *_leaves(Event), *_leaves(Effect))
}

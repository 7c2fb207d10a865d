"""Programs by name: the built-in ones, a person's own, and the last good one of each."""

import re
from collections.abc import Sequence
from pathlib import Path

from coach import config
from coach.domain.program import Program
from coach.files import write_whole
from coach.program_file import ProgramFileError, read

__all__ = [
    "ProgramFileError",
    "load",
    "load_or_last_good",
    "names",
    "numbers_said",
    "path_of",
    "read",
]

SUFFIX = ".yaml"
DEFAULT = "first-hinge"
LAST_GOOD = ".last-good"
"""Folder beside the own programs, with each as it was when it last could be read."""

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def names(own: Path) -> tuple[str, ...]:
    """Every program there is: the built-in ones and the person's own in the folder `own`."""
    found = {path.stem for place in (own, config.PROGRAMS) for path in place.glob(f"*{SUFFIX}")}
    return tuple(sorted(found))


def path_of(name: str, own: Path) -> Path:
    """A person's own before a built-in one; or the path that `name` itself is."""
    places = [Path(name)] if name.endswith(SUFFIX) else []
    if NAME.fullmatch(name):
        places += [own / f"{name}{SUFFIX}", config.PROGRAMS / f"{name}{SUFFIX}"]
    for path in places:
        if path.is_file():
            return path
    raise ProgramFileError(f"There is no program '{name}'; there are: {', '.join(names(own))}.")


def load(name: str, own: Path) -> Program:
    """The program of that name; ProgramFileError when it is not there or not right."""
    return read(path_of(name, own))


def load_or_last_good(name: str, own: Path) -> tuple[Program, ProgramFileError | None]:
    """For a session, which a slip in a file must not stop: and what was wrong, if anything.

    A program that never could be read is replaced by the built-in one of its name, or by the
    first one. Raises ProgramFileError only for a name that stands for nothing.
    """
    path = path_of(name, own)
    kept = own / LAST_GOOD / f"{path.stem}{SUFFIX}"
    try:
        program = read(path)
    except ProgramFileError as error:
        built_in = config.PROGRAMS / f"{path.stem}{SUFFIX}"
        for other in (kept, built_in, config.PROGRAMS / f"{DEFAULT}{SUFFIX}"):
            if other.is_file() and other != path:
                return read(other), error
        raise
    if path.parent == own:
        write_whole(kept, path.read_text(encoding="utf-8"))
    return program, None


def numbers_said(program: Program, people: Sequence[str] = ()) -> dict[str, Sequence[str | int]]:
    """What the blanks of the cues can come to in this program, for these people."""
    most = max(block.reps for block in program.blocks)
    needed = max((b.drill.gate.in_a_row for b in program.blocks if b.drill.gate), default=0)
    sets = sum(block.tries for block in program.blocks)
    counts = range(max(most, needed) + 1)
    names = ("n", "left", "rep", "needed")
    totals = range(sum(block.tries * block.reps for block in program.blocks) + 1)
    return {
        **dict.fromkeys(names, counts),
        **{"reps": totals, "clean": totals, "sets": range(sets + 1)},
        "seconds": sorted({block.rest_s for block in program.blocks}),
        "streak": range(2 * most + 1),
        "name": people,
    }

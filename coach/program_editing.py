"""Programs changed and made: comments stay, and nothing is written that could not be trained."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from coach import config
from coach.domain.drills import DRILLS
from coach.domain.program import Order
from coach.files import only_one_at_a_time, write_whole
from coach.program_file import BlockFile, ProgramFile, ProgramFileError, parse
from coach.programs import NAME, SUFFIX, path_of, read

LISTS = ("arms",)
TOP = tuple(key for key in ProgramFile.model_fields if key != "blocks")
INNER = tuple(key for key in BlockFile.model_fields if key not in ("drill", "fall_back"))


def set_value(place: str, value: str, own: Path) -> Path:
    """Set PROGRAM.KEY or PROGRAM.DRILL.KEY; a built-in program is copied to the own ones first.

    Returns the changed file. Raises ProgramFileError, and OSError when the disk refuses.
    """
    name, _, rest = place.partition(".")
    with only_one_at_a_time(own):
        source = path_of(name, own)
        text = source.read_text(encoding="utf-8")
        read(source)  # a file that is wrong already is mended by hand, where its line is seen
        yaml = _yaml()
        data = yaml.load(text)
        holder, key = _holder(data, rest, place)
        holder[key] = _typed(key, value)
        out = StringIO()
        yaml.dump(data, out)
        target = own / f"{source.stem}{SUFFIX}" if source.parent == config.PROGRAMS else source
        parse(out.getvalue(), target)
        write_whole(target, out.getvalue())
    return target


def new(name: str, title: str, order: Order, drills: Sequence[str], own: Path) -> Path:
    """A commented program of these drills, each with its usual dose. Raises ProgramFileError."""
    if not NAME.fullmatch(name):
        raise ProgramFileError(
            f"'{name}' is no name for a program; use small letters, digits and hyphens."
        )
    target = own / f"{name}{SUFFIX}"
    text = _written(title or name.replace("-", " ").capitalize(), order, drills)
    with only_one_at_a_time(own):
        if target.exists():
            raise ProgramFileError(f"There is a program '{name}' already; remove it first.")
        parse(text, target)
        write_whole(target, text)
    return target


def _written(title: str, order: Order, drills: Sequence[str]) -> str:
    lines = [
        "# Change what you like; `coach program check` tells whether it can be trained.",
        f"title: {_quoted(title)}",
        f"order: {order}   # progression: until its gate is passed, no later drill; routine: all",
        "blocks:",
    ]
    for name in drills:
        drill = DRILLS.get(name)
        if drill is None:
            raise ProgramFileError(f"There is no drill '{name}'; there are: {', '.join(DRILLS)}.")
        gate = f"   # gate: {drill.gate.in_a_row} in a row" if drill.gate else ""
        lines += [f"  - drill: {name}{gate}", f"    sets: {drill.sets}", f"    reps: {drill.reps}"]
        lines += ["    rest_s: 45   # seconds between sets"]
        if drill.arms:
            lines += ["    tries: 6     # sets before it is enough for a day"]
            lines += [f"    arms: [{', '.join(drill.arms)}]   # easiest first"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    out = StringIO()
    YAML().dump([text], out)
    return out.getvalue().removeprefix("- ").strip()


def _holder(data: Any, rest: str, place: str) -> tuple[Any, str]:
    """The table in which the key stands."""
    drill, _, key = rest.rpartition(".")
    if not drill:
        if key not in TOP:
            raise _no_such(place, f"PROGRAM.{{{','.join(TOP)}}}")
        return data, key
    blocks = {block["drill"]: block for block in data["blocks"]}
    if drill not in blocks:
        raise _no_such(place, f"the drills {', '.join(blocks)}")
    if key not in INNER:
        raise _no_such(place, f"the keys {', '.join(INNER)}")
    return blocks[drill], key


def _no_such(place: str, allowed: str) -> ProgramFileError:
    return ProgramFileError(f"There is no '{place}' to set; there are {allowed}.")


def _typed(key: str, value: str) -> Any:
    if key in LISTS:
        return [one.strip() for one in value.strip("[]").split(",")]
    if value.removeprefix("-").isdecimal() and len(value) < 10 and key != "title":
        return int(value)
    return value


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml

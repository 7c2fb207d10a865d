"""Programs as YAML: found by name, checked with file, line and what is allowed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coach import config
from coach.domain.drills import DRILLS
from coach.domain.program import Block, Program, ProgramError

SUFFIX = ".yaml"


class ProgramFileError(Exception):
    """A program that is not there or not right: one sentence with file, line and remedy."""


def names(own: Path) -> tuple[str, ...]:
    """Every program there is: the built-in ones and the person's own in the folder `own`."""
    found = {path.stem for place in (own, config.PROGRAMS) for path in place.glob(f"*{SUFFIX}")}
    return tuple(sorted(found))


def load(name: str, own: Path) -> Program:
    """The program of that name, a person's own before a built-in one; or a path to a file."""
    for path in (Path(name), own / f"{name}{SUFFIX}", config.PROGRAMS / f"{name}{SUFFIX}"):
        if path.suffix == SUFFIX and path.is_file():
            return read(path)
    raise ProgramFileError(f"There is no program '{name}'; there are: {', '.join(names(own))}.")


def read(path: Path) -> Program:
    """The program in one file."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        data = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise ProgramFileError(
            f"{path}, line {mark.line + 1 if mark else 1}: this is not YAML ({error.problem})."
        ) from error
    except (OSError, UnicodeError, YAMLError) as error:
        raise ProgramFileError(f"{path} cannot be read: {error}.") from error
    return _Reader(path).program(data)


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path

    def program(self, data: Any) -> Program:
        self._keys(data, {"title", "blocks"}, 0)
        blocks = data.get("blocks")
        if not isinstance(blocks, list) or not blocks:
            raise self._wrong(data, "blocks", "must be a list with at least one drill")
        return Program(self._path.stem, tuple(self._block(block) for block in blocks))

    def _block(self, data: Any) -> Block:
        line = data.lc.line if hasattr(data, "lc") else 0
        self._keys(data, {"drill", "reps", "rest_s", "tries"}, line)
        drill = DRILLS.get(data.get("drill"))
        if drill is None:
            raise self._wrong(data, "drill", f"must be one of: {', '.join(DRILLS)}")
        doses: dict[str, int] = {}
        for key in data:
            if key == "drill":
                continue
            if not isinstance(data[key], int) or isinstance(data[key], bool):
                raise self._wrong(data, key, "must be a whole number")
            doses[key] = data[key]
        if "reps" not in doses:
            raise self._wrong(data, "drill", "needs `reps`, the reps of one set")
        try:
            return Block(drill, **doses)
        except ProgramError as error:
            raise ProgramFileError(f"{self._path}, line {line + 1}: {error}.") from error

    def _keys(self, data: Any, allowed: set[str], line: int) -> None:
        if not isinstance(data, Mapping):
            raise ProgramFileError(
                f"{self._path}, line {line + 1}: here belong the keys {_listed(allowed)}."
            )
        for key in data:
            if key not in allowed:
                raise self._wrong(data, key, f"is not known; allowed are {_listed(allowed)}")

    def _wrong(self, data: Any, key: Any, problem: str) -> ProgramFileError:
        place = getattr(data, "lc", None)
        line = place.data[key][0] if place and key in place.data else place.line if place else 0
        return ProgramFileError(f"{self._path}, line {line + 1}: '{key}' {problem}.")


def _listed(keys: set[str]) -> str:
    return ", ".join(f"`{key}`" for key in sorted(keys))

"""A program's YAML file: what may stand in it, checked with line and what is allowed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from coach.domain.drills import DRILLS
from coach.domain.program import (
    REPS,
    REST_S,
    SETS,
    TRIES,
    Block,
    Order,
    Program,
    ProgramError,
)
from coach.domain.terms import Arms, Fault

DEEPEST = 20
"""No program nests deeper; a file that refers to itself would never end."""

LARGEST = 100_000
"""Characters: far beyond any program, and nothing to hang on."""


class ProgramFileError(Exception):
    """A program that is not there or not right: one sentence with file, line and remedy."""


if TYPE_CHECKING:
    DrillId = str
else:
    DrillId = Literal[tuple(DRILLS)]


def _whole(limits: tuple[int, int], description: str) -> Any:
    return Field(None, ge=limits[0], le=limits[1], strict=True, description=description)


class BlockFile(BaseModel):
    """One drill of a program; what is left out is as the guides have it."""

    model_config = ConfigDict(extra="forbid")

    drill: DrillId = Field(description="id of the drill")
    reps: int | None = _whole(REPS, "reps of one set")
    sets: int | None = _whole(SETS, "sets, where no gate has to be passed")
    tries: int | None = _whole(TRIES, "sets after which an unpassed gate waits for another day")
    rest_s: int | None = _whole(REST_S, "seconds of rest between two sets")
    arms: list[Arms] | None = Field(None, description="arm positions, easiest first")
    fall_back: dict[Fault, DrillId] | None = Field(
        None, description="which drill a fault leads back to when it keeps coming"
    )


class ProgramFile(BaseModel):
    """A training program for the hip hinge coach."""

    model_config = ConfigDict(extra="forbid", title="Coach program")

    title: Annotated[str, Field(max_length=200, description="a name for people")] = ""
    order: Order = Field(
        Order.PROGRESSION,
        description="progression: the first drill not yet mastered; routine: all, one by one",
    )
    blocks: list[BlockFile] = Field(min_length=1, description="the drills, in order")


def schema() -> dict[str, Any]:
    """JSON Schema of a program's file, for editors."""
    return ProgramFile.model_json_schema()


def read(path: Path) -> Program:
    """The program in one file; ProgramFileError for the first thing that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeError as error:
        raise ProgramFileError(f"{path}, line 1: this is not text in UTF-8.") from error
    except OSError as error:
        raise ProgramFileError(f"{path} cannot be read: {error.strerror}.") from error
    return parse(text, path)


def parse(text: str, path: Path) -> Program:
    """The program that `text` holds; `path` names it, in errors and by its stem."""
    reader = _Reader(path)
    data = reader.data(text)
    try:
        return reader.program(ProgramFile.model_validate(data))
    except ValidationError as error:
        raise reader.wrong(error.errors()) from error


class _Reader:
    """Keeps the line of every value, by the way that leads to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: dict[tuple[str | int, ...], int] = {}

    def data(self, text: str) -> Any:
        if len(text) > LARGEST or sum(map(text.count, "[{")) > DEEPEST * DEEPEST:
            raise self._error(1, "this is too long for a program")
        try:
            node = YAML(typ="rt", pure=True).compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise self._error(line, f"this is not YAML ({error.problem})") from error
        except YAMLError as error:
            position = getattr(error, "position", 0)
            line = text.count("\n", 0, position) + 1
            raise self._error(line, "there is a character that YAML does not allow") from error
        except Exception as error:
            # The parser lets out whatever its own slips raise: KeyError, RecursionError and so on.
            raise self._error(1, "this is not YAML that a program is written in") from error
        return self._plain(node, ()) if node is not None else None

    def program(self, file: ProgramFile) -> Program:
        blocks = tuple(self._block(index, block) for index, block in enumerate(file.blocks))
        try:
            return Program(self._path.stem, blocks, file.order, file.title)
        except ProgramError as error:
            raise self._error(self._line(("blocks",)), str(error)) from error

    def wrong(self, errors: Sequence[ErrorDetails]) -> ProgramFileError:
        """The first thing that is wrong, from the top of the file."""
        error = min(errors, key=lambda one: self._line(_way(one)))
        way = _way(error)
        if not way:
            allowed = _listed(ProgramFile.model_fields)
            return self._error(1, f"a program has the keys {allowed}")
        key = next(str(one) for one in reversed(way) if isinstance(one, str))
        return self._error(self._line(way), f"'{key}' {_problem(error, way)}")

    def _block(self, index: int, file: BlockFile) -> Block:
        drill = DRILLS[file.drill]
        doses = {
            key: value
            for key in ("sets", "tries", "rest_s")
            if (value := getattr(file, key)) is not None
        }
        arms = None if file.arms is None else tuple(file.arms)
        ways = file.fall_back
        fall_back = None if ways is None else tuple(ways.items())
        try:
            reps = drill.reps if file.reps is None else file.reps
            doses = {"sets": drill.sets, **doses}
            return Block(drill, reps, arms=arms, fall_back=fall_back, **doses)
        except ProgramError as error:
            raise self._error(self._line(("blocks", index)), str(error)) from error

    def _plain(self, node: Node, way: tuple[str | int, ...]) -> Any:
        self._lines.setdefault(way, node.start_mark.line + 1)
        if len(way) > DEEPEST:
            raise self._error(node.start_mark.line + 1, "this is nested too deeply")
        match node:
            case MappingNode():
                return self._mapping(node, way)
            case SequenceNode():
                return [self._plain(one, (*way, i)) for i, one in enumerate(node.value)]
            case _:
                return _scalar(node)

    def _mapping(self, node: MappingNode, way: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else "?"
            if key in found:
                raise self._error(line, f"'{key}' is there twice; once is enough")
            self._lines[(*way, key)] = line
            found[key] = self._plain(value, (*way, key))
        return found

    def _line(self, way: Sequence[str | int]) -> int:
        """That of the value, or of the nearest thing around it that is there."""
        for length in range(len(way), -1, -1):
            if tuple(way[:length]) in self._lines:
                return self._lines[tuple(way[:length])]
        return 1

    def _error(self, line: int, problem: str) -> ProgramFileError:
        return ProgramFileError(f"{self._path}, line {line}: {problem}.")


def _way(error: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(one for one in error["loc"] if one != "[key]")


def _scalar(node: Node) -> Any:
    """Whole numbers, nothing and truth as such; any other value is a text to be checked."""
    text = str(node.value)
    if getattr(node, "style", None) in ("'", '"', "|", ">"):
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "false", "False"):
        return text.casefold() == "true"
    if len(text) < DEEPEST and text.removeprefix("-").isdecimal():
        return int(text)
    return text


def _problem(error: ErrorDetails, way: tuple[str | int, ...]) -> str:
    allowed = error.get("ctx", {})
    fields = BlockFile.model_fields if way[0] == "blocks" and len(way) > 1 else None
    match error["type"]:
        case "literal_error" | "enum":
            return f"must be one of: {allowed['expected'].replace(chr(39), '')}"
        case "extra_forbidden":
            return f"is not known; allowed are {_listed(fields or ProgramFile.model_fields)}"
        case "missing":
            return f"is missing; {_LIMITS.get(str(way[-1]), 'it has to be there')}"
        case kind if kind.startswith(("int", "greater", "less")):
            low, high = _LIMITS_OF[str(way[-1])]
            return f"must be a whole number from {low} to {high}"
        case "string_type" | "string_too_long":
            return "must be a text of at most 200 characters"
        case "list_type" | "too_short":
            what = "drill" if way[-1] == "blocks" else "arm position"
            return f"must be a list with at least one {what}"
        case "dict_type":
            return "must be a table of a fault and a drill for each line"
        case "model_type" | "model_attributes_type":
            return f"needs the keys {_listed(BlockFile.model_fields)}"
        case _:
            return f"is wrong: {error['msg'][:1].lower()}{error['msg'][1:]}"


_LIMITS_OF = {"reps": REPS, "sets": SETS, "tries": TRIES, "rest_s": REST_S}
_LIMITS = {
    "drill": f"it must be one of: {', '.join(DRILLS)}",
    "blocks": "it must be a list with at least one drill",
}


def _listed(keys: Any) -> str:
    return ", ".join(f"`{key}`" for key in keys)

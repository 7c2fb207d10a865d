"""`coach program ...`: what is trained, from the command line."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from coach.cli.errors import UsageError, WorkError

Name = Annotated[str, typer.Argument(help="Name of the program.")]
State = Annotated[Path | None, typer.Option(help="Where own programs and history are kept.")]
Who = Annotated[str, typer.Option(help="Whose program it is.")]


def list_(
    state_dir: State = None,
    person: Who = "me",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a program.")] = False,
) -> None:
    """Every program: the built-in ones and your own; the one in use is marked."""
    from coach import programs
    from coach.cli.persons import used_program

    used = used_program(_state(state_dir), person, None)
    for name in programs.names(_own(state_dir)):
        path = programs.path_of(name, _own(state_dir))
        where = "own" if path.parent == _own(state_dir) else "built-in"
        try:
            program = programs.read(path)
            title, drills = program.title, [block.drill.id for block in program.blocks]
        except programs.ProgramFileError as error:
            title, drills = f"does not work: {error}", []
        if as_json:
            line = {"program": name, "title": title, "where": where, "drills": drills}
            print(json.dumps({**line, "used": name == used}, ensure_ascii=False))
        else:
            mark = "*" if name == used else " "
            what = f"{title}  ({', '.join(drills)})" if drills else title
            print(f"{mark} {name:<16} {where:<9} {what}")


def show(name: Name, state_dir: State = None) -> None:
    """Print a program's file, comments and all."""
    print(_text(name, state_dir), end="")


def new(
    name: Name,
    drill: Annotated[list[str] | None, typer.Option(help="A drill in it; repeat.")] = None,
    title: Annotated[str, typer.Option(help="A name for people.")] = "",
    order: Annotated[str, typer.Option(metavar="progression|routine", help="How it goes.")] = (
        "progression"
    ),
    state_dir: State = None,
) -> None:
    """Make a program: from options, or in a short dialogue."""
    from coach import program_editing
    from coach.domain.drills import DRILLS
    from coach.domain.program import Order

    if not drill:
        if not sys.stdin.isatty():
            raise UsageError(f"Give the drills with --drill; there are: {', '.join(DRILLS)}.")
        title, order, drill = _asked(name, order)
    if order not in set(Order):
        raise UsageError(f"'{order}' is no order; it is one of: {', '.join(Order)}.")
    with _plain():
        path = program_editing.new(name, title, Order(order), drill, _own(state_dir))
    print(f"Made {path}; train it with: coach run {name}")


def _asked(name: str, order: str) -> tuple[str, str, list[str]]:
    """Title, order and drills; a wrong answer is told, and the question comes again."""
    from coach.domain.drills import DRILLS
    from coach.domain.program import Order

    title: str = typer.prompt("What shall it be called?", default=name)
    order = typer.prompt(
        "One drill at a time until it is mastered (progression), or all each time (routine)?",
        default=order,
        value_proc=lambda said: _one_of(tuple(Order), said, "order"),
    )
    print("The drills are:")
    for number, drill in enumerate(DRILLS.values(), 1):
        gate = f"; mastered with {drill.gate.in_a_row} in a row" if drill.gate else ""
        print(f"  {number}  {drill.id:<18} {drill.sets} x {drill.reps}{gate}")

    def chosen(said: str) -> list[str]:
        words = said.replace(",", " ").split()
        ids = tuple(DRILLS)
        numbered = {str(number): drill for number, drill in enumerate(ids, 1)}
        return [_one_of(ids, numbered.get(word, word), "drill") for word in words]

    drills: list[str] = typer.prompt(
        "Which ones, in order? Names or numbers, with commas", value_proc=chosen
    )
    return title, order, drills


def _one_of(allowed: Sequence[str], said: str, what: str) -> str:
    said = said.strip().casefold()
    if said not in allowed:
        raise typer.BadParameter(f"'{said}' is no {what}; there are: {', '.join(allowed)}.")
    return said


def set_(
    place: Annotated[str, typer.Argument(metavar="PROGRAM.DRILL.KEY", help="What to set.")],
    value: Annotated[str, typer.Argument(help="The new value.")],
    state_dir: State = None,
) -> None:
    """Change one value; comments stay, and nothing is written that could not be trained."""
    from coach import program_editing

    with _plain():
        path = program_editing.set_value(place, value, _own(state_dir))
    print(f"{place} is {value} now, in {path}.")


def check(
    names: Annotated[list[str] | None, typer.Argument(help="Names or files; all.")] = None,
    state_dir: State = None,
) -> None:
    """Say of each program whether it can be trained; exit 2 where one cannot."""
    from coach import programs

    wrong = []
    for name in names or programs.names(_own(state_dir)):
        try:
            program = programs.load(name, _own(state_dir))
            print(f"{name}: fine, {len(program.blocks)} drills.")
        except programs.ProgramFileError as error:
            wrong.append(str(error))
    if wrong:
        raise UsageError("\n".join(wrong))


def use(name: Name, person: Who = "me", state_dir: State = None) -> None:
    """Train this program from now on, when none is named."""
    from coach import programs
    from coach.cli.memory import writing
    from coach.store import people

    with _plain():
        programs.load(name, _own(state_dir))
    with writing(state_dir) as db:
        people.choose(db, person, program=name)
    print(f"{person} trains {name} from now on.")


def remove(name: Name, state_dir: State = None) -> None:
    """Remove one of your own programs; a built-in one of the same name is there again."""
    from coach import programs
    from coach.cli.memory import writing
    from coach.files import only_one_at_a_time
    from coach.store import people

    path = _own(state_dir) / f"{name}{programs.SUFFIX}"
    if not programs.NAME.fullmatch(name) or not path.is_file():
        raise UsageError(f"There is no own program '{name}'; see: coach program list")
    with _plain(), only_one_at_a_time(_own(state_dir)):
        path.unlink()
        (_own(state_dir) / programs.LAST_GOOD / path.name).unlink(missing_ok=True)
    if name not in programs.names(_own(state_dir)):
        with writing(state_dir) as db:
            people.no_longer_use(db, name)
    print(f"Removed {path}.")


def export(
    name: Name,
    to: Annotated[Path | None, typer.Option(help="File to write; standard output.")] = None,
    state_dir: State = None,
) -> None:
    """Copy a program out, to give it to somebody else."""
    text = _text(name, state_dir)
    if to is None:
        print(text, end="")
        return
    from coach.files import write_whole

    with _plain():
        write_whole(to, text)
    print(f"Written to {to}.")


def schema() -> None:
    """Print the JSON Schema of a program's file, for editors."""
    from coach.program_file import schema as made

    print(json.dumps(made(), indent=2))


class _plain:
    """What goes wrong in here is one plain sentence."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from coach.program_file import ProgramFileError

        if isinstance(error, ProgramFileError):
            raise UsageError(str(error)) from error
        if isinstance(error, OSError):
            _refused(error)


def _refused(error: OSError) -> NoReturn:
    raise WorkError(
        f"{error.filename or 'The file'} cannot be written ({error.strerror}); make room on the "
        "disk or choose another folder with --state-dir. Nothing was changed."
    ) from error


def _text(name: str, state_dir: Path | None) -> str:
    from coach import programs

    with _plain():
        path = programs.path_of(name, _own(state_dir))
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeError as error:
            raise UsageError(f"{path}, line 1: this is not text in UTF-8.") from error
    raise AssertionError("unreachable")


def _state(state_dir: Path | None) -> Path:
    from coach import config

    return state_dir or config.state_dir()


def _own(state_dir: Path | None) -> Path:
    return _state(state_dir) / "programs"

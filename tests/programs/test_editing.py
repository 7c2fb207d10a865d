"""Programs changed from the command line, as a person changes them."""

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from coach import config, programs
from coach.program_file import schema
from tests.cli.conftest import Call
from tests.process import COACH


def own(tmp_path: Path, name: str) -> Path:
    return tmp_path / "state" / "programs" / f"{name}.yaml"


def test_setting_a_value_keeps_the_comments(coach: Call, tmp_path: Path) -> None:
    assert coach("program", "set", "first-hinge.dowel-hinge.reps", "6").status == 0
    before = (config.PROGRAMS / "first-hinge.yaml").read_text()
    assert own(tmp_path, "first-hinge").read_text() == before.replace(
        "reps: 8              # per set", "reps: 6              # per set"
    )


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("first-hinge.dowel-hinge.reps", "600", "line 7: 'reps' must be a whole number"),
        ("first-hinge.dowel-hinge.colour", "red", "the keys reps"),
        ("first-hinge.band.reps", "6", "the drills dowel-hinge"),
        ("first-hinge.blocks", "x", "PROGRAM.{title,order}"),
        ("last-hinge.title", "x", "There is no program 'last-hinge'"),
        ("../evil.title", "x", "There is no program"),
    ],
)
def test_what_cannot_be_trained_is_not_written(
    coach: Call,
    tmp_path: Path,
    place: str,
    value: str,
    said: str,
) -> None:
    assert said in coach("program", "set", place, value).refused(status=2)
    assert not list((tmp_path / "state" / "programs").glob("*.yaml"))


def test_a_new_program_can_be_used_and_removed(coach: Call, tmp_path: Path) -> None:
    made = coach("program", "new", "mine", "--drill", "wall-rdl", "--title", "Mine: all of it")
    assert made.status == 0 and programs.read(own(tmp_path, "mine")).title == "Mine: all of it"
    assert "already" in coach("program", "new", "mine", "--drill", "wall-rdl").refused(status=2)
    assert coach("program", "use", "mine").status == 0
    used = [json.loads(x) for x in coach("program", "list", "--json").out.splitlines()]
    assert [one["program"] for one in used if one["used"]] == ["mine"]
    assert coach("program", "export", "mine", "--to", tmp_path / "copy.yaml").status == 0
    assert coach("program", "check", tmp_path / "copy.yaml").status == 0
    assert coach("program", "remove", "mine").status == 0
    assert "* first-hinge" in coach("program", "list").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "Mine!", "--drill", "wall-rdl"), "small letters"),
        (("new", "mine", "--drill", "moonwalk"), "There is no drill 'moonwalk'"),
        (("new", "mine", "--drill", "wall-rdl", "--order", "up"), "progression, routine"),
        (("remove", "first-hinge"), "no own program"),
        (("use", "last-hinge"), "There is no program"),
        (("show", "last-hinge"), "There is no program"),
        (("export", "last-hinge"), "There is no program"),
    ],
)
def test_a_wrong_call_is_one_sentence(coach: Call, words: tuple[str, ...], said: str) -> None:
    assert said in coach("program", *words).refused(status=2)


def test_check_names_every_broken_program(coach: Call, tmp_path: Path) -> None:
    own(tmp_path, "one").parent.mkdir(parents=True)
    own(tmp_path, "one").write_text("blocks: 7\n")
    own(tmp_path, "two").write_text("blocks:\n  - drill: 7\n")
    called = coach("program", "check")
    assert called.status == 2 and "Traceback" not in called.err
    assert "one.yaml, line 1" in called.err and "two.yaml, line 2" in called.err


def test_two_that_set_at_once_lose_nothing(tmp_path: Path) -> None:
    """Forty changes by two processes: whichever came last, the file is whole and both are in it."""
    code = (
        "import sys; from pathlib import Path; from coach.program_editing import set_value\n"
        "for n in range(1, 21): set_value(f'first-hinge.{sys.argv[2]}', str(n), Path(sys.argv[1]))"
    )
    keys = ("dowel-hinge.rest_s", "wall-rdl.rest_s")
    running = [subprocess.Popen([sys.executable, "-c", code, tmp_path, key]) for key in keys]
    assert [one.wait() for one in running] == [0, 0]
    program = programs.read(tmp_path / "first-hinge.yaml")
    assert [block.rest_s for block in program.blocks[:2]] == [20, 20]


def test_the_schema_for_editors_is_that_of_the_code(update: bool) -> None:
    path = config.PROGRAMS / "program.schema.json"
    made = json.dumps(schema(), indent=2) + "\n"
    if update:
        path.write_text(made)
    assert path.read_text() == made, "accept it with: pytest tests/programs --update"


def test_a_full_disk_changes_nothing_and_says_so(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: writing fails half-way."""
    code = (
        "import resource, signal, sys\n"
        "from coach.cli.main import call\n"
        "assert call(['program', 'set', 'first-hinge.dowel-hinge.reps', '6']) == 0\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "sys.exit(call(['program', 'set', 'first-hinge.dowel-hinge.reps', '7']))"
    )
    state = {"COACH_STATE": str(tmp_path), "PATH": "/usr/bin"}
    done = subprocess.run([sys.executable, "-c", code], env=state, capture_output=True, text=True)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "make room" in done.stderr and "Nothing was changed" in done.stderr
    assert programs.read(tmp_path / "programs" / "first-hinge.yaml").blocks[0].reps == 6
    left = {path.name for path in (tmp_path / "programs").iterdir()}
    assert left == {".lock", "first-hinge.yaml"}, "nothing half written stays behind"


def test_a_program_is_made_in_a_dialogue_on_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    asked = ["mine", "--state-dir", str(tmp_path)]
    process = subprocess.Popen(
        [*COACH, "program", "new", *asked],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    typed = ["My own", "sometimes", "routine", "2, juggling", "2, wall-rdl"]
    os.write(ours, "".join(f"{line}\n" for line in typed).encode())
    shown = b""
    with suppress(OSError):  # what a terminal says when nobody is left on its other side
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    assert process.wait() == 0, shown.decode()
    told = shown.decode()
    assert "'sometimes' is no order" in told and "'juggling' is no drill" in told
    made = programs.read(tmp_path / "programs" / "mine.yaml")
    assert (made.title, made.order) == ("My own", "routine")
    assert [block.drill.id for block in made.blocks] == ["wall-hinge", "wall-rdl"]


def test_without_a_terminal_nothing_is_asked(coach: Call) -> None:
    assert "--drill" in coach("program", "new", "mine").refused(status=2)

"""A program's file: what is wrong with it is said with its line and what is allowed."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach import config, programs
from coach.program_file import ProgramFileError, parse
from coach.programs import LAST_GOOD, load_or_last_good

HERE = Path("mine.yaml")
BUILT_IN = sorted(config.PROGRAMS.glob("*.yaml"))
TEXTS = [path.read_text(encoding="utf-8") for path in BUILT_IN]
PIECES = st.sampled_from(
    ["- ", ": ", "\n", "  ", "drill", "reps: 6\n", "[", "]", "{", "&a ", "*a", "!!int ", "|", '"',
     "8", "-1", "1e9", "yes", "null", "\t", "\x00", "é", "? ", "---\n", "%YAML 9.9\n", "<<: *a\n",
     "fall_back: {squatting: wall-hinge}\n", "2001-99-99", "0x1F", ".inf", "wall-rdl"]
)  # fmt: skip


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda path: path.stem)
def test_the_built_in_programs_can_be_trained(path: Path) -> None:
    assert programs.read(path).id == path.stem


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("blocks:\n  - drill: moonwalk\n", 2, "must be one of: dowel-hinge"),
        ("blocks:\n  - drill: dowel-hinge\n    reps: 0\n", 3, "from 1 to 50"),
        ("blocks:\n  - drill: dowel-hinge\n    reps: 8.5\n", 3, "from 1 to 50"),
        ("blocks:\n  - drill: dowel-hinge\n    rest_s: 601\n", 3, "from 0 to 600"),
        ("blocks:\n  - drill: dowel-hinge\n    rest: 60\n", 3, "allowed are `drill`, `reps`"),
        ("blocks:\n  - reps: 8\n", 2, "'drill' is missing"),
        ("blocks:\n  - drill: wall-rdl\n    arms: [up]\n", 3, "low-back"),
        ("blocks:\n  - drill: wall-rdl\n    arms: [ears, ears]\n", 2, "named once each"),
        ("blocks:\n  - drill: dowel-hinge\n    arms: [ears]\n", 2, "no arm positions"),
        ("order: sideways\nblocks:\n  - drill: dowel-hinge\n", 1, "progression"),
        ("title: T\nblocks: []\n", 2, "at least one drill"),
        ("blocks:\n  - drill: dowel-hinge\n  - drill: dowel-hinge\n", 1, "twice"),
        ("blocks:\n  - drill: dowel-hinge\n    drill: wall-rdl\n", 3, "twice"),
        ("blocks: &a\n  - *a\n", 1, "nested too deeply"),
        ("blocks:\n  - drill: [\n", 3, "not YAML"),
        ("- 1\n", 1, "keys"),
        ("", 1, "keys"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ProgramFileError) as caught:
        parse(text, HERE)
    assert f"mine.yaml, line {line}: " in str(caught.value) and said in str(caught.value)


def test_fall_backs_that_lead_round_are_refused() -> None:
    text = (
        "blocks:\n"
        "  - drill: dowel-hinge\n    fall_back: {rounded-back: wall-hinge}\n"
        "  - drill: wall-hinge\n    fall_back: {rounded-back: dowel-hinge}\n"
    )
    with pytest.raises(ProgramFileError, match="circle: dowel-hinge -> wall-hinge -> dowel-hinge"):
        parse(text, HERE)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join)))
@example("blocks: &a [*a]")
@example("[" * 3000)
@example("? " * 500)
def test_any_text_is_a_program_or_one_sentence_with_a_line(text: str) -> None:
    _parses_or_tells(text)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_any_slip_in_a_program_is_one_sentence_with_a_line(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 12)))
    _parses_or_tells(text[:begin] + data.draw(PIECES) + text[end:])


def _parses_or_tells(text: str) -> None:
    try:
        assert parse(text, HERE).blocks
    except ProgramFileError as error:
        assert str(error).startswith("mine.yaml, line ") and "\n" not in str(error)


def test_a_broken_file_is_replaced_by_the_last_one_that_worked(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text("blocks:\n  - drill: wall-hinge\n    reps: 11\n")
    assert load_or_last_good("mine", tmp_path)[1] is None
    own.write_text("blocks:\n  - drill: wall-hinge\n    reps: 999\n")
    program, wrong = load_or_last_good("mine", tmp_path)
    assert program.blocks[0].reps == 11
    assert wrong is not None and "line 3" in str(wrong)
    (tmp_path / LAST_GOOD / "mine.yaml").unlink()
    assert load_or_last_good("mine", tmp_path)[0].id == "first-hinge"

"""A call that is wrong: one sentence with the remedy, exit 2, and nothing begun."""

from pathlib import Path

import pytest

from tests.cli.conftest import Call

NOTHING = ("--camera", "none", "--microphone", "none", "--speaker", "none", "--fast")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("dance",), "No such command 'dance'"),
        (("run", "--loud"), "No such option: --loud"),
        (("models",), "Missing command"),
        (("watch",), "Missing argument"),
        (("watch", "clip.mp4", "--neutral-reps", "none"), "--neutral-reps"),
        (("replay", "x.jsonl", "--run", "last"), "--run"),
    ],
)
def test_a_wrong_word_is_named_and_help_is_shown_the_way_to(
    coach: Call, words: tuple[str, ...], named: str
) -> None:
    said = coach(*words).refused(status=2)
    assert named in said
    assert said.endswith("--help")


def test_without_a_word_there_is_help(coach: Call) -> None:
    called = coach()
    assert called.status == 0
    assert "rehearse" in called.out


@pytest.mark.parametrize("verb", ["run", "rehearse", "table"])
def test_an_unknown_program_is_answered_with_those_there_are(coach: Call, verb: str) -> None:
    assert "first-hinge" in coach(verb, "last-hinge").refused(status=2)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("blocks: [", 1, "not YAML"),
        ("blocks:\n  - drill: moonwalk\n    reps: 8\n", 2, "dowel-hinge"),
        ("blocks:\n  - drill: dowel-hinge\n    reps: many\n", 3, "whole number"),
        ("blocks:\n  - drill: dowel-hinge\n    reps: 500\n", 3, "1 to 50"),
        ("colour: red\nblocks: []\n", 1, "not known"),
        ("blocks: []\n", 1, "at least one drill"),
        ("", 1, "keys"),
    ],
)
def test_a_wrong_program_file_is_named_with_its_line(
    coach: Call, tmp_path: Path, text: str, line: int, problem: str
) -> None:
    program = tmp_path / "mine.yaml"
    program.write_text(text)
    said = coach("rehearse", program).refused(status=2)
    assert f"{program}, line {line}" in said
    assert problem in said


def test_a_person_s_own_program_is_found_by_its_name(coach: Call, tmp_path: Path) -> None:
    own = tmp_path / "state" / "programs"
    own.mkdir(parents=True)
    (own / "short.yaml").write_text("blocks:\n  - drill: dowel-hinge\n    reps: 2\n")
    called = coach("rehearse", "short", "--json")
    assert called.status == 0
    assert '"id": "short"' in called.out


def test_an_unknown_drill_is_answered_with_those_there_are(coach: Call, a_clip: Path) -> None:
    said = coach("watch", a_clip, "--drill", "nonsense").refused(status=2)
    assert "nonsense" in said
    assert "dowel-hinge" in said


@pytest.mark.parametrize("verb", [("rehearse", "first-hinge"), ("say", "hello"), ("run",)])
def test_an_unknown_language_is_answered_with_those_there_are(
    coach: Call, verb: tuple[str, ...]
) -> None:
    said = coach(*verb, "--language", "tlh").refused(status=2)
    assert "tlh" in said
    assert "en" in said


def test_an_unknown_command_is_answered_with_those_there_are(coach: Call, a_wav: Path) -> None:
    said = coach("listen", a_wav, "--commands", "done,dance").refused(status=2)
    assert "'dance'" in said
    assert "how-many" in said


@pytest.mark.parametrize("device", ["camera", "microphone", "speaker"])
def test_an_unknown_device_is_refused_before_anything_is_begun(
    coach: Call, tmp_path: Path, device: str
) -> None:
    others = {"camera", "microphone", "speaker"} - {device}
    wishes = [word for other in sorted(others) for word in (f"--{other}", "none")]
    assert "There is no" in coach("run", f"--{device}", "moon", *wishes).refused(status=2)


def test_full_speed_is_for_recordings(coach: Call) -> None:
    assert "file:" in coach("run", "--fast", "--microphone", "none").refused(status=2)


def test_a_session_without_any_device_runs_to_its_end(coach: Call) -> None:
    """By time alone; it is what the refusals above are held against."""
    called = coach("run", *NOTHING, "--json")
    assert called.status == 0, called.err
    assert '"effect": "record-set"' in called.out

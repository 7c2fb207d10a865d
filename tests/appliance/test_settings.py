"""The configuration file of an appliance: every mistake is named with its line."""

from pathlib import Path

import pytest

from coach import config
from coach.cli.main import call
from coach.settings import Pins, Settings, SettingsError, read


def test_what_is_not_set_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("person: ann\nspeaker: USB Audio\ngpio:\n  light: 17\n  button: 27\n")
    assert read(path) == Settings(person="ann", speaker="USB Audio", gpio=Pins(light=17, button=27))


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("# nothing yet\n")
    assert read(path) == Settings()


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        ("person: ann\ncolour: red\n", 2, "allowed are program, person, language, camera"),
        ("person: ann\n\nlanguage: 7\n", 3, "in quotes"),
        ("person: [ann]\n", 1, "in quotes"),
        ("person: ann\npose: heavy\n", 2, "one of auto, full, lite"),
        ("gpio:\n  light: 99\n", 2, "from 2 to 27"),
        ("gpio:\n  lamp: 17\n", 2, "allowed are light, button, mute"),
        ("- person\n", 1, "here belong the keys"),
        ("person: [\n", 2, "not YAML"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_remedy(
    tmp_path: Path, text: str, line: int, named: str
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}, line {line}: ")
    assert named in str(refused.value)


def test_a_wrong_file_is_a_wrong_call(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--config", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml cannot be read: No such file" in capfd.readouterr().err


def test_what_is_typed_wins_over_the_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_STATE", str(tmp_path))
    path = tmp_path / "config.yaml"
    path.write_text("language: tlh\nprogram: last-hinge\n")
    assert call(["run", "--config", str(path), "--language", "en"]) == 2
    assert "last-hinge" in capfd.readouterr().err


def test_the_documented_file_is_one(tmp_path: Path) -> None:
    shown = (config.ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    path = tmp_path / "config.yaml"
    path.write_text(shown.split("```yaml\n")[1].split("```")[0])
    pins = Pins(light=17, button=27, mute=22)
    assert read(path) == Settings(program="first-hinge", language="en", gpio=pins)

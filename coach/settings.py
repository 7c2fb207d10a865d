"""The configuration file of an appliance, usually /etc/coach/config.yaml: checked key by key."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any


class SettingsError(Exception):
    """A configuration that is not there or not right: one sentence with file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Pins:
    """What is wired to a Pi, by the numbers of the GPIO (BCM); None where nothing is.

    light: on exactly while the camera is open
    button: short press "done", long press "again"
    mute: a switch to ground; while it is closed nothing is heard
    """

    light: int | None = None
    button: int | None = None
    mute: int | None = None

    @property
    def any(self) -> bool:
        return any(pin is not None for pin in asdict(self).values())


@dataclass(frozen=True, slots=True)
class Settings:
    """Each as the option of `coach run` of the same name; what was typed wins over the file.

    program, language: empty for what the person has chosen
    pose: no option, a matter of the machine: one of POSES
    """

    program: str = ""
    person: str = "me"
    language: str = ""
    camera: str = "auto"
    microphone: str = "auto"
    speaker: str = "auto"
    pose: str = "auto"
    gpio: Pins = Pins()


POSES = ("auto", "full", "lite")
"""The pose models: "auto" takes "lite" on a machine with little memory."""

PINS = range(2, 28)
"""The GPIO numbers that a Pi's header brings out for free use."""


def read(path: Path) -> Settings:
    """Raises SettingsError for the first thing that is wrong."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        data = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SettingsError(f"{path}, line {line}: this is not YAML ({error.problem}).") from error
    except (OSError, UnicodeError, YAMLError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError(f"The configuration {path} cannot be read: {reason}.") from error
    values: dict[str, Any] = {}
    for key, value, line in _entries(path, data, Settings):
        if key == "gpio":
            values[key] = Pins(
                **{k: _pin(path, k, v, n) for k, v, n in _entries(path, value, Pins)}
            )
        elif key == "pose" and value not in POSES:
            raise SettingsError(f"{path}, line {line}: '{key}' is one of {', '.join(POSES)}.")
        elif isinstance(value, str) and value:
            values[key] = value
        else:
            raise SettingsError(f"{path}, line {line}: '{key}' must be a text; put it in quotes.")
    return Settings(**values)


def _entries(
    path: Path, data: Any, kind: type[Settings] | type[Pins]
) -> list[tuple[str, Any, int]]:
    """Key, value and line of each entry of a table; an empty file is an empty table."""
    if data is None:
        return []
    allowed = [field.name for field in fields(kind)]
    first = data.lc.line + 1 if hasattr(data, "lc") else 1
    if not isinstance(data, Mapping):
        raise SettingsError(f"{path}, line {first}: here belong the keys {', '.join(allowed)}.")
    lines = {key: data.lc.data[key][0] + 1 for key in data}  # type: ignore[attr-defined]
    for key in data:
        if key not in allowed:
            raise SettingsError(
                f"{path}, line {lines[key]}: '{key}' is not known; allowed are "
                f"{', '.join(allowed)}."
            )
    return [(key, value, lines[key]) for key, value in data.items()]


def _pin(path: Path, key: str, value: Any, line: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value not in PINS:
        raise SettingsError(
            f"{path}, line {line}: '{key}' must be a GPIO number from {PINS[0]} to {PINS[-1]}."
        )
    return value

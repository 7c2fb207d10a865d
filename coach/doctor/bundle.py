"""A file for a bug report: findings, versions, the last run's journal and the service's log.

Redacted: names of people become `person-1` and so on, the words that were heard, titles and the
shape of anybody's back are left out, as are the machine's name and the home folder.
"""

import json
import platform
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from coach.doctor.findings import Finding
from coach.store.database import NAME, StoreError, open_for_reading

LOG_LINES = 500
JOURNAL_LINES = 5000

PRIVATE = {"text", "title", "meanings", "calibration", "outline", "household", "others"}
"""Fields of a journal's line that hold free text, or a body."""

NAMES = {"person", "name"}
MODEL = Path("/proc/device-tree/model")


def write_bundle(path: Path, state_dir: Path, findings: Iterable[Finding]) -> None:
    """Raises OSError where the file cannot be written."""
    redact = Redaction(_names(state_dir / NAME))
    found = [json.dumps({**asdict(f), "fine": f.fine}, ensure_ascii=False) for f in findings]
    with ZipFile(path, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr("findings.jsonl", redact.text("\n".join(found)))
        bundle.writestr("versions.txt", "\n".join(_versions()))
        bundle.writestr("journal.jsonl", "\n".join(redact.lines(_journal(state_dir / NAME))))
        bundle.writestr("unit.log", redact.text(_unit_log()))


class Redaction:
    """names: everybody the history knows, in a fixed order."""

    def __init__(self, names: Iterable[str]) -> None:
        self._aliases = {name: f"person-{n}" for n, name in enumerate(names, 1)}
        self._hidden = {**self._aliases, platform.node(): "host", str(Path.home()): "~"}
        known = sorted(filter(None, self._hidden), key=len, reverse=True)
        self._known = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in known))

    def text(self, text: str) -> str:
        return self._known.sub(lambda found: self._hidden[found.group()], text)

    def lines(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            yield json.dumps(self._value(json.loads(line)), ensure_ascii=False)

    def _value(self, value: Any, key: str = "") -> Any:
        if key in PRIVATE:
            return None
        if isinstance(value, Mapping):
            return {k: self._value(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if not isinstance(value, str):
            return value
        return self._aliases.get(value, "person-?") if key in NAMES else self.text(value)


def _names(database: Path) -> list[str]:
    trained = _rows(database, "SELECT DISTINCT person FROM session ORDER BY id")
    known = _rows(database, "SELECT name FROM person ORDER BY name")
    return list(dict.fromkeys(name for (name,) in (*trained, *known)))


def _journal(database: Path) -> list[str]:
    """What the last run was opened with, and the end of what happened in it."""
    opened = _rows(database, "SELECT opened FROM run ORDER BY id DESC LIMIT 1")
    lines = _rows(
        database,
        "SELECT line FROM (SELECT rowid AS place, line FROM journal WHERE run = (SELECT max(id) "
        f"FROM run) ORDER BY rowid DESC LIMIT {JOURNAL_LINES}) ORDER BY place",
    )
    return [line for (line,) in (*opened, *lines)]


def _rows(database: Path, query: str) -> list[tuple[str]]:
    """Nothing where there is no history, or a damaged one: the findings say so."""
    try:
        with closing(open_for_reading(database)) as connection:
            return connection.execute(query).fetchall()
    except (StoreError, sqlite3.Error):
        return []


def _versions() -> Iterator[str]:
    yield f"coach {metadata.version('coach')}"
    yield f"python {platform.python_version()}"
    yield platform.platform()
    if MODEL.exists():
        yield MODEL.read_text().strip("\0")
    for requirement in metadata.requires("coach") or ():
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name} is not installed"


def _unit_log() -> str:
    if shutil.which("journalctl") is None:
        return "There is no journalctl here."
    asked = subprocess.run(
        ["journalctl", "--unit", "coach", "--lines", str(LOG_LINES), "--no-pager", "--no-hostname"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout or asked.stderr

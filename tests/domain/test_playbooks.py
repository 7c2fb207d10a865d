"""Whole conversations as plain scripts; `pytest --update` writes what came, to be read and kept."""

import difflib
from pathlib import Path

import pytest

from tests.domain import playbook

SCRIPTS = sorted((Path(__file__).parent / "playbooks").glob("*.txt"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_playbook(path: Path, update: bool) -> None:
    script = path.read_text()
    played = playbook.start(heading=script.splitlines()[0]).play(script)
    if update:
        path.write_text(played)
        return
    difference = difflib.unified_diff(script.splitlines(), played.splitlines(), lineterm="")
    assert script == played, "\n".join(difference)

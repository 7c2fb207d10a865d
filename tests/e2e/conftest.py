"""One session of the demo with every part real, shared by all that is asked of it."""

import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest

from coach import config
from coach.domain.effects import Effect
from coach.domain.events import Event
from coach.replay import read_journal
from tests.process import coach


def needs_models() -> None:
    for name in ("vosk-en", "pose_detection.tflite", "pose_landmark_full.tflite"):
        if not (config.models_dir() / name).exists():
            pytest.skip(f"the model {name} is not here; run: coach models fetch")


@dataclass
class Demo:
    """What a run of the demo printed and left behind."""

    kept: Path
    state: Path
    journal: Path
    process: subprocess.CompletedProcess[str]
    lines: list[Event | Effect] = field(default_factory=list)

    @cached_property
    def events(self) -> list[Event]:
        return [line for line in self.lines if isinstance(line, Event)]

    @cached_property
    def effects(self) -> list[Effect]:
        return [line for line in self.lines if isinstance(line, Effect)]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    needs_models()
    folder = tmp_path_factory.mktemp("demo")
    kept, state, journal = folder / "kept", folder / "state", folder / "session.jsonl"
    where = ("--keep", kept, "--state-dir", state)
    process = coach("run", "--trainee", "demo", "--fast", "--json", *where)
    assert process.returncode == 0, process.stderr
    journal.write_text(process.stdout, encoding="utf-8")
    lines = [line for line in read_journal(journal) if isinstance(line, Event | Effect)]
    return Demo(kept, state, journal, process, lines)

"""The command line, called as a person calls it, in this process: fast, and nothing is hidden."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from coach import config
from coach.cli.main import call


@dataclass(frozen=True)
class Called:
    status: int
    out: str
    err: str

    def refused(self, status: int) -> str:
        """The one sentence that a refusal is; asserts that it is one, plain, and has the status."""
        assert self.status == status, (self.status, self.err)
        assert "Traceback" not in self.err + self.out
        said = [line for line in self.err.splitlines() if line.startswith("coach: ")]
        assert len(said) == 1, self.err
        assert self.err.splitlines()[-1] == said[0], "the refusal comes last"
        return said[0]


Call = Callable[..., Called]


@pytest.fixture
def coach(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Call:
    """Calls a verb; the state is a folder of the test's own."""
    monkeypatch.setenv("COACH_STATE", str(tmp_path / "state"))

    def called(*words: str | Path) -> Called:
        capfd.readouterr()
        status = call([str(word) for word in words])
        return Called(status, *capfd.readouterr())

    return called


@pytest.fixture
def a_clip() -> Path:
    return config.DEMO.parent / "trainee.mp4"


@pytest.fixture
def a_wav() -> Path:
    return config.DEMO.parent / "words" / "done.wav"

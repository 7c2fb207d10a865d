"""The coach as a process of its own, as a person starts it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COACH = (sys.executable, "-c", "from coach.cli.main import main; main()")

TOO_LONG_S = 300.0
"""Only a run that hangs takes so long."""


def coach(
    *words: str | Path,
    environment: Mapping[str, str | Path] | None = None,
    command: tuple[str, ...] = COACH,
) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end; standard input is empty."""
    return subprocess.run(
        [*command, *map(str, words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TOO_LONG_S,
        env={**os.environ, **{name: str(value) for name, value in (environment or {}).items()}},
        check=False,
    )

"""Ctrl-C and closed pipes: the coach ends, and leaves neither a traceback nor a loss."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from coach.store.history import sessions
from tests.process import COACH, TOO_LONG_S

NOBODY = ("--camera", "none", "--microphone", "none", "--speaker", "none")


@contextmanager
def started(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COACH, *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(words: str, lines: Sequence[str] | object) -> None:
    for line in lines:  # type: ignore[attr-defined]  # a stream of lines
        if words in line:
            return
    pytest.fail(f"'{words}' never came")


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM], ids=lambda by: by.name)
def test_a_session_that_is_interrupted_is_over_and_kept(tmp_path: Path, by: signal.Signals) -> None:
    with started("run", *NOBODY, "--json", "--state-dir", tmp_path) as process:
        wait_for('"event": "powered-up"', process.stdout)
        process.send_signal(by)
        rest, err = process.communicate(timeout=TOO_LONG_S)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert f'"reason": "{by.name}"' in rest, "the journal's last event says why"
    assert sessions(tmp_path) == []


def test_ctrl_c_while_a_recording_is_read_is_no_crash(a_clip: Path) -> None:
    with started("watch", a_clip) as process:
        wait_for("view", process.stderr)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=TOO_LONG_S)
    assert process.returncode in (0, 130)
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [("rehearse", "first-hinge", "--json"), ("table",), ("--help",)],
    ids=lambda words: words[0],
)
def test_a_reader_that_has_seen_enough_gets_no_traceback(words: tuple[str, ...]) -> None:
    """Standard output is a pipe whose other end is closed before the first word."""
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [*COACH, *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert process.returncode in (0, 1)
    assert "Traceback" not in process.stderr
    assert "BrokenPipe" not in process.stderr


def test_a_run_whose_reader_leaves_keeps_what_was_trained(tmp_path: Path) -> None:
    with started("run", *NOBODY, "--fast", "--json", "--state-dir", tmp_path) as process:
        assert process.stdout is not None
        wait_for('"effect": "record-set"', process.stdout)
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        process.wait(TOO_LONG_S)
    assert "Traceback" not in err
    [session] = sessions(tmp_path)
    assert session["sets"]

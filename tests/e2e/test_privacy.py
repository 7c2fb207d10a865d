"""Without --keep no sound and no picture of anybody is written, not even for a moment."""

import sqlite3
import wave
from contextlib import closing
from pathlib import Path

import numpy as np

from coach import config
from coach.adapters.sound import read_wav
from coach.ports import SAMPLE_RATE
from coach.store import claim
from coach.store.database import NAME
from tests.e2e.conftest import needs_models
from tests.process import coach

WORDS = config.DEMO.parent / "words"

WITNESSED = """
import os, sys
def note(name, arguments):
    if name == "open" and isinstance(arguments[0], str | bytes) and arguments[2] & (
        os.O_WRONLY | os.O_RDWR
    ):
        seen.write(os.fsdecode(arguments[0]) + "\\n")
seen = open(os.environ["WITNESS"], "a", buffering=1)
sys.addaudithook(note)
from coach.cli.main import main
main()
"""
"""The coach, with a witness of every file that Python opens for writing."""


def said(*parts: str | float) -> np.ndarray:
    """Words of the demo's trainee, and silences in seconds."""
    return np.concatenate(
        [
            read_wav(WORDS / f"{part}.wav")
            if isinstance(part, str)
            else np.zeros(round(part * SAMPLE_RATE), np.int16)
            for part in parts
        ]
    )


def test_nothing_of_the_person_is_written(tmp_path: Path) -> None:
    needs_models()
    import sys

    room = tmp_path / "room"
    room.mkdir()
    recording = tmp_path / "person.wav"
    with wave.open(str(recording), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(said(6.0, "hey-coach", 12.0, "next", 24.0, "stop", 2.0).tobytes())

    state, witness = room / "state", tmp_path / "witness.txt"
    run = coach(
        *("run", "--fast", "--speaker", "none", "--state-dir", state),
        *(
            "--microphone",
            f"file:{recording}",
            "--camera",
            f"file:{config.DEMO.parent}/trainee.mp4",
        ),
        environment={
            "HOME": room,
            "TMPDIR": room,
            "WITNESS": witness,
            "COACH_DATA": config.data_dir(),
        },
        command=(sys.executable, "-c", WITNESSED),
    )
    assert run.returncode == 0, run.stderr
    assert "rep " in run.stderr, "the person was heard and seen"
    assert "stopped" in run.stderr

    left = {path.relative_to(room).as_posix() for path in room.rglob("*") if path.is_file()}
    assert left == {f"state/{NAME}", f"state/{claim.NAME}"}
    assert (state / claim.NAME).stat().st_size == 0
    voice = str(config.voice_dir())
    written = {line for line in witness.read_text().splitlines() if not line.startswith(voice)}
    assert not [path for path in written if path.endswith((".wav", ".png", ".jpg", ".mp4", ".npy"))]
    with closing(sqlite3.connect(state / NAME)) as database:
        tables = [
            row[0]
            for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            for row in database.execute(f"SELECT * FROM {table}"):
                assert not any(isinstance(value, bytes) for value in row), table

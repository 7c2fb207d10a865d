"""A year of history: 150 sessions with 15,000 reps. How long the verbs take, and how much memory.

Usage: scripts/bench year
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from coach import config, programs
from coach.adapters.packs import load_pack
from coach.domain.drills import BODYWEIGHT_HINGE
from coach.domain.effects import Effect
from coach.domain.events import Event
from coach.domain.program import Block, Order, Program
from coach.domain.session import Session
from coach.domain.state import Opened
from coach.domain.terms import Fault
from coach.rehearsal import rehearse
from coach.speech.voice_pack import VoicePack
from coach.store.database import NAME, open_for_writing
from coach.store.journal import Journal
from coach.trainees import BUILT_IN, Trainee

SESSIONS, SETS, REPS = 150, 10, 10
STARTS = 3
YEAR = Program("year", (Block(BODYWEIGHT_HINGE, REPS, sets=SETS),), Order.ROUTINE)


def main() -> None:
    pack = load_pack("en")
    with tempfile.TemporaryDirectory() as folder:
        _write_a_year(Path(folder), pack)
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        print(f"a year: {SESSIONS} sessions, {SESSIONS * SETS * REPS} reps, {size / 1e6:.1f} MB")
        state = ("--state-dir", folder)
        _verb("history", *state)
        _verb("history", "--json", *state)
        _verb("history", "--csv", *state)
        _verb("report", "--person", "me", *state)
        _verb("report", "--person", "me", "--png", f"{folder}/year.png", *state)
        _verb("why", *state)
        _verb("person", "show", "me", *state)
        _verb("--help")
        with tempfile.TemporaryDirectory() as empty:
            for _ in range(STARTS):
                _start(folder, "a year")
                _start(empty, "no history")
    _rehearsing(pack)


def _write_a_year(folder: Path, pack: VoicePack) -> None:
    connection = open_for_writing(folder / NAME).connection
    connection.execute("PRAGMA synchronous=OFF")  # this is not what is measured
    journal = Journal(connection)
    opened = Opened(YEAR)
    journal.open(opened)

    def keep(event: Event, session: Session, effects: Sequence[Effect]) -> None:
        journal.keep(event, session, effects)

    slips = frozenset(range(7, SESSIONS * SETS * REPS, 13))
    who = Trainee(faults={Fault.ROUNDED_BACK: slips}, sessions=(0, *[2] * (SESSIONS - 1)))
    rehearse(opened, pack, (keep,), who)
    connection.execute(
        "UPDATE session SET began = strftime('%Y-%m-%dT18:00:00+00:00', '2026-01-01', "
        "(id * 58) || ' hours')"
    )
    journal.close()


MEASURED = """
import sys
from pathlib import Path
from coach.cli.main import call
status = call(sys.argv[1:])
# The process's own peak; getrusage would include what it was forked from.
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line for line in lines if line.startswith("VmHWM")).split()[1], file=sys.stderr)
sys.exit(status)
"""


def _verb(*words: str) -> None:
    begin, before = time.perf_counter(), os.times()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *words], capture_output=True, text=True, check=True
    )
    seconds, after = time.perf_counter() - begin, os.times()
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    peak = int(done.stderr.split()[-1]) / 1024
    shown = " ".join(word for word in words if "/" not in word and word != "--state-dir")
    print(f"coach {shown:<28} {seconds:6.2f} s, {cpu:5.2f} s CPU, {peak:6.0f} MB")


def _start(folder: str, what: str) -> None:
    """`coach run` with recordings for devices, from the call to its first sentence."""
    demo = config.DEMO.parent
    devices = [
        "--microphone",
        f"file:{demo}/words/done.wav",
        "--camera",
        f"file:{demo}/trainee.mp4",
    ]
    main = "from coach.cli.main import main; main()"
    command = [sys.executable, "-c", main, "run", *devices, "--speaker", "none", "--json"]
    begin = time.perf_counter()
    with subprocess.Popen(
        [*command, "--state-dir", folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as coach:
        assert coach.stdout is not None
        while b'"effect": "speak"' not in coach.stdout.readline():
            pass
        seconds = time.perf_counter() - begin
        status = Path(f"/proc/{coach.pid}/status").read_text().splitlines()
        coach.kill()
    peak = int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024
    print(f"coach run to its first sentence, {what:<12} {seconds:5.2f} s, {peak:6.0f} MB")


def _rehearsing(pack: VoicePack) -> None:
    program = programs.read(config.PROGRAMS / "first-hinge.yaml")
    begin, sessions = time.process_time(), 0
    for trainee in BUILT_IN.values():
        rehearse(Opened(program), pack, (), trainee)
        sessions += len(trainee.sessions)
    seconds = time.process_time() - begin
    print(f"rehearsal: {sessions / seconds:.0f} sessions a second of CPU")


if __name__ == "__main__":
    main()

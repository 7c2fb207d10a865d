"""Memory and computing of every process of the coach: waiting to be called, and in a session.

Usage: scripts/bench load [full|lite]

Runs the real program in real time: first a room in which nothing is said, then the demo's whole
session with its recorded trainee. Recordings come without a sound card and without a camera's own
process; that process is measured by itself and added. The environment is the service's.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coach import config

IDLE_S = 60.0
EVERY_S = 0.5
COACH = (sys.executable, "-c", "from coach.cli.main import main; main()")
CAMERA = (sys.executable, "-m", "coach.adapters.camera_child", "pattern")
SERVICE = {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
"""As in systemd/coach.service."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """Samples of a tree of processes: MB resident, and of these what is not mapped from files.

    Resident memory counts what processes share once for each: never less than what is really used.
    """

    mb: list[float] = field(default_factory=list)
    own_mb: list[float] = field(default_factory=list)
    cpu_s: float = 0.0
    seconds: float = 0.0

    def sample(self, root: int) -> None:
        total = own = cpu = 0.0
        for pid in _tree(root):
            try:
                rollup = dict(_numbers(Path(f"/proc/{pid}/smaps_rollup")))
                after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            total += rollup.get("Rss", 0.0)
            own += rollup.get("Anonymous", 0.0)
            cpu += (int(after_name[11]) + int(after_name[12])) / TICKS
        if total:
            self.mb.append(total)
            self.own_mb.append(own)
            self.cpu_s = max(self.cpu_s, cpu)

    def __str__(self) -> str:
        share = 100 * self.cpu_s / self.seconds
        return (
            f"{self.mb[-1]:.0f} MB at the end, {max(self.mb):.0f} MB at most "
            f"(without what is mapped from files {max(self.own_mb):.0f}); "
            f"{share:.0f} % of one core over {self.seconds:.0f} s"
        )


def _tree(root: int) -> Iterator[int]:
    yield root
    for children in Path(f"/proc/{root}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:
            continue
        for child in found:
            yield from _tree(int(child))


def _numbers(path: Path) -> Iterator[tuple[str, float]]:
    for line in path.read_text().splitlines()[1:]:
        name, value, *_ = line.split()
        yield name.rstrip(":"), int(value) / 1024


def measured(command: Sequence[str], limit_s: float = 600.0) -> Load:
    load = Load()
    began = time.monotonic()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **SERVICE},
    ) as process:
        while process.poll() is None and time.monotonic() - began < limit_s:
            load.sample(process.pid)
            time.sleep(EVERY_S)
        process.kill()
    load.seconds = time.monotonic() - began
    return load


def main(pose: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yaml").write_text(f"pose: {pose}\n")
        silence = folder / "silence.wav"
        with wave.open(str(silence), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(bytes(32000 * round(IDLE_S)))
        clip = config.DEMO.parent / "trainee.mp4"
        run = (*COACH, "run", "--config", str(folder / "config.yaml"), "--speaker", "none")
        state = ("--state-dir", str(folder / "state"))
        camera = measured(CAMERA, 5.0)
        print(f"camera's process: {camera}", flush=True)
        quiet = (*run, "--microphone", f"file:{silence}", "--camera", f"file:{clip}", *state)
        print(f"waiting ({pose}): {measured(quiet)}", flush=True)
        session = measured((*run, "--trainee", "demo", *state))
        print(f"a session ({pose}): {session}", flush=True)
        print(json.dumps({"pose": pose, "total_mb": round(max(session.mb) + max(camera.mb))}))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "full")

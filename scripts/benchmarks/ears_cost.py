"""What listening costs, in a process that does nothing else: `ears_cost.py FOLDER HOURS`.

FOLDER holds WAV files of talk. They are heard over and over, a third of the time, faster than real
time, with the noise of a quiet room between, and with what is listened for changing as it does in a
session. Memory is printed every ten simulated minutes.
"""

import sys
import time
from pathlib import Path

import numpy as np

from coach import config
from coach.adapters.echo import EchoGuard
from coach.adapters.packs import load_pack
from coach.adapters.sound import read_wav
from coach.adapters.vosk_ears import VoskEars
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE, Block

BLOCK = 320
MINUTE = 60 * SAMPLE_RATE
STOPS = frozenset({Command.STOP, Command.PAUSE, Command.AGAIN, Command.HELP})
PHASES = (
    frozenset({Command.WAKE}),
    STOPS | {Command.DONE, Command.NEXT},
    STOPS | {Command.YES, Command.NO},
    frozenset({Command.RESUME, Command.STOP, Command.HELP, Command.NEXT, Command.AGAIN}),
)


def memory_mb() -> tuple[float, float]:
    """Resident, and proportional to who shares it."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    kb = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return kb["Rss"] / 1024, kb["Pss"] / 1024


def main() -> None:
    folder, hours = Path(sys.argv[1]), float(sys.argv[2])
    pack = load_pack("en")
    ears = VoskEars(config.models_dir() / "vosk-en", pack.phrases, pack.decoys, EchoGuard())
    files = sorted(folder.glob("*.wav"))
    noise = np.random.default_rng(5).normal(0.0, 12.0, 10 * SAMPLE_RATE)
    began, heard, at, told = time.process_time(), 0, 0, 0
    while at < hours * 60 * MINUTE:
        said = read_wav(files[heard % len(files)]) if files else noise[:0].astype(np.int16)
        sound = noise[: 3 * max(len(said), SAMPLE_RATE)].copy()
        sound[: len(said)] += said[: len(sound)]
        samples = np.clip(sound, -32768, 32767).astype(np.int16)
        ears.listen_for(PHASES[heard // 20 % len(PHASES)])
        for start in range(0, len(samples) - BLOCK + 1, BLOCK):
            at += BLOCK
            ears.feed(Block(at / SAMPLE_RATE, samples[start : start + BLOCK]))
        heard += 1
        if at // (10 * MINUTE) > told:
            told = at // (10 * MINUTE)
            rss, pss = memory_mb()
            used = (time.process_time() - began) / (at / SAMPLE_RATE)
            print(f"| listening, {10 * told} min simulated | {used:.3f} x real time | "
                  f"RSS {rss:.0f} MB, PSS {pss:.0f} MB |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()

"""What `scripts/kill-test` runs: many kills, and the figures."""

import sys
import tempfile
from pathlib import Path

from tests.appliance.killed import RealTally, Tally


def main(times: int, seed: int, real: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tally = (RealTally if real else Tally)(Path(folder) / "state", seed)
        for _ in range(times):
            tally.kill_one()
    counted = tally.counted + len(tally.heard)
    print(
        f"{tally.kills} of {times} kills survived (seed {seed}): {counted} reps counted "
        f"aloud, all remembered; {tally.resumed} times a session went on at its checkpoint."
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] == ["real"])

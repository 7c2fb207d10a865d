"""What `scripts/kill-test` runs: many kills, and the figures."""

import sys
import tempfile
from pathlib import Path

from tests.appliance.killed import Tally


def main(times: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tally = Tally(Path(folder), seed)
        for _ in range(times):
            tally.kill_one()
    print(
        f"{tally.kills} of {times} kills survived (seed {seed}): {len(tally.heard)} reps counted "
        f"aloud, all remembered; {tally.resumed} times a session went on at its checkpoint."
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

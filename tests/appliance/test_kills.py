"""kill -9 at a random moment: what was counted aloud is remembered. More: scripts/kill-test."""

from pathlib import Path

from tests.appliance.killed import Tally


def test_five_kills(tmp_path: Path) -> None:
    tally = Tally(tmp_path, seed=1)
    for _ in range(5):
        tally.kill_one()
    assert len(tally.heard) > 20
    assert tally.resumed >= 1

"""A quarter of an hour and a bit in a living room; eight hours: scripts/endurance."""

from pathlib import Path

from tests.appliance.day import TALK_AT_S, Day
from tests.e2e.conftest import needs_models


def test_a_session_and_some_television(tmp_path: Path) -> None:
    needs_models()
    report = Day(tmp_path, hours=(TALK_AT_S + 120.0) / 3600.0).run()
    assert report.sessions == 1, "somebody called"
    assert report.reps >= 8
    assert report.phantoms == []
    assert report.longest_unfed_s <= 2.0
    # Other tests of this process may leave files that are closed meanwhile; the first set opens
    # one, the part of the pose model that draws the mask, and nothing else may be added.
    assert report.open_files[-1] <= report.open_files[0] + 1

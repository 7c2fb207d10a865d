"""The lines of `coach watch`: a count at once, and each rep whole, in one line."""

import json

import pytest

from coach.cli.watch import Told
from coach.domain.events import FaultSeen, LockoutSeen, RepCompleted
from coach.domain.terms import Evidence, Fault
from tests.domain import make

SQUATTED = Evidence(Fault.SQUATTING, 60.0, 37.0)
LEANT_BACK = Evidence(Fault.HYPEREXTENDED, 18.0, 10.0)


def test_faults_and_counts_are_told_at_once_and_the_rep_once_its_top_was_seen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = Told(as_json=True)

    def lines() -> list[tuple[str, list[str] | None]]:
        printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return [(line["event"], line.get("faults")) for line in printed]

    told.add((FaultSeen(4.0, 1, SQUATTED),))
    assert lines() == [("fault", None)]
    told.add((RepCompleted(5.0, 1, make.rep(Fault.SQUATTING, number=1)),))
    assert lines() == [("count", None)]
    told.add((LockoutSeen(5.5, 1, LEANT_BACK, over=False),))
    assert lines() == [("fault", None)]
    told.add((LockoutSeen(6.0, 1, LEANT_BACK),))
    assert lines() == [("rep", ["hyperextended", "squatting"])]
    told.add((RepCompleted(9.0, 1, make.rep(number=2)),))
    told.rep_is_over()
    told.rep_is_over()
    assert lines() == [("count", None), ("rep", [])]
    assert told.reps == 2

"""What the doctor found, as the one sentence that the coach says about it at start."""

from collections.abc import Callable, Iterable

from coach.doctor.findings import Finding
from coach.domain.effects import Cue

SPOKEN = ("power", "disk", "heat", "clock")
"""Findings with a cue of their own; missing devices are said by the session itself."""


def notes_of(findings: Iterable[Finding], notice: Callable[[str], None]) -> tuple[Cue, ...]:
    """At most one cue; every finding in full on the screen."""
    wrong = [finding for finding in findings if not finding.fine]
    for finding in wrong:
        notice(f"{finding.sentence} {finding.remedy}")
    spoken = [finding.code for finding in wrong if finding.code in SPOKEN]
    match spoken:
        case []:
            return ()
        case [code]:
            return (Cue(f"finding.{code}"),)
        case _:
            return (Cue("finding.several", (("n", len(spoken)),)),)

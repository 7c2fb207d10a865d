"""Why a rep was corrected, in plain words: the number, the limit that it passed, and how sure."""

from collections.abc import Mapping
from typing import Any

from coach.domain.terms import ERRORS, Evidence, Fault, Unit

WHAT = {
    Fault.ROUNDED_BACK: "the back bowed away from its own neutral",
    Fault.HYPEREXTENDED: "the trunk leaned back at the top",
    Fault.SQUATTING: "the movement came from the knees",
    Fault.SHALLOW: "the trunk leaned forward too little",
    Fault.SOFT_LOCKOUT: "the trunk was not upright at the top",
    Fault.KNEES_BENDING: "the knees bent",
    Fault.ARMS_DRIFTING: "the arms were ahead of hanging straight down",
    Fault.HEAD_OFF: "the face turned away from its own neutral",
}


def behind(rep: Mapping[str, Any]) -> tuple[Fault, Evidence | None]:
    """The fault that this rep's cue names; None where the rep was kept without its number."""
    fault = next(one for one in Fault if rep["cue"].startswith(f"correct.{one}"))
    for found in rep["evidence"]:
        if found["fault"] == fault:
            return fault, Evidence(fault, found["measured"], found["limit"], Unit(found["unit"]))
    return fault, None


def sentences(fault: Fault, found: Evidence | None) -> tuple[str, ...]:
    """The explanation, a sentence a line."""
    seen = f"Seen: {WHAT[fault]}"
    if found is None:
        return (f"{seen}; the number behind it is not kept.",)
    digits = 3 if found.unit is Unit.TORSOS else 0
    measured = f"{abs(found.measured):.{digits}f} {found.unit}"
    limit = "asked for are" if fault is Fault.SHALLOW else "the limit is"
    told = (f"{seen}: {measured}, and {limit} {found.limit:.{digits}f}.",)
    if found.confidence is None:
        return told
    error = f"{ERRORS[found.unit]:g} {found.unit}"
    return (*told, f"A camera is right to about {error}: {found.confidence:.0%} sure.")

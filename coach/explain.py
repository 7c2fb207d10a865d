"""Why a rep was corrected: the measured number, the limit that it passed, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import erf, sqrt
from typing import Any

from coach.domain.terms import Fault, Unit

ERRORS = {Unit.DEGREES: 7.0, Unit.TORSOS: 0.009}
"""One standard deviation: what every angle from a camera carries, and how far the bows of 76 clean
reps of rendered people scattered. Of the hips' height none is known."""

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


@dataclass(frozen=True, slots=True)
class Why:
    """What is behind one correction.

    measured, limit: in `unit`; None where a rep was kept without the number
    confidence: 0..1, that the true value lies beyond the limit; None where no error is known
    """

    fault: Fault
    measured: float | None = None
    limit: float | None = None
    unit: Unit = Unit.DEGREES
    confidence: float | None = None


def why(rep: Mapping[str, Any]) -> Why:
    """A rep of the history, with the fault that its cue names."""
    fault = next(one for one in Fault if rep["cue"].startswith(f"correct.{one}"))
    found = next((one for one in rep["evidence"] if one["fault"] == fault), None)
    if found is None:
        return Why(fault)
    measured, limit, unit = found["measured"], found["limit"], Unit(found["unit"])
    over = limit - measured if fault is Fault.SHALLOW else abs(measured) - limit
    error = ERRORS.get(unit)
    sure = None if error is None else 0.5 * (1 + erf(over / error / sqrt(2)))
    return Why(fault, measured, limit, unit, sure)


def sentences(found: Why) -> tuple[str, ...]:
    """The explanation, in plain words."""
    seen = f"Seen: {WHAT[found.fault]}"
    if found.measured is None or found.limit is None:
        return (f"{seen}; the number behind it is not kept.",)
    digits = 3 if found.unit is Unit.TORSOS else 0
    measured = f"{abs(found.measured):.{digits}f} {found.unit}"
    limit = f"{'asked for are' if found.fault is Fault.SHALLOW else 'the limit is'}"
    told = (f"{seen}: {measured}, and {limit} {found.limit:.{digits}f}.",)
    if found.confidence is None:
        return told
    error = f"{ERRORS[found.unit]:g} {found.unit}"
    return (*told, f"A camera is right to about {error}: {found.confidence:.0%} sure.")

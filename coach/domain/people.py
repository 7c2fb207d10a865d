"""Who trains: one person's own calibration, mastery and program."""

from dataclasses import dataclass

from coach.domain.calibration import Calibration
from coach.domain.mastery import NOBODY_YET, Mastery
from coach.domain.program import Program

ME = "me"
"""Whoever the coach is for, when nobody gave a name."""

GUEST = "guest"
"""Somebody of whom nothing is kept."""


@dataclass(frozen=True, slots=True)
class Person:
    """program, language: their own; None takes what the coach was started with."""

    name: str = ME
    calibration: Calibration | None = None
    mastery: Mastery = NOBODY_YET
    program: Program | None = None
    language: str | None = None

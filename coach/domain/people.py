"""Who trains: one person's own calibration, mastery and program."""

from dataclasses import dataclass

from coach.domain.calibration import Calibration
from coach.domain.mastery import NOBODY_YET, Mastery
from coach.domain.program import Program

GUEST = "guest"
"""Somebody of whom nothing is kept."""


@dataclass(frozen=True, slots=True)
class Person:
    """program: their own; None takes the one that the coach was started with."""

    name: str = "me"
    calibration: Calibration | None = None
    mastery: Mastery = NOBODY_YET
    program: Program | None = None

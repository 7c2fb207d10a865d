"""A person's own neutral back, learned from reps in which the stick kept all three points."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """Opaque to the session: made and read by the eyes, kept by the store.

    standing: back line of own standing, sagitta per station from hip to shoulder, in torso lengths
    neutral: the same around the bottom of own neutral reps
    spread: scatter of the neutral reps' mean bow, in torso lengths
    """

    standing: tuple[float, ...]
    neutral: tuple[float, ...]
    spread: float

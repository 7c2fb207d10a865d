"""A person's own neutral back, learned from reps in which the stick kept all three points."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """Opaque to the session: made and read by the eyes, kept by the store.

    outline: the dorsal outline around the bottom of own neutral reps, station by station from hip
        to shoulder, in torso lengths; empty when it was never seen
    spread: scatter of the neutral reps' bow around that outline, in torso lengths
    ratio: length of the trunk at the bottom of own neutral reps over its length when standing
    """

    outline: tuple[float, ...]
    spread: float
    ratio: float

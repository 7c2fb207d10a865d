"""A person's own neutral shape, learned from reps in which the stick kept all three points."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """Opaque to the session: made and read by the eyes, kept by the store.

    All of it around the bottom of own neutral reps:
    outline: the back's outline, station by station from hip to shoulder, in torso lengths; empty
        when it was never seen
    ratio: length of the trunk in the picture over its length when standing
    neck_deg: shoulder to ear against the trunk
    face_deg: where the face turns against the trunk
    hip_deg: how far trunk and thigh fold beyond own standing
    """

    outline: tuple[float, ...]
    ratio: float
    neck_deg: float
    face_deg: float
    hip_deg: float

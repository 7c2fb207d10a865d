"""What kind of movement it was: a hinge, a squat, something else, or too little to mention."""

from enum import Enum

from coach.movement.reps import SIDE_WIDTH, Movement

LEAST_LEAN_DEG, LEAST_HIP_DEG = 30.0, 25.0
SHALLOW_LEAN_DEG, SHALLOW_HIP_DEG = 20.0, 32.0
"""The least of a hinge: a lean, and from the side hips that are seen to fold; when they clearly
do, less of a lean is enough, to be called shallow."""
SQUAT_KNEE_DEG = 40.0
SQUAT_DROP = 0.4
"""Knee flexion (side) and lowering of the hips (front) of which a hinge has no need."""
DEADLIFT_HIP_DEG, DEADLIFT_SHARE = 98.0, 0.55
"""Lifting from the floor bends the knees too, but folds the hips further than a squat leans."""
FLOOR_LEAN_DEG, FLOOR_DROP = 100.0, 0.8
"""Beyond these the person went to the floor."""


class Kind(Enum):
    """Names are said in `OtherMovementSeen`."""

    HINGE = "hinge"
    SQUAT = "squat"
    OTHER = "other"
    NOTHING = "nothing"


def kind(movement: Movement) -> Kind:
    """Decide what a finished movement was."""
    if movement.lean_deg > FLOOR_LEAN_DEG or movement.drop > FLOOR_DROP:
        return Kind.OTHER
    if knees_did_it(movement) and not _deadlift(movement):
        return Kind.SQUAT
    lean, hip = movement.lean_deg, movement.hip_deg
    if frontal(movement):
        enough = lean >= LEAST_LEAN_DEG
    else:
        plain = lean >= LEAST_LEAN_DEG and hip >= LEAST_HIP_DEG
        enough = plain or (lean >= SHALLOW_LEAN_DEG and hip >= SHALLOW_HIP_DEG)
    return Kind.HINGE if enough else Kind.NOTHING


def knees_did_it(movement: Movement) -> bool:
    """The movement went down by bending the knees, whatever the trunk did."""
    if frontal(movement):
        return movement.drop > SQUAT_DROP
    return movement.knee_deg > SQUAT_KNEE_DEG


def frontal(movement: Movement) -> bool:
    """The person stands so much to the front that knees and hips fold out of sight."""
    return movement.standing.width > SIDE_WIDTH


def _deadlift(movement: Movement) -> bool:
    if frontal(movement):
        return False
    if movement.lean_deg >= movement.knee_deg:
        return True
    return (
        movement.hip_deg >= DEADLIFT_HIP_DEG
        and movement.lean_deg >= DEADLIFT_SHARE * movement.knee_deg
    )

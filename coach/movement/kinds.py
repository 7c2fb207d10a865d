"""What kind of movement it was: a hinge, a squat, something else, or too little to mention."""

from enum import Enum

from coach.movement.movements import SIDE_WIDTH, Movement

LEAST_LEAN_DEG, LEAST_HIP_DEG = 30.0, 25.0
SHALLOW_LEAN_DEG, SHALLOW_HIP_DEG = 20.0, 32.0
"""The least of a hinge: a lean, and from the side hips that are seen to fold; when they clearly
do, less of a lean is enough, to be called shallow."""
SQUAT_KNEE_DEG, SQUAT_DROP = 37.0, 0.4
"""Knee flexion (side) and lowering of the hips (front) of which a hinge has no need."""
HINGE_SHARE = 1.25
LIFT_HIP_DEG, LIFT_BALANCE_DEG = 94.0, -20.0
"""Lifting from the floor bends the knees as well. It is told from a squat by the trunk: either it
leans more than the knees bend, or the hips fold deep and the trunk leans about as far as the thighs
go back; a squat's thighs go back 25 to 50 degrees further than its trunk leans."""
BOWED_DEG = 4.0
"""Who lifts lifts the head against the trunk (by 7 to 57 degrees in the clips at hand); who picks
something up looks down at it."""
FLOOR_LEAN_DEG, FLOOR_DROP = 100.0, 0.8
"""Beyond these the person went to the floor."""


class Kind(Enum):
    """Names are said in `OtherMovementSeen`."""

    HINGE = "hinge"
    SQUAT = "squat"
    PICKING_UP = "picking-up"
    OTHER = "other"
    NOTHING = "nothing"


def kind(movement: Movement) -> Kind:
    """Decide what a finished movement was."""
    if movement.lean_deg > FLOOR_LEAN_DEG or movement.drop > FLOOR_DROP:
        return Kind.OTHER
    if squatted(movement):
        return Kind.SQUAT
    if _picked_up(movement):
        return Kind.PICKING_UP
    lean, hip = movement.lean_deg, movement.hip_deg
    if frontal(movement):
        enough = lean >= LEAST_LEAN_DEG
    else:
        plain = lean >= LEAST_LEAN_DEG and hip >= LEAST_HIP_DEG
        enough = plain or (lean >= SHALLOW_LEAN_DEG and hip >= SHALLOW_HIP_DEG)
    return Kind.HINGE if enough else Kind.NOTHING


def squatted(movement: Movement) -> bool:
    """The hips went down by bending the knees, more than back by folding."""
    if frontal(movement):
        return movement.drop > SQUAT_DROP
    return movement.knee_deg > SQUAT_KNEE_DEG and not _lifted(movement)


def frontal(movement: Movement) -> bool:
    """The person stands so much to the front that knees and hips fold out of sight."""
    return movement.standing.width > SIDE_WIDTH


def _lifted(movement: Movement) -> bool:
    lean, hip = movement.lean_deg, movement.hip_deg
    balance = lean - (hip - lean)
    folded = hip >= LIFT_HIP_DEG and balance >= LIFT_BALANCE_DEG
    return folded or lean >= HINGE_SHARE * movement.knee_deg


def _picked_up(movement: Movement) -> bool:
    bent = not frontal(movement) and movement.knee_deg > SQUAT_KNEE_DEG
    return bent and movement.neck_deg > BOWED_DEG

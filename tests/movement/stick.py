"""A stick figure seen from the side: the observations of someone whose angles we choose."""

from collections.abc import Sequence
from math import cos, radians, sin

import numpy as np

from coach.movement.pose import Landmark, Observation, Pose

L = Landmark
RATE = 15.0
TORSO, THIGH, SHANK, ARM = 110.0, 85.0, 85.0, 120.0
FOOT = np.array([320.0, 430.0])


def pose(
    lean: float = 0.0,
    knee: float = 0.0,
    shin: float = 0.0,
    facing: int = 1,
    arm: float = 0.0,
    head: float = 0.0,
    width: float = 0.0,
) -> Pose:
    """Angles in degrees as in `Measures`; `width` is between the shoulders, in torso lengths."""

    def up(angle: float, length: float) -> np.ndarray:
        return np.array([facing * sin(radians(angle)) * length, -cos(radians(angle)) * length])

    knees = FOOT + up(shin, SHANK)
    hips = knees + up(shin - knee, THIGH)
    shoulders = hips + up(lean, TORSO)
    ears = shoulders + up(lean + head + 15, 40)
    wrist = shoulders - up(-arm, ARM)
    face = ears + up(lean + head + 100, 20)
    places = {
        (L.LEFT_ANKLE, L.RIGHT_ANKLE): FOOT,
        (L.LEFT_HEEL, L.RIGHT_HEEL): FOOT + np.array([-facing * 10.0, 8.0]),
        (L.LEFT_TOE, L.RIGHT_TOE): FOOT + np.array([facing * 35.0, 8.0]),
        (L.LEFT_KNEE, L.RIGHT_KNEE): knees,
        (L.LEFT_HIP, L.RIGHT_HIP): hips,
        (L.LEFT_SHOULDER, L.RIGHT_SHOULDER): shoulders,
        (L.LEFT_ELBOW, L.RIGHT_ELBOW): (shoulders + wrist) / 2,
        (L.LEFT_WRIST, L.RIGHT_WRIST): wrist,
        (L.LEFT_EAR, L.RIGHT_EAR): ears,
        (L.LEFT_EYE, L.RIGHT_EYE): face + up(lean + head + 10, 5),
        (L.LEFT_MOUTH, L.RIGHT_MOUTH): face - up(lean + head + 10, 8),
    }
    points = np.tile(face.astype(np.float32), (33, 1))
    for pair, place in places.items():
        points[list(pair)] = place
    points[L.LEFT_SHOULDER, 0] -= width * TORSO / 2
    points[L.RIGHT_SHOULDER, 0] += width * TORSO / 2
    return Pose(points, np.zeros(33, np.float32), np.ones(33, np.float32))


def observations(poses: Sequence[Pose | None], rate: float = RATE) -> list[Observation]:
    return [Observation(n / rate, 640, 480, p) for n, p in enumerate(poses)]


def stand(seconds: float = 1.0, lean: float = 0.0, **more: float) -> list[Pose | None]:
    return [pose(lean, **more) for _ in range(round(seconds * RATE))]  # type: ignore[arg-type]


def rep(
    lean: float = 60.0, knee: float = 15.0, shin: float = -5.0, seconds: float = 2.0, **more: float
) -> list[Pose | None]:
    """Down and up again along a minimum-jerk curve."""
    n = max(2, round(seconds * RATE / 2))
    down = [_jerk((i + 1) / n) for i in range(n)]
    way = [*down, 1.0, *reversed(down[:-1]), 0.0]
    return [pose(x * lean, x * knee, x * shin, **more) for x in way]  # type: ignore[arg-type]


def _jerk(x: float) -> float:
    return x**3 * (10 + x * (-15 + 6 * x))

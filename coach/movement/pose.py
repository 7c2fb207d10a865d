"""What the camera side hands over per frame: the landmarks of one person and, on demand, a mask."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class Landmark(IntEnum):
    """The BlazePose points that the coach uses; the value is the row in `Pose.points`."""

    NOSE = 0
    LEFT_EYE = 2
    RIGHT_EYE = 5
    LEFT_EAR = 7
    RIGHT_EAR = 8
    LEFT_MOUTH = 9
    RIGHT_MOUTH = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_TOE = 31
    RIGHT_TOE = 32


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person in one frame.

    points: (33, 2) pixels of the frame, x to the right, y down
    depth: (33,) pixels of the same scale, smaller is nearer to the camera, hips at about 0
    visibility: (33,) 0..1, how surely the point is in the picture and not covered
    """

    points: Floats
    depth: Floats
    visibility: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """Which pixels belong to the person, on the model's own square crop of the frame.

    logits: (n, n); above 0 is the person
    from_frame: (2, 3) affine map from pixels of the frame to pixels of the crop
    """

    logits: Floats
    from_frame: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What was seen in the frame taken at `t` seconds; `width` and `height` are the frame's.

    company: someone else was last seen so close to the person, or in front of them, that the two
        may be mixed up
    """

    t: float
    width: int
    height: int
    pose: Pose | None = None
    mask: Mask | None = None
    company: bool = False

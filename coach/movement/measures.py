"""From one pose to the angles that a coach looks at: plain trigonometry in the picture plane.

Everything is seen from the side: `facing` is +1 for a person who faces right in the picture and -1
for left, and angles are positive forward, in degrees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot, isfinite

from coach.movement.pose import Landmark, Pose

L = Landmark
Point = Sequence[float]
"""x and y in pixels. Plain numbers: of two at a time, they are many times as fast as numpy's."""
SIDES = (
    (L.LEFT_SHOULDER, L.LEFT_HIP, L.LEFT_KNEE, L.LEFT_ANKLE, L.LEFT_WRIST, L.LEFT_ELBOW),
    (L.RIGHT_SHOULDER, L.RIGHT_HIP, L.RIGHT_KNEE, L.RIGHT_ANKLE, L.RIGHT_WRIST, L.RIGHT_ELBOW),
)


@dataclass(frozen=True, slots=True)
class Measures:
    """One frame in numbers.

    lean_deg: trunk (hip to shoulder) from upright, forward positive
    knee_deg: knee flexion, 0 = straight
    hip_deg: angle between trunk and thigh, 0 = straight
    shin_deg: shank from upright, forward positive
    arm_deg: shoulder to wrist from hanging straight down, forward positive
    reach: shoulder to wrist over the arm's length; 1 = a straight arm
    face_deg: where the face turns against the trunk, from ear, eye, nose and mouth
    neck_deg: shoulder to ear against the trunk, forward positive
    torso: hip to shoulder in pixels
    rise: how far the shoulders are above the hips, in pixels
    height: how far the hips are above the ankles, in pixels
    width: distance between the shoulders across the picture, in torso lengths
    stride: distance between the ankles, in torso lengths
    hip, foot: (x, y) pixels of the middle of the hips and of the ankles
    """

    t: float
    lean_deg: float
    knee_deg: float
    hip_deg: float
    shin_deg: float
    arm_deg: float
    reach: float
    face_deg: float
    neck_deg: float
    torso: float
    rise: float
    height: float
    width: float
    stride: float
    hip: tuple[float, float]
    foot: tuple[float, float]


def measure(t: float, pose: Pose, facing: int) -> Measures | None:
    """The measures of a pose; None when the points do not make a body (NaN, all in one place)."""
    points: list[Point] = pose.points.tolist()
    if not isfinite(sum(map(sum, points))):  # which it is only when all of them are
        return None
    near = SIDES[int(nearer_side(pose))]
    shoulder, hip, knee, ankle, wrist, elbow = (points[i] for i in near)
    middle = _middle(points, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    pelvis = _middle(points, L.LEFT_HIP, L.RIGHT_HIP)
    feet = _middle(points, L.LEFT_ANKLE, L.RIGHT_ANKLE)
    ears = _middle(points, L.LEFT_EAR, L.RIGHT_EAR)
    torso = _length(pelvis, middle)
    thigh, shank = _length(hip, knee), _length(knee, ankle)
    arm = _length(shoulder, elbow) + _length(elbow, wrist)
    if min(torso, thigh, shank, arm) < 1.0:
        return None
    lean = _from_upright(pelvis, middle, facing)
    thigh_lean = _from_upright(knee, hip, facing)
    shin = _from_upright(ankle, knee, facing)
    return Measures(
        t=t,
        lean_deg=lean,
        knee_deg=_wrap(shin - thigh_lean),
        hip_deg=_wrap(lean - thigh_lean),
        shin_deg=shin,
        arm_deg=-_wrap(_from_upright(shoulder, wrist, facing) - 180.0),
        reach=_length(shoulder, wrist) / arm,
        face_deg=_wrap(_face(points, ears, facing) - lean),
        neck_deg=_wrap(_from_upright(middle, ears, facing) - lean),
        torso=torso,
        rise=pelvis[1] - middle[1],
        height=feet[1] - pelvis[1],
        width=abs(points[L.LEFT_SHOULDER][0] - points[L.RIGHT_SHOULDER][0]) / torso,
        stride=_length(points[L.LEFT_ANKLE], points[L.RIGHT_ANKLE]) / torso,
        hip=(pelvis[0], pelvis[1]),
        foot=(feet[0], feet[1]),
    )


def nearer_side(pose: Pose) -> bool:
    """False when the left side is nearer to the camera, True for the right."""
    depth = pose.depth
    left = depth[L.LEFT_SHOULDER] + depth[L.LEFT_HIP]
    right = depth[L.RIGHT_SHOULDER] + depth[L.RIGHT_HIP]
    return bool(right < left)


def facing_evidence(p: Sequence[Point]) -> float:
    """How far the person of these points faces right (+) or left (-), in torso lengths.

    The toes decide: the face turns, and at the bottom of a hinge it points at the floor.
    """
    toes = p[L.LEFT_TOE][0] + p[L.RIGHT_TOE][0] - p[L.LEFT_HEEL][0] - p[L.RIGHT_HEEL][0]
    face = p[L.NOSE][0] - (p[L.LEFT_EAR][0] + p[L.RIGHT_EAR][0]) / 2
    torso = _length(
        _middle(p, L.LEFT_HIP, L.RIGHT_HIP), _middle(p, L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
    )
    evidence = (toes + face) / max(torso, 1.0)
    return evidence if isfinite(evidence) else 0.0


def _face(points: Sequence[Point], ears: Point, facing: int) -> float:
    """The mean direction of the face's lines: one wrong point of the small head matters less."""
    eyes = _middle(points, L.LEFT_EYE, L.RIGHT_EYE)
    mouth = _middle(points, L.LEFT_MOUTH, L.RIGHT_MOUTH)
    lines = [(x - ears[0], y - ears[1]) for x, y in (points[L.NOSE], eyes, mouth)]
    # From mouth to eyes, turned by a quarter so that it looks ahead like the others.
    lines.append((facing * (mouth[1] - eyes[1]), facing * (eyes[0] - mouth[0])))
    lengths = [max(hypot(x, y), 1e-6) for x, y in lines]
    ahead = [(x / length, y / length) for (x, y), length in zip(lines, lengths, strict=True)]
    return degrees(atan2(facing * sum(x for x, _ in ahead), -sum(y for _, y in ahead)))


def _middle(points: Sequence[Point], a: int, b: int) -> Point:
    (ax, ay), (bx, by) = points[a], points[b]
    return (ax + bx) / 2, (ay + by) / 2


def _length(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _from_upright(low: Point, high: Point, facing: int) -> float:
    """The line from `low` to `high` from straight up, forward positive, -180..180."""
    return degrees(atan2(facing * (high[0] - low[0]), low[1] - high[1]))


def _wrap(angle: float) -> float:
    return (angle + 180.0) % 360.0 - 180.0

"""Draws what the eyes saw onto the picture they saw it in."""

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from coach.adapters.eyes import Look
from coach.domain.terms import Rep, Verdict
from coach.movement.pose import Landmark, Pose

Picture = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]
L = Landmark

_BONES = (
    (L.LEFT_SHOULDER, L.RIGHT_SHOULDER),
    (L.LEFT_HIP, L.RIGHT_HIP),
    *(
        (a + side, b + side)
        for side in (0, 1)
        for a, b in (
            (L.LEFT_SHOULDER, L.LEFT_ELBOW),
            (L.LEFT_ELBOW, L.LEFT_WRIST),
            (L.LEFT_SHOULDER, L.LEFT_HIP),
            (L.LEFT_HIP, L.LEFT_KNEE),
            (L.LEFT_KNEE, L.LEFT_ANKLE),
            (L.LEFT_ANKLE, L.LEFT_TOE),
            (L.LEFT_EAR, L.LEFT_SHOULDER),
        )
    ),
)
_BONE: Colour = (235, 235, 235)
_JOINT: Colour = (80, 60, 40)
_BACK: Colour = (0, 200, 255)
_DOWEL: Colour = (255, 190, 90)
_INK: Colour = (235, 235, 235)
_OVERHANG = 0.25
"""How far the virtual dowel stands out at either end, in its own lengths."""
_COLOURS: dict[Verdict, Colour] = {
    Verdict.CLEAN: (80, 190, 60),
    Verdict.FAULT: (60, 60, 230),
    Verdict.UNJUDGED: (150, 150, 150),
}
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def draw(look: Look, rep: Rep | None = None) -> Picture:
    """A copy of the frame with skeleton, back line and dowel; with `rep`, its verdict below."""
    picture: Picture = look.frame.image.copy()
    scale = picture.shape[0] / 480
    if look.observation.pose is not None:
        _skeleton(picture, look.observation.pose, scale)
    state = look.state
    if state is not None and state.line is not None:
        line = state.line.points
        overhang = _OVERHANG * (line[-1] - line[0])
        ends = _at(line[0] - overhang), _at(line[-1] + overhang)
        cv2.line(picture, *ends, _DOWEL, _thick(3 * scale), cv2.LINE_AA)
        for a, b in pairwise(line):
            cv2.line(picture, _at(a), _at(b), _BACK, _thick(4 * scale), cv2.LINE_AA)
    if rep is not None:
        colour = verdict_colour(rep)
        _banner(picture, f"rep {rep.number}   {verdict_text(rep)}", colour, colour, scale)
    elif state is not None:
        lean = f"   lean {state.sample.lean_deg:.0f} deg" if state.sample is not None else ""
        text = f"reps {state.number}   {state.reps.phase.value}{lean}"
        _banner(picture, text, _INK, _COLOURS[Verdict.UNJUDGED], scale)
    return picture


def verdict_colour(rep: Rep) -> Colour:
    return _COLOURS[rep.verdict]


def verdict_text(rep: Rep) -> str:
    """What was made of a rep, in a few words."""
    if not rep.faults:
        return "clean" if rep.verdict is Verdict.CLEAN else "could not see your back"
    return ", ".join(fault.value for fault in rep.faults)


def _skeleton(picture: Picture, pose: Pose, scale: float) -> None:
    for a, b in _BONES:
        if min(pose.visibility[a], pose.visibility[b]) > 0.3:
            ends = _at(pose.points[a]), _at(pose.points[b])
            cv2.line(picture, *ends, _BONE, _thick(2 * scale), cv2.LINE_AA)
    for joint in sorted({end for bone in _BONES for end in bone}):
        if pose.visibility[joint] > 0.3:
            cv2.circle(picture, _at(pose.points[joint]), _thick(3 * scale), _JOINT, -1, cv2.LINE_AA)


def _banner(picture: Picture, text: str, ink: Colour, colour: Colour, scale: float) -> None:
    height = picture.shape[0]
    top = height - round(36 * scale)
    picture[top:] = (picture[top:] * 0.35).astype(np.uint8)
    cv2.rectangle(picture, (0, top), (round(10 * scale), height), colour, -1)
    at = (round(22 * scale), height - round(11 * scale))
    cv2.putText(picture, text, at, _FONT, 0.7 * scale, ink, _thick(2 * scale), cv2.LINE_AA)


def _at(point: npt.NDArray[np.floating]) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _thick(width: float) -> int:
    return max(1, round(width))

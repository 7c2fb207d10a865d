"""Lean, knee and back over time on one picture, with reps and their faults marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from coach.adapters.eyes import Look
from coach.adapters.overlay import verdict_colour, verdict_text
from coach.domain.terms import Rep
from coach.movement.back_line import bend
from coach.ports import DeviceError

Picture = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

_WIDTH, _ROW, _LEFT, _TOP = 1400, 180, 70, 60
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_STEPS_S = (1, 2, 5, 10, 30, 60, 300)
_INK, _PALE = (70, 70, 70), (225, 225, 225)


@dataclass(frozen=True, slots=True)
class _Curve:
    title: str
    low: float
    high: float
    mark: float | None
    colour: Colour
    points: list[tuple[float, float]]


class Plot:
    """Collects looks; `write` draws them."""

    def __init__(self) -> None:
        self._lean: list[tuple[float, float]] = []
        self._knee: list[tuple[float, float]] = []
        self._back: list[tuple[float, float]] = []
        self._reps: dict[int, Rep] = {}
        self._end = 0.0

    def add(self, look: Look) -> None:
        state = look.state
        self._end = look.frame.t
        if look.rep is not None:
            self._reps[look.rep.number] = look.rep
        if state is None or state.sample is None:
            return
        t = state.sample.measures.t
        self._lean.append((t, state.sample.lean_deg))
        self._knee.append((t, state.sample.measures.knee_deg))
        if state.line is not None and state.own is not None and state.own.outline:
            self._back.append((t, 100 * bend(state.line.outline, state.own.outline).bow))

    def write(self, path: Path) -> None:
        """Raises DeviceError when the file cannot be written."""
        curves = (
            _Curve("lean, degrees", -20, 100, 50.0, (190, 110, 30), self._lean),
            _Curve("knee, degrees", -20, 120, 40.0, (60, 60, 200), self._knee),
            _Curve("outline's bow, % of the trunk", -4, 6, 2.0, (40, 140, 200), self._back),
        )
        picture = np.full((_TOP + _ROW * len(curves) + 40, _WIDTH, 3), 255, np.uint8)
        self._mark_reps(picture)
        self._mark_seconds(picture)
        for row, curve in enumerate(curves):
            self._draw(picture, _TOP + row * _ROW, curve)
        if not cv2.imwrite(str(path), picture):
            raise DeviceError(
                f"{path} cannot be written: give a name ending in .png in a folder that exists."
            )

    def _x(self, t: float) -> int:
        return _LEFT + round((_WIDTH - _LEFT - 20) * t / max(self._end, 0.001))

    def _mark_reps(self, picture: Picture) -> None:
        for rep in self._reps.values():
            x, colour = self._x(rep.t), verdict_colour(rep)
            cv2.line(picture, (x, _TOP), (x, picture.shape[0] - 40), colour, 1, cv2.LINE_AA)
            height = 22 if rep.number % 2 else 44  # neighbours shall not cover each other
            text = f"{rep.number} {verdict_text(rep)}"
            cv2.putText(picture, text, (x - 30, height), _FONT, 0.42, colour, 1, cv2.LINE_AA)

    def _mark_seconds(self, picture: Picture) -> None:
        """The time below, at about ten places."""
        step = next((s for s in _STEPS_S if self._end <= 10 * s), _STEPS_S[-1])
        bottom = picture.shape[0] - 40
        for t in range(0, int(self._end) + 1, step):
            x = self._x(t)
            cv2.line(picture, (x, bottom), (x, bottom + 6), _INK, 1)
            at = (x - 8, bottom + 24)
            cv2.putText(picture, f"{t} s", at, _FONT, 0.4, _INK, 1, cv2.LINE_AA)

    def _draw(self, picture: Picture, top: int, curve: _Curve) -> None:
        def y(value: float) -> int:
            share = (min(max(value, curve.low), curve.high) - curve.low) / (curve.high - curve.low)
            return top + _ROW - 15 - round((_ROW - 35) * share)

        cv2.putText(picture, curve.title, (8, top + 14), _FONT, 0.42, _INK, 1, cv2.LINE_AA)
        for value in (0.0, curve.mark):
            if value is not None:
                cv2.line(picture, (_LEFT, y(value)), (_WIDTH - 20, y(value)), _PALE, 1)
                at = (_LEFT - 40, y(value) + 4)
                cv2.putText(picture, f"{value:.0f}", at, _FONT, 0.4, _INK, 1, cv2.LINE_AA)
        _connect(picture, [(t, (self._x(t), y(v))) for t, v in curve.points], curve.colour)


def _connect(
    picture: Picture, points: Sequence[tuple[float, tuple[int, int]]], colour: Colour
) -> None:
    """Lines between neighbours; a gap in time stays a gap."""
    for (t, a), (u, b) in pairwise(points):
        if u - t < 0.5:
            cv2.line(picture, a, b, colour, 2, cv2.LINE_AA)

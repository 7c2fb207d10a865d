"""BlazePose through LiteRT: a frame in, the landmarks of one person out, a mask on demand.

The pipeline of MediaPipe's pose solution (Bazarevsky et al. 2020, "BlazePose: On-device real-time
body pose tracking"; graphs `pose_detection` and `pose_landmark` of MediaPipe 0.10) in numpy:
the detector runs only when nobody is tracked; two auxiliary points give the next region.
"""

from dataclasses import dataclass
from math import atan2, ceil, cos, floor, hypot, pi, sin
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from coach.adapters.tflite_cut import cut_output
from coach.movement.pose import Mask, Observation, Pose
from coach.movement.smoothing import OneEuro
from coach.ports import DeviceError, Frame

_CROP = 256
_POINTS = 33
_TRACKED = 0.5
"""Pose flag below which the person is lost (MediaPipe's `min_tracking_confidence`)."""
_SLOW_S = 0.095
"""Frames further apart than this get a second pass: the region of the frame before lags behind
(+18 degrees at the bottom at 7-10 frames/s), and there is time for it."""
_STEADY = OneEuro(min_cutoff=0.01, beta=10.0)
"""The region stands still with the person and jumps with it (MediaPipe's constants)."""
_REFINE_FROM = 0.5
_REFINE_REACH = 4
"""Heat map refinement: a 9 x 9 window, used where its highest value is at least this sure."""


@dataclass(frozen=True, slots=True)
class Region:
    """A square on the frame: centre and side in pixels, turned by `angle` radians."""

    x: float
    y: float
    side: float
    angle: float

    def to_frame(self) -> npt.NDArray[np.float64]:
        """(2, 3) map from pixels of the crop to pixels of the frame."""
        scale = self.side / _CROP
        c, s = cos(self.angle) * scale, sin(self.angle) * scale
        half = _CROP / 2
        return np.array(
            [[c, -s, self.x - (c - s) * half], [s, c, self.y - (s + c) * half]], dtype=np.float64
        )


class BlazePose:
    """Tracks one person over frames; raises DeviceError when a model cannot be loaded."""

    def __init__(self, models: Path, variant: str = "full", threads: int = 1) -> None:
        self._detector = _Detector(_load(models / "pose_detection.tflite"), threads)
        whole = _load(models / f"pose_landmark_{variant}.tflite")
        self._landmarks = _LandmarkModel(cut_output(whole, (1, _CROP, _CROP, 1)), threads)
        self._with_mask = _LandmarkModel(whole, threads)
        self._region: Region | None = None
        self._filter = _STEADY
        self._last_t: float | None = None

    def observe(self, frame: Frame, want_mask: bool = False) -> Observation:
        slow = self._last_t is not None and frame.t - self._last_t > _SLOW_S
        self._last_t = frame.t
        region = self._region
        if region is not None and slow:
            first = self._landmarks.run(frame.image, region)
            region = None if first is None else _region_around(first.circle())
        if region is None:
            self._filter = _STEADY
            region = self._detector.find(frame.image)
        model = self._with_mask if want_mask else self._landmarks
        found = None if region is None else model.run(frame.image, region)
        height, width = frame.image.shape[:2]
        if found is None:
            self._region, self._filter = None, _STEADY
            return Observation(frame.t, width, height)
        circle = found.circle()
        diameter = 2 * float(np.hypot(*(circle[1] - circle[0])))
        circle, self._filter = self._filter.apply(frame.t, circle, 1 / max(diameter, 1e-6))
        self._region = _region_around(circle)
        return Observation(frame.t, width, height, found.pose(), found.mask())


class _Found:
    """One answer of the landmark model: 39 rows of x, y, z in frame pixels, and visibility."""

    def __init__(
        self,
        points: npt.NDArray[np.float64],
        visibility: npt.NDArray[np.float64],
        region: Region,
        logits: npt.NDArray[np.float32] | None,
    ) -> None:
        self._points, self._visibility = points, visibility
        self._region, self._logits = region, logits

    def pose(self) -> Pose:
        points = self._points[:_POINTS].astype(np.float32)
        return Pose(points[:, :2], points[:, 2], self._visibility[:_POINTS].astype(np.float32))

    def mask(self) -> Mask | None:
        if self._logits is None:
            return None
        from_frame = cv2.invertAffineTransform(self._region.to_frame())
        return Mask(self._logits, from_frame.astype(np.float32))

    def circle(self) -> npt.NDArray[np.float64]:
        """(2, 2) centre of a circle around the whole body, and the point of it above the head."""
        return self._points[33:35, :2]


class _LandmarkModel:
    def __init__(self, content: bytes, threads: int) -> None:
        self._interpreter = _interpreter(content, threads)
        self._input = self._interpreter.get_input_details()[0]["index"]
        by_shape = {
            tuple(int(n) for n in o["shape"]): o["index"]
            for o in self._interpreter.get_output_details()
        }
        self._points = by_shape[(1, 195)]
        self._flag = by_shape[(1, 1)]
        self._heatmap = by_shape[(1, 64, 64, 39)]
        self._mask = by_shape.get((1, _CROP, _CROP, 1))

    def run(self, image: npt.NDArray[np.uint8], region: Region) -> _Found | None:
        to_frame = region.to_frame()
        crop = cv2.warpAffine(
            image,
            to_frame,
            (_CROP, _CROP),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        interpreter = self._interpreter
        filled = interpreter.tensor(self._input)()[0]
        np.multiply(crop[:, :, ::-1], np.float32(1 / 255), out=filled)
        del filled  # the interpreter refuses to run while its memory is lent out
        interpreter.invoke()
        if float(interpreter.get_tensor(self._flag)[0, 0]) < _TRACKED:
            return None

        raw = interpreter.get_tensor(self._points).reshape(39, 5).astype(np.float64)
        on_crop = raw[:, :2] / _CROP
        _refine(on_crop, interpreter.tensor(self._heatmap)()[0])
        scaled = on_crop * _CROP
        points = np.empty((39, 3))
        points[:, :2] = scaled @ to_frame[:, :2].T + to_frame[:, 2]
        points[:, 2] = raw[:, 2] * (region.side / _CROP)
        visibility = _sigmoid(np.minimum(raw[:, 3], raw[:, 4]))
        logits = None
        if self._mask is not None:
            logits = interpreter.get_tensor(self._mask)[0, :, :, 0]
        return _Found(points, visibility, region, logits)


def _refine(points: npt.NDArray[np.float64], heatmap: npt.NDArray[np.float32]) -> None:
    """Move each point to the centre of mass of the heat map around it, in place.

    Source: MediaPipe `refine_landmarks_from_heatmap_calculator.cc`, window 9, threshold 0.5.
    """
    rows, columns, _ = heatmap.shape
    for i, (x, y) in enumerate(points):
        column, row = int(x * columns), int(y * rows)
        if not (0 <= column < columns and 0 <= row < rows):
            continue
        left, top = max(0, column - _REFINE_REACH), max(0, row - _REFINE_REACH)
        window = heatmap[top : row + _REFINE_REACH + 1, left : column + _REFINE_REACH + 1, i]
        weight = _sigmoid(window.astype(np.float64))
        total = weight.sum()
        if weight.max() < _REFINE_FROM or total <= 0:
            continue
        points[i, 0] = (weight.sum(0) @ np.arange(left, left + window.shape[1])) / total / columns
        points[i, 1] = (weight.sum(1) @ np.arange(top, top + window.shape[0])) / total / rows


class _Detector:
    """Finds a person anywhere in the frame (an SSD with 2254 anchors on 224 x 224 pixels)."""

    _SIDE = 224
    _SURE = 0.5
    _OVERLAP = 0.3

    def __init__(self, content: bytes, threads: int) -> None:
        self._interpreter = _interpreter(content, threads)
        self._input = self._interpreter.get_input_details()[0]["index"]
        boxes, scores = sorted(
            self._interpreter.get_output_details(), key=lambda o: -int(o["shape"][-1])
        )
        self._boxes, self._scores = boxes["index"], scores["index"]
        self._anchors = _anchors(self._SIDE)

    def find(self, image: npt.NDArray[np.uint8]) -> Region | None:
        height, width = image.shape[:2]
        long = max(height, width)
        scale = long / self._SIDE
        to_frame = np.array(
            [[scale, 0, (width - long) / 2], [0, scale, (height - long) / 2]], dtype=np.float64
        )
        padded = cv2.warpAffine(
            image,
            to_frame,
            (self._SIDE, self._SIDE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
        )
        pixels = padded[None, :, :, ::-1].astype(np.float32) * np.float32(2 / 255) - 1
        self._interpreter.set_tensor(self._input, pixels)
        self._interpreter.invoke()
        scores = self._interpreter.get_tensor(self._scores)[0, :, 0].astype(np.float64)
        scores = _sigmoid(np.clip(scores, -100, 100))
        sure = np.flatnonzero(scores >= self._SURE)
        if len(sure) == 0:
            return None
        rows = self._interpreter.get_tensor(self._boxes)[0, sure].astype(np.float64)
        rows /= self._SIDE
        anchors = self._anchors[sure]
        best = int(np.argmax(scores[sure]))
        centres, sizes = rows[:, :2] + anchors, rows[:, 2:4]
        near = _overlap(centres, sizes, best) >= self._OVERLAP
        weights = scores[sure][near]
        # The two first key points are the centre between the hips and a point on a circle around
        # the whole body; like the box they are averaged over all overlapping answers.
        points = (rows[near, 4:8] + np.tile(anchors[near], 2)).T @ weights / weights.sum()
        circle = points.reshape(2, 2) * self._SIDE
        return _region_around(circle @ to_frame[:, :2].T + to_frame[:, 2])


def _region_around(circle: npt.NDArray[np.float64]) -> Region:
    """1.25 times the circle given by its centre and a point on it, turned so that this is up."""
    (x0, y0), (x1, y1) = circle
    angle = pi / 2 - atan2(y0 - y1, x1 - x0)
    angle -= 2 * pi * floor((angle + pi) / (2 * pi))
    return Region(float(x0), float(y0), 2.5 * hypot(x1 - x0, y1 - y0), angle)


def _overlap(
    centres: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64], best: int
) -> npt.NDArray[np.float64]:
    """Intersection over union of each box with the best one."""
    low, high = centres - sizes / 2, centres + sizes / 2
    shared = np.clip(np.minimum(high, high[best]) - np.maximum(low, low[best]), 0, None).prod(1)
    area = sizes.prod(1)
    return np.asarray(shared / (area + area[best] - shared))


def _anchors(side: int) -> npt.NDArray[np.float64]:
    """(2254, 2) anchor centres, 0..1: two per cell, six where three layers share a stride."""
    layers = []
    for stride, per_cell in ((8, 2), (16, 2), (32, 6)):
        n = ceil(side / stride)
        y, x = np.divmod(np.arange(n * n), n)
        layers.append(np.repeat((np.stack([x, y], 1) + 0.5) / n, per_cell, axis=0))
    return np.concatenate(layers)


def _sigmoid(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-x)))


def _load(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DeviceError(
            f"The pose model {path.name} is missing from {path.parent}: run `coach models fetch`."
        ) from error


def _interpreter(content: bytes, threads: int) -> Any:
    """The maker's current runtime first, then its last predecessor; both run these models."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        try:
            from tflite_runtime.interpreter import Interpreter
        except ImportError as error:
            raise DeviceError(
                "No TensorFlow Lite runtime is installed: run `pip install ai-edge-litert`."
            ) from error
    try:
        interpreter = Interpreter(model_content=content, num_threads=threads)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise DeviceError("A pose model is damaged: run `coach models fetch`.") from error
    return interpreter

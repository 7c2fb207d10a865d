"""BlazePose through LiteRT: a frame in, the landmarks of one person out, a mask on demand.

The pipeline of MediaPipe's pose solution (Bazarevsky et al. 2020, "BlazePose: On-device real-time
body pose tracking"; graphs `pose_detection` and `pose_landmark` of MediaPipe 0.10) in numpy:
the detector runs only when nobody is tracked; two auxiliary points give the next region.
"""

import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from coach.adapters.blazepose_detector import Detector
from coach.adapters.blazepose_region import CROP, Region, region_around, sigmoid
from coach.adapters.tflite import damaged, interpreter, model_bytes
from coach.adapters.tflite_cut import body, branch
from coach.movement.pose import Mask, Observation, Pose
from coach.movement.smoothing import OneEuro
from coach.ports import Frame

_POINTS = 33
_TRACKED = 0.5
"""Pose flag below which the person is lost (MediaPipe's `min_tracking_confidence`)."""
_SLOW_S = 0.095
"""Frames further apart than this get a second pass: the region of the frame before lags behind
(+18 degrees at the bottom at 7-10 frames/s), and there is time for it."""
_STEADY = OneEuro(min_cutoff=0.01, beta=10.0)
"""The region stands still with the person and jumps with it (MediaPipe's constants)."""
_REFINE_FROM = 0.5
_REFINE_WINDOW = np.arange(-4, 5)
"""Heat map refinement: a 9 x 9 window, used where its highest value is at least this sure."""


class BlazePose:
    """Tracks one person over frames; raises DeviceError when a model cannot be loaded."""

    def __init__(self, models: Path, variant: str = "full", threads: int = 1) -> None:
        cv2.setNumThreads(1)  # for one small crop a frame, threads cost more than they save
        self._detector_file = models / "pose_detection.tflite"
        self._landmark_file = models / f"pose_landmark_{variant}.tflite"
        self._threads = threads
        self._detector: Detector | None = Detector(self._detector_file, threads)
        self._landmarks = _LandmarkModel(_part(self._landmark_file, body), threads)
        self._mask: _MaskModel | None = None
        self._region: Region | None = None
        self._filter = _STEADY
        self._last_t: float | None = None

    def observe(self, frame: Frame, want_mask: bool = False) -> Observation:
        slow = self._last_t is not None and frame.t - self._last_t > _SLOW_S
        self._last_t = frame.t
        region = self._region
        if region is not None and slow:
            first = self._landmarks.run(frame.image, region)
            region = None if first is None else region_around(first.circle())
        if region is None:
            self._filter = _STEADY
            region = self._find(frame)
        found = None if region is None else self._landmarks.run(frame.image, region)
        height, width = frame.image.shape[:2]
        if found is None:
            self._region, self._filter = None, _STEADY
            return Observation(frame.t, width, height)
        circle = found.circle()
        diameter = 2 * float(np.hypot(*(circle[1] - circle[0])))
        circle, self._filter = self._filter.apply(frame.t, circle, 1 / max(diameter, 1e-6))
        self._region = region_around(circle)
        self._detector = None  # 30 MB that nobody needs until the person is lost
        mask = None
        if want_mask and region is not None:
            mask = self._mask_model().run(self._landmarks, region)
        return Observation(frame.t, width, height, found.pose(), mask)

    def _find(self, frame: Frame) -> Region | None:
        if self._detector is None:
            self._detector = Detector(self._detector_file, self._threads)
        return self._detector.find(frame.image)

    def _mask_model(self) -> "_MaskModel":
        if self._mask is None:
            self._mask = _MaskModel(_part(self._landmark_file, branch), self._threads)
        return self._mask


def _part(path: Path, part: Callable[[bytes, tuple[int, ...]], bytes]) -> bytes:
    """The part of the landmark model that makes all but the mask, or the mask only."""
    try:
        return part(model_bytes(path), (1, CROP, CROP, 1))
    except (ValueError, IndexError, struct.error) as error:
        raise damaged() from error


class _Found:
    """One answer of the landmark model: 39 rows of x, y, z in frame pixels, and visibility."""

    def __init__(
        self,
        points: npt.NDArray[np.float64],
        visibility: npt.NDArray[np.float64],
    ) -> None:
        self._points, self._visibility = points, visibility

    def pose(self) -> Pose:
        points = self._points[:_POINTS].astype(np.float32)
        return Pose(points[:, :2], points[:, 2], self._visibility[:_POINTS].astype(np.float32))

    def circle(self) -> npt.NDArray[np.float64]:
        """(2, 2) centre of a circle around the whole body, and the point of it above the head."""
        return self._points[33:35, :2]


class _LandmarkModel:
    def __init__(self, model: Path | bytes, threads: int) -> None:
        self._interpreter = interpreter(model, threads)
        self._input = self._interpreter.get_input_details()[0]["index"]
        by_shape = {
            tuple(int(n) for n in o["shape"]): o["index"]
            for o in self._interpreter.get_output_details()
        }
        self._points = by_shape[(1, 195)]
        self._flag = by_shape[(1, 1)]
        self._heatmap = by_shape[(1, 64, 64, 39)]

    def run(self, image: npt.NDArray[np.uint8], region: Region) -> _Found | None:
        to_frame = region.to_frame()
        crop = cv2.warpAffine(
            image,
            to_frame,
            (CROP, CROP),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        runtime = self._interpreter
        filled = runtime.tensor(self._input)()[0]
        np.multiply(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB), np.float32(1 / 255), out=filled)
        del filled  # the interpreter refuses to run while its memory is lent out
        runtime.invoke()
        if float(runtime.get_tensor(self._flag)[0, 0]) < _TRACKED:
            return None

        raw = runtime.get_tensor(self._points).reshape(39, 5).astype(np.float64)
        on_crop = raw[:, :2] / CROP
        _refine(on_crop, runtime.tensor(self._heatmap)()[0])
        scaled = on_crop * CROP
        points = np.empty((39, 3))
        points[:, :2] = scaled @ to_frame[:, :2].T + to_frame[:, 2]
        points[:, 2] = raw[:, 2] * (region.side / CROP)
        visibility = sigmoid(np.minimum(raw[:, 3], raw[:, 4]))
        return _Found(points, visibility)

    def tensor(self, index: int) -> npt.NDArray[np.float32]:
        """What the last run left in this tensor, which must be one of the outputs."""
        return np.asarray(self._interpreter.get_tensor(index))


class _MaskModel:
    """The branch that makes the mask from what the landmark model has computed."""

    def __init__(self, model: bytes, threads: int) -> None:
        self._interpreter = interpreter(model, threads)
        self._inputs = [i["index"] for i in self._interpreter.get_input_details()]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def run(self, landmarks: _LandmarkModel, region: Region) -> Mask:
        """The mask in the region that `landmarks` last ran on."""
        for index in self._inputs:
            self._interpreter.set_tensor(index, landmarks.tensor(index))
        self._interpreter.invoke()
        from_frame = cv2.invertAffineTransform(region.to_frame())
        logits = self._interpreter.get_tensor(self._output)[0, :, :, 0]
        return Mask(logits, from_frame.astype(np.float32))


def _refine(points: npt.NDArray[np.float64], heatmap: npt.NDArray[np.float32]) -> None:
    """Move each point to the centre of mass of the heat map around it, in place.

    Source: MediaPipe `refine_landmarks_from_heatmap_calculator.cc`, window 9, threshold 0.5.
    """
    rows, columns, count = heatmap.shape
    cell = np.floor(points * (columns, rows)).astype(np.intp)
    inside = ((cell >= 0) & (cell < (columns, rows))).all(axis=1)
    x = cell[:, :1] + _REFINE_WINDOW  # (points, 9) columns and rows of each window
    y = cell[:, 1:] + _REFINE_WINDOW
    real = ((y >= 0) & (y < rows))[:, :, None] & ((x >= 0) & (x < columns))[:, None, :]
    window = heatmap[
        np.clip(y, 0, rows - 1)[:, :, None],
        np.clip(x, 0, columns - 1)[:, None, :],
        np.arange(count)[:, None, None],
    ]
    weight = np.where(real, sigmoid(window.astype(np.float64)), 0.0)
    total = weight.sum(axis=(1, 2))
    sure = inside & (weight.max(axis=(1, 2)) >= _REFINE_FROM)
    total = np.where(sure, total, 1.0)
    refined_x = (weight.sum(axis=1) * x).sum(axis=1) / total / columns
    refined_y = (weight.sum(axis=2) * y).sum(axis=1) / total / rows
    points[sure] = np.stack([refined_x, refined_y], axis=1)[sure]

"""BlazePose's landmark model: a region of a frame in, 35 points out, and a mask on demand."""

import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from coach.adapters.blazepose_region import (
    CROP,
    Circle,
    Pair,
    Region,
    Single,
    Singles,
    cut_out,
    quick_sigmoid,
    sigmoid,
)
from coach.adapters.tflite import damaged, interpreter, mapped
from coach.adapters.tflite_cut import Editable, Pieces, body, branch
from coach.movement.pose import Mask, Pose

_POINTS, _USED = 33, 35
"""Points of the body, and with the circle around it; the four more of the model are not used."""
_CIRCLE = slice(_POINTS, _USED)
_TRACKED = 0.5
"""Pose flag below which the person is lost (MediaPipe's `min_tracking_confidence`)."""
_REACH, _REFINE_FROM = 4, 0.5
"""Heat map refinement: so many cells each way, used where the highest of them is so sure."""
_WINDOW = np.arange(-_REACH, _REACH + 1, dtype=Single)[:, None]
_CHANNEL_OF_POINT = np.arange(_USED, dtype=Single)


class Found:
    """One answer of the landmark model: 35 points.

    points: (35, 2) in shares of the frame
    depth: (35,) in pixels of the frame
    visibility: (35,) 0..1
    """

    def __init__(self, points: Singles, depth: Singles, visibility: Singles, frame: Pair) -> None:
        self._points, self._depth, self._visibility = points, depth, visibility
        self._frame = frame

    def pose(self) -> Pose:
        points = self._points[:_POINTS] * self._frame
        return Pose(points, self._depth[:_POINTS], self._visibility[:_POINTS])

    def circle(self) -> Circle:
        """A circle around the whole body, with the point of it above the head."""
        (x, y), (px, py) = self._points[_CIRCLE]
        return (x, y), (px, py)

    def trunk(self) -> Singles:
        """(2,) the middle between shoulders and hips, in pixels."""
        return np.asarray(self._points[[11, 12, 23, 24]].mean(axis=0) * self._frame)


class LandmarkModel:
    """All of the model but the mask; raises DeviceError when it cannot be loaded."""

    def __init__(self, model: Path, threads: int) -> None:
        self._interpreter = interpreter(_part(model, body), threads)
        self._input = self._interpreter.get_input_details()[0]["index"]
        by_shape = {
            tuple(int(n) for n in o["shape"]): o["index"]
            for o in self._interpreter.get_output_details()
        }
        self._points = by_shape[(1, 195)]
        self._flag = by_shape[(1, 1)]
        self._heatmap = by_shape[(1, 64, 64, 39)]
        # Made once: fresh memory for each frame costs as much as what is done in it.
        self._crop = np.empty((CROP, CROP, 3), np.uint8)
        self._rgb = np.empty_like(self._crop)

    def run(self, image: npt.NDArray[np.uint8], region: Region) -> Found | None:
        middle, side, angle = region.middle, region.side, region.angle
        cut_out(image, middle, side, angle, CROP, cv2.BORDER_REPLICATE, self._crop)
        runtime = self._interpreter
        filled = runtime.tensor(self._input)()[0]
        cv2.cvtColor(self._crop, cv2.COLOR_BGR2RGB, self._rgb)
        np.multiply(self._rgb, Single(1 / 255), filled)
        del filled  # the interpreter refuses to run while its memory is lent out
        runtime.invoke()
        if float(runtime.get_tensor(self._flag)[0, 0]) < _TRACKED:
            return None

        raw = runtime.get_tensor(self._points).reshape(39, 5)[:_USED]
        on_crop = raw[:, :2] / Single(CROP)
        _refine(on_crop, runtime.tensor(self._heatmap)()[0])
        return Found(
            region.project(on_crop),
            raw[:, 2] * (side / Single(CROP)),
            sigmoid(np.minimum(raw[:, 3], raw[:, 4])),
            region.frame,
        )

    def tensor(self, index: int) -> npt.NDArray[np.float32]:
        """What the last run left in this output: a view, to be let go before the next run."""
        return np.asarray(self._interpreter.tensor(index)())


class MaskModel:
    """The branch that makes the mask from what the landmark model has computed.

    Only around the trunk, where the back is: a third of the computing and of the memory. A trunk is
    at most 70 pixels of the crop long (2612 frames of rendered and real people bent forward), so
    that the back line's rays end 54 pixels from its middle.
    """

    _SIDE = 144
    _CELL = 4
    """What goes in has a row for every 2 and every 4 pixels: the window moves in whole ones."""
    _EDGE = 16
    """So far in the padding at the window's edges is felt; beyond, the mask is the whole one's."""

    def __init__(self, path: Path, threads: int) -> None:
        model = _part(path, lambda whole, mask: branch(whole, mask, self._SIDE))
        self._interpreter = interpreter(model, threads)
        self._inputs = [
            (int(i["index"]), self._SIDE // int(i["shape"][1]))
            for i in self._interpreter.get_input_details()
        ]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def run(self, landmarks: LandmarkModel, found: Found, region: Region) -> Mask:
        """The mask around the trunk of what `landmarks` last found, in this region."""
        from_frame = cv2.invertAffineTransform(region.to_frame())
        middle = from_frame[:, :2] @ found.trunk() + from_frame[:, 2]
        corner = np.round((middle - self._SIDE / 2) / self._CELL).astype(int) * self._CELL
        left, top = np.clip(corner, 0, CROP - self._SIDE)
        for index, step in self._inputs:
            rows = slice(top // step, (top + self._SIDE) // step)
            columns = slice(left // step, (left + self._SIDE) // step)
            self._interpreter.tensor(index)()[:] = landmarks.tensor(index)[:, rows, columns]
        self._interpreter.invoke()
        inner = slice(self._EDGE, -self._EDGE)
        logits = self._interpreter.get_tensor(self._output)[0, inner, inner, 0]
        from_frame[:, 2] -= (left + self._EDGE, top + self._EDGE)
        return Mask(logits, from_frame.astype(np.float32))


def _part(path: Path, part: Callable[[Editable, tuple[int, ...]], Pieces]) -> Pieces:
    """The part of the landmark model that makes all but the mask, or the mask only."""
    try:
        with mapped(path) as model:
            return part(model, (1, CROP, CROP, 1))
    except (ValueError, IndexError, struct.error) as error:
        raise damaged() from error


def _refine(points: Singles, heatmap: Singles) -> None:
    """Move each point to the centre of mass of the heat map around it, in place.

    points: (35, 2) in shares of the crop; heatmap: (side, side, channels), a channel for each point
    Source: MediaPipe `refine_landmarks_from_heatmap_calculator.cc`, window 9, threshold 0.5; its
    sums go row by row in single precision. Rows below the map are not told there, either.
    """
    # In single numbers throughout: they are whole and small enough, and each other kind of them
    # wants other parts of numpy, which a run of the model leaves in no cache.
    side, _, channels = map(Single, heatmap.shape)
    places = points.T
    cell = np.trunc(places * side)
    across, down = window = cell[:, None] + _WINDOW  # (2, 9, points) columns, and rows
    in_columns, in_rows = (window >= 0) & (window < side)
    # (9, 9, points) cells in the map; what is outside may be taken from anywhere.
    cells = (down * (side * channels))[:, None] + (across * channels + _CHANNEL_OF_POINT)
    values = heatmap.reshape(-1).take(cells.astype(np.intp), mode="clip")
    parts = np.empty((3, *cells.shape), Single)
    sureness = quick_sigmoid(values)
    # The circle says where to look next: there each bit matters.
    sureness[..., _CIRCLE] = sigmoid(values[..., _CIRCLE])
    weight = np.multiply(sureness, in_rows[:, None] & in_columns, parts[2])
    np.multiply(weight, across, parts[0])
    np.multiply(weight, down[:, None], parts[1])
    # Over an axis that is not the last, numpy adds one after the other.
    sums = parts.reshape(3, -1, len(points)).sum(axis=1)
    sure = in_columns[_REACH] & (cell[1] >= 0) & (weight.max(axis=(0, 1)) >= _REFINE_FROM)
    np.divide(sums[:2] / side, sums[2], places, where=sure)

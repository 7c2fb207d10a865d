"""BlazePose's person detector: run only while nobody is tracked."""

from math import ceil
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from coach.adapters.blazepose_region import Region, region_around, sigmoid
from coach.adapters.tflite import interpreter


class Detector:
    """Finds a person anywhere in the frame (an SSD with 2254 anchors on 224 x 224 pixels)."""

    _SIDE = 224
    _SURE = 0.5
    _OVERLAP = 0.3

    def __init__(self, model: Path, threads: int) -> None:
        self._interpreter = interpreter(model, threads)
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
        scores = sigmoid(np.clip(scores, -100, 100))
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
        return region_around(circle @ to_frame[:, :2].T + to_frame[:, 2])


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

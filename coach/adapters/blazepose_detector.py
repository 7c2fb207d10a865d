"""BlazePose's person detector: where somebody is, and whether somebody else is beside them."""

from dataclasses import dataclass
from math import ceil
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from coach.adapters.blazepose_region import (
    Pair,
    Region,
    Single,
    Singles,
    cut_out,
    region_around,
    sigmoid,
    without_padding,
)
from coach.adapters.tflite import interpreter

_OVERLAP = 0.3
"""From this intersection over union on, a box is of the same person as the surest one."""
_APART, _STRAYED, _CLOSE = 0.3, 0.65, 1.2
"""Of the radius of the circle around the body: from where on two answers are of two people, from
where on the one answer is of somebody else than the tracked person, and up to where somebody else
matters."""


class Detector:
    """Finds a person anywhere in the frame (an SSD with 2254 anchors on 224 x 224 pixels)."""

    _SIDE = 224

    def __init__(self, model: Path, threads: int) -> None:
        self._interpreter = interpreter(model, threads)
        self._input = self._interpreter.get_input_details()[0]["index"]
        boxes, scores = sorted(
            self._interpreter.get_output_details(), key=lambda o: -int(o["shape"][-1])
        )
        self._boxes, self._scores = boxes["index"], scores["index"]
        self._anchors = _anchors(self._SIDE)

    def look(self, image: npt.NDArray[np.uint8]) -> "Answers":
        """All answers for this frame."""
        height, width = map(Single, image.shape[:2])
        padded = cut_out(
            image,
            (width / Single(2), height / Single(2)),
            max(width, height),
            Single(0),
            self._SIDE,
            cv2.BORDER_CONSTANT,
        )
        self._interpreter.set_tensor(self._input, _LEVELS[padded[None, :, :, ::-1]])
        self._interpreter.invoke()
        logits = self._interpreter.get_tensor(self._scores)[0, :, 0]
        sure = np.flatnonzero(logits >= 0)  # a score of at least a half
        rows = self._interpreter.get_tensor(self._boxes)[0, sure] / Single(self._SIDE)
        anchors = self._anchors[sure]
        return Answers(
            scores=sigmoid(logits[sure]),
            centres=rows[:, :2] + anchors,
            sizes=rows[:, 2:4],
            circles=(rows[:, 4:8] + np.tile(anchors, 2)).reshape(-1, 2, 2),
            frame=(width, height),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The n anchors that are sure of a person; lengths are in sides of the detector's square.

    scores: (n,) 0.5 to 1
    centres, sizes: (n, 2) of the box
    circles: (n, 2, 2) centre between the hips, and a point on a circle around the whole body
    frame: width and height in pixels
    """

    scores: Singles
    centres: Singles
    sizes: Singles
    circles: Singles
    frame: Pair

    def person(self) -> Region | None:
        """Where the surest person is; None when there is nobody."""
        if len(self.scores) == 0:
            return None
        # Like the box, the circle is averaged over all answers that overlap with the surest, added
        # up from there: the order decides on the last bit.
        order = np.argsort(-self.scores)
        overlap = _overlap(self.centres, self.sizes, int(order[0]))
        near = order[overlap[order] >= _OVERLAP]
        weights = self.scores[near]
        circle = np.cumsum(self.circles[near] * weights[:, None, None], axis=0)[-1]
        (x, y), (px, py) = without_padding(circle / np.cumsum(weights)[-1], self.frame)
        return region_around(((x, y), (px, py)), self.frame)

    def company(self, region: Region) -> bool:
        """Whether someone else is close to the person in this region.

        All answers for one person agree on the middle of the hips: within 0.21 of the circle's
        radius in 3408 looks at rendered and real people who are alone, who were tracked within
        0.52 of it. Two people answer from two places; who stands right in front of the other,
        hiding them, answers alone and is not known.
        """
        if len(self.scores) == 0:
            return False
        circles = without_padding(self.circles, self.frame) * self.frame
        hips = circles[:, 0]
        best = int(np.argmax(self.scores))
        radius = float(np.hypot(*(circles[best, 1] - hips[best])))
        from_best = np.hypot(*(hips - hips[best]).T) / radius
        from_tracked = np.hypot(*(hips - region.middle).T) / region.radius
        elsewhere = (from_best > _APART) | (from_tracked[best] > _STRAYED)
        return bool((elsewhere & (from_tracked < _CLOSE)).any())


_LEVELS = (np.arange(256) * float(Single(2 / 255)) - 1).astype(Single)
"""What the model is given for each level of a pixel."""


def _overlap(centres: Singles, sizes: Singles, best: int) -> Singles:
    """Intersection over union of each box with the best one."""
    low, high = centres - sizes / 2, centres + sizes / 2
    shared = np.clip(np.minimum(high, high[best]) - np.maximum(low, low[best]), 0, None).prod(1)
    area = sizes.prod(1)
    return np.asarray(shared / (area + area[best] - shared))


def _anchors(side: int) -> Singles:
    """(2254, 2) anchor centres, 0..1: two per cell, six where three layers share a stride."""
    layers = []
    for stride, per_cell in ((8, 2), (16, 2), (32, 6)):
        n = ceil(side / stride)
        y, x = np.divmod(np.arange(n * n, dtype=Single), n)
        layers.append(np.repeat((np.stack([x, y], 1) + 0.5) / n, per_cell, axis=0))
    return np.concatenate(layers)

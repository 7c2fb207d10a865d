"""BlazePose through LiteRT: a frame in, the landmarks of one person out, a mask on demand.

The pipeline of MediaPipe's pose solution (Bazarevsky et al. 2020, "BlazePose: On-device real-time
body pose tracking"; graphs `pose_detection` and `pose_landmark` of MediaPipe 0.10) in numpy:
the detector runs only when nobody is tracked; two auxiliary points give the next region.
"""

from math import inf
from pathlib import Path

import cv2

from coach.adapters.blazepose_detector import Detector
from coach.adapters.blazepose_landmarks import LandmarkModel, MaskModel
from coach.adapters.blazepose_region import Region, region_around
from coach.adapters.blazepose_steady import Steady, steadied
from coach.adapters.colours import colours_at
from coach.movement.clothes import Clothes, places
from coach.movement.pose import Observation
from coach.ports import Frame

_SLOW_S = 0.095
"""Frames further apart than this get a second pass: the region of the frame before lags behind
(+18 degrees at the bottom at 7-10 frames/s), and there is time for it."""
_LOOK_S, _LOOK_AGAIN_S = 30.0, 1.5
"""So often someone else is looked for (a look takes as long as ten frames, so that oftener would
cost too much), and so often once they have been seen, to know soon that they have gone."""
_COLOURS_S = 0.036
"""At 30 frames/s every second one tells the same. At 25 and fewer all are needed: own colours are
known by their changing little from one look to the next."""
_ALONE = 2
"""Looks without anybody else until the person counts as alone: one in four misses somebody."""


class BlazePose:
    """Tracks one person over frames; raises DeviceError when a model cannot be loaded.

    Each model holds about 30 MB and takes 20 to 50 ms to load. So the detector is in memory while
    nobody is tracked, the landmark model (and, once asked for, the mask's) while somebody is. For a
    look around, now and then when the caller allows it, they change places for a moment.
    """

    def __init__(self, models: Path, variant: str = "full", threads: int = 1) -> None:
        cv2.setNumThreads(1)  # for one small crop a frame, threads cost more than they save
        self._detector_file = models / "pose_detection.tflite"
        self._landmark_file = models / f"pose_landmark_{variant}.tflite"
        self._threads = threads
        LandmarkModel(self._landmark_file, threads)  # only to tell a damaged one at once
        self._detector: Detector | None = Detector(self._detector_file, threads)
        self._landmarks: LandmarkModel | None = None
        self._mask: MaskModel | None = None
        self._region: Region | None = None
        self._steady: Steady | None = None
        self._last_t: float | None = None
        self._looked = -inf
        self._company = 0
        self._clothes = Clothes()
        self._new = False

    def observe(self, frame: Frame, want_mask: bool = False, may_look: bool = False) -> Observation:
        height, width = frame.image.shape[:2]
        if may_look and self._region is not None:
            self._look_around(frame, self._region)
        region = self._tracked(frame)
        if region is None:
            region = self._find(frame)
        found = None if region is None else self._landmark_model().run(frame.image, region)
        if found is None or region is None:
            self._lose()
            return Observation(frame.t, width, height)
        circle, self._steady = steadied(self._steady, frame.t, found.circle(), region.frame)
        self._region, self._detector = region_around(circle, region.frame), None
        mask = None
        if want_mask:
            if self._mask is None:
                self._mask = MaskModel(self._landmark_file, self._threads)
            mask = self._mask.run(self._landmark_model(), found, region)
        pose = found.pose()
        if frame.t - self._clothes.t > _COLOURS_S:
            at = places(pose, width, height)
            self._clothes = self._clothes.see(frame.t, colours_at(frame.image, at))
        company = self._company > 0 or self._clothes.strange
        return Observation(frame.t, width, height, pose, mask, company)

    def _tracked(self, frame: Frame) -> Region | None:
        """Where the person should be by the frame before; None when nobody is tracked."""
        slow = self._last_t is not None and frame.t - self._last_t > _SLOW_S
        self._last_t = frame.t
        region = self._region
        if region is None or not slow:
            return region
        first = self._landmark_model().run(frame.image, region)
        return None if first is None else region_around(first.circle(), region.frame)

    def _find(self, frame: Frame) -> Region | None:
        self._lose()
        if self._detector is None:
            self._detector = Detector(self._detector_file, self._threads)
        seen = self._detector.look(frame.image)
        region = seen.person()
        if region is None:
            self._landmarks = None
            return None
        if self._landmarks is None:
            self._detector = None
        self._note(frame, seen.company(region))
        self._new = True
        return region

    def _look_around(self, frame: Frame, region: Region) -> None:
        # Who stands still at last may have company that was not there when they were found.
        wait = _LOOK_AGAIN_S if self._company or self._new else _LOOK_S
        self._new = False
        if frame.t - self._looked < wait:
            return
        self._landmarks = self._mask = None
        seen = Detector(self._detector_file, self._threads).look(frame.image)
        self._note(frame, seen.company(region))

    def _note(self, frame: Frame, company: bool) -> None:
        self._looked = frame.t
        self._company = _ALONE if company else max(0, self._company - 1)

    def _landmark_model(self) -> LandmarkModel:
        if self._landmarks is None:
            self._landmarks = LandmarkModel(self._landmark_file, self._threads)
        return self._landmarks

    def _lose(self) -> None:
        if self._region is not None:
            self._landmarks = self._mask = None
        # Otherwise the detector has just erred, and would do so in the next frame: loading one
        # model after the other for each frame would cost more than holding both.
        self._region, self._steady, self._company = None, None, 0

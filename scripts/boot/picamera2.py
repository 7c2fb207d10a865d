"""Stands in for picamera2 in `scripts/boot-test`: a camera that sees the demo's trainee."""

import time
from importlib.resources import files
from typing import Any

import cv2

FRAMES_PER_S = 15.0


class Picamera2:
    """As much of the real one as the coach uses."""

    camera_controls: tuple[str, ...] = ()

    @staticmethod
    def global_camera_info() -> list[str]:
        return ["the recorded trainee"]

    def create_video_configuration(self, main: dict[str, Any]) -> dict[str, Any]:
        return {"main": {**main, "stride": main["size"][0]}}

    def align_configuration(self, configuration: dict[str, Any]) -> None:
        pass

    def configure(self, configuration: dict[str, Any]) -> None:
        self._configuration = configuration

    def camera_configuration(self) -> dict[str, Any]:
        return self._configuration

    def start(self) -> None:
        self._clip = cv2.VideoCapture(str(files("coach") / "demo" / "trainee.mp4"))
        self._due = time.monotonic()

    def capture_buffer(self, name: str) -> Any:
        there, image = self._clip.read()
        while not there:
            self._clip.set(cv2.CAP_PROP_POS_FRAMES, 0)
            there, image = self._clip.read()
        self._due = max(self._due + 1 / FRAMES_PER_S, time.monotonic())
        time.sleep(max(0.0, self._due - time.monotonic()))
        size = self._configuration[name]["size"]
        return cv2.cvtColor(cv2.resize(image, size), cv2.COLOR_BGR2YUV_I420).reshape(-1)

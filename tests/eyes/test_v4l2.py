"""A webcam, as far as it can be tested without one: which is chosen, what is asked of it and said.

What OpenCV and a webcam say to each other is a fake's here, and a kernel's in test_webcam.py.
"""

from pathlib import Path

import cv2
import numpy as np
import pytest

from coach.adapters.camera_v4l2 import first_webcam, frames
from coach.ports import DeviceError

WIDE = np.zeros((480, 640, 3), np.uint8)


class Webcam:
    """What OpenCV opens: gives `pictures` frames and is then unplugged."""

    def __init__(self, pictures: int, opens: bool = True) -> None:
        self._left, self._opens = pictures, opens
        self.opened: tuple[str, int] | None = None
        self.asked: dict[int, float] = {}
        self.released = False

    def __call__(self, device: str, api: int) -> "Webcam":
        self.opened = device, api
        return self

    def isOpened(self) -> bool:
        return self._opens

    def set(self, setting: int, value: float) -> None:
        self.asked[setting] = value

    def read(self) -> tuple[bool, np.ndarray | None]:
        self._left -= 1
        return (True, WIDE) if self._left >= 0 else (False, None)

    def release(self) -> None:
        self.released = True


@pytest.fixture
def device(tmp_path: Path) -> str:
    (tmp_path / "video0").touch()
    return str(tmp_path / "video0")


def plugged(monkeypatch: pytest.MonkeyPatch, webcam: Webcam) -> Webcam:
    monkeypatch.setattr(cv2, "VideoCapture", webcam)
    return webcam


def test_small_compressed_fresh_pictures_are_asked_for(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    webcam = plugged(monkeypatch, Webcam(1))
    next(frames(device))
    assert webcam.opened == (device, cv2.CAP_V4L2)
    assert webcam.asked == {
        cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG"),
        cv2.CAP_PROP_FRAME_WIDTH: 640,
        cv2.CAP_PROP_FRAME_HEIGHT: 480,
        cv2.CAP_PROP_BUFFERSIZE: 2,
    }


def test_a_webcam_mounted_in_portrait_gives_upright_pictures(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugged(monkeypatch, Webcam(1))
    assert next(frames(device, 90)).image.shape == (640, 480, 3)


def test_an_unplugged_webcam_is_a_sentence(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    webcam = plugged(monkeypatch, Webcam(2))
    seen = frames(device)
    assert [next(seen).image.shape for _ in range(2)] == [WIDE.shape] * 2
    with pytest.raises(DeviceError, match="is gone: plug it in again"):
        next(seen)
    assert webcam.released  # and has complained of it: the sentence is the last that is said


def test_a_webcam_that_another_program_holds_is_a_sentence(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugged(monkeypatch, Webcam(0, opens=False))
    with pytest.raises(DeviceError, match="close the program that uses it"):
        next(frames(device))


def test_a_webcam_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"no camera at .*video7"):
        next(frames(str(tmp_path / "video7")))


def node(system: Path, name: str, bus: str, index: int) -> None:
    """A video device as sysfs shows it."""
    (system / "bus" / bus).mkdir(parents=True, exist_ok=True)
    device = system / "devices" / name
    device.mkdir(parents=True)
    (device / "subsystem").symlink_to(system / "bus" / bus)
    shown = system / "class" / name
    shown.mkdir(parents=True)
    (shown / "device").symlink_to(device)
    (shown / "index").write_text(f"{index}\n")


def test_the_first_usb_picture_node_is_the_webcam(tmp_path: Path) -> None:
    node(tmp_path, "video0", "platform", 0)  # a Pi's own camera interface and codecs
    node(tmp_path, "video10", "usb", 0)
    node(tmp_path, "video8", "usb", 0)
    node(tmp_path, "video7", "usb", 1)  # a webcam's second node, without pictures
    assert first_webcam(tmp_path / "class") == "/dev/video8"


def test_without_a_webcam_there_is_none(tmp_path: Path) -> None:
    assert first_webcam(tmp_path / "class") is None
    node(tmp_path, "video0", "platform", 0)
    assert first_webcam(tmp_path / "class") is None

"""Webcams as a kernel shows them, in the machine of scripts/webcam-test.

One is the kernel's own virtual video device, vivid, which can be told to have faults and has every
pixel format but MJPG. The other (usb_webcam) is on USB, with the driver that webcams have.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import cv2
import numpy as np
import pytest

from coach.adapters.camera_process import HEARTBEAT_S, OPEN_S, ProcessCamera
from coach.adapters.camera_v4l2 import first_webcam, frames
from coach.adapters.cameras import live_camera
from coach.adapters.late import LateSource
from coach.domain.events import DeviceFailed, DeviceRecovered, Event
from coach.domain.terms import Device
from coach.ports import DeviceError
from coach.pump import RETRY_S, Pump

DRIVER = Path("/sys/bus/platform/drivers/vivid")
WEBCAM = "/dev/video0"
ONE_SIZE = "/dev/video1"
"""Has only pictures of 1280 x 720, whatever it is asked for."""

BARS = [
    [191, 191, 191],
    [0, 191, 191],
    [191, 191, 0],
    [0, 191, 0],
    [191, 0, 191],
    [0, 0, 191],
    [191, 0, 0],
    [0, 0, 0],
]
"""What vivid shows, from left to right: white, yellow, cyan, green, magenta, red, blue, black."""

NOTICED_S = HEARTBEAT_S + 1.0

pytestmark = pytest.mark.skipif(
    os.environ.get("COACH_TEST_CAMERA") != f"v4l2:{WEBCAM}" or not DRIVER.exists(),
    reason="no virtual webcam: scripts/webcam-test",
)


def control(name: str, value: int) -> None:
    """Turns one of vivid's knobs; among them are the faults that it can be told to have."""
    subprocess.run(["v4l2-ctl", "--device", WEBCAM, f"--set-ctrl={name}={value}"], check=True)


def unplug() -> None:
    (DRIVER / "unbind").write_text("vivid.0")


def plug_in() -> None:
    (DRIVER / "bind").write_text("vivid.0")


LOSSES = {
    "unplugged": unplug,
    "unplugged, its node left": lambda: control("disconnect", 1),
    "failing": lambda: control("inject_fatal_streaming_error", 1),
}


@pytest.fixture(autouse=True)
def repaired() -> Iterator[None]:
    """Afterwards the webcam is as it was, whatever was done to it."""
    yield
    if not Path(WEBCAM).exists():
        plug_in()
    control("percentage_of_dropped_buffers", 0)


@pytest.fixture
def camera() -> Iterator[ProcessCamera]:
    """Open."""
    camera = live_camera(f"v4l2:{WEBCAM}")
    camera.open()
    yield camera
    camera.close()


def lost(camera: ProcessCamera) -> tuple[str, float]:
    """What the camera says of its loss, and after how many seconds."""
    begin = time.monotonic()
    with pytest.raises(DeviceError) as said:
        while time.monotonic() < begin + 3 * NOTICED_S:
            camera.read(0.2)
    return str(said.value), time.monotonic() - begin


def bars(image: np.ndarray) -> np.ndarray:
    """The colour in the middle of each bar, below what vivid writes into its picture."""
    width = image.shape[1] // len(BARS)
    return image[300, width // 2 :: width].astype(int)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_webcam_is_noticed_named_and_taken_up_again(
    camera: ProcessCamera, loss: str
) -> None:
    LOSSES[loss]()
    said, after_s = lost(camera)
    assert said == f"The camera at {WEBCAM} is gone: plug it in again."
    assert after_s < NOTICED_S
    camera.close()
    if not Path(WEBCAM).exists():
        plug_in()
    camera.open()
    assert camera.read(2.0) is not None


def test_a_webcam_that_sends_nothing_any_more_is_noticed_and_taken_up_again(
    camera: ProcessCamera,
) -> None:
    control("percentage_of_dropped_buffers", 100)
    said, after_s = lost(camera)
    assert said == "The camera hangs: plug it in again."
    assert after_s < NOTICED_S
    camera.close()
    control("percentage_of_dropped_buffers", 0)
    camera.open()
    assert camera.read(2.0) is not None


@pytest.mark.parametrize("error", ["inject_v4l2_buf_flag_error", "inject_vidioc_qbuf_error"])
def test_a_picture_lost_on_the_way_is_not_a_lost_webcam(camera: ProcessCamera, error: str) -> None:
    control(error, 1)
    until = time.monotonic() + NOTICED_S
    while time.monotonic() < until:
        assert camera.read(1.0) is not None


def told_once(wish: str, pull: Callable[[], None], put_back: Callable[[], None]) -> None:
    """Unplugs the camera and plugs it in again; what of it reaches the coach is one event each."""
    inbox: SimpleQueue[Event] = SimpleQueue()
    source = LateSource(lambda: live_camera(wish))
    pump = Pump(Device.CAMERA, source, lambda frame: (), inbox.put, time.monotonic)
    pump.start()
    try:
        assert pump.opened(OPEN_S)
        pull()
        failed = inbox.get(timeout=NOTICED_S)
        assert isinstance(failed, DeviceFailed)
        assert failed.reason.endswith("is gone: plug it in again.")
        with pytest.raises(Empty):
            inbox.get(timeout=3 * RETRY_S)
        put_back()
        assert isinstance(inbox.get(timeout=RETRY_S + OPEN_S), DeviceRecovered)
        with pytest.raises(Empty):
            inbox.get(timeout=RETRY_S)
    finally:
        pump.close()


def test_unplugging_is_told_once_and_so_is_the_return() -> None:
    told_once(f"v4l2:{WEBCAM}", unplug, plug_in)


def test_a_webcam_that_another_program_uses_is_named_and_can_be_had_afterwards() -> None:
    camera = live_camera(f"v4l2:{WEBCAM}")
    other = live_camera(f"v4l2:{WEBCAM}")
    other.open()
    with pytest.raises(DeviceError, match="close the program that uses it"):
        camera.open()
    assert other.read(2.0) is not None
    other.close()
    camera.open()
    assert camera.read(2.0) is not None
    camera.close()


def test_pictures_come_at_30_a_second_in_the_size_that_was_asked_for() -> None:
    seen = frames(WEBCAM)
    first, *_, last = (next(seen) for _ in range(61))
    seen.close()
    assert first.image.shape == (480, 640, 3)
    assert 60 / (last.t - first.t) == pytest.approx(30, rel=0.2)


def test_a_webcam_of_another_size_gives_the_pictures_that_it_has() -> None:
    picture = next(frames(ONE_SIZE)).image
    assert picture.shape == (720, 1280, 3)
    assert bars(picture) == pytest.approx(np.array(BARS), abs=3)


class Told:
    """OpenCV's capture, told to ask for another pixel format than the one it is told to."""

    def __init__(self, capture: cv2.VideoCapture, code: int) -> None:
        self._capture, self._code = capture, code

    def set(self, setting: int, value: float) -> bool:
        if setting == cv2.CAP_PROP_FOURCC:
            assert self._capture.set(setting, self._code)
            return True
        return self._capture.set(setting, value)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._capture, name)


@pytest.mark.parametrize("name", ["YUYV", "UYVY", "NV12", "NV21", "YU12", "YV12", "BGR3", "RGB3"])
def test_whatever_pixels_a_webcam_has_the_colours_are_right(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # vivid has no MJPG, and where a webcam has but one format, that one is what it falls back to.
    capture, code = cv2.VideoCapture, cv2.VideoWriter.fourcc(*name)
    monkeypatch.setattr(cv2, "VideoCapture", lambda *where: Told(capture(*where), code))
    picture = next(frames(WEBCAM)).image
    assert picture.shape == (480, 640, 3)
    assert bars(picture) == pytest.approx(np.array(BARS), abs=6)


class OnUsb:
    """The plug of a webcam of `usb_webcam`."""

    def __init__(self) -> None:
        self._webcam: subprocess.Popen[bytes] | None = None

    def plug_in(self, kind: str = "MJPG") -> None:
        self._webcam = subprocess.Popen([sys.executable, "-m", "tests.eyes.usb_webcam", kind])
        self._await(lambda: first_webcam() is not None)

    def pull(self) -> None:
        if self._webcam is not None:
            self._webcam.kill()
            self._webcam.wait()
            self._await(lambda: first_webcam() is None)

    def fall_silent(self) -> None:
        assert self._webcam is not None
        self._webcam.send_signal(signal.SIGUSR1)

    @staticmethod
    def _await(condition: Callable[[], bool]) -> None:
        until = time.monotonic() + 3 * OPEN_S
        while not condition():
            assert time.monotonic() < until
            time.sleep(0.1)


@pytest.fixture
def usb() -> Iterator[OnUsb]:
    usb = OnUsb()
    yield usb
    usb.pull()


@pytest.mark.parametrize("kind", ["MJPG", "YUYV", "NV12"])
def test_a_usb_webcam_is_found_and_its_colours_are_right(usb: OnUsb, kind: str) -> None:
    usb.plug_in(kind)
    camera = live_camera("auto")
    camera.open()
    frame = camera.read(2.0)
    camera.close()
    assert frame is not None and frame.image.shape == (480, 640, 3)
    assert bars(frame.image) == pytest.approx(np.array(BARS), abs=6)


def test_every_picture_of_a_usb_webcam_comes(usb: OnUsb) -> None:
    usb.plug_in()
    seen = frames(first_webcam() or "")
    first, *_, last = (next(seen) for _ in range(61))
    seen.close()
    assert 60 / (last.t - first.t) == pytest.approx(30, rel=0.2)


def test_a_usb_webcam_that_falls_silent_is_noticed_and_taken_up_again(usb: OnUsb) -> None:
    usb.plug_in()
    camera = live_camera("auto")
    camera.open()
    usb.fall_silent()
    said, after_s = lost(camera)
    assert said == "The camera hangs: plug it in again."
    assert after_s < NOTICED_S
    camera.close()
    usb.pull()
    usb.plug_in()
    camera.open()
    assert camera.read(2.0) is not None
    camera.close()


def test_unplugging_from_usb_is_told_once_and_so_is_the_return(usb: OnUsb) -> None:
    usb.plug_in()
    told_once("auto", usb.pull, usb.plug_in)


def test_without_a_webcam_on_usb_there_is_a_sentence() -> None:
    with pytest.raises(DeviceError, match="There is no camera; plug one in"):
        live_camera("auto")

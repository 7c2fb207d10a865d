"""What every camera keeps: the clip, the capture process, and a real one where there is one.

COACH_TEST_CAMERA names a live camera to hold to the same contract (`scripts/picamera-chroot`,
`scripts/webcam-test`).
"""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from coach.adapters.camera_clip import ClipCamera
from coach.adapters.camera_process import HEARTBEAT_S, ProcessCamera
from coach.adapters.cameras import live_camera
from coach.adapters.clock import RealClock, VirtualClock
from coach.adapters.recorded import RecordedCamera
from coach.ports import Camera, DeviceError

CLIP_FRAMES, CLIP_RATE = 12, 20.0


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), CLIP_RATE, (64, 48))
    for n in range(CLIP_FRAMES):
        writer.write(np.full((48, 64, 3), 10 * n, np.uint8))
    writer.release()
    return path


@pytest.fixture(params=["clip", "fast clip", "recorded", "recorded fast", "process", "live"])
def camera(request: pytest.FixtureRequest, clip: Path) -> Camera:
    makers: dict[str, Callable[[], Camera]] = {
        "clip": lambda: ClipCamera(clip),
        "fast clip": lambda: ClipCamera(clip, fast=True),
        "recorded": lambda: RecordedCamera(RealClock(), clip),
        "recorded fast": lambda: RecordedCamera(VirtualClock(), clip),
        "process": lambda: ProcessCamera("pattern"),
    }
    if request.param in makers:
        return makers[request.param]()
    wish = os.environ.get("COACH_TEST_CAMERA")
    if wish is None:
        pytest.skip("no live camera named in COACH_TEST_CAMERA")
    return live_camera(wish)


def test_frames_are_bgr_pictures_in_the_order_of_their_times(camera: Camera) -> None:
    camera.open()
    try:
        seen = [frame for _ in range(5) if (frame := camera.read(2.0)) is not None]
    finally:
        camera.close()
    assert len(seen) == 5
    assert [f.t for f in seen] == sorted({f.t for f in seen})
    for frame in seen:
        assert frame.image.dtype == np.uint8
        assert frame.image.ndim == 3 and frame.image.shape[2] == 3


def test_it_can_be_closed_twice_and_gives_nothing_afterwards(camera: Camera) -> None:
    camera.open()
    camera.close()
    camera.close()
    assert camera.read(0.05) is None


def test_it_can_be_opened_again(camera: Camera) -> None:
    for _ in range(2):
        camera.open()
        assert camera.read(2.0) is not None
        camera.close()


def test_a_frame_is_given_out_once(camera: Camera) -> None:
    camera.open()
    try:
        first, second = camera.read(2.0), camera.read(2.0)
        assert first is not None and second is not None
        assert second.t > first.t
    finally:
        camera.close()


def test_a_clip_keeps_its_own_times_and_ends(clip: Path) -> None:
    camera = ClipCamera(clip, fast=True)
    camera.open()
    times = []
    while (frame := camera.read(1.0)) is not None:
        times.append(frame.t)
    assert times == pytest.approx([n / CLIP_RATE for n in range(CLIP_FRAMES)])


@pytest.mark.parametrize("name", ["missing.mp4", "no-video.mp4"])
@pytest.mark.parametrize("kind", [ClipCamera, lambda path: RecordedCamera(VirtualClock(), path)])
def test_a_clip_that_cannot_be_read_is_a_sentence(
    tmp_path: Path, name: str, kind: Callable[[Path], Camera]
) -> None:
    (tmp_path / "no-video.mp4").write_text("this is no video")
    with pytest.raises(DeviceError, match=name):
        kind(tmp_path / name).open()


def test_a_recording_plays_its_parts_on_demand_and_stands_still_between(clip: Path) -> None:
    clock = VirtualClock()
    camera = RecordedCamera(clock, clip)
    camera.open()
    camera.play(0.0, 0.2, 0.35)  # three pictures, from the fifth on
    shown = []
    for _ in range(6):
        clock.t = camera.next_t
        frame = camera.read(0.0)
        assert frame is not None and frame.t == clock.t
        shown.append(round(float(frame.image.mean()) / 10))
    assert shown == [4, 5, 6, 6, 6, 6]


def test_a_recording_can_be_told_to_fail(clip: Path) -> None:
    camera = RecordedCamera(VirtualClock(), clip)
    camera.open()
    camera.trouble = "The camera is gone; plug it in again."
    for act in (lambda: camera.read(0.0), camera.open):
        with pytest.raises(DeviceError, match="plug it in again"):
            act()
    camera.trouble = None
    camera.open()
    assert camera.read(0.0) is not None


@pytest.mark.parametrize("failure", ["unplug", "crash", "hang"])
def test_a_lost_camera_is_noticed_said_and_taken_up_again(failure: str) -> None:
    camera = ProcessCamera("pattern", failure, "3")
    camera.open()
    lost_by = time.monotonic() + HEARTBEAT_S + 1.0
    with pytest.raises(DeviceError, match="plug"):
        while time.monotonic() < lost_by:
            camera.read(0.2)
    camera.close()
    camera.open()
    assert camera.read(2.0) is not None
    camera.close()


def test_a_camera_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(DeviceError, match="no camera at /dev/video99"):
        live_camera("v4l2:/dev/video99")
    with pytest.raises(DeviceError, match="use auto"):
        live_camera("telescope")


def test_no_child_is_left_behind() -> None:
    camera = ProcessCamera("pattern", "hang", "0")
    camera_command = camera._command
    with pytest.raises(DeviceError):
        import coach.adapters.camera_process as process

        limit, process.OPEN_S = process.OPEN_S, 1.5
        try:
            camera.open()
        finally:
            process.OPEN_S = limit
    running = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if _readable(p)]
    assert "\0".join([*camera_command[1:], ""]).encode() not in b"".join(running)


def test_a_process_that_is_stuck_in_the_kernel_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    camera = ProcessCamera("pattern")
    camera.open()

    def wait(child: object, timeout: float | None = None) -> int:
        assert timeout is not None, "this would wait for ever"
        raise subprocess.TimeoutExpired("camera", timeout)

    with monkeypatch.context() as stuck:
        stuck.setattr(subprocess.Popen, "wait", wait)
        child = camera._child
        camera.close()
    assert child is not None
    child.wait()
    camera.open()
    assert camera.read(2.0) is not None
    camera.close()


def _readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return False
    return True

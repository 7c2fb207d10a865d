"""What all eyes keep: nothing unasked for, answers that carry the order's id, reps counted anew."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from coach import config
from coach.adapters.absent import AbsentEyes
from coach.adapters.camera_clip import ClipCamera
from coach.adapters.eyes import BlazePoseEyes
from coach.adapters.late import LateEyes
from coach.domain.effects import WatchOrder
from coach.domain.events import Event, RepCompleted, ViewChanged
from coach.ports import DeviceError, Eyes, Frame

CLIP = config.DEMO.parent / "trainee.mp4"
TWO_REPS_S = 10.5
"""So much of the demo's clip shows its first two reps."""

MODELS = ("pose_detection.tflite", "pose_landmark_full.tflite")


def blazepose() -> BlazePoseEyes:
    if not all((config.models_dir() / name).is_file() for name in MODELS):
        pytest.skip("the pose models are not here; run: coach models fetch")
    return BlazePoseEyes.from_models(config.models_dir())


def late() -> Eyes:
    eyes = LateEyes(blazepose)
    eyes.load()
    return eyes


BLIND: dict[str, Callable[[], Eyes]] = {
    "absent": AbsentEyes,
    "not yet there": lambda: LateEyes(blazepose),
}
SEEING: dict[str, Callable[[], Eyes]] = {"blazepose": blazepose, "late": late}


@pytest.fixture(params=[*BLIND, *SEEING])
def eyes(request: pytest.FixtureRequest) -> Eyes:
    return {**BLIND, **SEEING}[request.param]()


@pytest.fixture(params=SEEING)
def seeing(request: pytest.FixtureRequest) -> Eyes:
    return SEEING[request.param]()


def frames(seconds: float, from_t: float = 0.0) -> Iterator[Frame]:
    camera = ClipCamera(CLIP, fast=True, start_t=from_t)
    camera.open()
    try:
        while (frame := camera.read(1.0)) is not None and frame.t < from_t + seconds:
            yield frame
    finally:
        camera.close()


def seen(eyes: Eyes, seconds: float, from_t: float = 0.0) -> list[Event]:
    return [event for frame in frames(seconds, from_t) for event in eyes.feed(frame)]


def reps(events: list[Event]) -> list[RepCompleted]:
    return [event for event in events if isinstance(event, RepCompleted)]


def test_nothing_is_seen_before_it_is_asked_for(eyes: Eyes) -> None:
    assert seen(eyes, 1.0) == []


def test_nothing_is_seen_once_nobody_asks_any_more(eyes: Eyes) -> None:
    eyes.watch(WatchOrder(1, "dowel-hinge"))
    seen(eyes, 0.5)
    eyes.watch(None)
    assert seen(eyes, 1.0, from_t=1.0) == []


@pytest.mark.parametrize("make", BLIND.values(), ids=BLIND)
def test_who_cannot_see_stays_silent(make: Callable[[], Eyes]) -> None:
    eyes = make()
    eyes.watch(WatchOrder(1, "dowel-hinge"))
    assert seen(eyes, 1.0) == []


def test_reps_carry_the_order_and_are_counted_from_one(seeing: Eyes) -> None:
    for order in (7, 8):
        seeing.watch(WatchOrder(order, "dowel-hinge"))
        events = seen(seeing, TWO_REPS_S, from_t=100.0 * order)
        assert [(rep.watch, rep.rep.number) for rep in reps(events)] == [(order, 1), (order, 2)]


def test_events_are_told_in_order_and_not_before_their_frame(seeing: Eyes) -> None:
    seeing.watch(WatchOrder(1, "dowel-hinge"))
    last = 0.0
    for frame in frames(TWO_REPS_S / 2):
        for event in seeing.feed(frame):
            assert last <= event.t <= frame.t
            last = event.t
            if isinstance(event, RepCompleted):
                assert event.rep.t < event.t, "the bottom comes before the rep is over"


def test_an_empty_picture_shows_nobody(seeing: Eyes) -> None:
    seeing.watch(WatchOrder(1, "dowel-hinge"))
    image = np.full((480, 640, 3), 90, np.uint8)
    events = [e for n in range(90) for e in seeing.feed(Frame(n / 15, image))]
    assert reps(events) == []
    assert all(isinstance(event, ViewChanged) and not event.judgeable for event in events)


def test_eyes_without_their_model_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="coach models fetch"):
        BlazePoseEyes.from_models(tmp_path)

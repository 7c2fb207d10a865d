"""The eyes as a fold: who feeds frames gets events, and afterwards the pictures to show."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.eyes import BlazePoseEyes
from coach.adapters.movie import Movie
from coach.adapters.overlay import draw, verdict_text
from coach.adapters.plot import Plot
from coach.domain.effects import WatchOrder
from coach.domain.events import Event, RepCompleted
from coach.domain.terms import Fault, Verdict
from coach.movement.pose import Observation
from coach.ports import DeviceError, Frame
from tests.movement.recorded import Recorded, recorded


class RecordedModel:
    """A pose model that saw it all before; `asked` is how often a mask was wanted."""

    def __init__(self, whole: Recorded) -> None:
        self._by_t = {o.t: o for o in whole.observations}
        self.asked = 0

    def observe(self, frame: Frame, want_mask: bool = False, may_look: bool = False) -> Observation:
        self.asked += want_mask
        seen = self._by_t[frame.t]
        return seen if want_mask else replace(seen, mask=None)


@pytest.fixture(scope="module")
def whole() -> Recorded:
    return recorded("dowel")


@pytest.fixture
def model(whole: Recorded) -> RecordedModel:
    return RecordedModel(whole)


def frames(whole: Recorded, count: int | None = None) -> list[Frame]:
    dark = np.full((480, 640, 3), 40, np.uint8)
    return [Frame(o.t, dark) for o in whole.observations[:count]]


def fed(eyes: BlazePoseEyes, frames: list[Frame]) -> list[Event]:
    return [event for frame in frames for event in eyes.feed(frame)]


def test_without_an_order_nothing_is_looked_at(whole: Recorded, model: RecordedModel) -> None:
    eyes = BlazePoseEyes(model)
    assert fed(eyes, frames(whole, 60)) == []
    assert eyes.look is None


def test_the_same_order_again_changes_nothing_and_a_new_one_begins_anew(
    whole: Recorded, model: RecordedModel
) -> None:
    eyes = BlazePoseEyes(model)
    eyes.watch(WatchOrder(1, "dowel-hinge"))
    numbers = []
    for n, frame in enumerate(frames(whole)):
        if n % 50 == 0:
            eyes.watch(WatchOrder(1, "dowel-hinge"))
        numbers += [e.rep.number for e in eyes.feed(frame) if isinstance(e, RepCompleted)]
    assert numbers == list(range(1, 10))
    eyes.watch(WatchOrder(2, "dowel-hinge"))
    again = [e.rep.number for e in fed(eyes, frames(whole)) if isinstance(e, RepCompleted)]
    assert again == numbers


def test_the_mask_is_computed_only_around_the_bottoms(
    whole: Recorded, model: RecordedModel
) -> None:
    eyes = BlazePoseEyes(model)
    eyes.watch(WatchOrder(1, "dowel-hinge"))
    fed(eyes, frames(whole))
    assert 0 < model.asked < 0.6 * len(whole.observations)


def test_the_bottom_of_each_rep_can_be_drawn(whole: Recorded, model: RecordedModel) -> None:
    eyes = BlazePoseEyes(model)
    eyes.watch(WatchOrder(1, "dowel-hinge"))
    seen = []
    for frame in frames(whole):
        for event in eyes.feed(frame):
            if isinstance(event, RepCompleted):
                assert eyes.bottom is not None
                assert eyes.bottom.frame.t == pytest.approx(event.rep.t, abs=0.25)
                picture = draw(eyes.bottom, event.rep)
                seen.append(int(np.count_nonzero(picture != 40)))
    assert len(seen) == 9
    assert min(seen) > 10_000


def test_a_verdict_says_what_was_wrong(whole: Recorded, model: RecordedModel) -> None:
    eyes = BlazePoseEyes(model)
    eyes.watch(WatchOrder(1, "dowel-hinge"))
    reps = [e.rep for e in fed(eyes, frames(whole)) if isinstance(e, RepCompleted)]
    assert verdict_text(reps[0]) == "clean"
    assert "rounded-back" in verdict_text(reps[5])
    unseen = replace(reps[0], verdict=Verdict.UNJUDGED)
    assert verdict_text(unseen) == "could not see your back"


def test_a_fault_at_the_top_is_shown_with_its_rep() -> None:
    crossed = recorded("crossed")
    eyes = BlazePoseEyes(RecordedModel(crossed))
    eyes.watch(WatchOrder(1, "bodyweight-hinge"))
    shown = {}
    for frame in frames(crossed):
        eyes.feed(frame)
        assert eyes.look is not None
        if (rep := eyes.look.rep) is not None:
            shown[rep.number] = rep.faults
    leant = [n for n, true in enumerate(crossed.reps, 1) if Fault.HYPEREXTENDED in true.faults]
    assert [n for n, faults in shown.items() if Fault.HYPEREXTENDED in faults] == leant != []


def test_film_and_plot_are_written(whole: Recorded, model: RecordedModel, tmp_path: Path) -> None:
    eyes = BlazePoseEyes(model)
    eyes.watch(WatchOrder(1, "dowel-hinge"))
    film, plot = Movie(tmp_path / "out.mp4", 20.0), Plot()
    for frame in frames(whole, 140):
        eyes.feed(frame)
        assert eyes.look is not None
        film.add(eyes.look)
        plot.add(eyes.look)
    film.close()
    plot.write(tmp_path / "out.png")
    assert (tmp_path / "out.mp4").stat().st_size > 10_000
    assert (tmp_path / "out.png").stat().st_size > 2_000


def test_a_picture_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="cannot be written"):
        Plot().write(tmp_path / "no-such-folder" / "out.png")

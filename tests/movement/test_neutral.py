"""What is kept as a person's own neutral shape."""

from dataclasses import replace

import pytest

from coach.movement.back_line import STATIONS
from coach.movement.neutral import Shape, calibrate

FLAT = Shape((0.2,) * len(STATIONS), ratio=0.9, neck_deg=20.0, face_deg=100.0, hip_deg=80.0)


def bowed(by: float) -> Shape:
    u = (STATIONS - STATIONS[0]) / (STATIONS[-1] - STATIONS[0])
    return replace(FLAT, outline=tuple((0.2 + 6 * by * u * (1 - u)).tolist()))


def test_own_neutral_is_the_mean_of_the_reps() -> None:
    own = calibrate([FLAT, replace(bowed(0.01), ratio=0.8)])
    assert own.ratio == pytest.approx(0.85)
    assert own.outline[0] == pytest.approx(0.2)
    assert max(own.outline) == pytest.approx(0.2 + 6 * 0.005 / 4, abs=1e-3)


def test_outlines_that_do_not_agree_teach_none_but_the_rest_is_kept() -> None:
    own = calibrate([FLAT, bowed(0.05)])
    assert own.outline == ()
    assert own.ratio == pytest.approx(0.9)


def test_a_single_rep_and_reps_without_outline_are_enough() -> None:
    assert calibrate([FLAT]).outline == pytest.approx(FLAT.outline)
    assert calibrate([replace(FLAT, outline=())]).outline == ()

"""What outline and landmarks may say of a back, against the person's own neutral."""

import pytest

from coach.domain.calibration import Calibration
from coach.domain.terms import Spine
from coach.movement.back_line import STATIONS
from coach.movement.faults import is_rounded, judge_back
from coach.movement.neutral import Shape

U = (STATIONS - STATIONS[0]) / (STATIONS[-1] - STATIONS[0])


def outline(bow: float) -> tuple[float, ...]:
    return tuple((0.2 + 6 * bow * U * (1 - U)).tolist())


OWN = Calibration(outline(0.0), ratio=0.9, neck_deg=20.0, face_deg=100.0, hip_deg=80.0)


def shape(bow: float = 0.0, shrunk: float = 0.0, neck: float = 0.0) -> Shape:
    return Shape(outline(bow), OWN.ratio - shrunk, OWN.neck_deg + neck, 100.0, 80.0)


def test_a_back_as_in_the_own_neutral_reps_is_not_rounded() -> None:
    back = judge_back(shape(), OWN)
    assert back.method == "contour"
    assert back.bow == pytest.approx(0.0, abs=1e-6)
    assert not is_rounded(back)


def test_a_bow_of_the_outline_and_a_little_of_the_landmarks_make_a_round_back() -> None:
    back = judge_back(shape(bow=0.015, shrunk=0.02), OWN)
    assert (back.method, back.where) == ("contour", Spine.LUMBAR)
    assert is_rounded(back)


def test_the_upper_back_is_told_by_the_neck() -> None:
    assert judge_back(shape(bow=0.01, shrunk=0.02, neck=25), OWN).where is Spine.THORACIC


def test_a_palm_that_fills_the_bow_does_not_acquit() -> None:
    back = judge_back(shape(bow=-0.03, shrunk=0.04, neck=8), OWN)
    assert back.method == "landmarks"
    assert is_rounded(back)


def test_a_trunk_that_is_only_a_little_shorter_is_not_rounded() -> None:
    assert not is_rounded(judge_back(shape(shrunk=0.02), OWN))


def test_without_own_standing_nothing_is_judged() -> None:
    assert not judge_back(Shape((), 0.0, 0.0, 0.0, 0.0), OWN).judged

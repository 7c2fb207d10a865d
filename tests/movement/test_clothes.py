"""Who is in front is told by their clothes: a stick figure with painted places."""

from collections.abc import Iterable

import numpy as np

from coach.movement.clothes import Clothes, places
from tests.movement.stick import RATE, pose

BLUE, BLACK, RED, GREY, SKIN = (
    (90, 140, 80),
    (30, 128, 128),
    (120, 190, 160),
    (150, 128, 130),
    (190, 140, 150),
)
Colour = tuple[int, int, int]
PLACES = places(pose(), 640, 480)
AT_EDGE = (PLACES[:, 0] < 70) | (PLACES[:, 0] > 570)
TRUNK = (PLACES[:, 1] < 260) & ~AT_EDGE


def painted(top: Colour, legs: Colour, room: Colour = GREY) -> np.ndarray:
    """(n, 3) colours of somebody in these clothes in a room of one colour."""
    colours = np.tile(np.array(legs, np.uint8), (len(PLACES), 1))
    colours[TRUNK] = top
    colours[AT_EDGE] = room
    return colours


SELF, OTHER = painted(BLUE, BLACK), painted(RED, GREY)
PARTLY = SELF.copy()
PARTLY[np.flatnonzero(~AT_EDGE)[:8]] = SKIN
"""Too much of it is unknown to be learned, too little to be somebody else."""


def seconds(colours: np.ndarray, duration: float) -> list[np.ndarray | None]:
    return [colours] * round(duration * RATE)


def away(duration: float) -> list[np.ndarray | None]:
    return [None] * round(duration * RATE)


def strange(looks: Iterable[np.ndarray | None], rate: float = RATE) -> list[bool]:
    state, said = Clothes(), []
    for n, colours in enumerate(looks):
        if colours is not None:
            state = state.see(n / rate, colours)
        said.append(state.strange)
    return said


def test_the_person_alone_is_not_strange() -> None:
    assert not any(strange(seconds(SELF, 5)))


def test_other_clothes_are_somebody_else_until_they_have_gone() -> None:
    said = strange(seconds(SELF, 3) + seconds(OTHER, 2) + seconds(SELF, 2))
    first, last = said.index(True) / RATE, (len(said) - said[::-1].index(True)) / RATE
    assert 3.2 < first < 3.5
    assert 5.2 < last < 5.5
    assert all(said[round(first * RATE) : round(last * RATE)])


def test_another_top_alone_is_somebody_else() -> None:
    assert strange(seconds(SELF, 3) + seconds(painted(RED, BLACK), 1))[-1]


def test_a_few_wild_frames_are_nobody() -> None:
    assert not any(strange(seconds(SELF, 3) + seconds(OTHER, 0.2) + seconds(SELF, 1)))


def test_a_wild_frame_after_learning_or_a_gap_is_nobody() -> None:
    for before in (seconds(SELF, 1.4), seconds(SELF, 3) + away(1)):
        assert not any(strange([*before, OTHER, *seconds(PARTLY, 2)]))


def test_who_goes_again_is_believed_to_have_gone_later_than_to_have_come() -> None:
    said = strange(seconds(SELF, 3) + seconds(OTHER, 1) + seconds(PARTLY, 1) + seconds(SELF, 1))
    assert said[round(4.9 * RATE)]
    assert not said[-1]


def test_the_room_goes_on_being_learned_behind_somebody() -> None:
    dusk = [painted(RED, GREY, room=(150 - 2 * n, 128, 130)) for n in range(25)]
    looks = [one for colours in dusk for one in seconds(colours, 0.2)]
    assert strange(seconds(SELF, 3) + seconds(OTHER, 1) + looks)[-1]


def test_an_arm_across_the_chest_is_ones_own() -> None:
    crossed = SELF.copy()
    crossed[np.flatnonzero(TRUNK)[:4]] = SKIN
    assert not any(strange(seconds(SELF, 3) + seconds(crossed, 3) + seconds(SELF, 1)))


def test_shade_that_comes_by_and_by_is_followed() -> None:
    darker = [painted((90 - n, 140, 80), (30, 128, 128), (150 - n, 128, 130)) for n in range(60)]
    looks = [one for colours in darker for one in seconds(colours, 0.2)]
    assert not any(strange(seconds(SELF, 2) + looks))
    assert any(strange(seconds(SELF, 2) + seconds(painted((31, 140, 80), (90, 128, 128)), 2)))


def test_ten_pictures_a_second_may_differ_more_from_one_to_the_next() -> None:
    bent = [painted((90 - 24 * n, 140, 80), (30 + 24 * n, 128, 128)) for n in (0, 1, 2, 1, 0)]
    looks = [SELF] * 20 + [one for colours in bent for one in [colours] * 4]
    assert not any(strange(looks, rate=10.0))
    assert any(strange([SELF] * 20 + [OTHER] * 10, rate=10.0))


def test_one_late_picture_makes_nobody_the_person() -> None:
    other = painted((114, 140, 80), (54, 128, 128))
    assert any(strange(seconds(SELF, 2) + away(0.2) + seconds(other, 2)))


def test_nearly_the_same_colours_are_the_same() -> None:
    assert not any(strange(seconds(SELF, 2) + seconds(painted((97, 143, 83), (37, 131, 131)), 2)))


def test_a_light_that_goes_on_is_nobody() -> None:
    lit = painted((160, 140, 80), (100, 128, 128), (220, 128, 130))
    assert not any(strange(seconds(SELF, 3) + seconds(lit, 5)))


def test_who_comes_after_the_person_has_left_is_the_person() -> None:
    assert not any(strange(seconds(SELF, 3) + away(4) + seconds(OTHER, 5)))
    assert any(strange(seconds(SELF, 3) + away(1) + seconds(OTHER, 5)))


def test_who_stays_ten_seconds_has_taken_over_and_both_are_known() -> None:
    said = strange(seconds(SELF, 3) + seconds(OTHER, 15) + seconds(SELF, 3))
    over = (len(said) - said[::-1].index(True)) / RATE
    assert 13.0 < over < 13.6

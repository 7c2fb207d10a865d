"""The colours of a picture at some of its points."""

import numpy as np

from coach.adapters.colours import colours_at

GREY, RED = (119, 119, 119), (0, 0, 255)  # BGR
GREY_SEEN, RED_SEEN = (119, 128, 128), (76, 255, 85)  # YCrCb


def test_colours_are_means_around_the_points() -> None:
    picture = np.full((40, 60, 3), GREY, np.uint8)
    picture[:, 30:] = RED
    seen = colours_at(picture, np.array([(10.4, 20.0), (50.0, 20.0)], np.float32))
    np.testing.assert_allclose(seen, [GREY_SEEN, RED_SEEN], atol=1)
    picture[19:22, 9:12] = [[[110] * 3], [[119] * 3], [[128] * 3]]
    noisy = colours_at(picture, np.array([(10.4, 20.0)], np.float32))
    np.testing.assert_allclose(noisy, [GREY_SEEN], atol=1)


def test_a_point_outside_has_the_colour_of_the_nearest_one_inside() -> None:
    picture = np.full((40, 60, 3), GREY, np.uint8)
    picture[:, 30:] = RED
    points = np.array([(-1e9, 5.0), (1e9, 5.0), (50.0, -1e9)], np.float32)
    np.testing.assert_allclose(colours_at(picture, points), [GREY_SEEN, RED_SEEN, RED_SEEN], atol=1)


def test_what_is_no_point_has_some_colour() -> None:
    picture = np.full((40, 60, 3), GREY, np.uint8)
    points = np.array([(np.inf, np.nan), (50.0, -np.inf)], np.float32)
    np.testing.assert_allclose(colours_at(picture, points), [GREY_SEEN] * 2, atol=1)

"""The pose model's pipeline, on the real models where they are fetched."""

import ctypes
from pathlib import Path
from platform import machine

import cv2
import numpy as np
import pytest

from coach.adapters import blazepose
from coach.adapters.blazepose import BlazePose
from coach.adapters.blazepose_detector import Answers, Detector
from coach.adapters.blazepose_landmarks import LandmarkModel, MaskModel
from coach.adapters.blazepose_region import Pair, Region, cut_out, region_around, sigmoid
from coach.adapters.blazepose_steady import steadied
from coach.adapters.colours import colours_at
from coach.adapters.tflite import interpreter
from coach.adapters.tflite_cut import Pieces, body, branch
from coach.config import models_dir
from coach.movement.pose import Landmark
from coach.ports import DeviceError, Frame

MODELS = models_dir()
MASK = (1, 256, 256, 1)
PICTURE = Path(__file__).parent / "standing.jpg"
CIRCLES = Path(__file__).parent / "circles.npy"
"""(100, 13) what mediapipe==0.10.21 made of the first 100 frames of 1280 x 720 of a real clip: the
circle as it was found and smoothed (x and y of centre and point), and the region's centre, size and
angle. Rounded otherwise, frames 0, 95 and 96 differ."""
needs_models = pytest.mark.skipif(
    not (MODELS / "pose_landmark_full.tflite").exists(),
    reason="the pose models are not fetched: coach models fetch",
)


SIZE = np.float32(640), np.float32(480)


def square(x: float, y: float, side: float, angle: float = 0.0) -> Region:
    """A region given in pixels."""
    return Region(shares(x, y), shares(side, side), np.float32(angle), SIZE)


def shares(x: float, y: float) -> Pair:
    """Pixels in shares of the frame."""
    return np.float32(x) / SIZE[0], np.float32(y) / SIZE[1]


@pytest.fixture(scope="module")
def standing() -> np.ndarray:
    return np.asarray(cv2.imread(str(PICTURE)), dtype=np.uint8)


@needs_models
def test_a_person_is_found_where_they_stand_and_tracked_from_then_on(standing: np.ndarray) -> None:
    model = BlazePose(MODELS)
    for n in range(4):
        seen = model.observe(Frame(n / 15, standing))
        assert seen.pose is not None
        nose, ankle = seen.pose.points[0], seen.pose.points[28]
        # Measured in the picture by hand, on the nearer leg.
        assert np.hypot(*(nose - [348, 108])) < 10
        assert np.hypot(*(ankle - [324, 385])) < 10
        assert seen.mask is None


@needs_models
def test_the_landmarks_are_those_of_mediapipe(standing: np.ndarray) -> None:
    # mp.solutions.pose of mediapipe 0.10.21, complexity 1, smooth_landmarks=False, twelfth frame.
    expected = {
        Landmark.NOSE: (394.1004, 112.6348),
        Landmark.LEFT_EAR: (380.9803, 108.5521),
        Landmark.RIGHT_SHOULDER: (372.0842, 143.5651),
        Landmark.LEFT_WRIST: (378.7389, 240.7004),
        Landmark.RIGHT_WRIST: (378.0110, 243.2109),
        Landmark.LEFT_HIP: (370.1986, 236.6551),
        Landmark.LEFT_KNEE: (375.9216, 306.5027),
        Landmark.RIGHT_ANKLE: (366.7683, 389.1582),
        Landmark.LEFT_TOE: (400.3503, 380.3995),
    }
    model = BlazePose(MODELS)
    for n in range(12):  # what is rounded differently grows from frame to frame
        moved = np.roll(standing, (n % 3, 4 * n), axis=(0, 1))
        pose = model.observe(Frame(n * 0.033333, moved)).pose
    assert pose is not None
    # Another kind of processor adds up in another order, inside the model.
    near = 0.02 if machine() == "x86_64" else 0.5
    np.testing.assert_allclose(pose.points[list(expected)], list(expected.values()), atol=near)


@needs_models
def test_the_mask_covers_the_trunk_and_not_the_wall(standing: np.ndarray) -> None:
    model = BlazePose(MODELS)
    model.observe(Frame(0.0, standing))
    seen = model.observe(Frame(0.05, standing), want_mask=True)
    assert seen.mask is not None and seen.pose is not None
    chest = seen.pose.points[[11, 12, 23, 24]].mean(axis=0)

    def logit(point: np.ndarray) -> float:
        assert seen.mask is not None
        x, y = seen.mask.from_frame[:, :2] @ point + seen.mask.from_frame[:, 2]
        return float(seen.mask.logits[int(y), int(x)])

    assert logit(chest) > 0
    aside = np.array([90.0, 0.0])
    assert logit(chest + aside) < 0
    assert logit(chest - aside) < 0


@needs_models
def test_the_mask_around_the_trunk_is_that_of_the_whole_model(standing: np.ndarray) -> None:
    region = square(328.0, 250.0, 400.0)
    landmarks = LandmarkModel(MODELS / "pose_landmark_full.tflite", 1)
    found = landmarks.run(standing, region)
    assert found is not None
    part = MaskModel(MODELS / "pose_landmark_full.tflite", 1).run(landmarks, found, region)

    whole = (MODELS / "pose_landmark_full.tflite").read_bytes()
    looked_at = region.middle, region.side, region.angle
    picture = cut_out(standing, *looked_at, 256, cv2.BORDER_REPLICATE)
    rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB) * np.float32(1 / 255)
    [mask] = [m for m in answers([(0, whole)], {0: rgb[None]}).values() if m.shape == MASK]
    left, top = (cv2.invertAffineTransform(region.to_frame()) - part.from_frame)[:, 2].round()
    side = part.logits.shape[0]
    assert side >= 112
    here = mask[0, int(top) : int(top) + side, int(left) : int(left) + side, 0]
    # Equal to the bit on x86; other processors sum a smaller picture in another order.
    np.testing.assert_allclose(part.logits, here, atol=0.02)


@needs_models
def test_the_landmarks_are_the_same_with_and_without_the_mask(standing: np.ndarray) -> None:
    plain = BlazePose(MODELS).observe(Frame(0.0, standing))
    masked = BlazePose(MODELS).observe(Frame(0.0, standing), want_mask=True)
    assert plain.pose is not None and masked.pose is not None
    np.testing.assert_allclose(plain.pose.points, masked.pose.points, atol=0.01)


@needs_models
def test_an_empty_picture_holds_nobody(standing: np.ndarray) -> None:
    model = BlazePose(MODELS)
    assert model.observe(Frame(0.0, standing)).pose is not None
    empty = np.full_like(standing, 90)
    assert model.observe(Frame(0.1, empty)).pose is None
    assert model.observe(Frame(0.2, standing)).pose is not None


@needs_models
def test_somebody_is_found_again_after_the_detector_has_erred(
    standing: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = BlazePose(MODELS)
    region = square(60.0, 60.0, 90.0)  # a piece of wall
    finds = iter([region, region])
    with monkeypatch.context() as patched:
        patched.setattr(Answers, "person", lambda self: next(finds))
        assert [model.observe(Frame(n / 15, standing)).pose for n in range(2)] == [None, None]
    assert model.observe(Frame(2 / 15, standing)).pose is not None


def beside(picture: np.ndarray, shift: int) -> np.ndarray:
    """The picture with the same person once more, so many pixels further right."""
    both = picture.copy()
    both[:, 290 + shift : 380 + shift] = picture[:, 290:380]
    return both


@needs_models
def test_someone_close_by_is_company_and_nobody_is_not(standing: np.ndarray) -> None:
    def company(pictures: list[np.ndarray]) -> list[bool]:
        """Of each picture, at two seconds' distance, when there is always time for a look."""
        seen = [model.observe(Frame(2.0 * n, p), may_look=True) for n, p in enumerate(pictures)]
        assert all(s.pose is not None for s in seen)
        return [s.company for s in seen]

    model = BlazePose(MODELS)
    two = beside(standing, 160)
    assert company([standing] * 8) == [False] * 8
    model = BlazePose(MODELS)
    after = company([standing] + [two] * 7 + [standing] * 8)
    assert (after[0], after[1], after[6], after[-1]) == (False, True, True, False)


@needs_models
def test_someone_in_other_clothes_in_front_is_company(standing: np.ndarray) -> None:
    model = BlazePose(MODELS)
    front = standing.copy()
    front[:, 300:390] = standing[:, 290:380, ::-1]  # red is blue on this one
    pictures = [standing] * 30 + [front] * 15 + [standing] * 15
    seen = [model.observe(Frame(n / 15, picture)) for n, picture in enumerate(pictures)]
    company = [s.company for s in seen]
    assert (company[29], company[44], company[59]) == (False, True, False)


@needs_models
@pytest.mark.parametrize(("rate", "of"), [(30, 2), (25, 1), (15, 1)])
def test_the_colours_of_a_quick_camera_are_looked_at_in_every_second_picture(
    standing: np.ndarray, monkeypatch: pytest.MonkeyPatch, rate: int, of: int
) -> None:
    looks = []

    def looked(image: np.ndarray, points: np.ndarray) -> np.ndarray:
        looks.append(len(points))
        return colours_at(image, points)

    monkeypatch.setattr(blazepose, "colours_at", looked)
    model = BlazePose(MODELS)
    for n in range(1, 13):
        model.observe(Frame(n / rate, standing))
    assert len(looks) == 12 // of


@needs_models
def test_who_is_found_beside_someone_is_not_looked_at_again_for_that(
    standing: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[float] = []

    def look(self: Detector, image: np.ndarray) -> Answers:
        looks.append(t)
        return plain(self, image)

    plain = Detector.look
    monkeypatch.setattr(Detector, "look", look)
    model = BlazePose(MODELS)
    for t in (0.0, 0.1, 0.2):
        assert model.observe(Frame(t, beside(standing, 160)), may_look=t > 0).company
    assert looks == [0.0]
    model = BlazePose(MODELS)
    looks.clear()
    for t in (0.0, 10.0, 20.0):  # found walking in, standing ten seconds later
        assert not model.observe(Frame(t, standing), may_look=t > 0).company
    assert looks == [0.0, 10.0]


@needs_models
@pytest.mark.parametrize("variant", ["full", "lite"])
def test_a_split_model_answers_bit_for_bit_what_the_whole_one_does(variant: str) -> None:
    path = MODELS / f"pose_landmark_{variant}.tflite"
    if not path.exists():
        pytest.skip(f"{path.name} is not fetched: coach models fetch")
    whole = path.read_bytes()
    picture = np.random.default_rng(0).random((1, 256, 256, 3), dtype=np.float32)
    expected = answers([(0, whole)], {0: picture})
    given = answers(body(bytearray(whole), MASK), {0: picture})
    masks = answers(branch(bytearray(whole), MASK, 256), given)
    assert [m.shape for m in masks.values()] == [MASK]
    together = given | masks
    for index, values in expected.items():
        assert np.array_equal(values, together[index])


def answers(model: Pieces, tensors: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
    runtime = interpreter(model, 1)
    for wanted in runtime.get_input_details():
        runtime.set_tensor(wanted["index"], tensors[wanted["index"]])
    runtime.invoke()
    return {o["index"]: runtime.get_tensor(o["index"]) for o in runtime.get_output_details()}


@needs_models
def test_an_output_that_is_not_there_cannot_be_split_off() -> None:
    whole = (MODELS / "pose_landmark_full.tflite").read_bytes()
    with pytest.raises(ValueError, match="no output"):
        body(bytearray(whole), (1, 2, 3))


def test_a_missing_model_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        DeviceError, match=r"pose_landmark_full\.tflite is missing.*coach models fetch"
    ):
        BlazePose(tmp_path)


@pytest.mark.parametrize("name", ["pose_detection.tflite", "pose_landmark_full.tflite"])
@needs_models
def test_a_damaged_model_is_a_sentence(tmp_path: Path, name: str) -> None:
    for file in ("pose_detection.tflite", "pose_landmark_full.tflite"):
        content = (MODELS / file).read_bytes()
        (tmp_path / file).write_bytes(content[:1000] if file == name else content)
    with pytest.raises(DeviceError, match="damaged"):
        BlazePose(tmp_path)


def test_a_region_maps_its_corners_and_its_middle() -> None:
    upright = square(100.0, 200.0, 64.0)
    np.testing.assert_allclose(upright.to_frame() @ [128, 128, 1], [100, 200], rtol=1e-6)
    np.testing.assert_allclose(upright.to_frame() @ [0, 0, 1], [68, 168], rtol=1e-6)
    points = np.array([[0.5, 0.5], [0, 0]], np.float32)
    np.testing.assert_allclose(upright.project(points) * SIZE, [[100, 200], [68, 168]], rtol=1e-6)


def test_a_region_turns_with_the_body() -> None:
    lying = region_around((shares(100, 100), shares(180, 100)), SIZE)  # the head is to the right
    np.testing.assert_allclose(lying.to_frame() @ [128, 0, 1], [200, 100], rtol=1e-6)


def test_a_cut_shows_what_is_at_each_place_of_the_region() -> None:
    y, x = np.mgrid[0:480, 0:640] / 4
    picture = np.dstack([x, y, x + y]).round().astype(np.uint8)
    turned = square(330.0, 220.0, 128.0, 0.7)
    cut = cut_out(picture, turned.middle, turned.side, turned.angle, 256, cv2.BORDER_REPLICATE)
    for place in ([40, 60], [128, 128], [200, 90]):
        expected = turned.to_frame() @ [*place, 1] / 4
        np.testing.assert_allclose(cut[place[1], place[0], :2], expected, atol=0.8)


def test_circle_and_region_are_those_of_mediapipe_to_the_last_bit() -> None:
    size = np.float32(1280), np.float32(720)
    state = None
    for frame, row in enumerate(np.load(CIRCLES)):
        x, y, px, py, *expected, angle = row
        circle, state = steadied(state, frame * 0.033333, ((x, y), (px, py)), size)
        region = region_around(circle, size)
        assert [*circle[0], *circle[1], *region.centre, *region.size] == expected
        # The arc tangent is the C library's, which rounds it by its version and the processor.
        assert abs(region.angle - angle) <= np.spacing(np.float32(np.pi))


def test_where_the_last_bit_matters_a_sigmoid_is_that_of_the_c_library() -> None:
    exponential = ctypes.CDLL(None).expf
    exponential.argtypes, exponential.restype = [ctypes.c_float], ctypes.c_float
    numbers = np.random.default_rng(0).uniform(-20, 20, 50_000).astype(np.float32)
    powers = np.array([exponential(-one) for one in numbers.tolist()], np.float32)
    assert np.array_equal(sigmoid(numbers), 1 / (1 + powers))


def test_the_circle_stands_still_with_the_person_and_jumps_with_them() -> None:
    standing = shares(320, 240), shares(320, 48)
    trembling = shares(321, 241), shares(321, 49)
    jumped = shares(448, 336), shares(448, 144)
    _, state = steadied(None, 0.0, standing, SIZE)
    still, state = steadied(state, 1 / 30, trembling, SIZE)
    np.testing.assert_allclose(still, standing, atol=0.0005)
    after, _ = steadied(state, 2 / 30, jumped, SIZE)
    np.testing.assert_allclose(after, jumped, atol=0.1)

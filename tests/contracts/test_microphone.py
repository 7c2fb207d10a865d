"""What every microphone keeps: blocks of 16 kHz sound, in order, each with its time."""

import subprocess
import wave
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.clock import RealClock, VirtualClock
from coach.adapters.microphone_file import WavMicrophone
from coach.adapters.microphone_sound import SoundMicrophone
from coach.adapters.recorded import RecordedMicrophone
from coach.adapters.tape import Tape
from coach.ports import SAMPLE_RATE, Block, DeviceError, Microphone

RECORDED = ["wav", "fast wav", "recorded", "recorded fast"]


@pytest.fixture
def sound() -> np.ndarray:
    """A third of a second that no block boundary falls together with."""
    return (5000 * np.sin(np.arange(5333) * 0.3)).astype(np.int16)


@pytest.fixture
def path(tmp_path: Path, sound: np.ndarray) -> Path:
    path = tmp_path / "sound.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(sound.tobytes())
    return path


def microphone_of(kind: str, path: Path, sound: np.ndarray) -> Microphone:
    def recorded(clock: RealClock | VirtualClock) -> Microphone:
        microphone = RecordedMicrophone(clock, Tape(clock, wanted=False))
        microphone.say(clock.now(), sound)
        return microphone

    makers: dict[str, Callable[[], Microphone]] = {
        "wav": lambda: WavMicrophone(path),
        "fast wav": lambda: WavMicrophone(path, paced=False),
        "recorded": lambda: recorded(RealClock()),
        "recorded fast": lambda: recorded(VirtualClock()),
        "sound": lambda: SoundMicrophone("mic"),
    }
    return makers[kind]()


@pytest.fixture(params=[*RECORDED, "sound"])
def microphone(request: pytest.FixtureRequest, path: Path, sound: np.ndarray) -> Microphone:
    if request.param == "sound":
        request.getfixturevalue("sound_card")
    return microphone_of(request.param, path, sound)


def read(microphone: Microphone, count: int) -> list[Block]:
    return [block for _ in range(count) if (block := microphone.read(2.0)) is not None]


def test_blocks_are_16_bit_mono_in_the_order_of_their_times(microphone: Microphone) -> None:
    microphone.open()
    blocks = read(microphone, 10)
    microphone.close()
    assert len(blocks) == 10
    for block in blocks:
        assert block.samples.dtype == np.int16
        assert block.samples.ndim == 1 and len(block.samples)
    assert all(one.t < two.t for one, two in pairwise(blocks))


def test_it_can_be_closed_twice_and_opened_again(microphone: Microphone) -> None:
    for _ in range(2):
        microphone.open()
        assert read(microphone, 1)
        microphone.close()
        microphone.close()


@pytest.mark.parametrize("kind", RECORDED)
def test_a_recording_comes_out_as_it_went_in(kind: str, path: Path, sound: np.ndarray) -> None:
    microphone = microphone_of(kind, path, sound)
    microphone.open()
    heard = np.concatenate([block.samples for block in read(microphone, 30)])
    first = int(np.flatnonzero(heard)[0]) - 1  # the sine begins with a zero
    assert np.array_equal(heard[first : first + len(sound)], sound)
    assert not heard[first + len(sound) :].any()


@pytest.mark.parametrize("kind", RECORDED)
def test_a_recording_s_times_are_those_of_its_samples(
    kind: str, path: Path, sound: np.ndarray
) -> None:
    microphone = microphone_of(kind, path, sound)
    microphone.open()
    for one, two in pairwise(read(microphone, 10)):
        assert two.t - one.t == pytest.approx(len(two.samples) / SAMPLE_RATE)


@pytest.mark.parametrize("kind", RECORDED)
def test_nothing_comes_after_it_was_closed(kind: str, path: Path, sound: np.ndarray) -> None:
    microphone = microphone_of(kind, path, sound)
    microphone.open()
    microphone.close()
    assert microphone.read(0.01) is None


def test_a_recording_ends_after_a_silence(path: Path) -> None:
    microphone = WavMicrophone(path, paced=False)
    microphone.open()
    blocks = []
    while (block := microphone.read(0.0)) is not None:
        blocks.append(block)
    assert not blocks[-1].samples.any()
    assert microphone.read(0.0) is None


def test_what_is_said_later_is_heard_later(sound: np.ndarray) -> None:
    clock = VirtualClock()
    microphone = RecordedMicrophone(clock, Tape(clock, wanted=False))
    microphone.open()
    microphone.say(0.5, sound)
    began = next(b.t for b in read(microphone, 50) if b.samples.any())
    assert 0.5 < began <= 0.54
    assert microphone.quiet


def test_a_recording_can_be_told_to_fail(sound: np.ndarray) -> None:
    clock = VirtualClock()
    microphone = RecordedMicrophone(clock, Tape(clock, wanted=False))
    microphone.open()
    microphone.trouble = "The microphone is gone; plug it in again."
    for act in (lambda: microphone.read(0.0), microphone.open):
        with pytest.raises(DeviceError, match="plug it in again"):
            act()
    microphone.trouble = None
    microphone.open()
    assert microphone.read(0.0) is not None


def test_a_recording_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"none\.wav"):
        WavMicrophone(tmp_path / "none.wav").open()


def test_a_microphone_that_is_not_there_is_a_sentence(sound_card: None) -> None:
    with pytest.raises(DeviceError, match=r"There is no sound input 'moon'; there are: .*mic"):
        SoundMicrophone("moon").open()


def test_what_is_played_to_a_real_microphone_is_heard(sound_card: None, path: Path) -> None:
    microphone = SoundMicrophone("mic")
    microphone.open()
    subprocess.run(["paplay", "-d", "mouth", str(path)], check=True)
    assert any(block.samples.max() > 1000 for block in read(microphone, 150))
    microphone.close()

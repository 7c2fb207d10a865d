"""Whatever stands in for a microphone gives 16 kHz mono blocks, or a plain sentence."""

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.microphone_file import WavMicrophone
from coach.adapters.microphone_keyboard import Keyboard
from coach.adapters.packs import load_pack
from coach.adapters.sound import Converter
from coach.domain.events import CommandHeard, Event
from coach.domain.terms import Command
from coach.ports import DeviceError

PACK = load_pack("en")


def recording(path: Path, rate: int, channels: int, seconds: float = 1.0) -> Path:
    tone = 8000 * np.sin(np.arange(round(rate * seconds)) * 2 * np.pi * 440 / rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(tone.astype(np.int16), channels).tobytes())
    return path


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_rate_and_channel_count_becomes_16_khz_mono(
    tmp_path: Path, rate: int, channels: int
) -> None:
    microphone = WavMicrophone(recording(tmp_path / "a.wav", rate, channels), paced=False)
    microphone.open()
    blocks = []
    while (block := microphone.read(0.0)) is not None:
        blocks.append(block)
    sound = np.concatenate([block.samples for block in blocks])[:16000].astype(np.float64)
    peak = np.argmax(np.abs(np.fft.rfft(sound)))
    assert abs(peak - 440) <= 1
    assert [round(block.t, 2) for block in blocks[:3]] == [0.02, 0.04, 0.06]
    assert len(blocks) * 0.02 >= 2.0, "a second of silence follows"


def test_a_stream_in_pieces_is_as_long_as_the_whole() -> None:
    convert = Converter(48000, 2)
    pieces = [convert(np.zeros(2 * 960, np.int16)) for _ in range(100)]
    assert sum(map(len, pieces)) == pytest.approx(32000, abs=800)


@pytest.mark.parametrize("content", [b"", b"not a sound at all"])
def test_an_unreadable_recording_is_a_plain_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    with pytest.raises(DeviceError, match=r"broken\.wav is not a readable WAV file"):
        WavMicrophone(path).open()


def test_a_missing_recording_is_a_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="There is no recording"):
        WavMicrophone(tmp_path / "none.wav").open()


def test_the_keyboard_takes_phrases_and_ids_that_are_wanted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    events: list[Event] = []
    keyboard = Keyboard(events.append, PACK, io.StringIO(), clock=lambda: 7.0)
    keyboard.listen_for(frozenset({Command.DONE, Command.HOW_MANY}))
    for line in ("I'm done\n", "how-many\n", "jump\n", "\n"):
        keyboard.typed(line)
    assert events == [
        CommandHeard(7.0, Command.DONE, "i'm done"),
        CommandHeard(7.0, Command.HOW_MANY, "how many"),
    ]
    assert "Now you can type: done, how-many." in capsys.readouterr().err


def test_the_keyboard_takes_names_and_numbers_and_learns_another_language() -> None:
    events: list[CommandHeard] = []
    keyboard = Keyboard(events.append, PACK.with_names(["Ada"]), io.StringIO(), clock=lambda: 7.0)
    keyboard.listen_for(frozenset({Command.WAKE, Command.WEIGHT}))
    keyboard.typed("Hey coach, it's Ada!\n")
    keyboard.use(load_pack("es"))
    for line in ("ocho kilos\n", "eight kilos\n", "hola entrenador\n"):
        keyboard.typed(line)
    said = [(event.command, event.meaning) for event in events]
    assert said == [(Command.WAKE, "Ada"), (Command.WEIGHT, 8), (Command.WAKE, None)]

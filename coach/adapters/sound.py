"""Sound as arrays: WAV files in and out, other rates and channel counts to 16 kHz mono."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.ports import SAMPLE_RATE, DeviceError

Samples = npt.NDArray[np.int16]


class Converter:
    """A stream of interleaved int16 frames at any rate, as 16 kHz mono."""

    def __init__(self, rate: int, channels: int) -> None:
        self._channels = channels
        self._stream = None
        if rate != SAMPLE_RATE:
            import soxr

            self._stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="int16", quality="MQ")

    def __call__(self, interleaved: Samples, last: bool = False) -> Samples:
        mono = interleaved
        if self._channels > 1:
            frames = interleaved.reshape(-1, self._channels)
            mono = frames.mean(axis=1).round().astype(np.int16)
        if self._stream is None:
            return mono
        out: Samples = self._stream.resample_chunk(mono, last=last)
        return out


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    if rate == wanted:
        return samples
    import soxr

    out: Samples = soxr.resample(samples, rate, wanted, quality="HQ")
    return out


def read_wav(path: Path) -> Samples:
    """A WAV file of 16 bit PCM as 16 kHz mono; raises `DeviceError` for anything else."""
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            data = file.readframes(file.getnframes())
    except FileNotFoundError as error:
        raise DeviceError(f"There is no recording {path}; give the path of a WAV file.") from error
    except (OSError, wave.Error, EOFError) as error:
        raise DeviceError(
            f"{path} is not a readable WAV file ({error}); convert it to 16 bit PCM WAV."
        ) from error
    if width != 2:
        raise DeviceError(f"{path} has {8 * width} bits a sample; convert it to 16 bit PCM WAV.")
    samples = np.frombuffer(data[: len(data) // (2 * channels) * 2 * channels], np.int16)
    return Converter(rate, channels)(samples, last=True)


def write_wav(path: Path, samples: Samples) -> None:
    """16 kHz mono; raises `DeviceError` where the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(samples.tobytes())
    except OSError as error:
        raise DeviceError(f"{path} cannot be written: {error.strerror}.") from error

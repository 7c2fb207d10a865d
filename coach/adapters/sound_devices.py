"""PortAudio's devices by name, one place for its list, which is only read when it starts."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from coach.ports import SAMPLE_RATE, DeviceError

SERVERS = ("pulse", "pipewire")
"""ALSA's names for a sound server, which knows what its people have chosen."""

_lock = threading.Lock()
_open_streams = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """A running blocking stream and the format that the device agreed to."""

    kind: str
    name: str
    stream: Any
    rate: int
    channels: int


def names(kind: str) -> tuple[str, ...]:
    """The names of the devices that have an "input" or an "output"."""
    sd = _sounddevice()
    with _lock:  # another thread may be reading the list again
        devices = sd.query_devices()
    return tuple(d["name"] for d in devices if d[f"max_{kind}_channels"] > 0)


def open_stream(kind: str, name: str | None, block_s: float, latency_s: float) -> Opened:
    """Open an "input" or "output" by (a part of) its name, or the default one.

    16 kHz mono where the device can, else its own rate and up to two channels. Raises
    `DeviceError` when there is no such device or it does not open.
    """
    global _open_streams
    sd = _sounddevice()
    with _lock, _quiet():
        if _open_streams == 0:
            # Nothing else plays or records: read the list again, it may have a new device.
            sd._terminate()
            sd._initialize()
        try:
            info = _find(sd, kind, name)
            stream, rate, channels = _opened(sd, kind, info, block_s, latency_s)
        except (sd.PortAudioError, OSError, ValueError) as error:
            raise DeviceError(
                f"The sound {kind} '{name or 'default'}' does not open ({_reason(error)}); "
                f"check that it is plugged in and not used by another program."
            ) from error
        _open_streams += 1
        return Opened(kind, info["name"], stream, rate, channels)


def still_there(opened: Opened) -> bool:
    """Whether a device of a sound server still exists; takes 1-2 ms.

    A sound server moves a stream whose device is gone to another one without a word. A device of
    the kernel's (`hw:`) fails at the next block instead, and cannot be opened twice to be asked.
    """
    if "hw:" in opened.name:
        return True
    sd = _sounddevice()
    check = sd.check_input_settings if opened.kind == "input" else sd.check_output_settings
    with _lock, _quiet():
        try:
            check(opened.name, opened.channels, "int16", samplerate=opened.rate)
        except (sd.PortAudioError, ValueError):
            return False
    return True


def close_stream(opened: Opened) -> None:
    """Close without ever failing: the device may be gone already.

    Only the thread that reads or writes may close: PortAudio crashes on a stream closed under it.
    """
    global _open_streams
    sd = _sounddevice()
    with _lock, _quiet():
        _open_streams -= 1
        for act in (opened.stream.abort, opened.stream.close):
            try:
                act()
            except sd.PortAudioError:
                continue


def _opened(
    sd: Any, kind: str, info: Any, block_s: float, latency_s: float
) -> tuple[Any, int, int]:
    make = sd.RawInputStream if kind == "input" else sd.RawOutputStream
    most = int(info[f"max_{kind}_channels"])
    own_rate = int(info["default_samplerate"])
    formats = [(SAMPLE_RATE, 1), (own_rate, 1), (own_rate, min(2, most)), (own_rate, most)]
    failure: Exception | None = None
    for rate, channels in formats:
        stream = None
        try:
            stream = make(
                device=info["index"], samplerate=rate, channels=channels, dtype="int16",
                blocksize=round(block_s * rate), latency=latency_s,
            )  # fmt: skip
            stream.start()
            return stream, rate, channels
        except sd.PortAudioError as error:
            failure = error
            if stream is not None:
                stream.close()
    assert failure is not None
    raise failure


def _find(sd: Any, kind: str, name: str | None) -> Any:
    fitting = [d for d in sd.query_devices() if d[f"max_{kind}_channels"] > 0]
    if not fitting:
        raise DeviceError(f"There is no sound {kind}; plug one in.")
    if name is None:
        return _plugged_in(fitting) or sd.query_devices(kind=kind)
    exact = [d for d in fitting if d["name"] == name]
    for device in exact or [d for d in fitting if name.lower() in d["name"].lower()]:
        return device
    listed = ", ".join(d["name"] for d in fitting) or "none"
    raise DeviceError(f"There is no sound {kind} '{name}'; there are: {listed}.")


def _plugged_in(devices: Sequence[Any]) -> Any | None:
    """The first USB device, where no sound server chooses.

    ALSA alone takes the first card for the default, and a Pi's first card is its HDMI plug.
    """
    if any(d["name"] in SERVERS for d in devices):
        return None
    return next((d for d in devices if "USB" in d["name"]), None)


@contextmanager
def _quiet() -> Iterator[None]:
    """ALSA and PortAudio print what they return as errors anyway; people need one sentence."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def _reason(error: Exception) -> str:
    return " ".join(str(error.args[0] if error.args else error).split())


def _sounddevice() -> Any:
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise DeviceError(
            "The sound library PortAudio is missing; install the package libportaudio2."
        ) from error
    return sounddevice

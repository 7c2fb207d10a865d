"""Speaker, microphone, and the way from one to the other."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from coach.doctor.findings import Finding, fine, trouble
from coach.ports import SAMPLE_RATE, DeviceError

Samples = npt.NDArray[np.int16]

LISTEN_S = 1.0
TONE_HZ = 1000.0
QUIET_DBFS = -75.0
"""A room with a working microphone is louder than this."""
HEARD_TIMES = 4.0
"""The tone must be so many times louder in its own band than the room was."""


def check_sound(speaker: str | None, microphone: str | None) -> Iterator[Finding]:
    """Plays a tone and listens for it; each device by itself where the other one is missing."""
    room, problem = _record(microphone, LISTEN_S)
    finding, heard = _check_speaker(speaker, microphone, room)
    yield _check_microphone(room, heard, problem)
    yield finding


def _check_microphone(room: Samples | None, heard: Samples | None, problem: str) -> Finding:
    if room is None:
        return trouble("microphone", problem, "Plug one in; until then the coach keeps the time.")
    if not room.any():
        if heard is not None and heard.any():
            return fine("microphone", "The microphone is silent until there is something to hear.")
        return trouble(
            "microphone",
            "The microphone gives only digital silence.",
            "Unmute it (alsamixer, or the switch on the device) and choose it by name.",
        )
    level = 20 * np.log10(np.sqrt(np.mean(np.square(room.astype(float)))) / 32768 + 1e-9)
    if level < QUIET_DBFS:
        return trouble(
            "microphone",
            f"The microphone is very quiet: {level:.0f} dB below full scale.",
            "Turn its level up (alsamixer, F4) or move it closer.",
        )
    return fine("microphone", f"The microphone hears the room at {level:.0f} dBFS.")


def _check_speaker(
    speaker: str | None, microphone: str | None, room: Samples | None
) -> tuple[Finding, Samples | None]:
    """The finding, and what the microphone brought meanwhile."""
    from coach.adapters.player import SoundSpeaker

    t = np.arange(int(SAMPLE_RATE * LISTEN_S)) / SAMPLE_RATE
    tone = (3000 * np.sin(2 * np.pi * TONE_HZ * t)).astype(np.int16)
    ended = threading.Event()
    player = SoundSpeaker(lambda event: ended.set(), speaker)
    try:
        player.open()
    except DeviceError as error:
        player.close()
        remedy = "Plug a speaker in, or read the text on the screen."
        return trouble("speaker", str(error), remedy), None
    try:
        player.play(1, tone)
        heard, _ = _record(microphone, LISTEN_S) if room is not None else (None, "")
        if not ended.wait(2 * LISTEN_S + 1.0):
            sentence = "The speaker took a tone and never finished it."
            return trouble("speaker", sentence, "Unplug it and try again."), heard
    finally:
        player.close()
    return _tone_heard(room, heard), heard


def _tone_heard(room: Samples | None, heard: Samples | None) -> Finding:
    if room is None or heard is None:
        return fine("speaker", "The speaker played a tone; nobody could listen whether it sounded.")
    times = _band(heard) / max(_band(room), 1.0)
    if times < HEARD_TIMES:
        return trouble(
            "speaker",
            "The speaker played a tone that the microphone did not hear.",
            "Turn the volume up (alsamixer), or choose the speaker by name. With headphones this "
            "is as it should be.",
        )
    return fine("speaker", f"The microphone hears the speaker's tone, {times:.0f} times the room.")


def _band(samples: Samples) -> float:
    """Amplitude at the tone's frequency: one bin of a Fourier transform."""
    t = np.arange(len(samples)) / SAMPLE_RATE
    return float(abs(np.mean(samples * np.exp(-2j * np.pi * TONE_HZ * t))))


def _record(microphone: str | None, seconds: float) -> tuple[Samples | None, str]:
    from coach.adapters.microphone_sound import SoundMicrophone

    source = SoundMicrophone(microphone)
    try:
        source.open()
        blocks, until = [], time.monotonic() + seconds
        while time.monotonic() < until:
            block = source.read(0.5)
            if block is not None:
                blocks.append(block.samples)
    except DeviceError as error:
        return None, str(error)
    finally:
        source.close()
    return (np.concatenate(blocks), "") if blocks else (None, "The microphone brings no sound.")

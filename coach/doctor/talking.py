"""Whether people are heard while the coach speaks, and whether the machine keeps up with it."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from coach.adapters.echo import Duplex, EchoGuard
from coach.adapters.echo_canceller import FRAME
from coach.doctor.findings import Finding, fine, trouble
from coach.ports import SAMPLE_RATE, Block, DeviceError
from coach.speech.voice_pack import VoicePack

if TYPE_CHECKING:
    from coach.adapters.microphone_sound import SoundMicrophone

SPEAKS_S = 5.0
"""Enough to find the echo's delay and to see whether it can be taken out."""

WARM_UP_S = 0.5
"""Streams that have just been opened stumble once."""

FEW = 5
"""So many dropped pieces in these seconds nobody notices."""


def check_talking(
    pack: VoicePack, speaker: str | None, microphone: str | None
) -> Iterator[Finding]:
    """Says something and listens meanwhile; nothing where a device is missing, which is said."""
    from coach.adapters.microphone_sound import SoundMicrophone
    from coach.adapters.player import SoundSpeaker
    from coach.adapters.tts import Voice, engine_for

    guard = EchoGuard()
    player = SoundSpeaker(lambda event: None, speaker, guard.heard_own)
    source = SoundMicrophone(microphone)
    try:
        text = max((cue for cue in pack.cues.values() if "{" not in cue), key=len)
        said = Voice(engine_for(pack)).samples(text)[: round(SPEAKS_S * SAMPLE_RATE)]
        source.open()
        player.open()
        _listen(source, guard, WARM_UP_S)
        lost, dry = source.overflows, player.underflows
        player.play(1, said)
        _listen(source, guard, len(said) / SAMPLE_RATE)
        lost, dry = source.overflows - lost, player.underflows - dry
    except DeviceError:
        return
    finally:
        player.close()
        source.close()
    yield echo_taken_out(guard)
    yield kept_up(lost, dry)


def _listen(source: "SoundMicrophone", guard: EchoGuard, seconds: float) -> None:
    rest = np.zeros(0, np.int16)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        block = source.read(0.5)
        if block is not None:
            sound = np.concatenate((rest, block.samples))
            whole = len(sound) // FRAME * FRAME
            rest = sound[whole:]
            guard.clean(Block(block.t - len(rest) / SAMPLE_RATE, sound[:whole]))


def echo_taken_out(guard: EchoGuard) -> Finding:
    if guard.duplex is Duplex.HALF:
        return trouble(
            "echo",
            "While it speaks the coach hears nobody: its own voice cannot be taken out.",
            "Turn the speaker down or move it away from the microphone; wait until it has spoken.",
        )
    return fine("echo", "You are heard while the coach speaks.")


def kept_up(lost: int, dry: int) -> Finding:
    sentence = (
        f"While speaking, the microphone lost {lost} blocks; the speaker ran dry {dry} times."
    )
    if lost + dry > FEW:
        return trouble("dropouts", sentence, "Close other programs; check cooling and power.")
    return fine("dropouts", sentence)

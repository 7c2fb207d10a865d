"""A speech engine in a process of its own, which can be killed (`python -m` this module).

Reads one JSON job from standard input: {"engine", "voice", "rate", "jobs": [[text, path], ...]} and
writes one WAV file per text. Whatever hangs or crashes in an engine ends with this process.
"""

import ctypes
import json
import sys
import wave
from collections.abc import Iterable
from typing import Any


def with_pyttsx3(voice: str, rate: int, jobs: Iterable[tuple[str, str]]) -> None:
    """pyttsx3's binding of espeak-ng without its engine, which speaks in a thread.

    That engine (2.99) does not wait for the thread: now and then a file stayed empty or a whole
    batch was spoken at another rate. Here espeak-ng returns when a text has been spoken.
    """
    from pyttsx3.drivers import _espeak  # type: ignore[import-untyped]

    sound = bytearray()

    def keep(wave_data: Any, samples: int, events: Any) -> int:
        sound.extend(ctypes.string_at(wave_data, 2 * samples) if samples else b"")
        return 0

    samples_per_s = _espeak.Initialize(_espeak.AUDIO_OUTPUT_SYNCHRONOUS, 1000)
    _espeak.SetSynthCallback(keep)
    if _espeak.SetVoiceByName(voice.encode()) != _espeak.EE_OK:
        raise ValueError(f"espeak-ng has no voice {voice}")
    _espeak.SetParameter(_espeak.RATE, rate, 0)
    for text, path in jobs:
        sound.clear()
        _espeak.Synth(text.encode(), flags=_espeak.ENDPAUSE | _espeak.CHARS_UTF8)
        with wave.open(path, "wb") as file:
            file.setparams((1, 2, samples_per_s, 0, "NONE", ""))
            file.writeframes(sound)


def with_piper(voice: str, rate: int, jobs: Iterable[tuple[str, str]]) -> None:
    from piper import PiperVoice, SynthesisConfig

    model = PiperVoice.load(voice)
    setting = SynthesisConfig(length_scale=160.0 / rate)
    for text, path in jobs:
        with wave.open(path, "wb") as file:
            model.synthesize_wav(text, file, syn_config=setting)


ENGINES = {"espeak": with_pyttsx3, "piper": with_piper}


def main() -> None:
    order: dict[str, Any] = json.load(sys.stdin)
    ENGINES[order["engine"]](order["voice"], order["rate"], order["jobs"])


if __name__ == "__main__":
    main()

"""A speech engine in a process of its own, which can be killed (`python -m` this module).

Reads one JSON job from standard input: {"engine", "voice", "rate", "jobs": [[text, path], ...]} and
writes one WAV file per text. Whatever hangs or crashes in an engine ends with this process.
"""

import json
import sys
import wave
from collections.abc import Iterable
from typing import Any


def with_pyttsx3(voice: str, rate: int, jobs: Iterable[tuple[str, str]]) -> None:
    import pyttsx3

    engine = pyttsx3.init(driverName="espeak")
    engine.setProperty("voice", voice)
    engine.setProperty("rate", rate)
    for text, path in jobs:
        # One run per text: of several queued texts pyttsx3 2.99 saves only the last.
        engine.save_to_file(text, path)
        engine.runAndWait()


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

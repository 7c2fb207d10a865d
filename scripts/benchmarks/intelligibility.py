"""How well each voice is understood: word error rate of the recogniser with its whole vocabulary.

    scripts/benchmarks/intelligibility.py [LANGUAGE ...]

Every voice says the same cues of a pack. A small recogniser errs on any voice, so the figures say
which of two voices is clearer rather than how many words a person would miss. Words that the
recogniser does not know are wrong in every voice; how many there are is printed too.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import vosk
from ears_sound import edits, silence

from coach import config
from coach.adapters.packs import languages, load_pack
from coach.adapters.tts import Engine, Voice, engine_for
from coach.adapters.vosk_recogniser import load_model
from coach.ports import SAMPLE_RATE
from coach.speech.commands import normalised
from coach.speech.voice_pack import VoicePack

CUES = 40
VARIANTS = ("", "+m3", "+f2")
"""Of espeak-ng: its plain voice, another man's, a woman's."""


def engines(pack: VoicePack) -> list[Engine]:
    """espeak-ng in its variants, and the natural voice where it is installed."""
    natural = engine_for(pack)
    espeak = Engine("espeak", str(pack.voice.get("espeak", pack.language)), natural.rate)
    found = [replace(espeak, voice=espeak.voice + variant) for variant in VARIANTS]
    return found if natural == espeak else [*found, natural]


def main() -> None:
    for language in sys.argv[1:] or languages():
        pack = load_pack(language)
        model = load_model(config.models_dir() / f"vosk-{language}")
        cues = [cue for cue in pack.cues.values() if "{" not in cue][:CUES]
        truths = [normalised(cue).split() for cue in cues]
        total = sum(map(len, truths))
        unknown = sum(model.vosk_model_find_word(w) < 0 for truth in truths for w in truth)
        for engine in engines(pack):
            with TemporaryDirectory() as folder:
                voice = Voice(engine, Path(folder))
                voice.prepare(cues)
                wrong = 0
                recogniser = vosk.KaldiRecognizer(model, SAMPLE_RATE)
                for cue, truth in zip(cues, truths, strict=True):
                    recogniser.AcceptWaveform(voice.samples(cue).tobytes())
                    recogniser.AcceptWaveform(silence(0.5).tobytes())
                    got = json.loads(recogniser.FinalResult())["text"]
                    wrong += edits(truth, normalised(got).split())
            name = Path(engine.voice).stem
            print(f"| {pack.name} | {engine.name} {name} | {100 * wrong / total:.1f} % | "
                  f"{total}, of which {unknown} unknown to it |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()

"""The coach's voice: text to sound, rendered ahead of time and kept."""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach import config
from coach.adapters.loudness import TARGET_LUFS, levelled
from coach.adapters.sound import read_wav, write_wav
from coach.ports import SAMPLE_RATE, DeviceError
from coach.speech.voice_pack import VoicePack, sentences

Samples = npt.NDArray[np.int16]

BATCH = 16
"""Texts per process: starting one costs as much as rendering six cues."""

START_S = 10.0
PER_TEXT_S = 4.0
"""Time limits: a cue takes 0.02-0.06 s with espeak-ng and 0.5 s with Piper on a desktop."""

BETWEEN_S = 0.25
"""The breath between two sentences of a cue."""

FORM = 2
"""Raise it when rendering, levelling or trimming changes: what was kept is then rendered again."""


@dataclass(frozen=True, slots=True)
class Engine:
    """name: "espeak" or "piper"; voice: espeak-ng's voice name, or the path of Piper's model."""

    name: str
    voice: str
    rate: int


def engine_for(pack: VoicePack) -> Engine:
    """The natural voice of the pack where Piper and its model are installed, else espeak-ng."""
    rate = int(pack.voice.get("rate", 160))
    piper = pack.voice.get("piper")
    model = config.models_dir() / f"{piper}.onnx"
    if piper is not None and model.is_file() and _piper_installed():
        return Engine("piper", str(model), rate)
    return Engine("espeak", str(pack.voice.get("espeak", pack.language)), rate)


class Voice:
    """Text in, 16 kHz samples at one loudness out; each sentence is rendered once and kept.

    On disk only: all sentences of a program are 77 MB, and one is read in less than a millisecond.
    """

    def __init__(self, engine: Engine, folder: Path | None = None) -> None:
        self._engine = engine
        self._folder = folder or config.voice_dir()

    def samples(self, text: str) -> Samples:
        """From disk; rendered if missing or damaged. Raises `DeviceError` when that fails."""
        return _joined([self._sentence(sentence) for sentence in sentences(text)])

    def kept(self, text: str) -> Samples | None:
        """From disk; None where a sentence of it is missing or damaged."""
        try:
            return _joined([read_wav(self.path(sentence)) for sentence in sentences(text)])
        except DeviceError:
            return None

    def _sentence(self, text: str) -> Samples:
        path = self.path(text)
        try:
            return read_wav(path)
        except DeviceError:
            self._render([text])
        return read_wav(path)

    def prepare(
        self, texts: Iterable[str], progress: Callable[[int, int], None] = lambda done, all_: None
    ) -> int:
        """Render what is missing; returns how many that were.

        `progress` gets (done, all) in sentences. Raises `DeviceError` naming the text that failed.
        """
        wanted = list(dict.fromkeys(one for text in texts for one in sentences(text)))
        missing = [text for text in wanted if not self.path(text).is_file()]
        done = len(wanted) - len(missing)
        progress(done, len(wanted))
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            self._render(batch)
            done += len(batch)
            progress(done, len(wanted))
        return len(missing)

    def path(self, text: str) -> Path:
        """Where a sentence's sound is kept: named by everything that shapes it."""
        shape = f"{self._engine}|{TARGET_LUFS}|{SAMPLE_RATE}|{FORM}|{text}"
        return self._folder / f"{hashlib.sha256(shape.encode()).hexdigest()[:24]}.wav"

    def _render(self, texts: Sequence[str]) -> None:
        with tempfile.TemporaryDirectory(prefix="coach-voice-") as folder:
            raw = {text: Path(folder) / f"{i}.wav" for i, text in enumerate(texts)}
            self._speak(list(raw.items()))
            for text, path in raw.items():
                if not len(_spoken(path)):
                    # An engine that hung in a batch, or left a file empty, gets the text to itself.
                    self._speak([(text, path)])
                self._keep(text, _spoken(path))

    def _keep(self, text: str, sound: Samples) -> None:
        if not len(sound):
            raise DeviceError(
                f"The speech engine {self._engine.name} ({self._engine.voice}) rendered nothing "
                f"for '{text}'; check that the packages espeak-ng and libespeak-ng1 are installed."
            )
        path = self.path(text)
        part = path.with_suffix(".part")
        write_wav(part, levelled(sound))
        part.replace(path)  # a kept file is always a whole one

    def _speak(self, jobs: Sequence[tuple[str, Path]]) -> None:
        order = {
            "engine": self._engine.name,
            "voice": self._engine.voice,
            "rate": self._engine.rate,
            "jobs": [(text, str(path)) for text, path in jobs],
        }
        try:
            subprocess.run(
                [sys.executable, "-m", "coach.adapters.tts_child"],
                input=json.dumps(order).encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=START_S + PER_TEXT_S * len(jobs),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return  # killed; whoever asked sees which files are missing


def _piper_installed() -> bool:
    from importlib.util import find_spec

    return find_spec("piper") is not None


def _joined(sounds: Sequence[Samples]) -> Samples:
    pause = np.zeros(round(BETWEEN_S * SAMPLE_RATE), np.int16)
    return np.concatenate([sound for one in sounds for sound in (one, pause)][:-1])


def _spoken(raw: Path) -> Samples:
    """What the engine left in this file; empty when that is nothing."""
    try:
        return _trimmed(read_wav(raw))
    except DeviceError:
        return np.zeros(0, np.int16)


def _trimmed(samples: Samples) -> Samples:
    """Without the engine's silence around the words, so that a cue starts when it is played."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 200)
    if not len(loud):
        return samples[:0]
    margin = round(0.02 * SAMPLE_RATE)
    return samples[max(0, loud[0] - margin) : loud[-1] + margin]

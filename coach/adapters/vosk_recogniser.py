"""Vosk with a closed list of phrases: sound in, readings with their likelihoods out."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coach import config, models
from coach.adapters import vosk_library, vosk_vocabulary
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE, DeviceError
from coach.speech.commands import Phrases, normalised

Samples = npt.NDArray[np.int16]

ALTERNATIVES = 8
"""Readings that share the likelihood: "no" and "nope" are rivals in sound, but one command."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What may have been said.

    share: of the likelihood of all readings together
    """

    text: str
    share: float


class Recogniser:
    """One list of phrases on a model, used for one utterance after the other."""

    def __init__(self, model: Any, phrases: Iterable[str]) -> None:
        # Escaped, non-ASCII words would be dropped in silence.
        grammar = json.dumps([*phrases, "[unk]"], ensure_ascii=False)
        self._vosk = vosk_library.vosk().KaldiRecognizer(model, SAMPLE_RATE, grammar)
        self._vosk.SetMaxAlternatives(ALTERNATIVES)

    def start(self, sound: Samples) -> None:
        """A new utterance, of which this much has been heard already."""
        # Reset would keep the last sound of talk that no result was asked of, and read it as a
        # word before this one: "job next".
        self._vosk.FinalResult()
        self.feed(sound)

    def feed(self, sound: Samples) -> None:
        self._vosk.AcceptWaveform(sound.tobytes())

    def so_far(self) -> str:
        """The likeliest text while the utterance goes on."""
        return str(json.loads(self._vosk.PartialResult()).get("partial", ""))

    def readings(self) -> list[Reading]:
        """The likeliest readings of the whole utterance, which ends here."""
        found = json.loads(self._vosk.FinalResult())["alternatives"]
        scores = [one["confidence"] for one in found]
        likelihoods = np.exp(np.subtract(scores, max(scores, default=0.0)))
        return [
            Reading(one["text"], float(share))
            for one, share in zip(found, likelihoods / likelihoods.sum(), strict=True)
        ]


def load_model(folder: Path, words: Iterable[str] | None = None) -> Any:
    """A Vosk model that knows these words, or all; `DeviceError` when missing or damaged."""
    vosk = vosk_library.vosk()
    vosk.SetLogLevel(-1)
    if not any((folder / name).is_file() for name in ("am/final.mdl", "final.mdl")):
        raise DeviceError(f"The listening model {folder} is missing; run: coach models fetch")
    damaged = DeviceError(
        f"The listening model {folder} is damaged; delete it and run: coach models fetch"
    )
    known = models.catalogue().get(folder.name)
    if known is not None and models.faults(known, folder.parent):
        raise damaged  # Vosk would crash on some of its files rather than complain
    try:
        if words is None:
            return vosk.Model(model_path=str(folder))
        with vosk_vocabulary.only(words, folder) as smaller:
            return vosk.Model(model_path=str(smaller))
    except Exception as error:
        raise damaged from error


def known_phrases(model: Any, phrases: Phrases) -> tuple[Phrases, tuple[str, ...]]:
    """The phrases that the model can hear, and those it cannot: Vosk itself only warns."""
    known: Mapping[Command, tuple[str, ...]] = {
        command: tuple(p for p in said if knows(model, p)) for command, said in phrases.items()
    }
    unknown = tuple(p for c, said in phrases.items() for p in said if p not in known[c])
    return known, unknown


def unknown_to(language: str, text: str) -> tuple[str, ...]:
    """The words of `text` that the listening model of this language does not know."""
    words = normalised(text).split()
    model = load_model(config.models_dir() / f"vosk-{language}", words)
    return tuple(word for word in words if not knows(model, word))


def knows(model: Any, phrase: str) -> bool:
    return all(model.vosk_model_find_word(word) >= 0 for word in phrase.split())

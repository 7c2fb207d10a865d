"""Ears on Vosk: sound in, commands out, with only the phrases of the moment in the recogniser."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coach import config, models
from coach.adapters import vosk_library, vosk_vocabulary
from coach.adapters.echo import EchoGuard
from coach.adapters.endpoint import FRAME, FRAME_S, Endpointer, Sound
from coach.domain.events import CommandHeard, Event
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE, Block, DeviceError
from coach.speech.commands import Phrases, command_in, normalised

Samples = npt.NDArray[np.int16]

CONFIDENCE = 0.5
"""How much of the likelihood must be on one command; measured, see docs/benchmarks.md."""

ALTERNATIVES = 8
"""Readings that share the likelihood: "no" and "nope" are rivals in sound, but one command."""

CERTAIN_PAUSE_S = 0.18
"""Silence after which a reading that is a whole command phrase already is taken as it is."""

LEAD_IN_S = 0.3
"""Sound before the onset that the recogniser gets too: a soft first consonant is in there."""


KEPT_S = 1.0
"""How much of a sound that goes on is read again, so that no word is cut in two."""


NOTHING_MORE: Mapping[str, int | str] = {}


class VoskEars:
    """The `Ears` port. Synchronous: whoever feeds it owns the clock, live or simulated.

    model: folder of a Vosk model
    phrases: what can be said for each command; a phrase with a word that the model does not know
        is left out and named in `unknown`
    decoys: short words that are *not* commands, for the recogniser to prefer over a wrong guess
    guard: takes the coach's own voice out first; the speaker tells it what it plays
    clock: seconds, for the computing time inside `latency_s`
    meanings: the number or the name that a phrase holds besides its command
    """

    def __init__(
        self,
        model: Path,
        phrases: Phrases,
        decoys: Iterable[str] = (),
        guard: EchoGuard | None = None,
        clock: Callable[[], float] = time.perf_counter,
        meanings: Mapping[str, int | str] = NOTHING_MORE,
    ) -> None:
        decoys = tuple(decoys)
        said = [phrase for of_command in phrases.values() for phrase in of_command]
        self._model = load_model(model, {w for text in (*said, *decoys) for w in text.split()})
        self._phrases, self.unknown = known_phrases(self._model, phrases)
        self._decoys = tuple(word for word in decoys if _knows(self._model, word))
        self.guard = guard
        self._clock = clock
        self._meanings = meanings
        self._recognisers: dict[frozenset[Command], Any] = {}
        self._asked: frozenset[Command] = frozenset()
        self._wanted = self._asked
        self._endpointer = Endpointer()
        self._rest: Samples = np.zeros(0, np.int16)
        self._lead_in: deque[Samples] = deque(maxlen=round(LEAD_IN_S / FRAME_S))
        self._said: list[Samples] = []

    def listen_for(self, commands: frozenset[Command]) -> None:
        """From now on these commands are heard, also in a word that is just being said.

        May be called from another thread than `feed`, which takes it up with its next block.
        """
        self._asked = commands

    def feed(self, block: Block) -> tuple[Event, ...]:
        began = self._clock()
        self._take_up(self._asked)
        sound = np.concatenate((self._rest, block.samples))
        whole = len(sound) // FRAME * FRAME
        sound, self._rest = sound[:whole], sound[whole:]
        if self.guard is not None:
            t = block.t - len(self._rest) / SAMPLE_RATE
            sound = self.guard.clean(Block(t, sound)).samples
        events: list[Event] = []
        for start in range(0, whole, FRAME):
            behind_s = (whole - start - FRAME) / SAMPLE_RATE
            heard = self._frame(sound[start : start + FRAME])
            if heard is not None:
                command, text, confidence, silence_s = heard
                latency_s = silence_s + behind_s + self._clock() - began
                meaning = self._meanings.get(text)
                events.append(CommandHeard(block.t, command, text, confidence, latency_s, meaning))
        return tuple(events)

    def _take_up(self, commands: frozenset[Command]) -> None:
        if commands == self._wanted:
            return
        self._wanted = commands
        if self._said and commands:
            self._start(self._said)

    def _frame(self, frame: Samples) -> tuple[Command, str, float, float] | None:
        sound = self._endpointer.feed(frame)
        if sound is Sound.QUIET or not self._wanted:
            self._lead_in.append(frame)
            self._said = []
            return None
        if not self._said:
            self._start(self._lead_in)
            self._lead_in.clear()
        self._said.append(frame)
        if sound is Sound.TOO_LONG:
            # Music or talk goes on and on; a command may still be said over it.
            self._start(self._said[-round(KEPT_S / FRAME_S) :])
            return None
        self._recogniser().AcceptWaveform(frame.tobytes())
        if sound is Sound.SPEECH and not self._whole_command():
            return None
        self._endpointer.end()
        self._said = []
        return self._decide(self._recogniser().FinalResult())

    def _whole_command(self) -> bool:
        """Whether the pause is long enough for what has been said so far."""
        if not CERTAIN_PAUSE_S - 0.01 < self._endpointer.silence_s < CERTAIN_PAUSE_S + 0.01:
            return False
        partial = json.loads(self._recogniser().PartialResult()).get("partial", "")
        return command_in(partial, self._phrases, self._wanted) is not None

    def _decide(self, result: str) -> tuple[Command, str, float, float] | None:
        readings = [(one["text"], one["confidence"]) for one in json.loads(result)["alternatives"]]
        likelihoods = np.exp([score - readings[0][1] for _, score in readings])
        shares: dict[Command, float] = {}
        said: dict[Command, str] = {}
        for (text, _), share in zip(readings, likelihoods / likelihoods.sum(), strict=True):
            command = command_in(text, self._phrases, self._wanted)
            if command is not None:
                shares[command] = shares.get(command, 0.0) + float(share)
                said.setdefault(command, text)
        if not shares:
            return None
        likeliest = max(shares, key=lambda command: shares[command])
        if shares[likeliest] < CONFIDENCE:
            return None
        return likeliest, said[likeliest], shares[likeliest], self._endpointer.silence_s

    def _start(self, sound: Iterable[Samples]) -> None:
        self._said = list(sound)
        recogniser = self._recogniser()
        recogniser.Reset()
        recogniser.AcceptWaveform(np.concatenate([np.zeros(0, np.int16), *self._said]).tobytes())

    def _recogniser(self) -> Any:
        if self._wanted not in self._recognisers:
            self._recognisers[self._wanted] = new_recogniser(self._model, self._grammar())
        return self._recognisers[self._wanted]

    def _grammar(self) -> list[str]:
        """The phrases of the moment, against all else that a person here may say.

        Twice the weight for what is wanted; the single words of the other commands are there to
        be recognised and refused: with "no" unknown, it was heard as "next".
        """
        wanted = [p for c in sorted(self._wanted) for p in self._phrases.get(c, ())]
        other = [
            phrase
            for command, said in self._phrases.items()
            for phrase in said
            if command not in self._wanted and " " not in phrase
        ]
        return [*wanted, *wanted, *other, *self._decoys]


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
        command: tuple(p for p in said if _knows(model, p)) for command, said in phrases.items()
    }
    unknown = tuple(p for c, said in phrases.items() for p in said if p not in known[c])
    return known, unknown


def unknown_to(language: str, text: str) -> tuple[str, ...]:
    """The words of `text` that the listening model of this language does not know."""
    words = normalised(text).split()
    model = load_model(config.models_dir() / f"vosk-{language}", words)
    return tuple(word for word in words if not _knows(model, word))


def _knows(model: Any, phrase: str) -> bool:
    return all(model.vosk_model_find_word(word) >= 0 for word in phrase.split())


def new_recogniser(model: Any, phrases: Iterable[str]) -> Any:
    vosk = vosk_library.vosk()
    # Escaped, non-ASCII words would be dropped in silence.
    grammar = json.dumps([*phrases, "[unk]"], ensure_ascii=False)
    recogniser = vosk.KaldiRecognizer(model, SAMPLE_RATE, grammar)
    recogniser.SetMaxAlternatives(ALTERNATIVES)
    return recogniser

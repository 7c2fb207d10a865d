"""Ears on Vosk: sound in, commands out, with only the phrases of the moment in the recogniser."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from math import inf
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.adapters.echo import EchoGuard
from coach.adapters.endpoint import FRAME, FRAME_S, Endpointer, Sound
from coach.adapters.talk import Talk
from coach.adapters.utterance import Utterance
from coach.adapters.vosk_recogniser import Reading, Recogniser, known_phrases, knows, load_model
from coach.domain.events import CommandHeard, Event
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE, Block
from coach.speech.commands import Phrases, command_in

Samples = npt.NDArray[np.int16]

CONFIDENCE = (0.2, 0.6, 0.9)
"""How much of the likelihood must be on one command while nothing speaks against it, one thing, or
two: `Utterance.doubts`, that it may go on, and that people are talking. With three it is none.
Measured, see docs/benchmarks.md."""

SURE = 0.6
"""To be called out of the talk of hours is worse than to be called twice: it takes so much."""

CERTAIN_PAUSE_S = 0.1
"""Pause after which a reading that is a whole command phrase already is taken as it is; the
detector of voices takes about 0.1 s more to notice that one has ended."""

AMID_TALK_PAUSE_S = 0.5
"""Where people talk, a command is followed by a longer pause than "no" in "no, I never did"."""

AT_ONCE = frozenset({Command.STOP, Command.HURTS})
"""These must be understood amid talk as easily as without, and it is hardly ever taken for them."""

LEAD_IN_S = 0.5
"""Sound before the onset that the recogniser gets too: in noise a soft consonant is in there, and
the noise itself, which it then knows from the word."""

DECOYS_PER_WEIGHT = 200
"""Each word that is no command takes some likelihood away from those that are: for so many, they
weigh one more."""

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
        self._decoys = tuple(word for word in decoys if knows(self._model, word))
        self.guard = guard
        self._clock = clock
        self._meanings = meanings
        self._recognisers: dict[frozenset[Command], Recogniser] = {}
        self._asked: frozenset[Command] = frozenset()
        self._wanted = self._asked
        self._endpointer = Endpointer()
        self._usual_pause_s = self._endpointer.hangover_s
        self._talk = Talk()
        self._rest: Samples = np.zeros(0, np.int16)
        self._lead_in: deque[Samples] = deque(maxlen=round(LEAD_IN_S / FRAME_S))
        self._said: list[Samples] = []
        self._disturbed = 0
        self._answered = False
        """Whether what is being said has been taken for a command before its end."""
        self._so_far = self._refuted = ""
        """The likeliest text; and one that was a command, but none when it was read to the end."""

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
        """Listens, and keeps account of the talk."""
        sound = self._endpointer.feed(frame)
        answered = self._answered
        heard = self._listen(frame, sound)
        self._talk.wait(FRAME_S)
        if sound is Sound.ENDED and heard is None and not answered:
            self._talk.add(self._utterance().voice_s)
        if sound in (Sound.QUIET, Sound.ENDED):
            amid_talk = self._talk.goes_on
            self._endpointer.hangover_s = AMID_TALK_PAUSE_S if amid_talk else self._usual_pause_s
        return heard

    def _listen(self, frame: Samples, sound: Sound) -> tuple[Command, str, float, float] | None:
        self._answered = self._answered and sound in (Sound.SPEECH, Sound.TOO_LONG)
        of_a_word = sound is Sound.SPEECH or (sound is Sound.ENDED and self._said)
        if not of_a_word or self._answered or not self._wanted:
            self._lead_in.append(frame)
            self._said = []
            return None
        if not self._said:
            self._start(self._lead_in)
            self._lead_in.clear()
            self._disturbed = self.guard.disturbed if self.guard is not None else 0
        self._said.append(frame)
        self._recogniser().feed(frame)
        if sound is Sound.SPEECH and not self._whole_command():
            return None
        heard = self._decide(self._recogniser().readings(), ended=sound is Sound.ENDED)
        if heard is None and sound is Sound.SPEECH:
            # A pause within a phrase, of which the recogniser had guessed the end: "hey ... coach".
            self._start(self._said, refuted=self._so_far)
            return None
        self._said = []
        self._answered = sound is Sound.SPEECH
        return heard

    def _whole_command(self) -> bool:
        """Whether the pause is long enough for what has been said so far."""
        if self._endpointer.silence_s < CERTAIN_PAUSE_S - FRAME_S / 2:
            return False
        self._so_far = self._recogniser().so_far()
        command = command_in(self._so_far, self._phrases, self._wanted)
        if command is None or self._so_far == self._refuted:
            return False
        if self._is_doubted_amid_talk(command):
            return False
        if self._may_mean_more(command, self._so_far):
            return False
        return self._least(command, self._so_far, ended=False) < 1.0

    def _may_mean_more(self, command: Command, so_far: str) -> bool:
        """Whether it is the beginning of what means something else: of "hey coach, it's Ada"."""
        return any(
            phrase.startswith(f"{so_far} ")
            and (other, self._meanings.get(phrase)) != (command, self._meanings.get(so_far))
            for other in self._wanted
            for phrase in self._phrases.get(other, ())
        )

    def _decide(
        self, readings: Iterable[Reading], ended: bool
    ) -> tuple[Command, str, float, float] | None:
        shares: dict[Command, float] = {}
        best: dict[Command, Reading] = {}
        for reading in readings:
            command = command_in(reading.text, self._phrases, self._wanted)
            if command is not None:
                shares[command] = shares.get(command, 0.0) + reading.share
                best.setdefault(command, reading)
        if not shares:
            return None
        likeliest = max(shares, key=lambda command: shares[command])
        reading = best[likeliest]
        if shares[likeliest] < self._least(likeliest, reading.text, ended):
            return None
        return likeliest, reading.text, shares[likeliest], self._endpointer.silence_s

    def _least(self, command: Command, text: str, ended: bool) -> float:
        """How much of the likelihood must be on this command; more than all of it: it is none."""
        utterance, words = self._utterance(), len(text.split())
        doubts = utterance.doubts(words) + (not ended) + self._is_doubted_amid_talk(command)
        if doubts >= len(CONFIDENCE) or not utterance.may_be(words):
            return inf
        return max(CONFIDENCE[doubts], SURE if command is Command.WAKE else 0.0)

    def _utterance(self) -> Utterance:
        guard = self.guard
        return Utterance(
            self._said,
            self._endpointer,
            guard.taken_away if guard is not None else None,
            guard is not None and guard.disturbed != self._disturbed,
        )

    def _is_doubted_amid_talk(self, command: Command) -> bool:
        return self._talk.goes_on and command not in AT_ONCE

    def _start(self, sound: Iterable[Samples], refuted: str = "") -> None:
        self._said, self._refuted = list(sound), refuted
        self._recogniser().start(np.concatenate([np.zeros(0, np.int16), *self._said]))

    def _recogniser(self) -> Recogniser:
        if self._wanted not in self._recognisers:
            self._recognisers[self._wanted] = Recogniser(self._model, self._grammar())
        return self._recognisers[self._wanted]

    def _grammar(self) -> list[str]:
        """The phrases of the moment, against all else that a person here may say.

        What is wanted has more weight, the more words there are against it; the single words of
        the other commands are there to be recognised and refused: with "no" unknown, it was heard
        as "next".
        """
        wanted = [p for c in sorted(self._wanted) for p in self._phrases.get(c, ())]
        other = [
            phrase
            for command, said in self._phrases.items()
            for phrase in said
            if command not in self._wanted and " " not in phrase
        ]
        weight = 2 + len(self._decoys) // DECOYS_PER_WEIGHT
        return [*weight * wanted, *other, *self._decoys]

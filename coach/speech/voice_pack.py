"""A voice pack: everything the coach says and understands in one language, as checked data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from coach.domain.effects import Cue
from coach.domain.people import GUEST
from coach.domain.terms import Command
from coach.speech.commands import Phrases, normalised, standing_alone

_BLANK = re.compile(r"\{(\w+)(?::(\w+))?\}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_KEYS = {"language", "name", "voice", "commands", "names", "decoys", "numbers", "cues"}


class PackError(ValueError):
    """A pack is wrong; the text is one plain sentence naming the place and the remedy."""


@dataclass(frozen=True, slots=True)
class VoicePack:
    """One language.

    language: its code, also the name of the pack's folder and of the recogniser's model
    voice: settings for the speech engines ("espeak": voice name, "rate": words per minute, ...)
    phrases: what can be said for each command, normalised; one with a number in it is there once
        for each number that it can hold
    meanings: that number, by phrase
    naming: phrases that hold a name, by command; `with_names` makes phrases of them
    names: words that take a name's place, for those who have none: `me` and `guest`
    decoys: short words that a recogniser should know as *not* a command
    numbers: named lists of number words from zero on ("count", "of", ...); a number beyond the
        list is written in digits, which every voice can read
    cues: text per cue id; `{blank}` takes a value, `{blank:list}` spells it with a number list
    """

    language: str
    name: str
    voice: Mapping[str, str | int]
    phrases: Phrases
    decoys: tuple[str, ...]
    numbers: Mapping[str, tuple[str, ...]]
    cues: Mapping[str, str]
    meanings: Mapping[str, str | int] = field(default_factory=dict)
    naming: Phrases = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def with_names(self, names: Iterable[str]) -> "VoicePack":
        """The same pack, in which these people, and a guest, can say that it is them."""
        phrases, meanings = dict(self.phrases), dict(self.meanings)
        known = {name: self.names.get(name, (name,)) for name in (*names, GUEST)}
        spoken = [(word, name) for name, words in known.items() for word in words]
        for command, templates in self.naming.items():
            for word, name in spoken:
                said = tuple(normalised(_BLANK.sub(word, one)) for one in templates)
                phrases[command] = (*phrases[command], *said)
                meanings |= dict.fromkeys(said, name)
        return replace(self, phrases=phrases, meanings=meanings)

    def text(self, cue: Cue) -> str:
        """What to say for a cue; raises `PackError` for an unknown cue or a blank without value."""
        if cue.id not in self.cues:
            raise PackError(
                f"The voice pack '{self.language}' has no cue '{cue.id}'; "
                f"add it under 'cues' in its pack.yaml."
            )
        values = dict(cue.values)

        def fill(blank: re.Match[str]) -> str:
            name, words = blank.groups()
            if name not in values:
                raise PackError(f"Cue '{cue.id}' was spoken without a value for '{{{name}}}'.")
            return self._said(values[name], words)

        return _BLANK.sub(fill, self.cues[cue.id])

    def _said(self, value: str | int, words: str | None) -> str:
        spelt = self.numbers[words] if words is not None else ()
        if isinstance(value, int) and 0 <= value < len(spelt):
            return spelt[value]
        return str(value)

    def blanks(self, cue_id: str) -> frozenset[str]:
        return frozenset(name for name, _ in _BLANK.findall(self.cues[cue_id]))

    def sentences_ahead(self, values: Mapping[str, Iterable[str | int]]) -> tuple[str, ...]:
        """Every sentence the coach may say, for rendering before it is needed.

        values: what each blank may take; a sentence with a blank that is not in here is left out
        """
        found: dict[str, None] = {}
        for text in self.cues.values():
            for sentence in sentences(text):
                for filled in self._all_filled(sentence, values):
                    found[filled] = None
        return tuple(found)

    def _all_filled(self, text: str, values: Mapping[str, Iterable[str | int]]) -> Iterable[str]:
        blank = _BLANK.search(text)
        if blank is None:
            return [text]
        name, words = blank.groups()
        return [
            done
            for value in values.get(name, ())
            for done in self._all_filled(
                text[: blank.start()] + self._said(value, words) + text[blank.end() :], values
            )
        ]


def sentences(text: str) -> tuple[str, ...]:
    """A cue as the sentences that are rendered one by one: so few sounds make many cues."""
    return tuple(_SENTENCE_END.split(text))


def pack_from(data: object) -> VoicePack:
    """A pack from parsed YAML; raises `PackError` for the first thing that is wrong."""
    root = _mapping(data, "the pack")
    if unknown := sorted(set(root) - _KEYS):
        raise PackError(f"Unknown key '{unknown[0]}'; allowed are {', '.join(sorted(_KEYS))}.")
    numbers = MappingProxyType(
        {
            k: _texts(v, f"numbers.{k}")
            for k, v in _mapping(root.get("numbers", {}), "numbers").items()
        }
    )
    phrases, meanings, naming = _phrases(_mapping(root.get("commands"), "commands"), numbers)
    pack = VoicePack(
        language=_text(root.get("language"), "language"),
        name=_text(root.get("name"), "name"),
        voice=MappingProxyType(
            {
                k: v if isinstance(v, int) else _text(v, f"voice.{k}")
                for k, v in _mapping(root.get("voice", {}), "voice").items()
            }
        ),
        phrases=phrases,
        decoys=tuple(normalised(word) for word in _texts(root.get("decoys", []), "decoys")),
        numbers=numbers,
        cues=MappingProxyType(
            {k: _text(v, f"cues.{k}") for k, v in _mapping(root.get("cues"), "cues").items()}
        ),
        meanings=meanings,
        naming=naming,
        names=MappingProxyType(
            {
                k: _texts(v, f"names.{k}")
                for k, v in _mapping(root.get("names", {}), "names").items()
            }
        ),
    )
    _check(pack)
    return pack


def missing_from(pack: VoicePack, complete: VoicePack) -> tuple[str, ...]:
    """What `pack` lacks, has too much or fills in differently, against a complete pack."""
    found = [f"cue '{cue}' is missing" for cue in complete.cues if cue not in pack.cues]
    found += [f"cue '{cue}' is not one the coach uses" for cue in pack.cues
              if cue not in complete.cues]  # fmt: skip
    found += [
        f"cue '{cue}' must use the blanks {sorted(complete.blanks(cue))}, not "
        f"{sorted(pack.blanks(cue))}"
        for cue in complete.cues
        if cue in pack.cues and pack.blanks(cue) != complete.blanks(cue)
    ]
    return tuple(found)


def _check(pack: VoicePack) -> None:
    if absent := [command.value for command in Command if not pack.phrases.get(command)]:
        raise PackError(f"The command '{absent[0]}' has no phrase; add one under 'commands'.")
    meaning: dict[str, Command] = {}
    for command, phrases in pack.phrases.items():
        for phrase in phrases:
            if meaning.setdefault(phrase, command) is not command:
                raise PackError(
                    f"The phrase '{phrase}' means both '{meaning[phrase]}' and '{command}'; "
                    f"keep it under one of them."
                )
    if stolen := [word for word in pack.decoys if word in meaning]:
        raise PackError(f"The decoy '{stolen[0]}' is a command phrase; take it out of 'decoys'.")
    for cue_id, text in pack.cues.items():
        for _, words in _BLANK.findall(text):
            if words and words not in pack.numbers:
                raise PackError(f"Cue '{cue_id}' spells with '{words}', which 'numbers' has not.")
        if alone := standing_alone(text, pack.phrases):
            raise PackError(
                f"Cue '{cue_id}' says the command '{alone[0]}' alone between two pauses, where "
                f"the coach could obey itself; put it inside a longer run of words."
            )


def _phrases(
    data: Mapping[str, object], numbers: Mapping[str, tuple[str, ...]]
) -> tuple[Phrases, Mapping[str, str | int], Phrases]:
    """Phrases, the numbers in them, and the templates that wait for a name."""
    known = {command.value for command in Command}
    if unknown := sorted(set(data) - known):
        raise PackError(f"Unknown command '{unknown[0]}'; known are {', '.join(sorted(known))}.")
    phrases: dict[Command, tuple[str, ...]] = {}
    naming: dict[Command, tuple[str, ...]] = {}
    meanings: dict[str, str | int] = {}
    for key, value in data.items():
        plain: list[str] = []
        for said in _texts(value, f"commands.{key}"):
            blank = _BLANK.search(said)
            if blank is None:
                plain.append(normalised(said))
            elif blank[2] is None:
                naming[Command(key)] = (*naming.get(Command(key), ()), said)
            elif blank[2] in numbers:
                for number, word in list(enumerate(numbers[blank[2]]))[1:]:
                    plain.append(normalised(said[: blank.start()] + word + said[blank.end() :]))
                    meanings[plain[-1]] = number
            else:
                raise PackError(f"A phrase of '{key}' counts with '{blank[2]}', not in 'numbers'.")
        phrases[Command(key)] = tuple(plain)
    return MappingProxyType(phrases), MappingProxyType(meanings), MappingProxyType(naming)


def _mapping(data: object, where: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise PackError(f"'{where}' must be a table of names and values.")
    return {str(key): value for key, value in data.items()}


def _texts(data: object, where: str) -> tuple[str, ...]:
    if isinstance(data, str) or not isinstance(data, Iterable):
        raise PackError(f"'{where}' must be a list of texts.")
    return tuple(_text(item, where) for item in data)


def _text(data: object, where: str) -> str:
    # YAML reads an unquoted yes or no as a truth value: a classic trap in this very file.
    if not isinstance(data, str) or not data.strip():
        raise PackError(f"'{where}' must be a text; put it in quotes.")
    return " ".join(data.split())

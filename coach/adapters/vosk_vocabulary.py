"""A Vosk model with only the words that the coach listens for: 60 MB less of memory each.

Beside its sounds, a Vosk model holds a big grammar of a language, with every word of it twice
(`Gr.fst`). A recogniser with phrases of its own makes its own grammar and only looks up the
numbers of its words there. So Vosk gets a folder of links to the model's files, with a grammar of
nothing in place of the big one: what is heard is the same to the last digit.

Format: OpenFst's `FstHeader`, `SymbolTable` and `VectorFst` (fst.cc, symbol-table.cc), in the
machine's byte order, which is little-endian wherever Vosk runs.
"""

import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

GRAMMAR = "Gr.fst"

_FST, _SYMBOLS = 2125659606, 2125658996
"""The magic numbers of an automaton and of a table of symbols."""

_HAS_INPUTS, _HAS_OUTPUTS = 1, 2
_EXPANDED_MUTABLE = 3
_ALWAYS = ("<eps>", "[unk]")


@contextmanager
def only(words: Iterable[str], folder: Path) -> Iterator[Path]:
    """A folder to load the model of `folder` from, as long as the context lasts.

    It is `folder` itself, with all its words, where no other folder can be made (a full disk) or
    the grammar is of another format.
    """
    with tempfile.TemporaryDirectory(prefix="coach-model-", ignore_cleanup_errors=True) as made:
        try:
            _link(folder, Path(made), frozenset(words))
        except (OSError, ValueError, struct.error):
            yield folder
        else:
            yield Path(made)


def _link(folder: Path, made: Path, words: frozenset[str]) -> None:
    for source in filter(Path.is_file, folder.rglob("*")):
        link = made / source.relative_to(folder)
        link.parent.mkdir(parents=True, exist_ok=True)
        if source.name == GRAMMAR:
            link.write_bytes(_empty_grammar(_numbers(source.read_bytes(), words)))
        else:
            link.symlink_to(source.absolute())


def _numbers(grammar: bytes, words: frozenset[str]) -> Mapping[str, int]:
    """The numbers of those of `words` that the model knows."""
    reader = _Reader(grammar)
    if reader.number("<i") != _FST:
        raise ValueError("not an automaton")
    reader.text()  # the automaton's type, and its arcs'
    reader.text()
    reader.skip("<i")  # version
    flags = reader.number("<i")
    if not flags & (_HAS_INPUTS | _HAS_OUTPUTS):
        raise ValueError("the words are elsewhere")
    reader.skip("<Qqqq")  # properties, start, states, arcs
    if reader.number("<i") != _SYMBOLS:
        raise ValueError("not a table of symbols")
    reader.text()  # the table's name
    reader.skip("<q")  # the next free number
    known = ((reader.text(), reader.number("<q")) for _ in range(reader.number("<q")))
    wanted = {word.encode() for word in (*words, *_ALWAYS)}
    return {word.decode(): number for word, number in known if word in wanted}


def _empty_grammar(numbers: Mapping[str, int]) -> bytes:
    """An automaton of a single state, whose words have these numbers."""
    table = [_text("words"), struct.pack("<qq", max(numbers.values()) + 1, len(numbers))]
    table += [_text(word) + struct.pack("<q", number) for word, number in numbers.items()]
    header = _text("vector") + _text("standard")
    header += struct.pack("<iiQqqq", 2, _HAS_OUTPUTS, _EXPANDED_MUTABLE, 0, 1, 0)
    final_state = struct.pack("<fq", 0.0, 0)
    return b"".join([_magic(_FST), header, _magic(_SYMBOLS), *table, final_state])


def _magic(number: int) -> bytes:
    return struct.pack("<i", number)


def _text(text: str) -> bytes:
    return struct.pack("<i", len(text.encode())) + text.encode()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, form: str) -> int:
        (value,) = struct.unpack_from(form, self._data, self._at)
        self.skip(form)
        return int(value)

    def text(self) -> bytes:
        length = self.number("<i")
        self._at += length
        return self._data[self._at - length : self._at]

    def skip(self, form: str) -> None:
        self._at += struct.calcsize(form)

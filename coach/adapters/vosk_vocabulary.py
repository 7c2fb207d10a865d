"""A Vosk model with only the words that the coach listens for, in a fraction of the memory.

Beside its sounds, a Vosk model holds a big grammar of a language, with every word of it twice
(`Gr.fst`), and a lexicon of them all (`HCLr.fst`). A recogniser with phrases of its own makes its
own grammar, only looks up the numbers of its words in the big one, and only follows their paths in
the lexicon. So Vosk gets a folder of links to the model's files, with a grammar of nothing and a
lexicon of these words: every reading is the same, its likelihood to a millionth.

Format of the grammar: OpenFst's `VectorFst` with a `SymbolTable`.
"""

import mmap
import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from coach.adapters import openfst, vosk_lexicon

GRAMMAR, LEXICON = "Gr.fst", "HCLr.fst"

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
    (grammar,) = folder.rglob(GRAMMAR)
    numbers = _numbers(grammar.read_bytes(), words)
    for source in filter(Path.is_file, folder.rglob("*")):
        link = made / source.relative_to(folder)
        link.parent.mkdir(parents=True, exist_ok=True)
        if source.name == GRAMMAR:
            link.write_bytes(_empty_grammar(numbers))
        elif source.name == LEXICON:
            with source.open("rb") as file:
                whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                link.write_bytes(vosk_lexicon.cut(whole, numbers.values()))
        else:
            link.symlink_to(source.absolute())


def _numbers(grammar: bytes, words: frozenset[str]) -> Mapping[str, int]:
    """The numbers of those of `words` that the model knows."""
    reader = openfst.Reader(grammar)
    reader.expect(openfst.FST)
    reader.text()  # the automaton's type, and its arcs'
    reader.text()
    reader.skip("<i")  # version
    flags = reader.number()
    if not flags & (_HAS_INPUTS | _HAS_OUTPUTS):
        raise ValueError("the words are elsewhere")
    reader.skip("<Qqqq")  # properties, start, states, arcs
    reader.expect(openfst.SYMBOLS)
    reader.text()  # the table's name
    reader.skip("<q")  # the next free number
    known = ((reader.text(), reader.number("<q")) for _ in range(reader.number("<q")))
    wanted = {word.encode() for word in (*words, *_ALWAYS)}
    return {word.decode(): number for word, number in known if word in wanted}


def _empty_grammar(numbers: Mapping[str, int]) -> bytes:
    """An automaton of a single state, whose words have these numbers."""
    table = [openfst.text(b"words"), struct.pack("<qq", max(numbers.values()) + 1, len(numbers))]
    table += [openfst.text(word.encode()) + struct.pack("<q", n) for word, n in numbers.items()]
    header = openfst.number(openfst.FST) + openfst.text(b"vector") + openfst.text(b"standard")
    header += struct.pack("<iiQqqq", 2, _HAS_OUTPUTS, _EXPANDED_MUTABLE, 0, 1, 0)
    final_state = struct.pack("<fq", 0.0, 0)
    return b"".join([header, openfst.number(openfst.SYMBOLS), *table, final_state])

"""The little of OpenFst's file format that is needed to make a Vosk model smaller.

Format: `FstHeader`, `SymbolTable` (fst.cc, symbol-table.cc), in the machine's byte order, which is
little-endian wherever Vosk runs.
"""

import struct
from mmap import mmap

FST, SYMBOLS, ADD_ON = 2125659606, 2125658996, 446681434
"""The magic numbers of an automaton, of a table of symbols, and of an automaton's add-on."""


def number(value: int) -> bytes:
    return struct.pack("<i", value)


def text(value: bytes) -> bytes:
    return number(len(value)) + value


class Reader:
    """Reads one field after the other; raises `struct.error` behind the end."""

    def __init__(self, data: bytes | mmap) -> None:
        self._data = data
        self.at = 0

    def number(self, form: str = "<i") -> int:
        (value,) = struct.unpack_from(form, self._data, self.at)
        self.skip(form)
        return int(value)

    def text(self) -> bytes:
        length = self.number()
        self.at += length
        return self._data[self.at - length : self.at]

    def skip(self, form: str) -> None:
        self.at += struct.calcsize(form)

    def expect(self, magic: int, *names: bytes) -> None:
        """Raises `ValueError` where something else follows."""
        if self.number() != magic or any(self.text() != name for name in names):
            raise ValueError("a file of another format")

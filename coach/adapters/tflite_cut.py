"""Split a TFLite model in two, in memory: all but one output, and the branch that makes this one.

The branch can also be made smaller, to compute a part of its picture.

A TFLite file is a flatbuffer: a subgraph lists its inputs, its outputs and its operators in three
vectors. The operators that a part does not need are dropped by moving the others forward and
lowering the stored length; new lists of inputs and outputs go to the end. Everything stays where it
is, so that no schema is needed; where a part has no use for weights, it has a hole. Both parts
number their tensors alike, and what they compute is bit-identical, because what computes it is
untouched.

Format: https://flatbuffers.dev/internals and `schema.fbs` of TensorFlow Lite (field numbers below).
"""

import struct
from collections.abc import Sequence
from mmap import PAGESIZE, mmap

_MODEL_SUBGRAPHS, _MODEL_BUFFERS = 2, 4
_SUBGRAPH_TENSORS, _SUBGRAPH_INPUTS, _SUBGRAPH_OUTPUTS, _SUBGRAPH_OPERATORS = 0, 1, 2, 3
_TENSOR_SHAPE, _TENSOR_BUFFER = 0, 2
_BUFFER_DATA = 0
_OPERATOR_INPUTS, _OPERATOR_OUTPUTS = 1, 2

Editable = bytearray | mmap
"""A model that may be scribbled in; the answers are copies."""
Pieces = list[tuple[int, bytes]]
"""A model with holes: what there is of it, each after its position."""


def body(model: Editable, shape: tuple[int, ...]) -> Pieces:
    """The model without its output of this shape.

    Beside its other outputs it gives out the tensors that the branch takes in, by the same index.
    ValueError when the model has no output of this shape.
    """
    buffer = _Flatbuffer(model)
    _, kept, handed = _seam(buffer, shape)
    return _part(buffer, buffer.ints(buffer.subgraph(), _SUBGRAPH_INPUTS), [*kept, *handed])


def branch(model: Editable, shape: tuple[int, ...], side: int) -> Pieces:
    """What makes the output of this shape, and nothing else, from what the body gives out.

    shape: (1, n, n, channels)
    side: how large a square of the output is made; what goes in is as much smaller. A branch of
        convolutions does not care, but for what its padding leads in from the edges.
    """
    buffer = _Flatbuffer(model)
    cut, _, handed = _seam(buffer, shape)
    _narrow(buffer, handed, cut, side / shape[1])
    return _part(buffer, handed, cut)


def _seam(buffer: "_Flatbuffer", shape: tuple[int, ...]) -> tuple[list[int], list[int], list[int]]:
    """The outputs of this shape, the others, and the tensors between body and branch."""
    subgraph = buffer.subgraph()
    tensors = buffer.tables(subgraph, _SUBGRAPH_TENSORS)
    outputs = buffer.ints(subgraph, _SUBGRAPH_OUTPUTS)
    cut = [o for o in outputs if buffer.ints(tensors[o], _TENSOR_SHAPE) == list(shape)]
    if not cut:
        raise ValueError(f"the model has no output of shape {shape}")
    kept = [o for o in outputs if o not in cut]
    shared = set(_needed(buffer, kept))
    own = [o for o in _needed(buffer, cut) if o not in shared]
    taken = {t for o in own for t in buffer.ints(o, _OPERATOR_INPUTS)}
    made = {t for o in shared for t in buffer.ints(o, _OPERATOR_OUTPUTS)}
    made |= set(buffer.ints(subgraph, _SUBGRAPH_INPUTS))
    return cut, kept, sorted(taken & made)


def _narrow(buffer: "_Flatbuffer", inputs: list[int], outputs: list[int], share: float) -> None:
    """Scale rows and columns of the inputs, and of every size to which a tensor is enlarged."""
    tensors = buffer.tables(buffer.subgraph(), _SUBGRAPH_TENSORS)
    stored = buffer.tables(buffer.root(), _MODEL_BUFFERS)
    sizes = {buffer.vector(tensors[i], _TENSOR_SHAPE) + 8 for i in inputs}
    for operator in _needed(buffer, outputs, inputs):
        for i in buffer.ints(operator, _OPERATOR_INPUTS):
            if buffer.ints(tensors[i], _TENSOR_SHAPE) == [2]:  # the constant of a resize
                constant = stored[buffer.uint(tensors[i], _TENSOR_BUFFER)]
                sizes.add(buffer.vector(constant, _BUFFER_DATA) + 4)
    for rows_and_columns in sizes:
        buffer.scale_pair(rows_and_columns, share)


def _part(buffer: "_Flatbuffer", inputs: list[int], outputs: list[int]) -> Pieces:
    """The model with these inputs and outputs, by tensor index, and only what they need."""
    subgraph = buffer.subgraph()
    operators = _needed(buffer, outputs, inputs)
    holes = _unused(buffer, operators)
    buffer.write_tables(subgraph, _SUBGRAPH_OPERATORS, operators)
    buffer.append_ints(subgraph, _SUBGRAPH_INPUTS, inputs)
    buffer.append_ints(subgraph, _SUBGRAPH_OUTPUTS, outputs)
    return buffer.pieces(holes)


def _unused(buffer: "_Flatbuffer", operators: list[int]) -> list[tuple[int, int]]:
    """Where the weights are, from and to, that these operators do not take in."""
    tensors = buffer.tables(buffer.subgraph(), _SUBGRAPH_TENSORS)
    taken = {t for o in operators for t in buffer.ints(o, _OPERATOR_INPUTS) if t >= 0}
    used = {buffer.uint(tensors[t], _TENSOR_BUFFER) for t in taken}
    stored = enumerate(buffer.tables(buffer.root(), _MODEL_BUFFERS))
    places = (buffer.bytes_of(table, _BUFFER_DATA) for n, table in stored if n not in used)
    # What is smaller than a page saves nothing, and may be a note on the model instead of weights.
    return sorted((start, end) for start, end in places if end - start > PAGESIZE)


def _needed(buffer: "_Flatbuffer", outputs: list[int], given: Sequence[int] = ()) -> list[int]:
    """The operators, in their order, that these tensors need beyond those given."""
    needed = set(outputs).difference(given)
    found = []
    for operator in reversed(buffer.tables(buffer.subgraph(), _SUBGRAPH_OPERATORS)):
        # They are stored in the order of execution.
        if not needed.isdisjoint(buffer.ints(operator, _OPERATOR_OUTPUTS)):
            needed.update(buffer.ints(operator, _OPERATOR_INPUTS))
            needed.difference_update(given)
            found.append(operator)
    return found[::-1]


class _Flatbuffer:
    """The few reads and writes of a flatbuffer that the cut needs; positions are absolute."""

    def __init__(self, data: Editable) -> None:
        self.data = data
        self._added = bytearray()

    def pieces(self, holes: list[tuple[int, int]]) -> Pieces:
        """Everything but the holes, which are given in order, from and to."""
        starts = [0, *(end for _, end in holes)]
        ends = [*(start for start, _ in holes), len(self.data)]
        kept = [(s, bytes(self.data[s:e])) for s, e in zip(starts, ends, strict=True)]
        return [*kept, (len(self.data), bytes(self._added))]

    def root(self) -> int:
        return self._uint(0)

    def subgraph(self) -> int:
        return self.tables(self.root(), _MODEL_SUBGRAPHS)[0]

    def tables(self, table: int, field: int) -> list[int]:
        start = self.vector(table, field)
        slots = range(start + 4, start + 4 + 4 * self._uint(start), 4)
        return [slot + self._uint(slot) for slot in slots]

    def ints(self, table: int, field: int) -> list[int]:
        start = self.vector(table, field)
        return list(struct.unpack_from(f"<{self._uint(start)}i", self.data, start + 4))

    def uint(self, table: int, field: int) -> int:
        slot = self._slot(table, field)
        return 0 if slot == table else self._uint(slot)

    def bytes_of(self, table: int, field: int) -> tuple[int, int]:
        """Where the field's bytes are, from and to; nothing at 0 when it is left out."""
        slot = self._slot(table, field)
        if slot == table:
            return 0, 0
        start = slot + self._uint(slot) + 4
        return start, start + self._uint(start - 4)

    def scale_pair(self, position: int, share: float) -> None:
        pair = struct.unpack_from("<2i", self.data, position)
        struct.pack_into("<2i", self.data, position, *(int(n * share) for n in pair))

    def append_ints(self, table: int, field: int, values: list[int]) -> None:
        """The field gets a new vector, at the end of the data."""
        self._added += bytes(-(len(self.data) + len(self._added)) % 4)
        slot = self._slot(table, field)
        struct.pack_into("<I", self.data, slot, len(self.data) + len(self._added) - slot)
        self._added += struct.pack(f"<I{len(values)}i", len(values), *values)

    def write_tables(self, table: int, field: int, tables: list[int]) -> None:
        start = self.vector(table, field)
        # An offset is unsigned and counts from its own slot: a slot that moves forward in the
        # vector only gets a longer way to its table.
        offsets = [target - (start + 4 + 4 * i) for i, target in enumerate(tables)]
        struct.pack_into(f"<I{len(offsets)}I", self.data, start, len(offsets), *offsets)

    def vector(self, table: int, field: int) -> int:
        """Where the field's vector is: its length, then what it holds."""
        slot = self._slot(table, field)
        return slot + self._uint(slot)

    def _slot(self, table: int, field: int) -> int:
        """Where the table keeps this field, or its vector's offset; its start for one left out."""
        vtable = table - struct.unpack_from("<i", self.data, table)[0]
        (length,) = struct.unpack_from("<H", self.data, vtable)
        if length <= 4 + 2 * field:
            return table
        (entry,) = struct.unpack_from("<H", self.data, vtable + 4 + 2 * field)
        return table + int(entry)

    def _uint(self, position: int) -> int:
        return int(struct.unpack_from("<I", self.data, position)[0])

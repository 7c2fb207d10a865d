"""Cut an output and everything that only it needs out of a TFLite model, in memory.

A TFLite file is a flatbuffer: a subgraph lists its outputs and its operators in two vectors. The
operators that the remaining outputs do not need are dropped by moving the others forward and
lowering the stored lengths, so that the weights stay where they are and no schema is needed. The
kept outputs are bit-identical, because what computes them is untouched.

Format: https://flatbuffers.dev/internals and `schema.fbs` of TensorFlow Lite (field numbers below).
"""

import struct

_MODEL_SUBGRAPHS = 2
_SUBGRAPH_TENSORS, _SUBGRAPH_OUTPUTS, _SUBGRAPH_OPERATORS = 0, 2, 3
_TENSOR_SHAPE = 0
_OPERATOR_INPUTS, _OPERATOR_OUTPUTS = 1, 2


def cut_output(model: bytes, shape: tuple[int, ...]) -> bytes:
    """The model without its output of this shape; ValueError when it has none."""
    buffer = _Flatbuffer(model)
    subgraph = buffer.tables(buffer.root(), _MODEL_SUBGRAPHS)[0]
    tensors = buffer.tables(subgraph, _SUBGRAPH_TENSORS)
    operators = buffer.tables(subgraph, _SUBGRAPH_OPERATORS)
    outputs = buffer.ints(subgraph, _SUBGRAPH_OUTPUTS)

    kept = [o for o in outputs if buffer.ints(tensors[o], _TENSOR_SHAPE) != list(shape)]
    if len(kept) == len(outputs):
        raise ValueError(f"the model has no output of shape {shape}")
    needed = set(kept)
    needed_operators = []
    for operator in reversed(operators):  # operators are stored in the order of execution
        if needed & set(buffer.ints(operator, _OPERATOR_OUTPUTS)):
            needed |= set(buffer.ints(operator, _OPERATOR_INPUTS))
            needed_operators.append(operator)

    buffer.write_ints(subgraph, _SUBGRAPH_OUTPUTS, kept)
    buffer.write_tables(subgraph, _SUBGRAPH_OPERATORS, needed_operators[::-1])
    return bytes(buffer.data)


class _Flatbuffer:
    """The few reads and writes of a flatbuffer that the cut needs; positions are absolute."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)

    def root(self) -> int:
        return self._uint(0)

    def tables(self, table: int, field: int) -> list[int]:
        start = self._vector(table, field)
        slots = range(start + 4, start + 4 + 4 * self._uint(start), 4)
        return [slot + self._uint(slot) for slot in slots]

    def ints(self, table: int, field: int) -> list[int]:
        start = self._vector(table, field)
        return list(struct.unpack_from(f"<{self._uint(start)}i", self.data, start + 4))

    def write_ints(self, table: int, field: int, values: list[int]) -> None:
        start = self._vector(table, field)
        struct.pack_into(f"<I{len(values)}i", self.data, start, len(values), *values)

    def write_tables(self, table: int, field: int, tables: list[int]) -> None:
        start = self._vector(table, field)
        # An offset is unsigned and counts from its own slot: a slot that moves forward in the
        # vector only gets a longer way to its table.
        offsets = [target - (start + 4 + 4 * i) for i, target in enumerate(tables)]
        struct.pack_into(f"<I{len(offsets)}I", self.data, start, len(offsets), *offsets)

    def _vector(self, table: int, field: int) -> int:
        vtable = table - struct.unpack_from("<i", self.data, table)[0]
        (entry,) = struct.unpack_from("<H", self.data, vtable + 4 + 2 * field)
        start: int = table + entry
        return start + self._uint(start)

    def _uint(self, position: int) -> int:
        return int(struct.unpack_from("<I", self.data, position)[0])

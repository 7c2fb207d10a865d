"""The lexicon of a Vosk model (`HCLr.fst`), cut to the paths of some words.

It leads from sounds to every word of a language, and says of each state which words can come next.
A recogniser with phrases of its own only ever follows the paths of their words, so nothing else has
to be in memory.

Format: OpenFst's "olabel_lookahead", which is an `AddOnFst` of a `ConstFst` and the
`LabelReachableData` of its words (add-on.h, const-fst.h, label-reachable.h, interval-set.h).
"""

import struct
from collections.abc import Collection, Iterator
from itertools import groupby
from mmap import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.adapters import openfst

Numbers = npt.NDArray[np.int64]

_STATE = np.dtype(
    [("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("no_input", "<u4"), ("no_output", "<u4")]
)
_ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("weight", "<f4"), ("to", "<i4")])
_REACHABLE = bytes((1, 0, 1, 0, 0))
"""There is an add-on, of outputs only, by output, without the numbers that words had before."""


def cut(lexicon: bytes | mmap, words: Collection[int]) -> bytes:
    """The same file with the paths of these words, which are its numbers of them.

    Raises `ValueError` or `struct.error` where the file has another format.
    """
    reader = openfst.Reader(lexicon)
    reader.expect(openfst.FST, b"olabel_lookahead", b"standard")
    reader.skip("<iiQqqq")
    outer = lexicon[: reader.at]
    reader.expect(openfst.ADD_ON)
    reader.expect(openfst.FST, b"const", b"standard")
    version, flags = reader.number(), reader.number()
    properties, start = reader.number("<Q"), reader.number("<q")
    state_count, arc_count = reader.number("<q"), reader.number("<q")
    if (version, flags) != (2, 0):
        raise ValueError("a file of another version")
    states = np.frombuffer(lexicon, _STATE, state_count, reader.at)
    arcs = np.frombuffer(lexicon, _ARC, arc_count, reader.at + states.nbytes)
    end = reader.at + states.nbytes + arcs.nbytes
    if lexicon[end : end + len(_REACHABLE)] != _REACHABLE:
        raise ValueError("words are looked up in another way")
    (final_label,) = struct.unpack_from("<i", lexicon, end + len(_REACHABLE))

    kept, kept_arcs = _paths(states, arcs, start, words)
    few_states, few_arcs = _renumbered(states, arcs, kept, kept_arcs)
    counts = (int(np.searchsorted(kept, start)), len(few_states), len(few_arcs))
    header = openfst.number(openfst.FST) + openfst.text(b"const") + openfst.text(b"standard")
    header += struct.pack("<iiQqqq", version, flags, properties, *counts)
    reachable = struct.pack("<iq", final_label, len(few_states))
    return b"".join(
        [
            *(outer, openfst.number(openfst.ADD_ON), header),
            *(few_states.tobytes(), few_arcs.tobytes()),
            *(_REACHABLE, reachable, *_next_words(few_states, few_arcs, final_label)),
        ]
    )


def _paths(states: Any, arcs: Any, start: int, words: Collection[int]) -> tuple[Numbers, Numbers]:
    """Numbers of the states and of the arcs on a path of `words` from the start to an end."""
    wanted = np.zeros(int(arcs["output"].max()) + 1, bool)
    wanted[[0, *words]] = True  # 0: no word yet
    seen = np.zeros(len(states), bool)
    fresh = np.array([start])
    steps = []
    while len(fresh):
        seen[fresh] = True
        origin, onward = _arcs_of(fresh, states)
        allowed = wanted[arcs["output"][onward]]
        origin, onward = origin[allowed], onward[allowed]
        to = arcs["to"][onward]
        steps.append((origin, onward, to))
        fresh = np.unique(to[~seen[to]])
    origin, onward, to = (np.concatenate(part) for part in zip(*steps, strict=True))
    leads = seen & np.isfinite(states["final"])
    before = -1
    while before != (before := int(leads.sum())):
        leads[origin[leads[to]]] = True
    return np.flatnonzero(leads), np.sort(onward[leads[origin] & leads[to]])


def _arcs_of(some: Numbers, states: Any) -> tuple[Numbers, Numbers]:
    """Of each arc of some states its state's number and its own."""
    counts = states["arcs"][some].astype(np.int64)
    before = np.cumsum(counts) - counts
    numbers = np.arange(counts.sum()) + np.repeat(states["first"][some] - before, counts)
    return np.repeat(some, counts), numbers


def _renumbered(states: Any, arcs: Any, kept: Numbers, kept_arcs: Numbers) -> tuple[Any, Any]:
    few_states, few_arcs = states[kept].copy(), arcs[kept_arcs].copy()
    few_arcs["to"] = np.searchsorted(kept, few_arcs["to"])
    origin = np.searchsorted(kept_arcs, states["first"][kept])
    ends = np.searchsorted(kept_arcs, states["first"][kept] + states["arcs"][kept])
    few_states["first"], few_states["arcs"] = origin, ends - origin
    for state, first, end in zip(few_states, origin, ends, strict=True):
        state["no_input"] = np.count_nonzero(few_arcs["input"][first:end] == 0)
        state["no_output"] = np.count_nonzero(few_arcs["output"][first:end] == 0)
    return few_states, few_arcs


def _next_words(states: Any, arcs: Any, final_label: int) -> Iterator[bytes]:
    """Of each state the words that can come next, as intervals of their numbers."""
    onward = [
        arcs[first : first + count].tolist()
        for first, count in zip(states["first"].tolist(), states["arcs"].tolist(), strict=True)
    ]
    reached: list[set[int]] = [
        {final_label} if final else set() for final in np.isfinite(states["final"]).tolist()
    ]
    grown = True
    while grown:
        grown = False
        for one, arcs_of_one in zip(reached, onward, strict=True):
            before = len(one)
            for _, output, _, to in arcs_of_one:
                one |= {output} if output else reached[to]
            grown = grown or len(one) > before
    for one in reached:
        runs = [list(run) for _, run in groupby(enumerate(sorted(one)), lambda at: at[1] - at[0])]
        intervals = [(run[0][1], run[-1][1] + 1) for run in runs]
        yield struct.pack("<q", len(intervals))
        yield b"".join(struct.pack("<ii", *interval) for interval in intervals)
        yield struct.pack("<i", len(one))

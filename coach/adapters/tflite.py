"""Loads TensorFlow Lite models with whichever runtime is installed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from mmap import ACCESS_COPY, mmap
from pathlib import Path
from typing import Any

from coach.adapters.tflite_cut import Pieces
from coach.ports import DeviceError


def mapped(path: Path) -> mmap:
    """A private copy of the file, in memory only where it is written to.

    Raises DeviceError when it is not there or empty.
    """
    try:
        with path.open("rb") as file:
            return mmap(file.fileno(), 0, access=ACCESS_COPY)
    except OSError as error:
        raise DeviceError(
            f"The pose model {path.name} is missing from {path.parent}: "
            f"run `coach models fetch {path.name}`."
        ) from error
    except ValueError as error:
        raise damaged() from error


def interpreter(model: Path | Pieces, threads: int) -> Any:
    """An interpreter that is ready to run; raises DeviceError when there is none.

    The maker's current runtime first, then its last predecessor: both run these models. A file is
    mapped and not copied, which saves its size in memory, and so is a model with holes, which takes
    none for them.
    """
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        try:
            from tflite_runtime.interpreter import Interpreter
        except ImportError as error:
            raise DeviceError(
                "No TensorFlow Lite runtime is installed: run `pip install ai-edge-litert`."
            ) from error
    if isinstance(model, Path) and not model.is_file():
        mapped(model)
    with nullcontext(model) if isinstance(model, Path) else _file_of(model) as path:
        try:
            ready = Interpreter(model_path=str(path), num_threads=threads)
            ready.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise damaged() from error
    return ready


@contextmanager
def _file_of(pieces: Pieces) -> Iterator[Path]:
    """A file in memory; what is mapped of it when it is closed stays. Uses the pieces up."""
    descriptor = os.memfd_create("model")
    try:
        while pieces:  # which are as large as a model: none is kept while the runtime makes its own
            position, piece = pieces.pop()
            os.pwrite(descriptor, piece, position)
            del piece
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


def damaged() -> DeviceError:
    return DeviceError("A pose model is damaged: run `coach models fetch`.")

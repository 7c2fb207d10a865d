"""Loads TensorFlow Lite models with whichever runtime is installed."""

from mmap import ACCESS_COPY, mmap
from pathlib import Path
from typing import Any

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


def interpreter(model: Path | bytes, threads: int) -> Any:
    """An interpreter that is ready to run; raises DeviceError when there is none.

    The maker's current runtime first, then its last predecessor: both run these models. A file is
    mapped and not copied, which saves its size in memory.
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
    if isinstance(model, Path):
        given: dict[str, Any] = {"model_path": str(model)}
        if not model.is_file():
            mapped(model)
    else:
        given = {"model_content": model}
    try:
        ready = Interpreter(**given, num_threads=threads)
        ready.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise damaged() from error
    return ready


def damaged() -> DeviceError:
    return DeviceError("A pose model is damaged: run `coach models fetch`.")

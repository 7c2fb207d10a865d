"""Loads TensorFlow Lite models with whichever runtime is installed."""

from pathlib import Path
from typing import Any

from coach.ports import DeviceError


def model_bytes(path: Path) -> bytes:
    """The file's content; raises DeviceError when it is not there."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DeviceError(
            f"The pose model {path.name} is missing from {path.parent}: "
            f"run `coach models fetch {path.name}`."
        ) from error


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
            model_bytes(model)
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

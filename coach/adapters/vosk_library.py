"""Vosk without the web client that it brings for its downloads, which the coach never uses."""

import sys
from types import ModuleType
from typing import Any


def vosk() -> Any:
    """The library. Its web client would try out a network socket as soon as it is imported."""
    if "vosk" not in sys.modules and "requests" not in sys.modules:
        sys.modules["requests"] = ModuleType("requests")
        try:
            import vosk
        finally:
            del sys.modules["requests"]
    import vosk

    return vosk

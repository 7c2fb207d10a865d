"""Where things are kept, from the environment; nothing here touches the disk."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The project's own folder: the built-in programs and voice packs are read from it."""

PROGRAMS = ROOT / "programs"
VOICE_PACKS = ROOT / "voice_packs"
DEMO = ROOT / "coach" / "demo" / "script.yaml"
"""The recorded trainee of `scripts/demo`."""


def data_dir() -> Path:
    """What can be fetched or built again: models and rendered voice (`COACH_DATA`)."""
    return _place("COACH_DATA", "XDG_DATA_HOME", ".local/share")


def state_dir() -> Path:
    """What must not be lost: the database and the person's own programs (`COACH_STATE`)."""
    return _place("COACH_STATE", "XDG_STATE_HOME", ".local/state")


def models_dir() -> Path:
    return data_dir() / "models"


def voice_dir() -> Path:
    return data_dir() / "voice"


def _place(own: str, xdg: str, home: str) -> Path:
    if own in os.environ:
        return Path(os.environ[own])
    base = os.environ.get(xdg)
    return (Path(base) if base else Path.home() / home) / "coach"

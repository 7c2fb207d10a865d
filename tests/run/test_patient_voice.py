"""A speech engine that fails or hangs: said once, written meanwhile, used again when it works."""

import threading
import time
from collections.abc import Iterator
from queue import SimpleQueue

import numpy as np
import numpy.typing as npt
import pytest

from coach.adapters import patient_voice
from coach.adapters.patient_voice import PatientVoice
from coach.domain.events import DeviceFailed, DeviceRecovered, Event
from coach.domain.terms import Device
from coach.ports import DeviceError

Samples = npt.NDArray[np.int16]
SOUND = np.ones(160, np.int16)
SOON_S = 20.0


class Engine:
    """trouble: while it is set, nothing is rendered; hangs: rendering waits until it is cleared."""

    def __init__(self) -> None:
        self.disk = {"Stand tall."}
        self.trouble: str | None = None
        self.works = threading.Event()
        self.works.set()

    def kept(self, text: str) -> Samples | None:
        return SOUND if text in self.disk else None

    def samples(self, text: str) -> Samples:
        self.works.wait(SOON_S)
        if self.trouble is not None:
            raise DeviceError(self.trouble)
        self.disk.add(text)
        return SOUND


class Spoken:
    def __init__(self, engine: Engine, failed: str | None = None) -> None:
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.voice = PatientVoice(engine, self.events.put, time.monotonic, failed)

    def happened(self) -> Event:
        return self.events.get(timeout=SOON_S)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.works.set()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_voice, "RETRY_S", 0.02)


def test_what_is_not_there_is_rendered(engine: Engine) -> None:
    spoken = Spoken(engine)
    assert spoken.voice.samples("Breathe.") is not None
    assert spoken.events.empty()


def test_an_engine_that_fails_is_said_once_and_used_again(engine: Engine) -> None:
    spoken = Spoken(engine)
    engine.trouble = "espeak-ng is gone."
    assert spoken.voice.samples("Breathe.") is None
    assert spoken.voice.samples("Sit back.") is None
    assert spoken.voice.samples("Stand tall.") is not None, "rendered before"
    failed = spoken.happened()
    assert isinstance(failed, DeviceFailed)
    assert (failed.device, failed.reason) == (Device.VOICE, "espeak-ng is gone.")
    engine.trouble = None
    back = spoken.happened()
    assert isinstance(back, DeviceRecovered)
    assert back.device is Device.VOICE
    assert spoken.voice.samples("Sit back.") is not None
    assert spoken.events.empty()


def test_an_engine_that_hangs_is_not_waited_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_voice, "PATIENCE_S", 0.05)
    spoken = Spoken(engine)
    engine.works.clear()
    assert spoken.voice.samples("Breathe.") is None
    assert spoken.voice.samples("Stand tall.") is not None
    failed = spoken.happened()
    assert isinstance(failed, DeviceFailed)
    assert "too long" in failed.reason
    engine.works.set()
    assert isinstance(spoken.happened(), DeviceRecovered)
    assert spoken.voice.samples("Breathe.") is not None


def test_an_engine_that_was_missing_from_the_start_is_tried(engine: Engine) -> None:
    engine.trouble = "espeak-ng is not installed."
    spoken = Spoken(engine, failed="Breathe.")
    assert spoken.voice.samples("Breathe.") is None
    engine.trouble = None
    assert isinstance(spoken.happened(), DeviceRecovered)
    assert spoken.voice.samples("Breathe.") is not None
    assert spoken.events.empty(), "its absence was known"

"""What the coach needs from the outside world: a few small protocols, without code.

Arrays cross the border as numpy; nothing else of a device library does. Every device raises
`DeviceError` with a plain sentence and its remedy, and nothing else.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from coach.domain.effects import WatchOrder
from coach.domain.events import Event
from coach.domain.terms import Command

SAMPLE_RATE = 16_000
"""Hertz of every sound that crosses a port: mono, 16 bit."""


class DeviceError(Exception):
    """A device failed; the text is one plain sentence saying what, and what to do."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: `image` is height x width x 3, uint8, B-G-R; `t` is when it was taken."""

    t: float
    image: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of sound from the microphone; `t` is the time of its last sample."""

    t: float
    samples: npt.NDArray[np.int16]


class Camera(Protocol):
    def open(self) -> None: ...

    def read(self, timeout_s: float) -> Frame | None:
        """The newest frame not yet given out; None when there is none in time (or a clip ended)."""
        ...

    def close(self) -> None: ...


class Microphone(Protocol):
    def open(self) -> None: ...

    def read(self, timeout_s: float) -> Block | None:
        """The next block in order; None when there is none in time (or a recording ended)."""
        ...

    def close(self) -> None: ...


class Speaker(Protocol):
    """Plays one utterance at a time and reports each end exactly once as `SpeechFinished`."""

    def open(self) -> None: ...

    def play(self, utterance: int, samples: npt.NDArray[np.int16]) -> None: ...

    def stop(self) -> None:
        """Silence within one block; the utterance is reported as not completed."""
        ...

    def close(self) -> None: ...


class Ears(Protocol):
    """Sound in, commands out: a fold that the microphone's thread, or a simulation, feeds."""

    def listen_for(self, commands: frozenset[Command]) -> None: ...

    def feed(self, block: Block) -> tuple[Event, ...]: ...


class Eyes(Protocol):
    """Frames in, reps and views out: a fold that the camera's thread, or a simulation, feeds."""

    def watch(self, order: WatchOrder | None) -> None: ...

    def feed(self, frame: Frame) -> tuple[Event, ...]: ...

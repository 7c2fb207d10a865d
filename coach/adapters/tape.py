"""A whole conversation as one recording, for whoever asked to keep it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.adapters.clock import Clock
from coach.adapters.echo_streams import Stream
from coach.adapters.sound import write_wav
from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]


class Tape:
    """A whole conversation on one timeline, mixed, from the first sound on.

    Keeps something only where `wanted`: nothing that was said stays in memory otherwise.
    """

    def __init__(self, clock: Clock, wanted: bool) -> None:
        self._wanted = wanted
        self._began = clock.now()
        self._stream = Stream()
        self._pieces: list[tuple[int, Samples]] = []

    def lay(self, t: float, samples: Samples) -> None:
        if self._wanted:
            self._pieces.append((round((t - self._began) * SAMPLE_RATE), samples))

    def follow(self, samples: Samples, t: float) -> None:
        """One block of an endless stream that began to sound at `t`; jitter is ironed out."""
        at = self._stream.place(t - self._began, len(samples))
        if self._wanted and samples.any():
            self._pieces.append((at, samples))

    def write(self, path: Path) -> None:
        """Raises DeviceError where the file cannot be written."""
        mixed = np.zeros(max((at + len(s) for at, s in self._pieces), default=0), np.int32)
        for at, samples in self._pieces:
            mixed[at : at + len(samples)] += samples
        write_wav(path, np.clip(mixed, -32768, 32767).astype(np.int16))

"""Sounds for the bench of the ears: mixing, rooms, and feeding a listener."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.adapters.vosk_ears import VoskEars
from coach.domain.events import CommandHeard
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE, Block

Samples = npt.NDArray[np.int16]

BLOCK = 320


@dataclass(frozen=True)
class Recording:
    """`samples` is what is listened to; `clean` the same without what was mixed in."""

    file: str
    samples: Samples
    clean: Samples
    said: str


@dataclass(frozen=True)
class Heard:
    """`t` is when the command was decided: the recording's time plus the computing time."""

    t: float
    command: Command
    text: str


def listen(ears: VoskEars, samples: Samples) -> list[Heard]:
    """Feed a recording and a second of silence, block by block."""
    sound = np.concatenate((samples, silence(1.0)))
    heard = []
    for start in range(0, len(sound) - BLOCK + 1, BLOCK):
        t = (start + BLOCK) / SAMPLE_RATE
        began = time.perf_counter()
        events = ears.feed(Block(t, sound[start : start + BLOCK]))
        took = time.perf_counter() - began
        heard += [Heard(t + took, e.command, e.text) for e in events if isinstance(e, CommandHeard)]
    return heard


def with_own_voice(ears: VoskEars, own: Samples, heard: Samples) -> list[Heard]:
    """The same, while the ears' guard is told what the coach plays."""
    found = []
    guard = ears.guard
    assert guard is not None
    for start in range(0, len(heard) - BLOCK + 1, BLOCK):
        guard.heard_own(own[start : start + BLOCK], start / SAMPLE_RATE)
        t = (start + BLOCK) / SAMPLE_RATE
        for event in ears.feed(Block(t, heard[start : start + BLOCK])):
            if isinstance(event, CommandHeard):
                found.append(Heard(t, event.command, event.text))
    return found


def end_of_word(clean: Samples) -> float:
    """Seconds until the last 20 ms that are within 25 dB of the loudest."""
    frames = clean[: len(clean) // BLOCK * BLOCK].astype(np.float64).reshape(-1, BLOCK)
    power = np.mean(np.square(frames), axis=1)
    return float((np.flatnonzero(power > power.max() * 10**-2.5)[-1] + 1) * BLOCK / SAMPLE_RATE)


def mixed(voice: Samples, background: Samples, snr_db: float, rng: np.random.Generator) -> Samples:
    """The voice over a stretch of background, which begins two seconds before it."""
    lead = 2 * SAMPLE_RATE
    size = lead + len(voice)
    at = int(rng.integers(max(1, len(background) - size)))
    under = np.resize(background[at : at + size], size).astype(np.float64)
    loud = np.abs(voice) > 0.05 * np.abs(voice).max()
    voice_rms = np.sqrt(np.mean(np.square(voice[loud].astype(np.float64))))
    under *= voice_rms / (np.sqrt(np.mean(np.square(under))) + 1.0) * 10 ** (-snr_db / 20)
    under[lead:] += voice
    return np.clip(under, -32768, 32767).astype(np.int16)


def room(own: Samples, db: float) -> Samples:
    """Own voice as a microphone gets it: 110 ms late, through a small room, over its noise."""
    rng = np.random.default_rng(4)
    tail = rng.normal(size=round(0.12 * SAMPLE_RATE)) * np.exp(
        -np.arange(round(0.12 * SAMPLE_RATE)) / (0.02 * SAMPLE_RATE)
    )
    tail[0] = 4.0
    tail /= np.sqrt(np.sum(np.square(tail)))
    size = 1 << (len(own) + len(tail)).bit_length()
    wet = np.fft.irfft(np.fft.rfft(own, size) * np.fft.rfft(tail, size), size)[: len(own)]
    late = np.concatenate((np.zeros(round(0.11 * SAMPLE_RATE)), wet))[: len(own)]
    return noisy(np.clip(late * 10 ** (db / 20), -32768, 32767).astype(np.int16))


def by_another_clock(sound: Samples, faster_ppm: int) -> Samples:
    """As a microphone records it whose clock runs faster than the speaker's."""
    count = round(len(sound) * (1.0 + faster_ppm * 1e-6))
    stretched = np.fft.irfft(np.fft.rfft(sound), count) * (count / len(sound))
    return np.clip(np.round(stretched[: len(sound)]), -32768, 32767).astype(np.int16)


def noisy(samples: Samples) -> Samples:
    """With the noise of a quiet room's microphone."""
    noise = np.random.default_rng(5).normal(0.0, 12.0, len(samples))
    return np.clip(samples + noise, -32768, 32767).astype(np.int16)


def pink(rng: np.random.Generator, count: int) -> Samples:
    spectrum = np.fft.rfft(rng.normal(size=count))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1.0))
    noise = np.fft.irfft(spectrum, count)
    return (noise / np.abs(noise).max() * 20000).astype(np.int16)


def lay(sound: npt.NDArray[np.float32], at: int, piece: Samples, dbfs: float) -> int:
    """Add a piece at `at`, levelled to `dbfs`; returns its length."""
    room_left = piece[: max(0, len(sound) - at)].astype(np.float32)
    rms = float(np.sqrt(np.mean(np.square(piece.astype(np.float64))))) + 1.0
    sound[at : at + len(room_left)] += room_left * (32768 * 10 ** (dbfs / 20) / rms)
    return len(piece)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.int16)


def sound_files(folder: Path) -> list[Path]:
    kinds = {".wav", ".mp3", ".ogg", ".flac", ".opus"}
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in kinds)


def decoded(path: Path) -> Samples:
    """Any sound file as 16 kHz mono, through ffmpeg; empty where it cannot be read."""
    done = subprocess.run(
        ["ffmpeg", "-v", "quiet", "-i", str(path), "-f", "s16le", "-ac", "1", "-ar",
         str(SAMPLE_RATE), "-"], capture_output=True, check=False,
    )  # fmt: skip
    return np.frombuffer(done.stdout[: len(done.stdout) // 2 * 2], np.int16)


def edits(truth: list[str], got: list[str]) -> int:
    """Words to insert, delete or replace (Levenshtein)."""
    row = list(range(len(got) + 1))
    for i, word in enumerate(truth, 1):
        before, row = row, [i]
        for j, other in enumerate(got, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (word != other)))
    return row[-1]

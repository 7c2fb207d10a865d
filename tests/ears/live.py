"""Scenarios on the virtual sound card, through PortAudio: `scripts/sound_card python -m ...`.

    python -m tests.ears.live answers|interruptions|own-voice|unplug [--words DIR] [--times N]

Prints one JSON object with what was measured. Used by the tests and by `scripts/bench ears`.
"""

import argparse
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coach import config
from coach.adapters.echo import EchoGuard
from coach.adapters.microphone_sound import SoundMicrophone
from coach.adapters.packs import load_pack
from coach.adapters.player import SoundSpeaker
from coach.adapters.sound import read_wav
from coach.adapters.tts import Voice, engine_for
from coach.adapters.vosk_ears import VoskEars
from coach.domain.events import (
    CommandHeard,
    DeviceFailed,
    DeviceRecovered,
    Event,
    SpeechFinished,
)
from coach.domain.terms import Command
from coach.ports import DeviceError

WORDS = config.ROOT / "coach" / "demo" / "words"
LOUD = 300
WANTED = frozenset(
    {Command.DONE, Command.AGAIN, Command.STOP, Command.PAUSE, Command.NEXT, Command.HELP}
)


class Monitor:
    """What sounds in a sink, block by block, with the time at which it was captured."""

    def __init__(self, source: str) -> None:
        self.blocks: list[tuple[float, int]] = []
        self._process = subprocess.Popen(
            ["parec", "-d", source, "--rate=16000", "--channels=1", "--format=s16le",
             "--latency-msec=10"],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while data := self._process.stdout.read(320):
            self.blocks.append((time.monotonic(), int(np.abs(np.frombuffer(data, np.int16)).max())))

    def loud(self, since: float) -> list[float]:
        return [t for t, peak in self.blocks if t > since and peak > LOUD]


class Coach:
    """Microphone, ears with echo guard, speaker: as a session has them."""

    def __init__(self) -> None:
        pack = load_pack("en")
        self.voice = Voice(engine_for(pack))
        self.pack = pack
        self.events: list[Event] = []
        self.on_command: Callable[[CommandHeard], None] = lambda event: None
        self.guard = EchoGuard()
        self.ears = VoskEars(config.models_dir() / "vosk-en", pack.phrases, pack.decoys, self.guard)
        self.ears.listen_for(WANTED)
        self.microphone = SoundMicrophone("mic")
        self.speaker = SoundSpeaker(self.events.append, "speaker", self.guard.heard_own)
        self.speaker.open()
        self.microphone.open()
        self.mouth = Monitor("mouth.monitor")
        self.heard_from = Monitor("speaker.monitor")
        threading.Thread(target=self._listen, daemon=True).start()
        time.sleep(1.0)

    def _listen(self) -> None:
        lost = False
        while True:
            try:
                if lost:
                    self.microphone.open()
                    lost = False
                    self.events.append(DeviceRecovered(time.monotonic(), "microphone"))  # type: ignore[arg-type]
                block = self.microphone.read(0.5)
            except DeviceError as error:
                if not lost:
                    self.events.append(
                        DeviceFailed(time.monotonic(), "microphone", str(error))  # type: ignore[arg-type]
                    )
                lost = True
                time.sleep(0.5)
                continue
            for event in self.ears.feed(block) if block is not None else ():
                self.events.append(event)
                if isinstance(event, CommandHeard):
                    self.on_command(event)

    def commands(self) -> list[CommandHeard]:
        return [event for event in self.events if isinstance(event, CommandHeard)]


def say(path: Path) -> None:
    subprocess.run(["paplay", "-d", "mouth", str(path)], check=True)


def tone(seconds: float) -> npt.NDArray[np.int16]:
    wave = 6000 * np.sin(np.arange(round(16_000 * seconds)) * 2 * np.pi * 440 / 16_000)
    return wave.astype(np.int16)


def answers(words: list[Path], times: int) -> dict[str, Any]:
    """A word is said; the coach answers with a tone: from the word's end to the answer's start."""
    coach = Coach()
    coach.on_command = lambda event: coach.speaker.play(1, tone(0.5))
    delays, heard = [], 0
    for i in range(times):
        began, before = time.monotonic(), len(coach.commands())
        say(words[i % len(words)])
        time.sleep(1.3)
        said, answered = coach.mouth.loud(began), coach.heard_from.loud(began)
        heard += len(coach.commands()) > before
        if said and answered:
            delays.append(answered[0] - max(t for t in said if t < answered[0]))
        time.sleep(0.6)
    return {"said": times, "heard": heard, "answer_ms": _percentiles(delays)}


def interruptions(words: list[Path], times: int) -> dict[str, Any]:
    """A word over a cue: heard, and how long the coach still sounds after the command."""
    coach = Coach()
    cue = coach.voice.samples(coach.pack.cues["dowel-hinge.setup.3"])
    stops: list[float] = []
    heard: list[float] = []

    def stop(event: CommandHeard) -> None:
        stops.append(time.monotonic())
        coach.speaker.stop()

    coach.on_command = stop
    silent_after = []
    for i in range(times):
        stops.clear()
        coach.speaker.play(i, cue)
        time.sleep(1.5)
        said = time.monotonic()
        say(words[i % len(words)])
        time.sleep(1.0)
        coach.speaker.stop()
        time.sleep(0.7)
        if stops:
            heard.append(stops[0] - said)
            loud = [t for t in coach.heard_from.loud(stops[0]) if t < stops[0] + 0.9]
            silent_after.append((loud[-1] if loud else stops[0]) - stops[0])
    return {
        "said": times,
        "heard": len(heard),
        "ran_dry": coach.speaker.underflows,
        "silence_after_command_ms": _percentiles(silent_after),
    }


def own_voice(words: list[Path], times: int) -> dict[str, Any]:
    """Cues that hold command words, one after the other, with nobody speaking."""
    coach = Coach()
    cues = [text for key, text in coach.pack.cues.items() if "help." in key or "silence." in key]
    seconds = 0.0
    for i in range(times):
        samples = coach.voice.samples(cues[i % len(cues)])
        coach.speaker.play(i, samples)
        seconds += len(samples) / 16_000
        time.sleep(len(samples) / 16_000 + 0.3)
    false = [event.text for event in coach.commands()]
    return {"seconds": round(seconds), "false": false, "ran_dry": coach.speaker.underflows}


def unplug(words: list[Path], times: int) -> dict[str, Any]:
    """Each device is pulled and put back, in silence and while the coach speaks.

    How soon that is noticed and taken up again, and whether both work afterwards.
    """
    coach = Coach()
    card = Path(os.environ["CARD"])
    out: dict[str, Any] = {}
    modules = {
        "microphone": ("mic.id", "module-remap-source source_name=mic master=mouth.monitor"),
        "speaker": ("speaker.id", "module-null-sink sink_name=speaker rate=48000 channels=1"),
    }
    for number, (device, speaking) in enumerate(product(modules, (False, True))):
        file, module = modules[device]
        if speaking:
            coach.speaker.play(number, tone(3.0))
            time.sleep(0.5)
        pulled = time.monotonic()
        subprocess.run(["pactl", "unload-module", (card / file).read_text().strip()], check=True)
        time.sleep(4.0)
        back = time.monotonic()
        with (card / file).open("w") as id_file:
            subprocess.run(["pactl", "load-module", *module.split()], stdout=id_file, check=True)
        if device == "speaker":
            coach.heard_from = Monitor("speaker.monitor")  # keeps the new sink awake
        time.sleep(4.0)
        told = [e for e in coach.events if e.t > pulled]
        failed = [e.t for e in told if isinstance(e, DeviceFailed) and e.device == device]
        again = [e.t for e in told if isinstance(e, DeviceRecovered) and e.device == device]
        ends = [e for e in told if isinstance(e, SpeechFinished) and e.utterance == number]
        out[f"{device}, speaking" if speaking else device] = {
            "said": len(failed),
            "noticed_s": round(failed[0] - pulled, 2) if failed else None,
            "taken_up_s": round(again[0] - back, 2) if again else None,
            "ends_told": len(ends),
        }
    before = len(coach.commands())
    say(words[0])
    time.sleep(1.0)
    out["heard_again"] = len(coach.commands()) - before
    coach.speaker.play(77, tone(0.3))
    time.sleep(1.5)
    out["sounds_again"] = any(
        isinstance(e, SpeechFinished) and e.utterance == 77 and e.completed for e in coach.events
    )
    return out


def _percentiles(seconds: list[float]) -> dict[str, int] | None:
    if not seconds:
        return None
    return {f"p{p}": round(1000 * float(np.percentile(seconds, p))) for p in (50, 95)}


SCENARIOS = {
    "answers": answers,
    "interruptions": interruptions,
    "own-voice": own_voice,
    "unplug": unplug,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", choices=SCENARIOS)
    parser.add_argument("--words", type=Path, default=WORDS, help="folder of WAV files")
    parser.add_argument("--word", default="done", help="the files whose names begin with this")
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    words = sorted(given.words.glob(f"{given.word}*.wav"))
    for path in words:
        read_wav(path)
    print(json.dumps(SCENARIOS[given.scenario](words, given.times)), flush=True)
    os._exit(0)  # daemon threads inside PortAudio need no goodbye


if __name__ == "__main__":
    main()

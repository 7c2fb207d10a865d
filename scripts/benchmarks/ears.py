"""Every figure of the ears and the voice, measured.

    scripts/bench ears [PART ...] [--data DIR] [--sounds DIR] [--talk DIR] [--hours H]

PART: hearing, variants, noise, others, talk, echo, cost, loudness, words, live; without one: all.
--data    recordings with truth (`human.csv`, `spoken.csv`); skipped, with a reason, where absent
--sounds  any folder of music and noises (wav, mp3, ogg): backgrounds, and twenty minutes in which
          nothing may be heard; ffmpeg reads them
--talk    any folder of recorded talk, each file by itself
"""

import argparse
import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from ears_sound import (
    Recording,
    Samples,
    by_another_clock,
    decoded,
    end_of_word,
    lay,
    listen,
    mixed,
    pink,
    room,
    silence,
    sound_files,
    with_own_voice,
)

from coach import config
from coach.adapters.echo import EchoGuard
from coach.adapters.loudness import loudness
from coach.adapters.packs import languages, load_pack
from coach.adapters.sound import read_wav
from coach.adapters.tts import Engine, Voice, engine_for
from coach.adapters.vosk_ears import VoskEars
from coach.domain.terms import Command
from coach.ports import SAMPLE_RATE

SETUP = frozenset(
    {Command.DONE, Command.AGAIN, Command.STOP, Command.PAUSE, Command.NEXT, Command.HELP}
)
"""A session's usual phrases while a drill is set up."""

QUESTION = frozenset(
    {Command.YES, Command.NO, Command.STOP, Command.PAUSE, Command.AGAIN, Command.HELP}
)
"""... and while a question waits for its answer."""

PAUSED = frozenset({Command.RESUME, Command.STOP, Command.HELP, Command.NEXT, Command.AGAIN})


@dataclass
class Bench:
    data: Path
    sounds: Path | None
    talk: Path | None
    hours: float
    delays: list[float] = field(default_factory=list)
    """Seconds from each word's end to its command, of all parts."""

    def ears(self, wanted: frozenset[Command], language: str = "en", **more: object) -> VoskEars:
        pack = load_pack(language)
        model = config.models_dir() / f"vosk-{language}"
        ears = VoskEars(model, pack.phrases, pack.decoys, **more)  # type: ignore[arg-type]
        ears.listen_for(wanted)
        return ears

    def recordings(self, table: str) -> list[Recording]:
        path = self.data / "speech" / table
        if not path.is_file():
            print(f"skipped: {path} is not there")
            return []
        with path.open() as rows:
            return [
                Recording(row["file"], sound, sound, row["said_command"])
                for row in csv.DictReader(rows)
                for sound in [read_wav(path.parent / row["file"])]
            ]

    def backgrounds(self) -> dict[str, Samples]:
        """Pink noise, and whatever music is in the folder of sounds."""
        rng = np.random.default_rng(1)
        found = {"pink noise": pink(rng, 60 * SAMPLE_RATE)}
        if self.sounds is None:
            print("music skipped: no --sounds DIR")
        else:
            music = [s for s in map(decoded, sound_files(self.sounds)) if len(s) > 30 * SAMPLE_RATE]
            if music:
                found["music"] = np.concatenate(music)
        return found


# --- parts ---------------------------------------------------------------------------------


def hearing(bench: Bench) -> None:
    human, spoken = bench.recordings("human.csv"), bench.recordings("spoken.csv")
    if not human or not spoken:
        return
    _tell("people: yes, no, stop", bench, [r for r in human if r.said], bench.ears(QUESTION))
    _tell_false("people: other words, question's phrases", bench.ears(QUESTION),
                [r for r in human if not r.said])  # fmt: skip
    _tell_false("people: other words, set-up's phrases", bench.ears(SETUP),
                [r for r in human if r.said not in ("stop",)])  # fmt: skip
    _tell("synthetic: clean", bench, [r for r in spoken if r.said])
    talk = [r for r in spoken if not r.said]
    for name, wanted in (("set-up's", SETUP), ("question's", QUESTION), ("paused", PAUSED)):
        _tell_false(f"other talk: sentences, {name} phrases", bench.ears(wanted), talk)
    _tell_false("other talk: sentences, idle (wake)", bench.ears(frozenset({Command.WAKE})), talk)
    wake = bench.ears(frozenset({Command.WAKE}))
    _tell_false("people: single words, idle (wake)", wake, human)


def variants(bench: Bench) -> None:
    """Every phrase of a pack, said by voices that are not the coach's own."""
    for language in languages():
        pack = load_pack(language)
        base = str(pack.voice["espeak"])
        heard = said = 0
        missed: list[str] = []
        for voice in (f"{base}+m3", f"{base}+f2"):
            renderer = Voice(Engine("espeak", voice, 150))
            for command, phrases in pack.phrases.items():
                ears = bench.ears(company(command), language)
                for phrase in phrases:
                    said += 1
                    got = {e.command for e in listen(ears, renderer.samples(phrase))}
                    heard += command in got
                    missed += [phrase] if command not in got else []
        print(f"| every phrase, {pack.name} | {_share(heard, said)} | {', '.join(missed[:12])} |")


def noise(bench: Bench) -> None:
    spoken = [r for r in bench.recordings("spoken.csv") if r.said]
    if not spoken:
        return
    for name, background in bench.backgrounds().items():
        rng = np.random.default_rng(2)
        noisy_ones = [
            replace(
                r,
                samples=mixed(r.samples, background, 10.0, rng),
                clean=np.concatenate((silence(2.0), r.samples)),
            )
            for r in spoken
        ]
        _tell(f"synthetic in {name} at 10 dB", bench, noisy_ones)


def others(bench: Bench) -> None:
    """Twenty minutes of music, gym sounds and speech without a command."""
    if bench.sounds is None:
        print("skipped: no --sounds DIR")
        return
    rng = np.random.default_rng(3)
    sound = np.zeros(20 * 60 * SAMPLE_RATE, np.float32)
    pieces = [s for s in map(decoded, sound_files(bench.sounds)) if len(s)]
    music = [p for p in pieces if len(p) > 30 * SAMPLE_RATE]
    noises = [p for p in pieces if len(p) <= 30 * SAMPLE_RATE]
    talk = [r.samples for r in bench.recordings("spoken.csv") if not r.said]
    at = 0
    while music and at < len(sound) * 2 // 3:
        piece = music[int(rng.integers(len(music)))]
        at += lay(sound, at, piece, rng.uniform(-30, -15))
    for at in range(0, len(sound), 2 * SAMPLE_RATE):
        if noises:
            piece = noises[int(rng.integers(len(noises)))]
            lay(sound, at + int(rng.integers(SAMPLE_RATE)), piece, rng.uniform(-25, -8))
    for at in range(len(sound) // 3, len(sound), 5 * SAMPLE_RATE):
        if talk:
            lay(sound, at, talk[int(rng.integers(len(talk)))], rng.uniform(-25, -15))
    samples = np.clip(sound, -32768, 32767).astype(np.int16)
    for name, wanted in (("set-up's", SETUP), ("question's", QUESTION)):
        false = listen(bench.ears(wanted), samples)
        print(f"| 20 min of music, noises, talk, {name} phrases | {len(false)} accepted | "
              f"{', '.join(e.text for e in false)} |")  # fmt: skip
    false = listen(bench.ears(frozenset({Command.WAKE})), samples)
    print(f"| the same, idle (wake) | {len(false)} accepted | |")


def talk(bench: Bench) -> None:
    """What of recorded talk is taken for a command."""
    if bench.talk is None:
        print("skipped: no --talk DIR")
        return
    files = [(path.name, decoded(path)) for path in sound_files(bench.talk)]
    said = [Recording(name, sound, sound, "") for name, sound in files if len(sound)]
    for name, wanted in (("set-up's", SETUP), ("question's", QUESTION)):
        _tell_false(f"recorded talk, {name} phrases", bench.ears(wanted), said)


def echo(bench: Bench) -> None:
    """The coach's cues leak into the microphone, with a delay and a room; people talk over them."""
    pack = load_pack("en")
    voice = Voice(engine_for(pack))
    cues = [text for text in pack.cues.values() if "{" not in text]
    own = np.concatenate([x for cue in cues for x in (voice.samples(cue), silence(0.5))])
    own = np.resize(own, 10 * 60 * SAMPLE_RATE)
    words = [r for r in bench.recordings("spoken.csv") if r.said in ("stop", "pause")]
    for db, apart_ppm in ((-10.0, 0), (0.0, 0), (0.0, 50)):
        heard = by_another_clock(room(own, db), apart_ppm)
        at_db = f"at {db:+.0f} dB" + (f", clocks {apart_ppm} ppm apart" if apart_ppm else "")
        false = with_own_voice(bench.ears(SETUP, guard=EchoGuard()), own, heard)
        print(f"| own voice {at_db}, 10 min of cues | {len(false)} false commands | "
              f"{', '.join(e.text for e in false)} |")  # fmt: skip
        if words:
            said = 0
            over = heard.astype(np.int32)
            moments = []
            for at in range(4 * SAMPLE_RATE, len(own) - 4 * SAMPLE_RATE, 6 * SAMPLE_RATE):
                word = words[said % len(words)]
                over[at : at + len(word.samples)] += word.samples
                moments.append((at / SAMPLE_RATE, word.said))
                said += 1
            got = with_own_voice(
                bench.ears(SETUP, guard=EchoGuard()),
                own,
                np.clip(over, -32768, 32767).astype(np.int16),
            )
            hits = sum(
                any(e.command == word and t < e.t < t + 3.0 for e in got) for t, word in moments
            )
            print(f"| 'stop', 'pause' over the coach {at_db} | {_share(hits, said)} | "
                  f"{len(got) - hits} others |")  # fmt: skip


def cost(bench: Bench) -> None:
    """In a process of its own: this one holds every recording."""
    script = Path(__file__).with_name("ears_cost.py")
    talk = bench.data / "speech" / "talk"
    subprocess.run([sys.executable, script, talk, str(bench.hours)], check=True)


def loud(bench: Bench) -> None:
    for language in languages():
        pack = load_pack(language)
        voice = Voice(engine_for(pack))
        texts = pack.sentences_ahead({"n": range(1, 21)})
        voice.prepare(texts)
        found = [loudness(voice.samples(text)) for text in texts]
        print(f"| loudness of {len(found)} sentences, {pack.name} | "
              f"{np.min(found):.2f} to {np.max(found):.2f} LUFS | |")  # fmt: skip


def words(bench: Bench) -> None:
    """Word error rate of the recogniser with its whole vocabulary on each voice."""
    script = Path(__file__).with_name("intelligibility.py")
    subprocess.run([sys.executable, script], check=True)


def live(bench: Bench) -> None:
    folder = bench.data / "speech" / "spoken"
    card = str(config.ROOT / "scripts" / "sound_card")
    more = ["--words", str(folder)] if folder.is_dir() else []
    for db, scenario, word in (
        ("", "answers", "done"), ("-10", "interruptions", "stop"), ("0", "interruptions", "stop"),
        ("-10", "own-voice", "done"), ("0", "own-voice", "done"), ("", "unplug", "done"),
    ):  # fmt: skip
        command = [card, sys.executable, "-m", "tests.ears.live", scenario, "--word", word]
        env = {**os.environ, **({"ECHO_DB": db} if db else {})}
        done = subprocess.run(
            [*command, "--times", "20", *(more if scenario != "unplug" else [])],
            cwd=config.ROOT, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        what = done.stdout.strip() or f"skipped: {done.stderr.strip().splitlines()[-1:]}"
        print(f"| live, {scenario}{f' at {db} dB' if db else ''} | {what} | |")


# --- telling -------------------------------------------------------------------------------


def _tell(what: str, bench: Bench, said: list[Recording], ears: VoskEars | None = None) -> None:
    """How many of the commands were heard, and how long after the word's true end.

    ears: that listen; None: for each command with those that go with it
    """
    heard = 0
    delays: list[float] = []
    missed: list[str] = []
    by_company: dict[frozenset[Command], VoskEars] = {}
    for recording in said:
        command = meant(recording.said)
        listener = ears
        if listener is None:
            wanted = company(command)
            if wanted not in by_company:
                by_company[wanted] = bench.ears(wanted)
            listener = by_company[wanted]
        got = [e for e in listen(listener, recording.samples) if e.command == command]
        heard += bool(got)
        if got:
            delays.append(got[0].t - end_of_word(recording.clean))
        else:
            missed.append(Path(recording.file).stem)
    bench.delays += delays
    print(f"| {what} | {_share(heard, len(said))} | {_percentiles(delays)}; "
          f"missed: {', '.join(missed[:8])} |", flush=True)  # fmt: skip


def _percentiles(delays: list[float]) -> str:
    p50, p95 = np.percentile(delays, [50, 95]) * 1000 if delays else (0, 0)
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms"


def _tell_false(what: str, ears: VoskEars, others: Iterable[Recording]) -> None:
    false = 0
    total = 0
    names: list[str] = []
    for recording in others:
        total += 1
        got = listen(ears, recording.samples)
        false += bool(got)
        names += [f"{Path(recording.file).stem} as {e.text}" for e in got]
    print(f"| {what} | {false} of {total} accepted | {', '.join(names[:8])} |", flush=True)


MEANT = {"repeat": Command.AGAIN, "skip": Command.NEXT, "start": Command.RESUME}
"""Words of the recordings that are another phrase for one of our commands."""


def meant(said: str) -> Command:
    return MEANT.get(said) or Command(said)


def company(command: Command) -> frozenset[Command]:
    """The commands that are listened for together with this one."""
    for together in (SETUP, QUESTION, PAUSED):
        if command in together:
            return together
    return frozenset({command}) if command is Command.WAKE else SETUP | {command}


def _share(hits: int, total: int) -> str:
    return f"{hits} of {total} ({100 * hits / total:.1f} %)"


PARTS: dict[str, Callable[[Bench], None]] = {
    "hearing": hearing,
    "variants": variants,
    "noise": noise,
    "others": others,
    "talk": talk,
    "echo": echo,
    "cost": cost,
    "loudness": loud,
    "words": words,
    "live": live,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="*", choices=[[], *PARTS], help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, default=config.ROOT.parent / "shared" / "data")
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--talk", type=Path)
    parser.add_argument("--hours", type=float, default=2.0)
    given = parser.parse_args()
    bench = Bench(given.data, given.sounds, given.talk, given.hours)
    for part in given.part or PARTS:
        PARTS[part](bench)
    if bench.delays:
        print(f"| all commands together | {len(bench.delays)} heard | "
              f"{_percentiles(bench.delays)} |")  # fmt: skip


if __name__ == "__main__":
    main()

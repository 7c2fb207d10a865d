"""Sessions in a process that is killed at any moment: what was counted aloud must be remembered.

Run by `scripts/kill-test`. The child trains without end, as fast as it can, and prints each count
when it is said. The parent kills it (SIGKILL), looks into the database, and starts it again.
"""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Never

from coach.domain.effects import Cue
from coach.store.database import NAME
from coach.store.memory import Memory
from tests.appliance.house import House, over

BREATH_S = 0.001
"""Between two events of the child, so that a kill can fall between any two of them."""

LONGEST_S = 0.25
"""From the child's first words to its end."""

Count = tuple[int, int]
"""Number of the set, number of the rep."""


class Announced(House):
    """Announces each count when it begins to sound."""

    def __init__(self, memory: Memory, announce: Callable[[Count], None]) -> None:
        self._announce = announce
        super().__init__(memory=memory)

    def speak(self, utterance: int, cue: Cue) -> None:
        if cue.id == "count" and (work := self.session.work) is not None:
            self._announce((work.number, int(dict(cue.values)["n"])))
        super().speak(utterance, cue)
        time.sleep(BREATH_S)


def train(memory: Memory, announce: Callable[[Count], None]) -> Never:
    """One session after the other, until the process or the machine is killed."""
    while True:
        Announced(memory, announce).power_up().run(over)
        memory.session = None


def look(database: Path, heard: Sequence[Count]) -> None:
    """Raises AssertionError unless it is sound and every count heard is in it."""
    with closing(sqlite3.connect(database)) as connection:
        [(verdict,)] = connection.execute("PRAGMA integrity_check").fetchall()
        assert verdict == "ok", verdict
        rows = connection.execute("SELECT session, set_number, number FROM rep ORDER BY rowid")
        kept = rows.fetchall()
    assert len(set(kept)) == len(kept), "a rep is there twice"
    there = iter([(number, rep) for _, number, rep in kept])
    for count in heard:
        assert count in there, f"rep {count} was counted aloud and is not remembered"


class Tally:
    """What the parent saw: kills survived, counts heard, sessions taken up again."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self.kills = 0
        self.resumed = 0
        self.heard: list[Count] = []

    def kill_one(self) -> None:
        """Raises AssertionError when something was lost."""
        command = [sys.executable, "-m", "tests.appliance.killed", str(self._folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            first = child.stdout.readline().split()
            time.sleep(self._chance.uniform(0.0, LONGEST_S))
            child.send_signal(signal.SIGKILL)
            self.heard += _counts(child.stdout)
        assert first[0] == "up", f"the coach did not start: {first}"
        assert child.returncode == -signal.SIGKILL, "the coach ended by itself"
        self.kills += 1
        self.resumed += first[1] == "resumed"
        look(self._folder / NAME, self.heard)


def _counts(lines: IO[str]) -> Iterator[Count]:
    for line in lines:
        number, rep = line.split()
        yield int(number), int(rep)


def main(folder: Path) -> None:
    """The child."""
    memory = Memory(folder, "me", "first-hinge", print)
    print("up", "resumed" if memory.session else "anew", flush=True)
    train(memory, lambda count: print(*count, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

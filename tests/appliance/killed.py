"""Sessions in a process that is killed at any moment: what was counted aloud must be remembered.

Run by `scripts/kill-test`. The child trains without end, as fast as it can, and prints each count
when it is said. The parent kills it (SIGKILL), looks into the database, and starts it again.
"""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Never

from coach.domain.effects import Cue
from coach.store.database import NAME
from coach.store.memory import Memory
from tests.appliance.house import House, over
from tests.process import COACH

BREATH_S = 0.001
"""Between two events of the child, so that a kill can fall between any two of them."""

LONGEST_S = 0.25
"""From the last line that is waited for to the child's end."""

LINES, REAL_LINES = 30, 250
"""The most that is waited for: on a busy machine, too, a kill falls anywhere in a session."""

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
    """What the parent saw: kills survived, counts heard, sessions taken up again.

    heard: in the history that is looked at; counted: in those before it
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self.kills = 0
        self.resumed = 0
        self.counted = 0
        self.heard: list[Count] = []

    def kill_one(self) -> None:
        """Raises AssertionError when something was lost."""
        with subprocess.Popen(self._command(), stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            lines = [child.stdout.readline() for _ in range(self._lines())]
            time.sleep(self._chance.uniform(0.0, LONGEST_S))
            child.send_signal(signal.SIGKILL)
            self._listen([*lines, *child.stdout])
        assert lines[0], "the coach did not start"
        assert child.returncode == -signal.SIGKILL, "the coach ended by itself"
        self.kills += 1
        look(self._folder / NAME, self.heard)

    def _lines(self) -> int:
        """How many are waited for before the clock starts."""
        return self._chance.randint(1, LINES)

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "tests.appliance.killed", str(self._folder)]

    def _listen(self, lines: list[str]) -> None:
        up, *counts = [line.split() for line in lines]
        self.resumed += up == ["up", "resumed"]
        self.heard += [(int(number), int(rep)) for number, rep in counts]


class RealTally(Tally):
    """The whole coach with its models and the recorded trainee, in fast time.

    Each history is used twice: the trainee begins at the greeting, and knows nothing of going on.
    """

    def kill_one(self) -> None:
        if self.kills % 2 == 0:
            self._folder = self._folder.with_name(f"state-{self.kills}")
            self.counted += len(self.heard)
            self.heard = []
        super().kill_one()

    def _lines(self) -> int:
        return self._chance.randint(1, REAL_LINES if self.kills % 2 == 0 else 5)

    def _command(self) -> list[str]:
        recorded = ["--trainee", "demo", "--fast", "--speaker", "none", "--json"]
        return [*COACH, "run", *recorded, "--state-dir", str(self._folder)]

    def _listen(self, lines: list[str]) -> None:
        """A line is printed after what it tells was done; the last one may be cut short."""
        for line in lines:
            told = json.loads(line) if line.endswith("\n") else {}
            if told.get("effect") == "record-rep":
                self.heard.append((told["set_number"], told["rep"]["number"]))
            elif told.get("effect") == "speak":
                self.resumed += told["cue"]["id"] == "interrupted"


def main(folder: Path) -> None:
    """The child."""
    memory = Memory(folder, "me", "first-hinge", print)
    print("up", "resumed" if memory.session else "anew", flush=True)
    train(memory, lambda count: print(*count, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The keyboard in place of a microphone: one command phrase a line."""

import select
import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

from coach.domain.events import CommandHeard, Event
from coach.domain.terms import Command
from coach.speech.commands import command_in, normalised
from coach.speech.voice_pack import VoicePack


class Keyboard:
    """Emits `CommandHeard` for each line that is a phrase, or the id, of a command wanted now.

    `listen_for` may be called from another thread. A line that is no command is answered on
    standard error with what can be typed.
    """

    def __init__(
        self,
        emit: Callable[[Event], None],
        pack: VoicePack,
        lines: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._emit = emit
        self._pack = pack
        self._lines = lines or sys.stdin
        self._clock = clock
        self._wanted: frozenset[Command] = frozenset()
        self._closing = threading.Event()

    def listen_for(self, commands: frozenset[Command]) -> None:
        self._wanted = commands

    def use(self, pack: VoicePack) -> None:
        """From now on these phrases."""
        self._pack = pack

    def open(self) -> None:
        threading.Thread(target=self._read, name="keyboard", daemon=True).start()

    def close(self) -> None:
        self._closing.set()

    def typed(self, line: str) -> None:
        wanted = self._wanted
        said = normalised(line)
        by_id = next((c for c in wanted if normalised(c.value.replace("-", " ")) == said), None)
        command = by_id or command_in(line, self._pack.phrases, wanted)
        if command is not None:
            meaning = self._pack.meanings.get(said)
            self._emit(CommandHeard(self._clock(), command, said, meaning=meaning))
        elif said:
            print(f"Now you can type: {', '.join(sorted(wanted))}.", file=sys.stderr)

    def _read(self) -> None:
        while not self._closing.is_set():
            ready, _, _ = select.select([self._lines], [], [], 0.2)
            if ready:
                line = self._lines.readline()
                if not line:
                    return
                self.typed(line)

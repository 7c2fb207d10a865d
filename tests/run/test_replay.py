"""A journal played again: the same effects, or the first line that differs, or the damaged one."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from coach import config, programs
from coach.adapters.packs import load_pack
from coach.domain.effects import Effect
from coach.domain.events import Event
from coach.domain.session import Session, begin
from coach.domain.state import Opened
from coach.rehearsal import rehearse
from coach.replay import Difference, read_journal, replay
from coach.store.codec import JournalError, encode
from coach.store.database import NAME, open_for_writing
from coach.store.journal import Journal

OPENED = Opened(programs.read(config.PROGRAMS / "dowel-only.yaml"))


class Writer:
    """An observer that writes what `coach run --json` writes."""

    def __init__(self) -> None:
        self.lines = [encode(OPENED)]
        self.steps: list[tuple[Event, Sequence[Effect]]] = []

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        self.lines += [encode(event), *map(encode, effects)]
        self.steps.append((event, effects))


@pytest.fixture(scope="module")
def written() -> Writer:
    writer = Writer()
    rehearse(OPENED, load_pack("en"), (writer,))
    return writer


def file_of(lines: Sequence[str], folder: Path) -> Path:
    path = folder / "session.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_session_s_own_lines_give_the_same_effects(written: Writer, tmp_path: Path) -> None:
    again = Writer()
    events = replay(read_journal(file_of(written.lines, tmp_path)), again)
    assert events == len(written.steps)
    assert again.steps == written.steps


def test_a_run_in_the_database_gives_the_same_effects(written: Writer, tmp_path: Path) -> None:
    journal = Journal(open_for_writing(tmp_path / NAME).connection)
    for _ in range(2):
        journal.open(OPENED)
        for event, effects in written.steps:
            journal.keep(event, begin(OPENED), effects)
    journal.close()
    again = Writer()
    replay(read_journal(tmp_path / NAME, run=1), again)
    assert again.steps == written.steps


def last_spoken(lines: Sequence[str]) -> int:
    return max(i for i, line in enumerate(lines) if line.startswith('{"effect": "speak"'))


@pytest.mark.parametrize("left", [0, 1], ids=["in the middle", "at the end"])
def test_an_effect_that_does_not_come_again_is_found(
    written: Writer, tmp_path: Path, left: int
) -> None:
    lines = list(written.lines[: last_spoken(written.lines) + 1])
    at = len(lines) - 1 if left else lines.index(lines[last_spoken(lines[: len(lines) // 2])])
    lines[at] = lines[at].replace('"id": "', '"id": "never-said-')
    with pytest.raises(Difference, match="never-said-"):
        replay(read_journal(file_of(lines, tmp_path)), Writer())


@pytest.mark.parametrize("part", [0.5, 1.0], ids=["in the middle", "at the end"])
def test_an_effect_that_the_journal_lacks_is_found(
    written: Writer, tmp_path: Path, part: float
) -> None:
    lines = list(written.lines)
    end = last_spoken(lines) + 1
    at = last_spoken(lines[: round(end * part)])
    lines = [*lines[:at], *lines[at + 1 : end]]
    with pytest.raises(Difference):
        replay(read_journal(file_of(lines, tmp_path)), Writer())


@pytest.mark.parametrize(
    "damage",
    ["{", "[]", "7", '{"event": "moon-landed", "t": 1}', '{"event": "timer-expired"}', ""],
)
def test_a_damaged_line_is_named_with_its_number(
    written: Writer, tmp_path: Path, damage: str
) -> None:
    path = file_of([*written.lines[:6], damage, *written.lines[7:]], tmp_path)
    with pytest.raises(JournalError, match=f"{path.name}, line 7:"):
        replay(read_journal(path), Writer())


def test_a_journal_must_say_what_the_session_was_opened_with(
    written: Writer, tmp_path: Path
) -> None:
    with pytest.raises(JournalError, match="does not begin"):
        replay(read_journal(file_of(written.lines[1:], tmp_path)), Writer())


def test_an_empty_journal_is_none(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()
    with pytest.raises(JournalError, match="does not begin"):
        replay(read_journal(path), Writer())


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    open_for_writing(tmp_path / NAME).connection.close()
    with pytest.raises(JournalError, match="no run yet"):
        replay(read_journal(tmp_path / NAME), Writer())
    with pytest.raises(JournalError, match="no run 7"):
        replay(read_journal(tmp_path / NAME, run=7), Writer())


def test_bytes_that_are_no_text_are_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\xff\xfe\x00")
    with pytest.raises(JournalError, match="not text"):
        replay(read_journal(path), Writer())

"""The state table in docs/ is what `step` does; `pytest --update` writes it anew."""

from coach import config, programs, table
from coach.domain.events import Event
from coach.domain.state import Phase
from coach.store.codec import kebab

DOCUMENT = config.ROOT / "docs" / "state-table.md"
PROGRAM = programs.read(config.PROGRAMS / "first-hinge.yaml")


def test_the_document_is_what_the_code_does(update: bool) -> None:
    printed = table.table(PROGRAM)
    if update:
        DOCUMENT.write_text(printed, encoding="utf-8")
    written = DOCUMENT.read_text(encoding="utf-8")
    assert written == printed, "see the change, then accept it: pytest tests/run --update"


def test_the_search_reaches_every_phase() -> None:
    found = table.explore(PROGRAM)
    assert [phase for phase in Phase if found[phase].quiet is None] == []


def test_every_kind_of_event_has_a_row() -> None:
    shown = {
        type(event)
        for moments in table.explore(PROGRAM).values()
        for session in (moments.quiet, moments.speaking)
        if session is not None
        for event in table.happenings(session).values()
    }
    assert {kebab(kind) for kind in Event.__subclasses__()} == {kebab(kind) for kind in shown}

"""Every event and every effect survives a line of the journal, whatever its values."""

import json
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.domain.effects import Effect
from coach.domain.events import Event
from coach.domain.state import Opened
from coach.store.codec import JournalError, decode, encode, kebab
from tests.domain import make

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
for simple, values in ((float, NUMBERS), (str, WORDS), (int, st.integers(-(2**53), 2**53))):
    st.register_type_strategy(simple, values)


def leaves(base: type[Any]) -> list[type[Any]]:
    return [leaf for cls in base.__subclasses__() for leaf in (cls, *leaves(cls))]


# A dataclass with slots is made anew, and what it was made of may linger: the last one counts.
KINDS = list({cls.__name__: cls for cls in leaves(Event) + leaves(Effect)}.values())


@pytest.mark.parametrize("kind", KINDS, ids=kebab)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_it_comes_back_as_it_was(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    line = encode(value)
    assert "\n" not in line
    assert decode(line) == value
    assert type(decode(line)) is kind


@pytest.mark.parametrize("kind", KINDS, ids=kebab)
def test_every_kind_is_a_frozen_value_with_a_name_of_its_own(kind: type[Any]) -> None:
    assert is_dataclass(kind)
    assert [other for other in KINDS if kebab(other) == kebab(kind)] == [kind]
    if fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(object.__new__(kind), fields(kind)[0].name, None)


@pytest.mark.parametrize("program", make.PROGRAMS.values(), ids=lambda program: program.id)
def test_what_a_session_is_opened_with_comes_back(program: Any) -> None:
    opened = make.opened(program=program)
    back = decode(encode(opened))
    assert isinstance(back, Opened)
    assert back == opened


def test_lines_are_json_that_other_programs_can_read() -> None:
    line = json.loads(encode(make.opened()))
    assert line["opened"]["program"]["id"] == "first-hinge"


@pytest.mark.parametrize(
    "line",
    ["", "{", "null", "[1]", '"event"', '{"t": 1}', '{"event": "nothing-known", "t": 0}',
     '{"event": "timer-expired", "t": 0, "timer": "soon"}', '{"effect": "speak"}',
     '{"event": ["timer-expired"], "t": 0}', '{"opened": 7}', "[" * 10**5],
)  # fmt: skip
def test_what_is_no_line_of_a_journal_is_named(line: str) -> None:
    with pytest.raises(JournalError, match="not a line of a journal"):
        decode(line)


@given(st.text())
def test_no_text_brings_it_down(line: str) -> None:
    with pytest.raises(JournalError):
        decode(line)

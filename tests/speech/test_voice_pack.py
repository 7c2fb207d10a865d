"""A voice pack is data; whatever is wrong with it is one plain sentence."""

from typing import Any

import pytest

from coach.domain.effects import Cue
from coach.domain.terms import Command
from coach.speech.voice_pack import PackError, missing_from, pack_from, sentences


def data(**changes: Any) -> dict[str, Any]:
    whole = {
        "language": "en",
        "name": "English",
        "voice": {"espeak": "en-us", "rate": 160},
        "commands": {command.value: [f"{command.value} phrase"] for command in Command},
        "decoys": ["left"],
        "numbers": {"count": ["zero", "one", "two"]},
        "cues": {"count": "{n:count}", "greet": "Hello there.", "rest": "Rest {seconds} seconds."},
    }
    return whole | changes


def test_numbers_are_spelt_as_far_as_the_list_goes_and_in_digits_beyond() -> None:
    pack = pack_from(data())
    assert pack.text(Cue("count", (("n", 2),))) == "two"
    assert pack.text(Cue("count", (("n", 30),))) == "30"
    assert pack.text(Cue("rest", (("seconds", 2),))) == "Rest 2 seconds."


def test_sentences_ahead_are_all_that_the_values_allow() -> None:
    ahead = pack_from(data()).sentences_ahead({"n": (1, 2)})
    assert ahead == ("one", "two", "Hello there.")


def test_a_cue_is_cut_into_sentences() -> None:
    assert sentences("Hi there. Ready? Go!") == ("Hi there.", "Ready?", "Go!")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"colour": "red"}, "Unknown key 'colour'"),
        ({"cues": {"greet": True}}, "'cues.greet' must be a text; put it in quotes."),
        ({"cues": {"greet": "Hello. Next phrase."}}, "says the command 'next phrase' alone"),
        ({"cues": {"count": "{n:ordinal}"}}, "spells with 'ordinal'"),
        ({"decoys": ["stop phrase"]}, "The decoy 'stop phrase' is a command phrase"),
        ({"commands": {"jump": ["jump"]}}, "Unknown command 'jump'"),
        ({"commands": {"stop": ["stop"]}}, "has no phrase"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(PackError, match=says.replace("{", "\\{")):
        pack_from(data(**changes))


def test_one_phrase_means_one_thing() -> None:
    commands = data()["commands"] | {"stop": ["halt"], "pause": ["halt"]}
    with pytest.raises(PackError, match="'halt' means both"):
        pack_from(data(commands=commands))


def test_unknown_cues_and_empty_blanks_are_refused_when_spoken() -> None:
    pack = pack_from(data())
    with pytest.raises(PackError, match="no cue 'farewell'"):
        pack.text(Cue("farewell"))
    with pytest.raises(PackError, match=r"without a value for '.n.'"):
        pack.text(Cue("count"))


def test_a_pack_is_compared_with_a_complete_one() -> None:
    complete = pack_from(data())
    pack = pack_from(data(cues={"count": "and on", "extra": "More."}))
    assert missing_from(pack, complete) == (
        "cue 'greet' is missing",
        "cue 'rest' is missing",
        "cue 'extra' is not one the coach uses",
        "cue 'count' must use the blanks ['n'], not []",
    )

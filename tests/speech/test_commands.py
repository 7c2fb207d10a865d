"""What counts as a command, and what is other talk."""

import pytest

from coach.domain.terms import Command
from coach.speech.commands import command_in, normalised, standing_alone

PHRASES = {
    Command.DONE: ("done", "i'm done", "okay done"),
    Command.AGAIN: ("again", "one more time"),
    Command.STOP: ("stop",),
}
ALL = tuple(PHRASES)


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("done", Command.DONE),
        ("I\u2019m done", Command.DONE),
        ("Okay, done!", Command.DONE),
        ("one  more time", Command.AGAIN),
    ],
)
def test_a_whole_phrase_is_its_command(said: str, command: Command) -> None:
    assert command_in(said, PHRASES, ALL) is command


@pytest.mark.parametrize(
    "said", ["", "[unk] done", "i am almost done", "stop that noise", "one more"]
)
def test_a_phrase_inside_a_sentence_is_no_command(said: str) -> None:
    assert command_in(said, PHRASES, ALL) is None


def test_only_what_is_wanted_now_is_a_command() -> None:
    assert command_in("stop", PHRASES, (Command.DONE,)) is None


def test_text_is_compared_as_a_recogniser_writes_it() -> None:
    assert normalised("  ¡Otra vez,  por favor! ") == "otra vez por favor"


def test_a_command_between_two_pauses_could_be_obeyed_by_the_coach_itself() -> None:
    assert standing_alone("Well, stop. Breathe.", PHRASES) == ("stop",)
    assert standing_alone("You can tell me to stop at any time.", PHRASES) == ()

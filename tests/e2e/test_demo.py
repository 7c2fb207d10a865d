"""The demo end to end: real voice, real ears on what the trainee says, real eyes on his clip.

It runs in virtual time, so it hears and sees the same on every machine. `pytest --update` accepts
another course of the session into golden.txt, after reading it.
"""

import difflib
import sqlite3
import wave
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coach.domain.effects import (
    Effect,
    EndSession,
    Ignore,
    RecordAnswer,
    RecordCalibration,
    RecordRep,
    RecordSet,
    Speak,
    StartSession,
    StopSpeaking,
)
from coach.domain.events import CommandHeard, DeviceFailed, Event, RepCompleted
from coach.domain.terms import Command, Fault, Verdict
from coach.store.codec import kebab
from coach.store.database import NAME
from coach.store.history import sessions
from tests.e2e.conftest import Demo
from tests.process import coach

GOLDEN = Path(__file__).parent / "golden.txt"

SAID = [
    *("hey-coach", "done", "done", "done", "again", "done", "done", "done", "done"),
    *("yes", "next", "yes"),
]
"""What the trainee's script says, in order; `done` once over the coach's own voice."""


def test_every_command_is_heard_and_nothing_else(demo: Demo) -> None:
    heard = [event.command.value for event in demo.events if isinstance(event, CommandHeard)]
    assert heard == SAID


def test_an_interruption_is_heard_while_the_coach_speaks(demo: Demo) -> None:
    """One "done" of the script comes over the coach's own voice, and cuts it."""
    cut_by = [
        demo.lines[max(i for i in range(at) if isinstance(demo.lines[i], Event))]
        for at, line in enumerate(demo.lines)
        if isinstance(line, StopSpeaking)
    ]
    assert [event.command for event in cut_by if isinstance(event, CommandHeard)] == [Command.DONE]


def test_both_sets_are_counted_to_eight(demo: Demo) -> None:
    counted = [
        dict(effect.cue.values)["n"]
        for effect in demo.effects
        if isinstance(effect, Speak) and effect.cue.id == "count"
    ]
    assert counted == [*range(1, 9), *range(1, 9)]
    assert sum(isinstance(event, RepCompleted) for event in demo.events) == 16


def test_the_one_rounded_rep_is_found_and_corrected(demo: Demo) -> None:
    reps = [effect for effect in demo.effects if isinstance(effect, RecordRep)]
    at_fault = [(rep.set_number, rep.rep.number, rep.rep.faults) for rep in reps if rep.rep.faults]
    assert at_fault == [(1, 5, (Fault.ROUNDED_BACK,))]
    assert [rep.rep.verdict for rep in reps].count(Verdict.CLEAN) == 15
    spoken = [effect.cue.id for effect in demo.effects if isinstance(effect, Speak)]
    assert sum(cue.startswith("correct.") for cue in spoken) == 1
    assert sum(cue == "fixed.rounded-back" for cue in spoken) == 1


def test_the_gate_fails_and_then_passes(demo: Demo) -> None:
    sets = [effect for effect in demo.effects if isinstance(effect, RecordSet)]
    assert [(one.reps, one.clean, one.outcome) for one in sets] == [
        (8, 7, "lost"),
        (8, 8, "passed"),
    ]


def test_no_device_failed(demo: Demo) -> None:
    assert not [event for event in demo.events if isinstance(event, DeviceFailed)]


def test_the_history_holds_what_happened(demo: Demo) -> None:
    [session] = sessions(demo.state)
    assert session["reason"] == "finished"
    assert len(session["reps"]) == 16
    assert [one["outcome"] for one in session["sets"]] == ["lost", "passed"]
    assert [answer["answer"] for answer in session["answers"]] == [1, 1]
    with closing(sqlite3.connect(demo.state / NAME)) as database:
        assert database.execute("SELECT count(*) FROM calibration").fetchone() == (1,)


def test_a_picture_of_each_rep_and_the_conversation_are_left(demo: Demo) -> None:
    import cv2

    pictures = sorted(path.name for path in demo.kept.glob("*.png"))
    assert pictures == [f"set-{s}-rep-{n:02d}.png" for s in (1, 2) for n in range(1, 9)]
    for name in pictures:
        image = cv2.imread(str(demo.kept / name))
        assert image is not None and image.std() > 10, f"{name} shows something"
    with wave.open(str(demo.kept / "conversation.wav")) as sound:
        assert sound.getnframes() / sound.getframerate() > 60
        assert any(sound.readframes(sound.getnframes()))
    assert str(demo.kept) in demo.process.stderr, "people are told where"


def test_people_can_read_along(demo: Demo) -> None:
    assert "Traceback" not in demo.process.stderr
    for words in ("hey coach", "rounded-back", "gate lost", "gate passed"):
        assert words in demo.process.stderr


@pytest.mark.parametrize("of", ["the printed lines", "the database"])
def test_its_replay_gives_exactly_the_same_effects(demo: Demo, of: str) -> None:
    source = demo.journal if of == "the printed lines" else demo.state / NAME
    again = coach("replay", source, "--json")
    assert again.returncode == 0, again.stderr
    assert again.stdout.splitlines() == demo.process.stdout.splitlines()[1:]


def test_the_course_of_the_session_is_the_known_one(demo: Demo, update: bool) -> None:
    course = "\n".join(_course(demo.lines)) + "\n"
    if update:
        GOLDEN.write_text(course, encoding="utf-8")
    known = GOLDEN.read_text(encoding="utf-8")
    difference = difflib.unified_diff(known.splitlines(), course.splitlines(), lineterm="")
    assert course == known, "\n".join(difference)


def _course(lines: list[Event | Effect]) -> Iterator[str]:
    """Who said and did what, in order; without times, ids and measured numbers."""
    for line in lines:
        match line:
            case CommandHeard(command=command):
                yield f"> {command}"
            case RepCompleted(rep=rep):
                yield f"> rep {rep.verdict} {' '.join(rep.faults)}".rstrip()
            case Speak(cue=cue):
                yield f"< say {cue.id} {' '.join(f'{k}={v}' for k, v in cue.values)}".rstrip()
            case RecordSet(set_number=number, reps=reps, clean=clean, outcome=outcome):
                yield f"< record set {number}: {reps} reps, {clean} clean, {outcome}"
            case RecordAnswer(question=question, answer=answer):
                yield f"< record answer {question}: {answer}"
            case Ignore(reason):
                yield f"< ignore: {reason}"
            case RecordCalibration() | StartSession() | EndSession():
                yield f"< {kebab(type(line)).replace('-', ' ')}"
            case _:
                pass  # timers and the ends of utterances

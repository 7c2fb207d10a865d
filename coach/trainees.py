"""Model people for rehearsals: who they are, as data; the built-in ones and those in a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.domain.terms import Command, Fault, Side


class TraineeError(Exception):
    """There is no such trainee, or the file is wrong; one sentence with the remedy."""


class Trainee(BaseModel):
    """How a model person behaves; reps are counted over the whole rehearsal, from 1.

    faults: the reps in which each fault happens
    always: faults in every rep up to the end of a session, by the number of that session
    unseen: reps whose back the camera cannot judge
    answers: to a question, by its cue; as of somebody with whom all is well where none is given
    never_says: commands that do not come
    wobbles_on: the side on which every rep of the first session rounds
    sessions: for each session, the days since the one before it
    says: extra commands, each once, at the first moment it can be heard
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    faults: Mapping[Fault, frozenset[int]] = {}
    always: Mapping[Fault, int] = {}
    unseen: frozenset[int] = frozenset()
    answers: Mapping[str, Literal["yes", "no", "good", "rounded"]] = {}
    never_says: frozenset[Command] = frozenset()
    wobbles_on: Side | None = None
    sessions: Annotated[tuple[int, ...], Field(min_length=1, max_length=400)] = (0,)
    says: tuple[Command, ...] = ()


_WEEKS = (0, 2, 2, 3, 2, 2, 3, 2, 2, 3)
"""Monday, Wednesday, Friday, and so on."""

BUILT_IN: Mapping[str, Trainee] = {
    "steady": Trainee(sessions=_WEEKS),
    "rounds-on-3": Trainee(faults={Fault.ROUNDED_BACK: frozenset({3})}, sessions=_WEEKS),
    "rounds-for-weeks": Trainee(always={Fault.ROUNDED_BACK: 4}, sessions=_WEEKS),
    "squats": Trainee(always={Fault.SQUATTING: 2}, sessions=_WEEKS),
    "forgets": Trainee(faults={Fault.ROUNDED_BACK: frozenset({12, 20, 21})}, sessions=_WEEKS),
    "wobbles-on-the-left": Trainee(wobbles_on=Side.LEFT, sessions=_WEEKS),
    "in-the-dark": Trainee(unseen=frozenset(range(1, 2000)), sessions=_WEEKS),
    "feels-nothing": Trainee(answers={"ask.stretch": "no"}, sessions=(0, 2, 2)),
    "feels-pain": Trainee(answers={"ask.pain": "yes"}, sessions=_WEEKS),
    "doubts": Trainee(answers={"ask.back": "rounded", "ask.contact": "no"}, sessions=(0, 2, 2)),
    "never-says-done": Trainee(never_says=frozenset({Command.DONE})),
    "never-answers": Trainee(
        never_says=frozenset({Command.YES, Command.NO, Command.GOOD, Command.ROUNDED})
    ),
    "asks-a-lot": Trainee(
        says=(Command.HOW_AM_I, Command.HELP, Command.AGAIN, Command.PAUSE, Command.WHY),
    ),
    "misses-weeks": Trainee(sessions=(0, 2, 2, 2, 21, 2, 40, 2)),
    "hurts-himself": Trainee(says=(Command.HURTS,), sessions=(0, 2, 2)),
}


def trainee(name: str) -> Trainee:
    """A built-in trainee, or the one in a YAML file."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        raise TraineeError(
            f"There is no trainee '{name}'; there are: {', '.join(BUILT_IN)}, or a YAML file."
        )
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        return Trainee.model_validate({} if data is None else data)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TraineeError(f"{path}, line {line}: this is not YAML ({error.problem}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(one) for one in first["loc"]) or "the file"
        raise TraineeError(
            f"{path}: '{place}' is wrong ({first['msg']}); a trainee has the keys "
            f"{', '.join(Trainee.model_fields)}."
        ) from error
    except (OSError, ValueError, RecursionError, YAMLError) as error:
        raise TraineeError(f"The trainee {path} cannot be read: {error}.") from error

"""The drills, as data: ids, cues, gates, doses and fall-backs of the published home guides."""

from coach.domain.program import Block, Drill, Gate, Stage
from coach.domain.terms import Arms, Fault, Question, Side

_EVERY = frozenset(Fault)
_HANDS_BUSY = _EVERY - {Fault.ARMS_DRIFTING}
# Short of depth or of the last inch is worth a word, but does not undo a run of good reps.
_FORGIVEN = frozenset({Fault.SHALLOW, Fault.SOFT_LOCKOUT})
_TO_THE_STICK = ((Fault.ROUNDED_BACK, "dowel-hinge"), (Fault.HEAD_OFF, "dowel-hinge"))
_SQUATS_TO_THE_WALL = ((Fault.SQUATTING, "wall-hinge"),)
_TO_THE_WALL = (*_SQUATS_TO_THE_WALL, (Fault.KNEES_BENDING, "wall-hinge"))
_ASKS = frozenset({Question.BACK, Question.STRETCH})


def _setup(drill: str, steps: int) -> tuple[str, ...]:
    return (f"{drill}.start", *(f"{drill}.setup.{step}" for step in range(1, steps + 1)))


DOWEL_HINGE = Drill(
    id="dowel-hinge",
    stage=Stage.PATTERN,
    setup=_setup("dowel-hinge", 6),
    gate=Gate(in_a_row=8),
    watched=_HANDS_BUSY,
    # A stick leaves the head or the back when the spine or the neck bends; a squat is no hinge.
    breaking=frozenset({Fault.ROUNDED_BACK, Fault.HEAD_OFF, Fault.SQUATTING}),
    fall_back=_SQUATS_TO_THE_WALL,
    asks=frozenset({Question.CONTACT, Question.STRETCH}),
    stick=True,
    reps=8,
)

WALL_HINGE = Drill(
    id="wall-hinge",
    stage=Stage.PATTERN,
    setup=_setup("wall-hinge", 3),
    gate=Gate(in_a_row=10),
    watched=_EVERY,
    breaking=_EVERY - _FORGIVEN,
    fall_back=_TO_THE_STICK,
    asks=_ASKS,
)

DOOR_FRAME_HINGE = Drill(
    id="door-frame-hinge",
    stage=Stage.PATTERN,
    setup=_setup("door-frame-hinge", 3),
    gate=Gate(in_a_row=8),
    watched=_HANDS_BUSY,
    breaking=_HANDS_BUSY - _FORGIVEN,
    fall_back=_TO_THE_STICK + _TO_THE_WALL,
    asks=_ASKS,
    reps=8,
)

BODYWEIGHT_HINGE = Drill(
    id="bodyweight-hinge",
    stage=Stage.BODYWEIGHT,
    setup=_setup("bodyweight-hinge", 2),
    gate=Gate(in_a_row=10),
    watched=_EVERY,
    breaking=_EVERY - _FORGIVEN,
    fall_back=_TO_THE_STICK + _TO_THE_WALL,
    asks=_ASKS,
)

WALL_RDL = Drill(
    id="wall-rdl",
    stage=Stage.BODYWEIGHT,
    setup=_setup("wall-rdl", 2),
    gate=Gate(in_a_row=10, sets=2),
    watched=_HANDS_BUSY,
    breaking=_HANDS_BUSY - _FORGIVEN,
    fall_back=_TO_THE_STICK + _TO_THE_WALL,
    arms=(Arms.LOW_BACK, Arms.EARS, Arms.CHEST),
    asks=_ASKS,
    sets=2,
)

SINGLE_LEG_RDL = Drill(
    id="single-leg-rdl",
    stage=Stage.BODYWEIGHT,
    setup=_setup("single-leg-rdl", 2),
    gate=Gate(in_a_row=8),
    # The free leg and the arms are the counterweight; what counts is the spine and the one knee.
    watched=frozenset({Fault.ROUNDED_BACK, Fault.SQUATTING, Fault.HEAD_OFF, Fault.SHALLOW}),
    breaking=frozenset({Fault.ROUNDED_BACK, Fault.SQUATTING, Fault.HEAD_OFF}),
    fall_back=_TO_THE_STICK + _SQUATS_TO_THE_WALL,
    sides=(Side.LEFT, Side.RIGHT),
    asks=_ASKS,
    sets=2,
)

LOADED_RDL = Drill(
    id="loaded-rdl",
    stage=Stage.LOAD,
    setup=_setup("loaded-rdl", 3),
    gate=None,
    watched=_EVERY,
    breaking=_EVERY - _FORGIVEN,
    fall_back=_TO_THE_STICK + _TO_THE_WALL,
    asks=frozenset({Question.BACK, Question.STRETCH, Question.PAIN}),
    sets=2,
    reps=8,
)

BAND_PULL_THROUGH = Drill(
    id="band-pull-through",
    stage=Stage.LOAD,
    setup=_setup("band-pull-through", 2),
    gate=None,
    watched=_HANDS_BUSY,
    breaking=_HANDS_BUSY - _FORGIVEN,
    fall_back=_TO_THE_STICK + _TO_THE_WALL,
    asks=frozenset({Question.BACK, Question.STRETCH, Question.PAIN}),
    sets=2,
    reps=12,
)

DRILLS = {
    drill.id: drill
    for drill in (
        DOWEL_HINGE,
        WALL_HINGE,
        DOOR_FRAME_HINGE,
        BODYWEIGHT_HINGE,
        WALL_RDL,
        SINGLE_LEG_RDL,
        LOADED_RDL,
        BAND_PULL_THROUGH,
    )
}


def usual(drill: Drill) -> Block:
    """The drill with the dose that the guides give it."""
    return Block(drill, drill.reps, sets=drill.sets)

"""Small makers of values for tests of the domain."""

from collections.abc import Sequence

from coach.domain.calibration import Calibration
from coach.domain.drills import (
    BODYWEIGHT_HINGE,
    DOWEL_HINGE,
    DRILLS,
    LOADED_RDL,
    SINGLE_LEG_RDL,
    WALL_RDL,
)
from coach.domain.mastery import Mastery, Progress, State
from coach.domain.people import Person
from coach.domain.program import Block, Order, Program
from coach.domain.state import Opened
from coach.domain.terms import Back, Fault, Rep, Spine, Verdict
from coach.rehearsal import PLAINLY

SEEN = Back(judged=True, method="contour", bow=0.001, limit=0.02)
UNSEEN = Back(judged=False, method="none")


def _of(id_: str, *blocks: Block, order: Order = Order.PROGRESSION) -> Program:
    return Program(id_, blocks, order)


PROGRAMS = {
    program.id: program
    for program in (
        _of("first-hinge", Block(DOWEL_HINGE, 8)),
        _of("wall", Block(WALL_RDL, 10, tries=6), Block(LOADED_RDL, 6)),
        _of("one-leg", Block(SINGLE_LEG_RDL, 8)),
        _of("load", Block(LOADED_RDL, 6, sets=2)),
        _of("routine", Block(DOWEL_HINGE, 8), Block(BODYWEIGHT_HINGE, 10), order=Order.ROUTINE),
        _of("short-sets", Block(DOWEL_HINGE, 4)),
    )
}


def opened(
    calibrated: bool = True,
    program: Program = PROGRAMS["first-hinge"],
    mastered: Sequence[str] = (),
    retained: Sequence[str] = (),
) -> Opened:
    """mastered: drills whose gate was passed in the one session before; retained: and stayed."""
    passed = tuple(
        Progress(drill, side, state, streak=8, passed_in=0)
        for drills, state in ((mastered, State.PASSED), (retained, State.RETAINED))
        for drill in drills
        for side in DRILLS[drill].sides or (None,)
    )
    mastery = Mastery(passed, sessions=1, days=(0,)) if passed else Mastery()
    own = calibration() if calibrated else None
    others = (Person("anna", language="es"), Person("binh", language="vi"))
    return Opened(program, own, mastery, household=others, languages=frozenset({"es"}))


def calibration() -> Calibration:
    return Calibration(**{name: _zero(kind) for name, kind in Calibration.__annotations__.items()})


def _zero(kind: object) -> object:
    return 0.0 if kind is float else ()


def rep(
    *faults: Fault, number: int = 1, t: float = 0.0, back: Back = SEEN, where: Spine | None = None
) -> Rep:
    if where is not None:
        back = Back(judged=True, method="contour", bow=0.05, limit=0.02, where=where)
    verdict = Verdict.FAULT if faults else Verdict.CLEAN if back.judged else Verdict.UNJUDGED
    evidence = tuple(one for one in PLAINLY if one.fault in faults)
    return Rep(number, t, verdict, faults, 60.0, 8.0, back, 3.5, evidence)

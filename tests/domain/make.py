"""Small makers of values for tests of the domain."""

from coach.domain.calibration import Calibration
from coach.domain.drills import DOWEL_HINGE
from coach.domain.program import Block, Program
from coach.domain.state import Opened
from coach.domain.terms import Back, Fault, Rep, Spine, Verdict

SEEN = Back(judged=True, method="contour", bow=0.001, limit=0.02)
UNSEEN = Back(judged=False, method="none")


def opened(calibrated: bool = True, reps: int = 8, tries: int = 3) -> Opened:
    program = Program("first-hinge", (Block(DOWEL_HINGE, reps=reps, tries=tries),))
    return Opened(program, calibration() if calibrated else None)


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
    return Rep(number, t, verdict, faults, 60.0, 8.0, back, 3.5)

"""Which fault to correct, and when to say that it is mended.

At most one correction a rep, in the order back, hips, knees, arms, head (the order of `Fault`):
a person can change one thing at a time. Feedback comes after the rep, which teaches as well as
feedback during it. A fault that is gone is named once.
"""

from dataclasses import dataclass

from coach.domain.terms import Fault, Rep, Spine, Verdict

PATIENCE_REPS = 2
"""A correction just given is not repeated before so many reps have had a chance to use it."""


@dataclass(frozen=True, slots=True)
class Cueing:
    """What has been said in this set.

    open: faults corrected and not yet seen mended
    said: the rep at which each fault was last corrected
    """

    open: frozenset[Fault] = frozenset()
    said: tuple[tuple[Fault, int], ...] = ()


def after_rep(cueing: Cueing, rep: Rep) -> tuple[Cueing, str | None]:
    """The one cue that this rep deserves besides its count, if any."""
    said = dict(cueing.said)
    for fault in Fault:
        if fault not in rep.faults:
            continue
        last = said.get(fault)
        if last is not None and rep.number - last < PATIENCE_REPS:
            continue
        said[fault] = rep.number
        return Cueing(cueing.open | {fault}, tuple(said.items())), _correction(fault, rep)
    if rep.verdict is Verdict.CLEAN:
        for fault in Fault:
            if fault in cueing.open:
                mended = Cueing(cueing.open - {fault}, cueing.said)
                return mended, f"fixed.{fault}"
    return cueing, None


def _correction(fault: Fault, rep: Rep) -> str:
    if fault is Fault.ROUNDED_BACK and rep.back.where is not Spine.UNCLEAR:
        return f"correct.{fault}.{rep.back.where}"
    return f"correct.{fault}"

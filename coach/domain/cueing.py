"""Which fault to correct, and when to say that it is mended.

At most one correction a rep, in the order back, hips, knees, arms, head (the order of `Fault`):
a person can change one thing at a time. Feedback comes after the rep, which teaches as well as
feedback during it, and fades as the streak grows: the longer the run of good reps, the more often
a fault may come before it is named, and the longer the pause before it is named again. A fault
that is gone is named once, as long as the drill is new, and not before the rep's top was seen.
"""

from dataclasses import dataclass, replace

from coach.domain.terms import Fault, Rep, Spine, Verdict

PATIENCE_REPS = 2
"""A correction just given is not repeated before so many reps have had a chance to use it."""

FADES_EVERY = 8
"""So many good reps in a row, and feedback is one step rarer."""

FADED = 3
"""No rarer than this: a fault that keeps coming is always named."""


@dataclass(frozen=True, slots=True)
class Cueing:
    """What has been said in this set.

    streak: good reps in a row up to this set
    quiet: a check, in which nothing is said
    always: faults that are named every time, however long the streak
    open: faults corrected and not yet seen mended
    said: the rep at which each fault was last corrected
    passed_over: how often each fault came without a word
    """

    streak: int = 0
    quiet: bool = False
    always: frozenset[Fault] = frozenset()
    open: frozenset[Fault] = frozenset()
    said: tuple[tuple[Fault, int], ...] = ()
    passed_over: tuple[tuple[Fault, int], ...] = ()

    @property
    def faded(self) -> int:
        """How much rarer feedback has become, 0 for somebody new."""
        return min(FADED, self.streak // FADES_EVERY)


def after_rep(cueing: Cueing, rep: Rep) -> tuple[Cueing, str | None]:
    """The one correction that this rep deserves besides its count, if any."""
    if cueing.quiet:
        return cueing, None
    said, passed_over = dict(cueing.said), dict(cueing.passed_over)
    for fault in Fault:
        if fault not in rep.faults:
            continue
        faded = 0 if fault in cueing.always else cueing.faded
        last = said.get(fault)
        if last is not None and rep.number - last < PATIENCE_REPS + faded:
            continue
        if last is None and passed_over.get(fault, 0) < faded:
            passed_over[fault] = passed_over.get(fault, 0) + 1
            continue
        said[fault] = rep.number
        return _with(cueing, cueing.open | {fault}, said, passed_over), _correction(fault, rep)
    return _with(cueing, cueing.open, said, passed_over), None


def after_fault(cueing: Cueing, rep: Rep, fault: Fault) -> tuple[Cueing, str | None]:
    """The correction of a fault that showed at the top of the rep, if it had none before."""
    if rep.number in dict(cueing.said).values():
        return cueing, None
    return after_rep(cueing, replace(rep, faults=(fault,)))


def after_lockout(cueing: Cueing, rep: Rep) -> tuple[Cueing, str | None]:
    """The praise for a fault that this rep, seen to its end, shows to be mended."""
    mended = next((fault for fault in Fault if fault in cueing.open), None)
    if cueing.quiet or mended is None or rep.verdict is not Verdict.CLEAN:
        return cueing, None
    praise = f"fixed.{mended}" if cueing.faded < FADED else None
    return replace(cueing, open=cueing.open - {mended}), praise


def _with(
    cueing: Cueing, open_: frozenset[Fault], said: dict[Fault, int], passed_over: dict[Fault, int]
) -> Cueing:
    told, silent = tuple(said.items()), tuple(passed_over.items())
    return Cueing(cueing.streak, cueing.quiet, cueing.always, open_, told, silent)


def _correction(fault: Fault, rep: Rep) -> str:
    if fault is Fault.ROUNDED_BACK and rep.back.where is not Spine.UNCLEAR:
        return f"correct.{fault}.{rep.back.where}"
    return f"correct.{fault}"

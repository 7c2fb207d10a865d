"""What one set was worth. Pure; what it means for the weeks is in `mastery`."""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from coach.domain.program import Drill
from coach.domain.terms import Fault, Rep, Verdict


class Outcome(StrEnum):
    """PRACTISED: a drill without a gate; PAIN: the set ended because something hurt."""

    PASSED = "passed"
    LOST = "lost"
    SAID_NO = "said-no"
    SHORT = "short"
    UNSURE = "unsure"
    PRACTISED = "practised"
    PAIN = "pain"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a set was worth.

    streak: the longest run of kept reps
    lost_at: the last rep that broke the run, 1-based
    fault: the fault that broke runs most often
    ending: the run that the set ended with
    """

    outcome: Outcome
    streak: int
    lost_at: int | None = None
    fault: Fault | None = None
    ending: int = 0


def needs_word(rep: Rep) -> bool:
    """Whether the camera alone cannot vouch for this rep's back, so that the person must."""
    return rep.verdict is Verdict.UNJUDGED or not rep.back.judged


def breaks(rep: Rep, faults: frozenset[Fault]) -> bool:
    return any(fault in faults for fault in rep.faults)


def as_watched(rep: Rep, drill: Drill) -> Rep:
    """The rep with only those faults that are this drill's business."""
    faults = tuple(fault for fault in rep.faults if fault in drill.watched)
    if faults == rep.faults:
        return rep
    if faults:
        return replace(rep, faults=faults)
    verdict = Verdict.CLEAN if rep.back.judged else Verdict.UNJUDGED
    return replace(rep, faults=(), verdict=verdict)


def judge(
    drill: Drill,
    reps: tuple[Rep, ...],
    neutral: int,
    paced: int,
    kept: bool | None,
    needed: int,
    carried: int = 0,
) -> Judgement:
    """The gate's word on one set.

    reps: what the camera saw, in order; paced: further reps done by time alone
    neutral: so many first reps served as the yardstick, so they cannot vouch for themselves
    kept: what the person said of the contacts or the back; None when not asked or not answered
    needed: kept reps in a row that pass, 0 for a drill without a gate
    carried: kept reps in a row at the end of earlier sets, where a set is too short for the gate
    """
    streak = longest = carried
    lost_at: int | None = None
    unsure = False
    causes: Counter[Fault] = Counter()
    for place, rep in enumerate(reps):
        if breaks(rep, drill.breaking):
            streak, lost_at = 0, rep.number
            causes.update(fault for fault in rep.faults if fault in drill.breaking)
        elif kept or (place >= neutral and not needs_word(rep)):
            streak += 1
        else:
            streak, unsure = 0, True
        longest = max(longest, streak)
    for _ in range(paced):
        streak = streak + 1 if kept else 0
        unsure = unsure or not kept
        longest = max(longest, streak)
    fault = max(causes, key=lambda one: (causes[one], -list(Fault).index(one)), default=None)
    if kept is False:
        return Judgement(Outcome.SAID_NO, 0, lost_at, Fault.ROUNDED_BACK)
    if not needed:
        return Judgement(Outcome.PRACTISED, longest, lost_at, fault, streak)
    if longest >= needed:
        return Judgement(Outcome.PASSED, longest, lost_at, None, streak)
    if lost_at is not None:
        return Judgement(Outcome.LOST, longest, lost_at, fault, streak)
    if unsure:
        return Judgement(Outcome.UNSURE, longest, ending=streak)
    return Judgement(Outcome.SHORT, longest, ending=streak)

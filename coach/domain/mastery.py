"""Gates: when a drill counts as mastered. Pure; the table of gates is the drills' own data."""

from dataclasses import dataclass
from enum import StrEnum

from coach.domain.program import Drill
from coach.domain.terms import Fault, Rep, Verdict


class Outcome(StrEnum):
    PASSED = "passed"
    LOST = "lost"
    SAID_NO = "said-no"
    SHORT = "short"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a set was worth.

    streak: the longest run of kept reps
    lost_at: the last rep that broke the run, 1-based
    """

    outcome: Outcome
    streak: int
    lost_at: int | None = None


def needs_word(rep: Rep) -> bool:
    """Whether the camera alone cannot vouch for this rep's back, so that the person must."""
    return rep.verdict is Verdict.UNJUDGED or not rep.back.judged


def breaks(rep: Rep, faults: frozenset[Fault]) -> bool:
    return any(fault in faults for fault in rep.faults)


def judge(
    drill: Drill, reps: tuple[Rep, ...], neutral: int, paced: int, kept: bool | None
) -> Judgement:
    """The gate's word on one set.

    reps: what the camera saw, in order; paced: further reps done by time alone
    neutral: so many first reps served as the yardstick, so they cannot vouch for themselves
    kept: what the person said of the contacts; None when not asked or not answered
    """
    needed = drill.gate.in_a_row if drill.gate else 0
    streak = longest = 0
    lost_at: int | None = None
    unsure = False
    for place, rep in enumerate(reps):
        if breaks(rep, drill.breaking):
            streak, lost_at = 0, rep.number
        elif kept or (place >= neutral and not needs_word(rep)):
            streak += 1
        else:
            streak, unsure = 0, True
        longest = max(longest, streak)
    for _ in range(paced):
        streak = streak + 1 if kept else 0
        unsure = unsure or not kept
        longest = max(longest, streak)
    if kept is False:
        return Judgement(Outcome.SAID_NO, 0)
    if longest >= needed:
        return Judgement(Outcome.PASSED, longest, lost_at)
    if lost_at is not None:
        return Judgement(Outcome.LOST, longest, lost_at)
    if unsure:
        return Judgement(Outcome.UNSURE, longest)
    return Judgement(Outcome.SHORT, longest)

"""Gates, fall-backs, sides, arms and weeks; docs/mastery.md is what the code does."""

from dataclasses import replace

import pytest

from coach import config
from coach.domain import mastery
from coach.domain.cueing import Cueing, after_rep
from coach.domain.drills import DRILLS, SINGLE_LEG_RDL, WALL_RDL, usual
from coach.domain.gates import Judgement, Outcome, as_watched, judge
from coach.domain.mastery import Mastery, Progress, State
from coach.domain.program import Block, Program, ProgramError
from coach.domain.terms import Arms, Fault, Side, Verdict
from tests.domain import make
from tests.domain.mastery_table import table

DOCUMENT = config.ROOT / "docs" / "mastery.md"
MARK = "<!-- asked of the code -->\n"


def test_the_document_is_what_the_code_does(update: bool) -> None:
    words, _, written = DOCUMENT.read_text(encoding="utf-8").partition(MARK)
    if update:
        DOCUMENT.write_text(f"{words}{MARK}\n{table()}", encoding="utf-8")
        return
    assert written == f"\n{table()}", "see the change, then accept it: pytest tests/domain --update"


@pytest.mark.parametrize("drill", DRILLS.values(), ids=lambda drill: drill.id)
def test_a_drill_is_whole(drill: object) -> None:
    block = usual(drill)  # type: ignore[arg-type]
    assert block.drill.breaking <= block.drill.watched
    assert all(fault in block.drill.breaking for fault, _ in block.drill.fall_back)
    assert all(to in DRILLS and to != block.drill.id for _, to in block.drill.fall_back)


def test_a_drill_is_as_far_as_its_weaker_side() -> None:
    left = Progress("single-leg-rdl", Side.LEFT, State.RETAINED)
    known = Mastery().knowing(left)
    assert known.state(SINGLE_LEG_RDL) is State.LEARNING
    both = known.knowing(replace(left, side=Side.RIGHT, state=State.PASSED))
    assert both.state(SINGLE_LEG_RDL) is State.PASSED


def test_arm_positions_can_be_in_another_order() -> None:
    block = Block(WALL_RDL, 10, arms=(Arms.CHEST, Arms.EARS))
    known = Progress("wall-rdl")
    assert mastery.arms_at(block, known) is Arms.CHEST
    harder = mastery.after_set(known, block, Judgement(Outcome.PASSED, 10, ending=10), 0)
    assert mastery.arms_at(block, harder) is Arms.EARS


def test_a_fault_that_is_none_of_the_drills_business_is_left_out() -> None:
    seen = as_watched(make.rep(Fault.ARMS_DRIFTING), DRILLS["dowel-hinge"])
    assert (seen.verdict, seen.faults) == (Verdict.CLEAN, ())
    unseen = as_watched(make.rep(Fault.ARMS_DRIFTING, back=make.UNSEEN), DRILLS["dowel-hinge"])
    assert unseen.verdict is Verdict.UNJUDGED


def test_eight_in_a_row_are_eight_in_a_row() -> None:
    drill, good = DRILLS["dowel-hinge"], make.rep()
    bad = make.rep(Fault.ROUNDED_BACK, number=8)

    def outcome(*reps: make.Rep) -> Outcome:
        return judge(drill, reps, neutral=0, paced=0, kept=None, needed=8).outcome

    assert outcome(*[good] * 8) is Outcome.PASSED
    assert outcome(*[good] * 7) is Outcome.SHORT
    assert outcome(*[good] * 7, bad, *[good] * 7) is Outcome.LOST
    assert outcome(bad, *[good] * 8) is Outcome.PASSED


def said(streak: int, faults: list[bool], **how: object) -> list[bool]:
    """Whether each rep was corrected; True in `faults` is a rounded back."""
    cueing, out = Cueing(streak, **how), []  # type: ignore[arg-type]
    for number, rounds in enumerate(faults, 1):
        rep = make.rep(*[Fault.ROUNDED_BACK] * rounds, number=number)
        cueing, cue = after_rep(cueing, rep)
        out.append(cue is not None and cue.startswith("correct."))
    return out


def test_feedback_fades_as_the_streak_grows() -> None:
    every = [True] * 12
    spoken = [sum(said(streak, every)) for streak in (0, 8, 16, 24, 800)]
    assert spoken == sorted(spoken, reverse=True) and spoken[0] > spoken[3] >= 1
    assert spoken[3] == spoken[4], "a fault that keeps coming is always named"
    assert said(8, [True, False, False]) == [False] * 3, "a single slip is passed over"


def test_a_check_is_silent_and_a_weight_never_is() -> None:
    assert not any(said(0, [True] * 8, quiet=True))
    assert said(80, [True], always=frozenset({Fault.ROUNDED_BACK})) == [True]


def test_weeks_are_counted_by_the_day() -> None:
    known = Mastery(days=(1, 3, 8))
    assert mastery.this_week(known, 8) == 2
    assert mastery.days_missed(known, 30) == 22
    assert mastery.days_missed(known, 5) == 0, "the clock was set back"
    assert mastery.days_missed(Mastery(), 700_000) == 0


def test_what_cannot_be_trained_is_refused() -> None:
    for wrong in (
        lambda: Block(WALL_RDL, 0),
        lambda: Block(WALL_RDL, 51),
        lambda: Block(WALL_RDL, 10, rest_s=-1),
        lambda: Block(WALL_RDL, 10, tries=0),
        lambda: Block(WALL_RDL, 10, sets=11),
        lambda: Block(WALL_RDL, 10, arms=()),
        lambda: Block(SINGLE_LEG_RDL, 10, arms=(Arms.EARS,)),
        lambda: Program("empty", ()),
    ):
        with pytest.raises(ProgramError):
            wrong()

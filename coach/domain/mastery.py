"""What a person has mastered, and every way in which that changes. Pure.

A drill is LEARNING until its gate is passed, PASSED until a set without feedback in a later
session, the check, decides whether it stayed, and RETAINED from then on. A failed check leads
back to LEARNING. Left and right count apart; arm positions go from easiest to hardest, and the
gate is passed at the hardest. docs/mastery.md has the whole table, and a test compares the two.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from coach.domain.drills import DRILLS
from coach.domain.gates import Judgement, Outcome
from coach.domain.program import Block, Drill, Program, Stage
from coach.domain.terms import Arms, Fault, Side

FALL_BACK_AFTER = 2
"""Sets in a row lost to the same fault that lead to its fall-back drill."""

MISSED_DAYS = 14
"""So many days without training: what was retained is checked once more."""

LONG_MISSED_DAYS = 28
"""So many days: one arm position easier, and weights a quarter lighter."""

LIGHTER = 0.75
WEEK_DAYS = 7
WEEK_SESSIONS = 3
"""Practise two or three times a week, say both guides; after the third the coach suggests rest."""


class State(StrEnum):
    LEARNING = "learning"
    PASSED = "passed"
    RETAINED = "retained"


@dataclass(frozen=True, slots=True)
class Progress:
    """One person's way with one drill, or with one side of it.

    streak: kept reps in a row up to now, over sets and sessions; feedback fades as it grows
    carried: those of them that still count for a gate longer than a set
    sets: sets in a row that passed at the hardest arm position
    arms: index of the arm position at hand
    passed_in: the session in which the gate was passed
    lost_to, lost_sets: the fault that the last sets were lost to, and how many they were
    detour: the drill to go back to before this one goes on
    weight_kg: what the person said they lift
    """

    drill: str
    side: Side | None = None
    state: State = State.LEARNING
    streak: int = 0
    carried: int = 0
    sets: int = 0
    arms: int = 0
    passed_in: int | None = None
    lost_to: Fault | None = None
    lost_sets: int = 0
    detour: str | None = None
    weight_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Mastery:
    """All of one person.

    sessions: how many sessions with a finished set lie behind
    days: the days of the latest ones, counted as by `date.toordinal`, oldest first
    unlocked: load was unlocked by hand
    sore: the low back hurt in the last session, so load waits for one without pain
    """

    progress: tuple[Progress, ...] = ()
    sessions: int = 0
    days: tuple[int, ...] = ()
    unlocked: bool = False
    sore: bool = False

    def of(self, drill: str, side: Side | None = None) -> Progress:
        return next(
            (one for one in self.progress if (one.drill, one.side) == (drill, side)),
            Progress(drill, side),
        )

    def sides(self, drill: Drill) -> tuple[Progress, ...]:
        return tuple(self.of(drill.id, side) for side in drill.sides or (None,))

    def knowing(self, new: Progress) -> "Mastery":
        others = tuple(
            one for one in self.progress if (one.drill, one.side) != (new.drill, new.side)
        )
        return replace(self, progress=(*others, new))

    def state(self, drill: Drill) -> State:
        """That of the weaker side."""
        states = {one.state for one in self.sides(drill)}
        return next(state for state in State if state in states)

    def detour(self, drill: Drill) -> str | None:
        return next((one.detour for one in self.sides(drill) if one.detour), None)

    def check_due(self, drill: Drill) -> bool:
        """Whether the gate was passed in an earlier session and not checked since."""
        passed_in = [one.passed_in for one in self.sides(drill)]
        return self.state(drill) is State.PASSED and all(
            number is None or number < self.sessions for number in passed_in
        )


def arms_at(block: Block, progress: Progress) -> Arms | None:
    positions = block.positions
    return positions[min(progress.arms, len(positions) - 1)] if positions else None


NOBODY_YET = Mastery()
"""Somebody who has never trained."""


def carried(progress: Progress, block: Block) -> int:
    """Kept reps of earlier sets that count on, where one set is too short for the gate."""
    gate = block.drill.gate
    return progress.carried if gate and block.reps < gate.in_a_row else 0


def after_set(progress: Progress, block: Block, judged: Judgement, session: int) -> Progress:
    """What a set with feedback changes."""
    kept_all = judged.lost_at is None and judged.outcome not in (Outcome.SAID_NO, Outcome.UNSURE)
    before = progress.streak - carried(progress, block) if kept_all else 0
    progress = replace(progress, streak=before + judged.ending, carried=judged.ending)
    match judged.outcome:
        case Outcome.PASSED:
            return _passed(replace(progress, carried=0), block, session)
        case Outcome.LOST | Outcome.SAID_NO:
            return _lost(replace(progress, sets=0), block, judged.fault)
        case Outcome.PRACTISED if judged.fault is not None:
            return _lost(progress, block, judged.fault)
        case Outcome.PRACTISED:
            return replace(progress, lost_to=None, lost_sets=0)
        case _:
            return progress


def _passed(progress: Progress, block: Block, session: int) -> Progress:
    progress = replace(progress, lost_to=None, lost_sets=0)
    if progress.arms < len(block.positions) - 1:
        return replace(progress, arms=progress.arms + 1, sets=0)
    progress = replace(progress, sets=progress.sets + 1)
    gate = block.drill.gate
    if progress.state is State.LEARNING and gate and progress.sets >= gate.sets:
        return replace(progress, state=State.PASSED, passed_in=session)
    return progress


def _lost(progress: Progress, block: Block, fault: Fault | None) -> Progress:
    same = fault is not None and fault is progress.lost_to
    times = progress.lost_sets + 1 if same else 1
    detour = block.falls_back_to(fault) if fault and times >= FALL_BACK_AFTER else None
    if detour is not None:
        return replace(progress, lost_to=None, lost_sets=0, detour=detour)
    return replace(progress, lost_to=fault, lost_sets=times)


def not_felt(progress: Progress) -> Progress:
    """No stretch in the back of the legs: the position is not right yet, so the pass waits."""
    return replace(progress, state=State.LEARNING, passed_in=None, sets=0)


def after_check(progress: Progress, judged: Judgement) -> Progress:
    """What a set without feedback, in a later session, decides."""
    if judged.outcome is Outcome.PASSED:
        return replace(progress, state=State.RETAINED, streak=progress.streak + judged.streak)
    return replace(progress, state=State.LEARNING, streak=0, carried=0, sets=0, passed_in=None)


def after_detour(progress: Progress) -> Progress:
    """The fall-back drill was shown once more: on with this one."""
    return replace(progress, detour=None)


def after_days(mastery: Mastery, block: Block, missed: int) -> tuple[Progress, ...]:
    """The one gentle step back after weeks without training, as what changes."""
    if missed < MISSED_DAYS:
        return ()
    changed = []
    for one in mastery.sides(block.drill):
        if not one.streak and one.state is not State.RETAINED:
            continue  # nothing to lose, or stepped back already
        new = replace(one, streak=0, carried=0)
        if one.state is State.RETAINED:
            new = replace(new, state=State.PASSED)
        if missed >= LONG_MISSED_DAYS:
            weight = None if one.weight_kg is None else round(one.weight_kg * LIGHTER, 1)
            new = replace(new, arms=max(0, one.arms - 1), weight_kg=weight)
        changed.append(new)
    return tuple(changed)


def days_missed(mastery: Mastery, today: int) -> int:
    """Days since the last training; a clock set back never makes it negative."""
    return max(0, today - mastery.days[-1]) if mastery.days else 0


def this_week(mastery: Mastery, today: int) -> int:
    """Sessions within the last seven days."""
    return sum(0 <= today - day < WEEK_DAYS for day in mastery.days)


def may_load(program: Program, mastery: Mastery) -> bool:
    """Load is for those in whom both stages before it stayed, and all of this program's drills."""
    if mastery.sore:
        return False
    if mastery.unlocked:
        return True
    known = {one.drill for one in mastery.progress if one.drill in DRILLS}
    mastered = {d for d in known if mastery.state(DRILLS[d]) is State.RETAINED}
    wanted = {b.drill.id for b in program.blocks if b.drill.stage < Stage.LOAD and b.drill.gate}
    stages = {DRILLS[drill].stage for drill in mastered}
    return wanted <= mastered and {Stage.PATTERN, Stage.BODYWEIGHT} <= stages

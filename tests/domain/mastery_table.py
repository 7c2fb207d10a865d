"""Every gate and every transition as Markdown, asked of the code itself."""

from collections.abc import Iterator
from dataclasses import fields, replace

from coach.domain import mastery
from coach.domain.drills import BODYWEIGHT_HINGE, DOWEL_HINGE, DRILLS, LOADED_RDL, WALL_RDL, usual
from coach.domain.gates import Judgement, Outcome
from coach.domain.mastery import Mastery, Progress, State
from coach.domain.program import Drill, Program
from coach.domain.terms import Fault
from coach.domain.today import todo

SESSION = 5


def table() -> str:
    return "\n".join((*_gates(), "", *_transitions(), "", *_today())) + "\n"


# --- the drills ---------------------------------------------------------------------------


def _gates() -> Iterator[str]:
    yield "### Gates\n"
    yield "| drill | stage | gate | usual dose | what breaks the run | falls back to |"
    yield "|---|---|---|---|---|---|"
    for drill in DRILLS.values():
        breaking = ", ".join(fault for fault in Fault if fault in drill.breaking)
        ways = ", ".join(f"{fault} -> {to}" for fault, to in drill.fall_back)
        dose = f"{drill.sets} x {drill.reps}{' a side' if drill.sides else ''}"
        yield f"| `{drill.id}` | {drill.stage} | {_gate(drill)} | {dose} | {breaking} | {ways} |"


def _gate(drill: Drill) -> str:
    if drill.gate is None:
        return "-"
    gate = f"{drill.gate.in_a_row} in a row"
    if drill.gate.sets > 1:
        gate += f", {drill.gate.sets} sets in a row"
    if drill.arms:
        gate += f" with the last of {', '.join(drill.arms)}"
    return gate + (", each side" if drill.sides else "")


# --- what changes -------------------------------------------------------------------------

NEW = Progress("x")
PASSED = Judgement(Outcome.PASSED, 10, ending=10)
LOST = Judgement(Outcome.LOST, 4, 5, Fault.ROUNDED_BACK, 3)
SQUATTED = Judgement(Outcome.LOST, 4, 5, Fault.SQUATTING, 3)
SAID_SO = Judgement(Outcome.SAID_NO, 0, None, Fault.ROUNDED_BACK)
LIFTED = Judgement(Outcome.PRACTISED, 4, 5, Fault.ROUNDED_BACK, 3)
SHORT = Judgement(Outcome.SHORT, 5, ending=5)
DOWEL, WALL, LOAD = usual(DOWEL_HINGE), usual(WALL_RDL), usual(LOADED_RDL)


def _transitions() -> Iterator[str]:
    """Each row is computed: what was before, what happened, what that changes."""

    def after(before: Progress, judged: Judgement, block: object = DOWEL) -> Progress:
        return mastery.after_set(before, block, judged, SESSION)  # type: ignore[arg-type]

    once = replace(NEW, lost_to=Fault.ROUNDED_BACK, lost_sets=1)
    hardest = replace(NEW, arms=2)
    nearly = replace(hardest, sets=1)
    detoured = replace(NEW, detour="dowel-hinge")
    done = replace(NEW, state=State.PASSED, streak=8, passed_in=SESSION, sets=1)
    stayed = replace(done, state=State.RETAINED)
    lifting = replace(NEW, streak=16, weight_kg=8.0)
    rows = (
        ("a set that passes", NEW, after(NEW, PASSED)),
        ("a set lost to a fault", NEW, after(NEW, LOST)),
        ("a set too short, all of it good", NEW, after(NEW, SHORT)),
        ("a set whose back nobody saw", NEW, after(NEW, Judgement(Outcome.UNSURE, 0))),
        ('"rounded", said when asked', once, after(once, SAID_SO, WALL)),
        ("the same fault in a second set", once, after(once, LOST, WALL)),
        ("another fault in the second set", once, after(once, SQUATTED, WALL)),
        ("a set that passes between", once, after(once, PASSED)),
        ("arms: a set that passes", NEW, after(NEW, PASSED, WALL)),
        ("arms: at the hardest", hardest, after(hardest, PASSED, WALL)),
        ("arms: at the hardest, again", nearly, after(nearly, PASSED, WALL)),
        ("arms: lost between", nearly, after(nearly, LOST, WALL)),
        ("no stretch felt after the pass", done, mastery.not_felt(done)),
        ("the check in a later session: passed", done, mastery.after_check(done, PASSED)),
        ("the check: lost", done, mastery.after_check(done, LOST)),
        ("the fall-back drill shown", detoured, mastery.after_detour(detoured)),
        ("13 days without training", stayed, _away(stayed, 13)),
        ("14 days", stayed, _away(stayed, 14)),
        ("28 days, with arms", replace(stayed, arms=2), _away(replace(stayed, arms=2), 28)),
        ("28 days, with weight", lifting, _away(lifting, 28)),
        ("a set with weight, a fault in it", lifting, after(lifting, LIFTED, LOAD)),
    )  # fmt: skip
    yield "### What changes\n"
    yield "| what happens | before | what changes |"
    yield "|---|---|---|"
    yield from (f"| {what} | {_told(NEW, old)} | {_told(old, new)} |" for what, old, new in rows)


def _away(before: Progress, days: int) -> Progress:
    known = Mastery((replace(before, drill=WALL_RDL.id),), 1, (0,))
    changed = mastery.after_days(known, WALL, days)
    return replace(changed[0], drill=before.drill) if changed else before


def _told(old: Progress, new: Progress) -> str:
    changes = [
        f"{field.name} {getattr(new, field.name)}"
        for field in fields(Progress)
        if getattr(new, field.name) != getattr(old, field.name)
    ]
    return ", ".join(changes) or "-"


# --- what today holds ---------------------------------------------------------------------


def _today() -> Iterator[str]:
    yield "### What a progression does with a drill\n"
    yield "| how far the person is | dowel-hinge | bodyweight-hinge | loaded-rdl |"
    yield "|---|---|---|---|"
    drills = (DOWEL_HINGE, BODYWEIGHT_HINGE, LOADED_RDL)
    program = Program("p", tuple(usual(drill) for drill in drills))
    people = {
        "new": Mastery(),
        "both gates passed, in this session": _with(State.PASSED, sessions=SESSION),
        "both gates passed, in a session before": _with(State.PASSED, sessions=SESSION + 1),
        "both retained": _with(State.RETAINED, sessions=SESSION + 1),
        "both retained, pain in the last session": replace(
            _with(State.RETAINED, sessions=SESSION + 1), sore=True
        ),
        "new, load unlocked by hand": Mastery(unlocked=True),
        "load unlocked by hand, pain in the last session": Mastery(unlocked=True, sore=True),
    }
    for who, known in people.items():
        cells = (todo(program, known, block) for block in program.blocks)
        yield f"| {who} | {' | '.join(cells)} |"


def _with(state: State, sessions: int) -> Mastery:
    drills = (DOWEL_HINGE.id, BODYWEIGHT_HINGE.id)
    done = tuple(Progress(drill, state=state, passed_in=SESSION) for drill in drills)
    return Mastery(done, sessions, (0,))

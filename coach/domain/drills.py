"""The drills, as data. Ids, cues, gates and numbers come from the published home guides."""

from coach.domain.program import Drill, Gate
from coach.domain.terms import Fault

DOWEL_HINGE = Drill(
    id="dowel-hinge",
    setup=("dowel-hinge.start", *(f"dowel-hinge.setup.{step}" for step in range(1, 7))),
    gate=Gate(in_a_row=8),
    # A stick leaves the head or the back when the spine or the neck bends; a squat is no hinge.
    breaking=frozenset({Fault.ROUNDED_BACK, Fault.HEAD_OFF, Fault.SQUATTING}),
)

DRILLS = {drill.id: drill for drill in (DOWEL_HINGE,)}

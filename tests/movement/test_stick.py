"""The watcher on a stick figure, whose every angle we choose."""

from dataclasses import replace

import numpy as np
import pytest

from coach.domain.effects import WatchOrder
from coach.domain.events import FaultSeen, LockoutSeen, OtherMovementSeen, RepCompleted, ViewChanged
from coach.domain.terms import Fault, Framing, Rep, View
from coach.movement import watcher
from coach.movement.measures import Measures, measure
from coach.movement.pose import Landmark, Observation, Pose
from coach.movement.watcher import FREE
from tests.movement.recorded import reps_seen, told
from tests.movement.stick import RATE, observations, pose, rep, stand

L = Landmark
HINGE = WatchOrder(1, "bodyweight-hinge")
Poses = list[Pose | None]
LEANING_BACK: Poses = [pose(lean=-d) for d in (4, 9, 14, 17, 17, 14, 9, 4)]


def seen(poses: Poses, order: WatchOrder = HINGE) -> list[Rep]:
    return reps_seen(observations(poses), order)


def faults(poses: Poses) -> set[Fault]:
    (found,) = seen(poses)
    return set(found.faults)


@pytest.mark.parametrize("facing", [1, -1])
def test_angles_are_read_as_they_were_drawn(facing: int) -> None:
    drawn = measure(0.0, pose(lean=50, knee=20, shin=-5, facing=facing, arm=10), facing)
    assert drawn is not None
    assert drawn.lean_deg == pytest.approx(50, abs=0.1)
    assert drawn.knee_deg == pytest.approx(20, abs=0.1)
    assert drawn.shin_deg == pytest.approx(-5, abs=0.1)
    assert drawn.hip_deg == pytest.approx(50 + 25, abs=0.1)
    assert drawn.arm_deg == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize("seconds", [1.2, 2.0, 9.0])
def test_reps_are_counted_at_any_pace(seconds: float) -> None:
    poses = stand() + 3 * (rep(seconds=seconds) + stand(0.5))
    assert [r.number for r in seen(poses)] == [1, 2, 3]


def test_reps_without_a_pause_at_the_top_are_counted() -> None:
    assert len(seen(stand() + 4 * rep() + stand(0.5))) == 4


@pytest.mark.parametrize("seconds", [1.2, 2.0, 9.0])
def test_a_rep_is_known_with_its_return(seconds: float) -> None:
    way = rep(seconds=seconds)
    back = 1.0 + next(n for n in range(len(way) // 2, len(way)) if lean(way[n]) < 15) / RATE
    events = told(observations(stand() + way + stand(3.0)), HINGE)
    [known] = [t for t, e in events if isinstance(e, RepCompleted)]
    assert known == pytest.approx(back)


@pytest.mark.parametrize("seconds", [1.2, 2.0, 9.0])
def test_a_squat_is_known_two_frames_after_the_hips_are_back_within_a_tenth(seconds: float) -> None:
    way = rep(lean=20, knee=95, shin=30, seconds=seconds)
    least = 0.9 * height(pose())
    back = next(n for n in range(len(way) // 2, len(way)) if height(way[n]) > least)
    events = told(observations(stand() + way + stand(3.0)), HINGE)
    [known] = [t for t, e in events if isinstance(e, RepCompleted)]
    assert known <= 1.0 + (back + 2.001) / RATE


def test_a_wild_frame_is_not_taken_for_a_return() -> None:
    way = stand() + rep(seconds=4.0) + stand(3.0)
    halfway = next(n for n in range(len(way) // 2, len(way)) if lean(way[n]) < 30)
    wild = [*way[:halfway], pose(), *way[halfway + 1 :]]
    known = [
        [t for t, e in told(observations(poses), HINGE) if isinstance(e, RepCompleted)]
        for poses in (way, wild)
    ]
    assert known[0] == known[1]


@pytest.mark.parametrize("seconds", [1.2, 2.0, 9.0])
def test_a_fault_of_the_bottom_is_known_when_the_bottom_is_passed(seconds: float) -> None:
    way = rep(arm=35, seconds=seconds)
    middle = len(way) // 2
    passed = 1.0 + next(n for n in range(middle, len(way)) if lean(way[n]) < 0.9 * 60) / RATE
    events = told(observations(stand() + way + stand(3.0)), HINGE)
    [seen] = [e for _, e in events if isinstance(e, FaultSeen)]
    assert seen.fault.fault is Fault.ARMS_DRIFTING
    assert seen.t == pytest.approx(passed)


def test_leaning_back_is_known_when_it_happens_and_how_far_in_the_end() -> None:
    way = stand() + rep() + LEANING_BACK
    leant = next(n for n, p in enumerate(way) if lean(p) < -10) / RATE
    events = told(observations(way + stand()), HINGE)
    tops = [(t, e) for t, e in events if isinstance(e, LockoutSeen)]
    assert [e.over for _, e in tops] == [False, True]
    assert tops[0][0] == pytest.approx(leant)
    assert tops[1][1].fault is not None
    assert tops[1][1].fault.measured == pytest.approx(17, abs=0.5)


def test_who_hesitates_on_the_way_up_is_not_yet_at_the_top() -> None:
    up = [*np.arange(60, 15, -0.8), 14.8, 15.3, 15.2, *np.arange(15, 0, -0.8)]
    assert faults(stand() + rep()[:16] + [pose(lean=d) for d in up] + stand()) == set()


def test_a_wild_frame_at_the_top_is_not_leaning_back() -> None:
    back = [pose(lean=-d) for d in (2, 5, 8, 16, 8, 8, 5, 2)]
    assert faults(stand() + rep() + back + stand()) == set()


def test_a_frame_that_is_steady_at_the_top_does_not_lean_further_back() -> None:
    # The newest is nearer to upright than the median: it goes on nowhere.
    back = [pose(lean=-d) for d in (3, 6, 9, 9, 12, 8, 8, 8, 5, 2)]
    assert faults(stand() + rep() + back + stand()) == set()


def test_who_is_told_to_lean_back_is_not_acquitted_by_the_median() -> None:
    back = [pose(lean=-d) for d in (2, 5, 8, 11, 8, 5, 2)]
    events = [e for _, e in told(observations(stand() + rep() + back + stand()), HINGE)]
    tops = [e for e in events if isinstance(e, LockoutSeen)]
    assert [(e.over, e.fault and e.fault.fault) for e in tops] == [
        (False, Fault.HYPEREXTENDED),
        (True, Fault.HYPEREXTENDED),
    ]


def test_who_stays_short_of_upright_is_told_once_they_rest() -> None:
    poses = stand() + rep()[:-6] + stand(3.0, lean=13.5) + rep() + stand()
    first, second = seen(poses)
    assert (first.faults, second.faults) == ((Fault.SOFT_LOCKOUT,), ())


def lean(p: Pose | None) -> float:
    return read(p).lean_deg


def height(p: Pose | None) -> float:
    return read(p).height


def read(p: Pose | None) -> Measures:
    found = measure(0.0, p, 1) if p is not None else None
    assert found is not None
    return found


def test_the_mask_is_wanted_on_the_way_down_and_at_the_bottom_only() -> None:
    poses = stand() + rep(lean=60.0, seconds=4.0) + stand()
    state, wanted = watcher.begin(HINGE), []
    for n, observation in enumerate(observations(poses)):
        if watcher.wants_mask(state):
            wanted.append(n)
        state, _ = watcher.watch(state, observation)
    bottom = [n for n, p in enumerate(poses) if lean(p) > 0.9 * 60.0]
    assert wanted == list(range(wanted[0], wanted[-1] + 1))
    assert lean(poses[wanted[0]]) > 30.0
    assert wanted[0] < bottom[0] < bottom[-1] <= wanted[-1] <= bottom[-1] + 3


def test_the_bottom_is_where_it_was() -> None:
    (found,) = seen(stand(2.0) + rep(lean=60, knee=15, seconds=2.0) + stand())
    assert found.t == pytest.approx(3.0, abs=2 / RATE)
    assert found.lean_deg == pytest.approx(60, abs=1)
    assert found.knee_deg == pytest.approx(15, abs=1)


def test_the_first_degrees_of_a_descent_are_not_taken_for_standing() -> None:
    way = [*range(60), *range(60, 0, -1), 0, 0, 0]
    film = observations(stand() + 5 * [pose(lean=float(x)) for x in way] + stand(), rate=30.0)
    assert [r.lean_deg for r in reps_seen(film, HINGE)] == pytest.approx([60.0] * 5, abs=2.0)


def test_a_nod_is_no_rep() -> None:
    assert seen(stand() + rep(lean=15, knee=2) + stand()) == []


def test_a_recording_may_end_with_the_return() -> None:
    assert len(seen(stand() + rep())) == 1


def test_a_set_may_begin_at_the_bottom() -> None:
    half = rep()[len(rep()) // 2 :]
    assert len(seen(half + stand())) == 1


def test_one_wild_frame_changes_nothing() -> None:
    poses = stand(2.0) + rep() + stand()
    poses[10] = pose(lean=90)
    nothing = np.full(33, np.nan, np.float32)
    poses[12] = Pose(np.full((33, 2), np.nan, np.float32), nothing, nothing)
    assert len(seen(poses)) == 1


def test_a_squat_is_a_rep_with_its_fault_in_a_drill_and_none_in_free_observation() -> None:
    squat = stand() + rep(lean=25, knee=95, shin=30) + stand()
    assert Fault.SQUATTING in faults(squat)
    events = [e for _, e in told(observations(squat), WatchOrder(1, FREE))]
    assert [e.what for e in events if isinstance(e, OtherMovementSeen)] == ["squat"]
    assert not any(isinstance(e, RepCompleted) for e in events)


def test_a_deadlift_is_a_hinge_although_the_knees_bend() -> None:
    assert len(seen(stand() + rep(lean=75, knee=60) + stand(), WatchOrder(1, FREE))) == 1


def test_a_deadlift_in_a_hinge_drill_bends_the_knees_but_is_no_squat() -> None:
    assert faults(stand() + rep(lean=75, knee=60) + stand()) == {Fault.KNEES_BENDING}


def test_picking_something_up_is_told_from_lifting_by_the_head() -> None:
    lifting = stand() + looking_at(-15, rep(lean=70, knee=60)) + stand()
    picking_up = stand() + looking_at(15, rep(lean=70, knee=60)) + stand()
    assert len(seen(lifting, WatchOrder(1, FREE))) == 1
    assert seen(picking_up, WatchOrder(1, FREE)) == []
    assert len(seen(picking_up)) == 1  # asked for a hinge, it was one with faults


def looking_at(head: float, poses: Poses) -> Poses:
    """The head turned by so much against the trunk, but for the first and the last poses."""
    found = list(poses)
    for n, p in enumerate(poses[8:-8], 8):
        assert p is not None
        points = p.points.copy()
        shoulder = points[L.LEFT_SHOULDER]
        turn = np.radians(head)
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        points[:11] = shoulder + (points[:11] - shoulder) @ rotation.T
        found[n] = Pose(points, p.depth, p.visibility)
    return found


@pytest.mark.parametrize(
    ("movement", "fault"),
    [
        (rep(lean=30, knee=8) + stand(), Fault.SHALLOW),
        (rep(knee=37, lean=60, shin=0) + stand(), Fault.KNEES_BENDING),
        (rep(arm=35) + stand(), Fault.ARMS_DRIFTING),
        (rep() + LEANING_BACK + stand(), Fault.HYPEREXTENDED),
    ],
)
def test_each_fault_is_seen_alone(movement: Poses, fault: Fault) -> None:
    assert faults(stand() + movement) == {fault}


def test_a_plain_rep_has_no_fault() -> None:
    assert faults(stand() + rep() + stand()) == set()


def test_a_chin_that_drops_in_the_third_rep_is_head_off() -> None:
    poses = stand() + 2 * (rep() + stand(0.5)) + rep(head=25) + stand()
    # The stick figure drops its chin while standing too, but faults belong to the bottom.
    assert [Fault.HEAD_OFF in r.faults for r in seen(poses)] == [False, False, True]


def views(poses: Poses) -> list[tuple[View, Framing | None]]:
    events = told(observations(poses), HINGE)
    return [(e.view, e.reason) for _, e in events if isinstance(e, ViewChanged)]


def without(hidden: tuple[int, ...]) -> Poses:
    visibility = np.ones(33, np.float32)
    visibility[list(hidden)] = 0.1
    return [Pose(p.points, p.depth, visibility) for p in stand(2.0) if p is not None]


FEET = (L.LEFT_ANKLE, L.RIGHT_ANKLE, L.LEFT_HEEL, L.RIGHT_HEEL, L.LEFT_TOE, L.RIGHT_TOE)
HEAD = (L.NOSE, L.LEFT_EAR, L.RIGHT_EAR, L.LEFT_EYE, L.RIGHT_EYE)


VIEWS: list[tuple[Poses, tuple[View, Framing | None]]] = [
    (stand(2.0), (View.SIDE, None)),
    (stand(2.0, width=0.8), (View.FRONT, Framing.TURN_SIDEWAYS)),
    (stand(2.0, width=0.45), (View.OBLIQUE, Framing.TURN_SIDEWAYS)),
    ([None] * 30, (View.ABSENT, Framing.NOBODY)),
    (without(FEET), (View.SIDE, Framing.FEET_HIDDEN)),
    (without(HEAD), (View.SIDE, Framing.HEAD_HIDDEN)),
    (without(FEET + HEAD), (View.SIDE, Framing.STEP_BACK)),
]


def test_company_spoils_the_view_until_it_has_gone() -> None:
    alone = observations(stand(6.0))
    beside = [replace(o, company=2.0 <= o.t < 4.0) for o in alone]
    events = [e for _, e in told(beside, HINGE) if isinstance(e, ViewChanged)]
    assert [e.reason for e in events] == [None, Framing.COMPANY, None]


@pytest.mark.parametrize(("poses", "said"), VIEWS)
def test_what_spoils_the_view_is_said(poses: Poses, said: tuple[View, Framing | None]) -> None:
    assert views(poses) == [said]


def test_there_is_no_reason_that_the_eyes_could_never_give() -> None:
    tested = {reason for _, (_, reason) in VIEWS} | {Framing.COMPANY}
    assert tested - {None} == set(Framing)


def test_a_passing_shadow_is_no_change_of_view() -> None:
    assert views(stand(2.0) + [None] * 4 + stand(2.0)) == [(View.SIDE, None)]


def test_who_stands_at_the_edge_of_a_side_view_is_not_told_to_turn_and_turn_again() -> None:
    edge = [pose(width=w) for w in 8 * ([0.33] * 15 + [0.38] * 15)]
    assert views(stand(2.0) + edge) == [(View.SIDE, None)]
    assert views(stand(2.0, width=0.45) + edge)[0] == (View.OBLIQUE, Framing.TURN_SIDEWAYS)


def test_a_quick_set_in_which_the_person_comes_to_stand_further_back_goes_on_counting() -> None:
    def leaning(back: float, lean: float) -> Poses:
        down = [pose(lean=x * lean - back) for x in (0.2, 0.5, 0.8, 1.0, 1.0, 0.8, 0.5, 0.2)]
        return [*down, *(pose(lean=sway - back) for sway in (0, 0.7, 1.4, 0.7, 0, -0.7, -1.4))]

    quick: Poses = stand()
    for back, lean in ((0, 60), (4, 60), (8, 60), (11, 36)):
        quick += leaning(back, lean)
    assert [r.number for r in seen(quick + stand())] == [1, 2, 3, 4]


def test_from_the_front_reps_count_but_the_back_is_not_judged() -> None:
    def frontal(lean: float) -> Pose:
        p = pose(0.0, width=0.7)
        points = p.points.copy()
        shift = 110 * (1 - np.cos(np.radians(lean)))
        upper = list(range(23))
        points[upper, 1] += shift
        return Pose(points, p.depth, p.visibility)

    way = [frontal(x) for x in (5, 20, 40, 55, 60, 60, 60, 55, 40, 20, 5, 0)]
    reps = seen([*stand(2.0, width=0.7), *way, *stand(2.0, width=0.7)])
    assert [r.back.judged for r in reps] == [False]


def test_the_watch_number_is_on_every_answer() -> None:
    order = WatchOrder(7, "bodyweight-hinge")
    events = [e for _, e in told(observations(stand() + rep() + stand()), order)]
    assert {e.watch for e in events if isinstance(e, RepCompleted)} == {7}


def test_time_may_begin_at_zero_or_late() -> None:
    late = [
        Observation(o.t + 1e5, o.width, o.height, o.pose)
        for o in observations(stand() + rep() + stand())
    ]
    assert sum(isinstance(e, RepCompleted) for _, e in told(late, HINGE)) == 1

"""The ladder of docs/ladder.md, one test per cell: what is missing, and when it went.

Whatever goes, at whatever moment, the session comes to its end on the next rung; what comes back
is used again. The store counts as a device: it is what the coach remembers with.
"""

from itertools import combinations

import pytest

from coach.domain.session import Phase
from coach.domain.terms import Command, Device
from tests.appliance.house import House, Until, in_phase, over, reps

MISSING = [set(some) for count in range(1, 5) for some in combinations(Device, count)]


def in_rest(house: House) -> bool:
    if reps(2)(house) and house.session.phase is Phase.SET:
        house.says(Command.NEXT)
    return house.session.phase is Phase.REST


def in_pause(house: House) -> bool:
    if reps(2)(house) and house.session.phase is Phase.SET:
        house.silent.add(Phase.PAUSED)
        house.says(Command.PAUSE)
    return house.session.phase is Phase.PAUSED


MOMENTS: dict[str, Until] = {
    "called": lambda house: house.said[-1:] == ["dowel-hinge.start"],
    "setup": lambda house: house.session.place.step == 3,
    "set": reps(3),
    "ask": in_phase(Phase.ASK),
    "rest": in_rest,
    "pause": in_pause,
}


def name(devices: set[Device]) -> str:
    return "+".join(sorted(devices))


@pytest.mark.parametrize("missing", MISSING, ids=name)
def test_missing_from_the_start(missing: set[Device]) -> None:
    house = House(missing=missing).power_up().run(over)
    for device in Device:
        assert house.said.count(f"device.{device}-missing") == (device in missing)
    assert house.said.count("count") >= 8


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("lost", MISSING, ids=name)
def test_lost_in_a_session(lost: set[Device], when: str) -> None:
    house = House().power_up().run(MOMENTS[when])
    for device in sorted(lost):
        house.lose(device)
    house.silent.clear()
    house.run(over)
    for device in Device:
        assert house.said.count(f"device.{device}-lost") == (device in lost)


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("lost", MISSING, ids=name)
def test_lost_and_back(lost: set[Device], when: str) -> None:
    house = House().power_up().run(MOMENTS[when])
    for device in sorted(lost):
        house.lose(device)
    house.wait(10.0)
    for device in sorted(lost):
        house.bring_back(device)
    house.silent.clear()
    house.run(over)
    for device in Device:
        assert house.said.count(f"device.{device}-back") == (device in lost)
    assert not house.session.missing


@pytest.mark.parametrize("missing", MISSING, ids=name)
def test_what_comes_after_the_start_is_used(missing: set[Device]) -> None:
    house = House(missing=missing).power_up().wait(20.0)
    for device in sorted(missing):
        house.bring_back(device)
    house.run(over)
    for device in missing:
        assert f"device.{device}-back" in house.said
    if Device.CAMERA in missing:
        assert "set.start" in house.said, "the set is watched, not timed"


@pytest.mark.parametrize("lost", MISSING, ids=name)
def test_lost_while_nobody_trains(lost: set[Device]) -> None:
    """Nothing begins by itself; a coach that hears can be called, and works on its rung."""
    house = House()
    house.silent.add(Phase.IDLE)
    house.power_up().run(lambda house: house.session.talk.current is None)
    for device in sorted(lost):
        house.lose(device)
    house.run(lambda house: house.session.talk.current is None)
    assert house.session.phase is Phase.IDLE
    if Device.MICROPHONE in lost:
        assert not house.session.timers
        house.bring_back(Device.MICROPHONE)
        house.run(lambda house: house.session.talk.current is None)
    house.silent.clear()
    house.says(Command.WAKE)
    house.run(over)


def test_a_set_goes_on_counting_where_the_camera_left_it() -> None:
    house = House().power_up().run(reps(3))
    house.lose(Device.CAMERA)
    house.run(reps(5))
    house.bring_back(Device.CAMERA)
    house.run(over)
    assert house.said.count("count") == 8

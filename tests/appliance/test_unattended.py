"""Power comes on, nobody can call, and perhaps it is night: what may begin a session."""

import pytest

from coach.domain.events import CommandHeard, ViewChanged
from coach.domain.idle import READY_S
from coach.domain.session import Phase, wants
from coach.domain.terms import Command, Device, Framing, View
from tests.appliance.house import HOURS, House, over

SOON_S = 30.0
"""After this the coach has said what it starts without."""


def powered(*missing: Device) -> House:
    return House(missing=missing or {Device.MICROPHONE}).power_up(unattended=True)


def stands_ready(house: House) -> House:
    house.loop.handle(ViewChanged(house.t, View.SIDE, judgeable=True))
    return house


def goes_away(house: House) -> House:
    house.loop.handle(ViewChanged(house.t, View.ABSENT, judgeable=False, reason=Framing.NOBODY))
    return house


def presses_the_button(house: House) -> House:
    house.loop.handle(CommandHeard(house.t, Command.WAKE, "button"))
    return house


def idle(house: House) -> bool:
    return house.session.phase is Phase.IDLE


@pytest.mark.parametrize("missing", [(), tuple(Device)], ids=["deaf", "with-nothing"])
def test_nothing_begins_by_itself(missing: tuple[Device, ...]) -> None:
    house = powered(*missing).wait(10 * HOURS)
    assert idle(house)
    assert house.said.count("begin.when-seen") == 1
    assert wants(house.session).watch is None, "the eyes rest after a few minutes"
    assert idle(stands_ready(house).wait(SOON_S)), "and whoever walks by later is left in peace"


def test_whoever_stands_at_the_mark_is_trained() -> None:
    house = powered().wait(SOON_S)
    assert wants(house.session).watch is not None
    stands_ready(house).run(over)


def test_whoever_is_there_at_once_hears_the_coach_out() -> None:
    house = stands_ready(powered())
    house.run(lambda house: not idle(house))
    assert house.said[:3] == ["greet", "device.microphone-missing", "begin.when-seen"]
    assert house.session.phase is Phase.SETUP


def test_whoever_walks_by_is_left_in_peace() -> None:
    house = stands_ready(powered().wait(SOON_S)).wait(READY_S / 2)
    assert idle(goes_away(house).wait(HOURS))


def test_a_button_begins_at_any_time_and_without_a_camera() -> None:
    house = powered(Device.MICROPHONE, Device.CAMERA).wait(HOURS)
    presses_the_button(house).run(over)


def test_after_a_session_nothing_begins_again() -> None:
    house = stands_ready(powered().wait(SOON_S)).run(over)
    begun = house.said.count("dowel-hinge.start")
    stands_ready(house).wait(HOURS)
    assert house.said.count("dowel-hinge.start") == begun


def test_a_microphone_that_comes_is_what_is_waited_for() -> None:
    house = powered().wait(SOON_S)
    house.silent.add(Phase.IDLE)
    house.bring_back(Device.MICROPHONE)
    assert wants(house.session).watch is None
    assert idle(stands_ready(house).wait(HOURS))
    house.says(Command.WAKE)
    assert not idle(house)


def test_with_a_microphone_only_being_called_begins() -> None:
    house = House()
    house.silent.add(Phase.IDLE)
    house.power_up(unattended=True).wait(SOON_S)
    assert "begin.when-seen" not in house.said
    assert idle(stands_ready(house).wait(HOURS))


def test_somebody_who_typed_it_is_there() -> None:
    house = House(missing={Device.MICROPHONE}).power_up()
    assert not idle(house.wait(90.0))

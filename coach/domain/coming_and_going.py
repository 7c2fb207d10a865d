"""Power and devices: what comes back, what is gone, and how the coach says so."""

from coach.domain import idle, pausing
from coach.domain.effects import EndSession, Priority
from coach.domain.events import DeviceRecovered, PoweredUp
from coach.domain.state import Phase, Purpose
from coach.domain.talk import Talk
from coach.domain.terms import Device
from coach.domain.turn import Turn

UNCALLED_S = 60.0
"""Without a microphone nobody can call the coach: it begins so long after somebody started it."""

LOOKOUT_S = 300.0
"""Started by the machine, it begins only when somebody stands ready within so long."""


def powered_up(turn: Turn, event: PoweredUp) -> None:
    interrupted = turn.session.active
    if turn.session.phase is Phase.WHO:
        turn.change(phase=Phase.IDLE)
    # Whoever was to answer an utterance or a timer is gone with the process that asked.
    turn.change(missing=frozenset(event.missing), talk=Talk(), timers=())
    turn.say("interrupted" if interrupted else "greet")
    for note in event.notes:
        turn.say_cue(note, Priority.NEWS)
    for device in event.missing:
        turn.say(f"device.{device}-missing", Priority.NEWS)
    if interrupted:
        pausing.go_on(turn, turn.session.phase)
        return
    idle.say_what_is_next(turn)
    if turn.session.hears:
        return
    if event.unattended:
        turn.say("begin.when-seen", Priority.NEWS)
        turn.start(Purpose.LOOKOUT, LOOKOUT_S)
    else:
        turn.start(Purpose.UNCALLED, UNCALLED_S)


def shut_down(turn: Turn) -> None:
    turn.silence()
    turn.cancel(*Purpose)
    if turn.session.active:
        turn.do(EndSession("shut down"))
    turn.change(phase=Phase.ENDED, work=None)


def device_failed(turn: Turn, device: Device) -> None:
    if device in turn.session.missing:
        turn.ignore("known to be missing")
        return
    turn.change(missing=turn.session.missing | {device})
    turn.say(f"device.{device}-lost", Priority.NEWS)


def device_recovered(turn: Turn, event: DeviceRecovered) -> None:
    device = event.device
    if device not in turn.session.missing:
        turn.ignore("was not missing")
        return
    turn.change(missing=turn.session.missing - {device})
    if device is Device.CAMERA:
        turn.cancel(Purpose.PACE)
    turn.say(f"device.{device}-back", Priority.NEWS)
    if event.lost:
        turn.say("history.gap", Priority.NEWS, n=event.lost)

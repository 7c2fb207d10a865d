"""Everything that can happen: past tense, frozen, each with `t` in monotonic seconds.

Adapters stamp `t`; the core never asks a clock. An event that answers something carries the id
of what it answers (an utterance, a timer, a watch), so that a late answer is recognised.
"""

from dataclasses import dataclass

from coach.domain.calibration import Calibration
from coach.domain.effects import Cue
from coach.domain.terms import Command, Device, Evidence, Framing, Rep, View


@dataclass(frozen=True, slots=True)
class Event:
    t: float


@dataclass(frozen=True, slots=True)
class PoweredUp(Event):
    """The coach is ready. In the middle of a session it means that power or program failed.

    missing: the devices that it starts without
    notes: cues of what it found out about itself and has to tell
    unattended: started by the machine, perhaps after a power cut at night, and not by somebody
    """

    missing: tuple[Device, ...] = ()
    notes: tuple[Cue, ...] = ()
    unattended: bool = False


@dataclass(frozen=True, slots=True)
class DayBegan(Event):
    """It is another day than before; `day` counts as `date.toordinal` does."""

    day: int


@dataclass(frozen=True, slots=True)
class ReminderDue(Event):
    """The time of day at which this person wants to be reminded."""

    person: str


@dataclass(frozen=True, slots=True)
class CommandHeard(Event):
    """A person said a command.

    text: the whole transcript; confidence: 0..1
    meaning: the number of kilos, or the name, that the phrase holds besides its command
    """

    command: Command
    text: str = ""
    confidence: float = 1.0
    latency_s: float = 0.0
    meaning: int | str | None = None


@dataclass(frozen=True, slots=True)
class SpeechFinished(Event):
    """An utterance ended; `completed` is false when it was cut or could not sound."""

    utterance: int
    completed: bool = True


@dataclass(frozen=True, slots=True)
class TimerExpired(Event):
    timer: int


@dataclass(frozen=True, slots=True)
class FaultSeen(Event):
    """A fault of the way down or the bottom, as soon as the bottom is passed.

    The rep has it too when it comes back, unless the person went deeper and made up for it.
    """

    watch: int
    fault: Evidence


@dataclass(frozen=True, slots=True)
class RepCompleted(Event):
    """A rep came back to standing, inside the watch that the session asked for.

    What is seen only at the top follows as `LockoutSeen`, before the next rep.
    """

    watch: int
    rep: Rep


@dataclass(frozen=True, slots=True)
class LockoutSeen(Event):
    """How the person stands at the top of the rep completed last.

    fault: what is wrong there: at once when it is seen, and again with its furthest when it is over
    over: the person has come to rest, or goes down again; told once for every rep
    """

    watch: int
    fault: Evidence | None = None
    over: bool = True


@dataclass(frozen=True, slots=True)
class NeutralLearned(Event):
    """The first reps of a watch without calibration gave the person's own neutral back."""

    watch: int
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class OtherMovementSeen(Event):
    """Something went down and up that is no hinge (a squat, picking a thing up); never counted."""

    watch: int
    what: str


@dataclass(frozen=True, slots=True)
class ViewChanged(Event):
    """How the person stands to the camera; `judgeable` is false with a reason to speak."""

    view: View
    judgeable: bool
    reason: Framing | None = None


@dataclass(frozen=True, slots=True)
class DeviceFailed(Event):
    """A device is gone; `reason` is one plain sentence with the remedy."""

    device: Device
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceRecovered(Event):
    """A device is back; `lost` records could not be kept meanwhile (the disk only)."""

    device: Device
    lost: int = 0


@dataclass(frozen=True, slots=True)
class ShutdownRequested(Event):
    """A signal, or the end of every recording."""

    reason: str = ""

"""The eyes: frames in, reps and views out. It keeps no time of its own and starts no thread.

Whoever owns the frames calls `feed` with each of them, in order: the camera's thread, or a
simulation in virtual time. `feed` takes as long as one run of the pose model. After `feed`,
`look` holds what was seen in that frame, for an overlay; `bottom` holds the picture of the last
completed rep's deepest frame.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from coach.domain.effects import WatchOrder
from coach.domain.events import Event, LockoutSeen, RepCompleted
from coach.domain.terms import Evidence, Rep
from coach.movement import watcher
from coach.movement.pose import Observation
from coach.movement.reps import Phase
from coach.ports import Frame


class PoseModel(Protocol):
    def observe(
        self, frame: Frame, want_mask: bool = False, may_look: bool = False
    ) -> Observation: ...


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One frame and what was made of it, ready to be drawn.

    state: the watcher's state after this frame, or None while nothing is watched for
    rep: the rep that this frame completed, or whose top it showed a fault of, if any
    """

    frame: Frame
    observation: Observation
    state: watcher.Watch | None
    rep: Rep | None = None


class BlazePoseEyes:
    """`Eyes` of the ports: `watch(order)` says what for (None: rest), `feed(frame)` answers."""

    def __init__(self, model: PoseModel) -> None:
        self._model = model
        self._order: WatchOrder | None = None
        self._state: watcher.Watch | None = None
        self.look: Look | None = None
        self.bottom: Look | None = None
        self._deepest: Look | None = None
        self._rep: Rep | None = None

    @classmethod
    def from_models(cls, models: Path, variant: str = "full") -> "BlazePoseEyes":
        """The eyes on the models in this folder; raises DeviceError when one cannot be loaded."""
        from coach.adapters.blazepose import BlazePose

        return cls(BlazePose(models, variant))

    def watch(self, order: WatchOrder | None) -> None:
        """From the next frame on; from any thread, also while `feed` is at work on another."""
        self._order = order

    def feed(self, frame: Frame) -> tuple[Event, ...]:
        order = self._order
        if order is None:
            self._state = None
        elif self._state is None or self._state.order.id != order.id:
            self._state = watcher.begin(order)
        if self._state is None:
            return ()
        state = self._state
        wishes = watcher.wants_mask(state), watcher.wants_look(state)
        observation = self._model.observe(frame, *wishes)
        self._state, events = watcher.watch(state, observation)
        self._remember(frame, observation, events)
        return events

    def finish(self, t: float) -> tuple[Event, ...]:
        """What is still owed when a recording ends at `t`."""
        if self._state is None:
            return ()
        self._state, events = watcher.finish(self._state, t)
        return events

    def _remember(self, frame: Frame, observation: Observation, events: tuple[Event, ...]) -> None:
        state = self._state
        rep = self._judged(events)
        self.look = look = Look(frame, observation, state, rep)
        if rep is not None and self._deepest is not None:
            deepest = self._deepest
            self.bottom = Look(deepest.frame, deepest.observation, deepest.state, rep)
        if state is None or state.reps.phase is not Phase.DOWN:
            if state is None or state.reps.phase is not Phase.LOCKOUT:
                self._deepest = None
        elif state.sample is not None and (
            self._deepest is None or _depth(look) > _depth(self._deepest)
        ):
            self._deepest = look

    def _judged(self, events: tuple[Event, ...]) -> Rep | None:
        """The last rep, when these events tell something new of it."""
        before = self._rep
        for event in events:
            match event:
                case RepCompleted(rep=rep):
                    self._rep = rep
                case LockoutSeen(fault=Evidence() as fault) if self._rep is not None:
                    self._rep = self._rep.with_fault(fault)
        return None if self._rep is before else self._rep


def _depth(look: Look) -> float:
    sample = look.state.sample if look.state is not None else None
    return sample.depth_deg if sample is not None else 0.0

"""What is trained: drills, blocks and programs as values that check themselves."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from coach.domain.terms import Arms, Fault, Question, Side

REPS = (1, 50)
SETS = (1, 10)
TRIES = (1, 10)
REST_S = (0, 600)


class ProgramError(ValueError):
    """A drill or program that cannot be trained; the text says why and what is allowed."""


class Stage(IntEnum):
    """How far along the skill a drill belongs; load only after the first two are mastered."""

    PATTERN = 1
    BODYWEIGHT = 2
    LOAD = 3


class Order(StrEnum):
    """How a program goes through its drills.

    PROGRESSION: the first drill not yet mastered, and no later one before it
    ROUTINE: every drill each time, one after the other
    """

    PROGRESSION = "progression"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True)
class Gate:
    """What must be shown before a drill counts as mastered.

    in_a_row: consecutive reps without a contact lost (or without a fault)
    sets: sets in a row that show it, with the hardest arm position where there are several
    """

    in_a_row: int
    sets: int = 1

    def __post_init__(self) -> None:
        _within("a gate asks for", "reps in a row", self.in_a_row, REPS)
        _within("a gate asks for", "sets", self.sets, SETS)


@dataclass(frozen=True, slots=True)
class Drill:
    """One exercise of the progression.

    setup: cue ids, one spoken step each
    gate: None for what is practised but never finished, such as lifting a weight
    watched: the faults that are looked for; any other is none of this drill's business
    breaking: those of them that break a run of reps at the gate
    fall_back: the drill that a fault leads back to when it keeps coming
    sides: empty, or the sides that are trained and counted apart
    arms: the positions from easiest to hardest, empty where the arms have no say
    asks: what the person is asked about it
    stick: whether a stick on the back shows the three contacts
    sets, reps: its usual dose
    """

    id: str
    stage: Stage
    setup: tuple[str, ...]
    gate: Gate | None
    watched: frozenset[Fault]
    breaking: frozenset[Fault]
    fall_back: tuple[tuple[Fault, str], ...] = ()
    sides: tuple[Side, ...] = ()
    arms: tuple[Arms, ...] = ()
    asks: frozenset[Question] = frozenset()
    stick: bool = False
    sets: int = 1
    reps: int = 10


@dataclass(frozen=True, slots=True)
class Block:
    """A drill and its dose inside a program.

    sets: how many to do where no gate has to be passed
    tries: sets after which an unpassed gate is left for another day
    arms: an own order of arm positions; None takes the drill's
    fall_back: own fall-backs; None takes the drill's
    """

    drill: Drill
    reps: int
    rest_s: int = 45
    tries: int = 3
    sets: int = 1
    arms: tuple[Arms, ...] | None = None
    fall_back: tuple[tuple[Fault, str], ...] | None = None

    def __post_init__(self) -> None:
        _within("a set has", "reps", self.reps, REPS)
        _within("a block has", "sets", self.sets, SETS)
        _within("a rest lasts", "seconds", self.rest_s, REST_S)
        _within("a block allows", "tries", self.tries, TRIES)
        self._check_arms()

    def _check_arms(self) -> None:
        if self.arms is None:
            return
        if not self.drill.arms:
            raise ProgramError(f"{self.drill.id} has no arm positions")
        if not self.arms or len(set(self.arms)) != len(self.arms):
            raise ProgramError("arm positions are named once each, at least one of them")

    @property
    def positions(self) -> tuple[Arms, ...]:
        return self.drill.arms if self.arms is None else self.arms

    def falls_back_to(self, fault: Fault) -> str | None:
        ways = self.drill.fall_back if self.fall_back is None else self.fall_back
        return dict(ways).get(fault)


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    blocks: tuple[Block, ...]
    order: Order = Order.PROGRESSION
    title: str = ""

    def __post_init__(self) -> None:
        if not self.blocks:
            raise ProgramError(f"the program {self.id} has no drill in it; give it at least one")
        ids = [block.drill.id for block in self.blocks]
        if twice := [one for one in ids if ids.count(one) > 1]:
            raise ProgramError(f"{twice[0]} is in the program twice; once is enough")
        for block in self.blocks:
            self._check_fall_backs(block)

    def _check_fall_backs(self, block: Block) -> None:
        """A fault must not lead round in a circle."""
        own = {one.drill.id: one for one in self.blocks}
        for fault in Fault:
            seen = [block.drill.id]
            here: Block | None = block
            while here is not None and (to := here.falls_back_to(fault)) is not None:
                seen.append(to)
                if to in seen[:-1]:
                    raise ProgramError(f"{fault} leads round in a circle: {' -> '.join(seen)}")
                here = own.get(to)


def _within(what: str, unit: str, value: int, limits: tuple[int, int]) -> None:
    low, high = limits
    if not low <= value <= high:
        raise ProgramError(f"{what} {low} to {high} {unit}, not {value}")

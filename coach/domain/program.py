"""What is trained: drills, blocks and programs as values that check themselves."""

from dataclasses import dataclass

from coach.domain.terms import Fault


class ProgramError(ValueError):
    """A drill or program that cannot be trained; the text says why and what is allowed."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What must be shown before a drill counts as mastered.

    in_a_row: consecutive reps without a contact lost (or without a fault)
    """

    in_a_row: int

    def __post_init__(self) -> None:
        if not 1 <= self.in_a_row <= 50:
            raise ProgramError(f"a gate asks for 1 to 50 reps in a row, not {self.in_a_row}")


@dataclass(frozen=True, slots=True)
class Drill:
    """One exercise of the progression.

    setup: cue ids, one spoken step each
    breaking: the faults that break a run of reps at the gate
    """

    id: str
    setup: tuple[str, ...]
    gate: Gate | None
    breaking: frozenset[Fault]


@dataclass(frozen=True, slots=True)
class Block:
    """A drill and its dose inside a program.

    tries: sets after which an unpassed gate is left for another day
    """

    drill: Drill
    reps: int
    rest_s: int = 45
    tries: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.reps <= 50:
            raise ProgramError(f"a set has 1 to 50 reps, not {self.reps}")
        if not 0 <= self.rest_s <= 600:
            raise ProgramError(f"a rest lasts 0 to 600 seconds, not {self.rest_s}")
        if not 1 <= self.tries <= 10:
            raise ProgramError(f"a block allows 1 to 10 tries, not {self.tries}")


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        if not self.blocks:
            raise ProgramError(f"the program {self.id} has no drill in it; give it at least one")

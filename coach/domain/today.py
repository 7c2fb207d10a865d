"""What today holds: the blocks of a program, one after the other, as mastery allows. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from coach.domain.mastery import Mastery, State, may_load
from coach.domain.program import Block, Order, Program, Stage


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the program we are: the checkpoint that a pause or a rest comes back to.

    block: index in the program
    step: index in the setup
    tries: sets done of this block (of both sides, where there are two)
    side: index of the side at hand
    check: the set without feedback that decides whether the drill stayed
    detoured: today this block has been left for its fall-back drill already
    brief: between sets only what changed is set up, not the whole drill
    """

    block: int = 0
    step: int = 0
    tries: int = 0
    side: int = 0
    check: bool = False
    detoured: bool = False
    brief: bool = False


START = Place()


class Todo(StrEnum):
    TRAIN = "train"
    CHECK = "check"
    SKIP = "skip"
    LOCKED = "locked"


def todo(program: Program, mastery: Mastery, block: Block) -> Todo:
    drill = block.drill
    if drill.stage is Stage.LOAD and not may_load(program, mastery):
        return Todo.LOCKED
    if drill.gate and mastery.check_due(drill) and not mastery.detour(drill):
        return Todo.CHECK
    mastered = drill.gate and mastery.state(drill) is not State.LEARNING
    if program.order is Order.PROGRESSION and mastered:
        return Todo.SKIP
    return Todo.TRAIN


def following(program: Program, mastery: Mastery, after: int) -> Place | None:
    """The next block to do behind the one with the index `after`; None when that was all."""
    for index in range(after + 1, len(program.blocks)):
        match todo(program, mastery, program.blocks[index]):
            case Todo.TRAIN:
                return Place(block=index)
            case Todo.CHECK:
                return Place(block=index, check=True)
            case _:
                pass
    return None


def first(program: Program, mastery: Mastery) -> Place | None:
    """Where a session begins; when all is mastered, the last drill that is open is practised.

    None when no drill of the program is open yet.
    """
    place = following(program, mastery, -1)
    if place is not None:
        return place
    open_ = [
        index
        for index, block in enumerate(program.blocks)
        if todo(program, mastery, block) is not Todo.LOCKED
    ]
    return Place(block=open_[-1]) if open_ else None


def something_locked(program: Program, mastery: Mastery) -> bool:
    return any(todo(program, mastery, block) is Todo.LOCKED for block in program.blocks)

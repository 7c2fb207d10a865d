"""Whether the body in the picture is still the same person's, by the colours along it.

Somebody who steps between person and camera takes the landmarks over: the pose model follows one
body, the nearer one, and is as sure as before. But the other's clothes have other colours, and have
them all at once. Own colours are learned place by place and go on being learned while most are
known, so that shade, an arm across the chest or a stick become some of them by and by. Who wears
the same colours in the same places is not told.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from coach.movement.pose import Landmark, Pose

L = Landmark
Own = npt.NDArray[np.int64]
_LINES = (
    ((L.LEFT_SHOULDER, L.LEFT_HIP), (L.RIGHT_SHOULDER, L.RIGHT_HIP), np.linspace(0.1, 0.9, 6)),
    ((L.LEFT_HIP, L.LEFT_KNEE), (L.RIGHT_HIP, L.RIGHT_KNEE), np.linspace(0.15, 0.85, 4)),
    ((L.LEFT_KNEE, L.LEFT_ANKLE), (L.RIGHT_KNEE, L.RIGHT_ANKLE), np.linspace(0.15, 0.7, 3)),
)
"""The places, from end to end. Left and right are one place: from the side, they take turns."""
_EDGES = ((0.03, 0.1), (0.9, 0.97)), (0.05, 0.2, 0.35, 0.5, 0.65)
"""Where the room is looked at: shares of the width, left and right, and of the height."""
_CELL = np.array([12, 4, 4])
"""Colours in the same cell of YCrCb in bytes, or next to it, are taken for the same: light and
shade change Y more than they change Cr and Cb."""
_SIDE = 32
"""So many cells along Cr and Cb. Half of what there could be is enough: they begin anew, and
nobody wears colours that far apart in one place."""
_LEARN_S = 1.4
"""Who is seen first is the person for so long."""
_OWN, _STRANGE = 0.25, 0.4
"""Shares of the points whose colours are unknown at their places: below the first it is the person,
beyond the second somebody else. In between nothing is learned."""
_LIGHT = 0.5
"""Beyond this share of unknown colours at the edges, something has happened to all colours."""
_SLOW_S = 0.09
"""Where looks are further apart than this, a colour may be one cell of Y lighter or darker than
what is known: who bends forward changes by so much from one to the next. One late look is no
reason: it may be late because somebody stepped in front."""
_HELD_S = 0.3
"""What is seen for so long is believed."""
_AWAY_S, _STAYED_S = 3.0, 10.0
"""After so long without anybody the next one is the person. So is who has stayed so long: they may
have taken the place over, or the person has taken a jacket off."""


def _places() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.intp]]:
    """(n, 33) what each point takes of each landmark, and (n,) the number of its place.

    Places with numbers next to each other are next to each other on the body: a number is left out
    at the end of each line.
    """
    weights, numbers, number = [], [], 0
    for left, right, shares in _LINES:
        for share in shares:
            number += 1
            for a, b in (left, right):
                weights.append(np.zeros(33, np.float32))
                weights[-1][a], weights[-1][b] = 1 - share, share
                numbers.append(number)
        number += 1
    return np.array(weights), np.array(numbers)


def _room() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.intp]]:
    """(m, 2) places at the edges, in shares of the picture, and (m,) 0 for left, 2 for right."""
    sides, heights = _EDGES
    shares = [(x, y) for side in sides for x in side for y in heights]
    return np.array(shares, np.float32), np.repeat([0, 2], len(shares) // 2)


_WEIGHTS, _BODY_PLACES = _places()
_SHARES, _ROOM_PLACES = _room()
_NUMBERS = np.concatenate([_BODY_PLACES, _ROOM_PLACES + _BODY_PLACES[-1] + 2])
_BODY, _ROOM = len(_BODY_PLACES), len(_ROOM_PLACES)
# What is own is a flat array of places x cells of Cr x of Cb. Its items are sets of cells of Y, as
# bits: the lower half what counts as the same, the upper what was learned.
_FIRST = _NUMBERS * _SIDE**2 + _SIDE + 1
_STEPS = np.array([_SIDE**2, _SIDE, 1])
_AROUND = (np.indices((3, 3, 3)).reshape(3, -1).T - 1) @ _STEPS
"""From an item to itself and all beside it, of the same place and of those beside it."""
_LEARNED = 32


def places(pose: Pose, width: int, height: int) -> npt.NDArray[np.float32]:
    """(n, 2) pixels of the frame of this size: where `Clothes` wants to know the colours."""
    return np.concatenate([_WEIGHTS @ pose.points, _SHARES * (width, height)], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Clothes:
    """The state of the fold.

    strange: somebody else is in front, since `changed`
    own: the person's colours and the room's, by place and cell; None before anybody was seen
    t: of the last look; gap: between the last two; began: since when the person is being learned
    agreed: when a look last said the same as `strange`
    """

    strange: bool = False
    own: Own | None = None
    t: float = 0.0
    gap: float = 0.0
    began: float = 0.0
    changed: float = 0.0
    agreed: float = 0.0

    def see(self, t: float, colours: npt.NDArray[np.uint8]) -> "Clothes":
        """The next state; `colours` are (n, 3) YCrCb in bytes, at `places`."""
        own, state = self.own, self
        if own is None or t - self.t > _AWAY_S:
            own = np.zeros((_NUMBERS[-1] + 2) * _SIDE**2, np.int64)
            state = Clothes(began=t)
        light, red, blue = (colours // _CELL).T
        bits = 2 << light  # from the second on, so that there is one below the first
        items = _FIRST + red % (_SIDE - 2) * _SIDE + blue % (_SIDE - 2)
        slow = min(self.gap, t - self.t) > _SLOW_S
        near = bits | bits << 1 | bits >> 1 if slow else bits
        unknown = (own[items] & near) == 0
        body = np.count_nonzero(unknown[:_BODY]) / _BODY
        room = np.count_nonzero(unknown[_BODY:]) / _ROOM
        if room > _LIGHT:
            state = replace(state, strange=False, began=t)
        new = t - state.began < _LEARN_S
        if new or t - self.t > _HELD_S:
            state = replace(state, agreed=t)  # nothing was seen for so long
        learned = slice(None) if new or body < _OWN else slice(_BODY, None)
        state = replace(state, t=t, gap=t - self.t, own=_with(own, items[learned], bits[learned]))
        return state if new else state._judged(t, body)

    def _judged(self, t: float, unknown: float) -> "Clothes":
        """`unknown`: the share of the body's places whose colours are."""
        if self.strange and t - self.changed > _STAYED_S:
            return replace(self, strange=False, began=t)
        stranger = unknown > (_OWN if self.strange else _STRANGE)
        if stranger == self.strange:
            return replace(self, agreed=t)
        if t - self.agreed < _HELD_S:
            return self
        return replace(self, strange=stranger, changed=t, agreed=t)


def _with(own: Own, items: npt.NDArray[np.intp], bits: npt.NDArray[np.intp]) -> Own:
    """`own` with these colours, too: the same array when it has them all."""
    new = (own[items] & (bits << _LEARNED)) == 0
    if not new.any():
        return own
    own, items, bits = own.copy(), items[new], bits[new]
    beside = bits | bits << 1 | bits >> 1
    np.bitwise_or.at(own, items[:, None] + _AROUND, beside[:, None])
    np.bitwise_or.at(own, items, bits << _LEARNED)
    return own

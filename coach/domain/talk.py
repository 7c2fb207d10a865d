"""One voice, one arbiter: what is being said, what waits, and who may go first.

The speaker plays one utterance at a time and reports its end; everything else is decided here.
A correction goes ahead of talk and of a count. A count that still waits when the next one comes
is stale and dropped; what is said of the set goes after its last count, not before. Only an urgent
utterance cuts what is already sounding.
"""

from dataclasses import dataclass

from coach.domain.effects import Cue, Effect, Priority, Speak, StopSpeaking


@dataclass(frozen=True, slots=True)
class Utterance:
    id: int
    cue: Cue
    priority: Priority


@dataclass(frozen=True, slots=True)
class Talk:
    """What sounds now and what waits behind it, first to speak first."""

    current: Utterance | None = None
    waiting: tuple[Utterance, ...] = ()


def say(talk: Talk, new: Utterance) -> tuple[Talk, tuple[Effect, ...]]:
    if talk.current is None:
        return Talk(new), (Speak(new.id, new.cue),)
    if new.priority is Priority.URGENT and talk.current.priority < Priority.URGENT:
        return Talk(new, talk.waiting), (StopSpeaking(), Speak(new.id, new.cue))
    waiting = [
        one
        for one in talk.waiting
        if not (one.priority is Priority.COUNT and new.priority is Priority.COUNT)
    ]
    place = next((i for i, one in enumerate(waiting) if _first(new, one)), len(waiting))
    waiting.insert(place, new)
    return Talk(talk.current, tuple(waiting)), ()


def _first(new: Utterance, one: Utterance) -> bool:
    """Whether `new` goes ahead of one that waits: a count and talk stay as they came."""
    return max(one.priority, Priority.TALK) < new.priority


def finished(talk: Talk) -> tuple[Talk, tuple[Effect, ...]]:
    """The current utterance ended; the next one starts."""
    if not talk.waiting:
        return Talk(), ()
    following, *rest = talk.waiting
    return Talk(following, tuple(rest)), (Speak(following.id, following.cue),)


def hush(talk: Talk) -> tuple[Talk, tuple[Effect, ...]]:
    """No more of this, and forget what waited; only news about the coach itself is said yet."""
    news = tuple(one for one in talk.waiting if one.priority is Priority.NEWS)
    _, silenced = silence(talk)
    talk, speaking = finished(Talk(None, news))
    return talk, (*silenced, *speaking)


def silence(talk: Talk) -> tuple[Talk, tuple[Effect, ...]]:
    """Not a word more."""
    return Talk(), (StopSpeaking(),) if talk.current else ()

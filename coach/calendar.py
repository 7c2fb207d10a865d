"""Days and reminders by the clock on the wall, as events: the session itself reads no clock."""

from collections.abc import Callable, Mapping
from datetime import datetime

from coach.domain.events import DayBegan, Event, ReminderDue


def on_the_wall() -> datetime:
    return datetime.now().astimezone()


class Calendar:
    """`beat` is called often; it emits a `DayBegan` a day, and a `ReminderDue` for each wish.

    wishes: names with a time of day, "18:30", for all who want to be reminded
    """

    def __init__(
        self,
        emit: Callable[[Event], None],
        clock: Callable[[], float],
        wishes: Mapping[str, str],
        now: Callable[[], datetime] = on_the_wall,
    ) -> None:
        self._emit = emit
        self._clock = clock
        self._wishes = wishes
        self._now = now
        self._day = now().date().toordinal()
        # Whoever switches the coach on later than that needs no reminder today.
        self._reminded = {name: self._day for name in wishes if self._late(name)}

    def beat(self) -> None:
        day = self._now().date().toordinal()
        if day > self._day:
            self._day = day
            self._emit(DayBegan(self._clock(), day))
        for name in self._wishes:
            if self._reminded.get(name, 0) < self._day and self._late(name):
                self._reminded[name] = self._day
                self._emit(ReminderDue(self._clock(), name))

    def _late(self, name: str) -> bool:
        return f"{self._now():%H:%M}" >= self._wishes[name]

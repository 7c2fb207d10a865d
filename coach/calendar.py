"""Days and reminders by the clock on the wall, as events: the session itself reads no clock."""

from collections.abc import Callable
from datetime import datetime

from coach.domain.events import DayBegan, Event, ReminderDue


def on_the_wall() -> datetime:
    return datetime.now().astimezone()


class Calendar:
    """`beat` is called often; it emits a `DayBegan` a day and, if wished, one `ReminderDue`.

    remind: time of day, "18:30", or None for no reminder
    """

    def __init__(
        self,
        emit: Callable[[Event], None],
        clock: Callable[[], float],
        remind: str | None = None,
        now: Callable[[], datetime] = on_the_wall,
    ) -> None:
        self._emit = emit
        self._clock = clock
        self._remind = remind
        self._now = now
        self._day = now().date().toordinal()
        # Whoever switches the coach on later than that needs no reminder today.
        self._reminded = self._day if self._late() else 0

    def beat(self) -> None:
        day = self._now().date().toordinal()
        if day > self._day:
            self._day = day
            self._emit(DayBegan(self._clock(), day))
        if self._reminded < self._day and self._late():
            self._reminded = self._day
            self._emit(ReminderDue(self._clock()))

    def _late(self) -> bool:
        return self._remind is not None and f"{self._now():%H:%M}" >= self._remind

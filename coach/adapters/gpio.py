"""A light, a push button and a mute switch on a Pi's pins, through gpiozero.

The light is on exactly while the camera is open. The button says what a person could say: a short
press "done" (or "hey coach", or "resume", where that is what the coach waits for), a long one
"again". While the mute switch is closed, sound is thrown away before anything listens to it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from coach.adapters.late import Source
from coach.domain.effects import Effect
from coach.domain.events import CommandHeard, Event
from coach.domain.session import Session, wants
from coach.domain.terms import Command
from coach.ports import Block, DeviceError, Frame
from coach.settings import Pins

LONG_PRESS_S = 0.8
BOUNCE_S = 0.05

SHORT = (Command.DONE, Command.WAKE, Command.RESUME)
LONG = (Command.AGAIN,)
"""What a press can mean: the first of them that the coach listens for."""


class Panel:
    """An observer of the loop, to know what a press can mean. `close` lets go of the pins.

    Raises DeviceError where gpiozero or the pins are not there: a light or a switch that was
    asked for and does not work must be known before the camera and the microphone are opened.
    """

    def __init__(
        self, pins: Pins, emit: Callable[[Event], None], clock: Callable[[], float]
    ) -> None:
        self._emit = emit
        self._clock = clock
        self._listened_for: frozenset[Command] = frozenset()
        self._held = False
        self._parts: list[Any] = []
        self._light = self._made("LED", pins.light)
        self._mute = self._made("Button", pins.mute, bounce_time=BOUNCE_S)
        button = self._made("Button", pins.button, bounce_time=BOUNCE_S, hold_time=LONG_PRESS_S)
        if button is not None:
            button.when_held = self._long_press
            button.when_released = self._released

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        self._listened_for = wants(session).listen

    def close(self) -> None:
        for part in self._parts:
            part.close()

    def lit(self, make: Callable[[], Source[Frame]]) -> Callable[[], Source[Frame]]:
        """The same camera, with its light."""
        if self._light is None:
            return make
        return lambda: _Lit(make(), self._light)

    def mutable(
        self, feed: Callable[[Block], Iterable[Event]]
    ) -> Callable[[Block], Iterable[Event]]:
        """The same ears, deaf while the switch is closed."""
        if self._mute is None:
            return feed
        return lambda block: () if self._mute.is_pressed else feed(block)

    def _long_press(self) -> None:
        self._held = True
        self._says(LONG)

    def _released(self) -> None:
        if not self._held:
            self._says(SHORT)
        self._held = False

    def _says(self, meanings: Sequence[Command]) -> None:
        for command in meanings:
            if command in self._listened_for:
                self._emit(CommandHeard(self._clock(), command, "button"))
                return

    def _made(self, kind: str, pin: int | None, **options: float) -> Any:
        if pin is None:
            return None
        try:
            import gpiozero

            part = getattr(gpiozero, kind)(pin, **options)
        except Exception as error:  # gpiozero's pin libraries each fail in their own way
            self.close()
            raise DeviceError(
                f"GPIO {pin} cannot be used ({error}); install the packages python3-gpiozero and "
                "python3-lgpio, or take `gpio` out of the configuration."
            ) from error
        self._parts.append(part)
        return part


class _Lit:
    """A camera whose light is on from before it opens until after it is closed."""

    def __init__(self, camera: Source[Frame], light: Any) -> None:
        self._camera = camera
        self._light = light

    def open(self) -> None:
        self._light.on()
        self._camera.open()

    def read(self, timeout_s: float) -> Frame | None:
        return self._camera.read(timeout_s)

    def close(self) -> None:
        self._camera.close()
        self._light.off()

"""The 1 euro filter: steady when slow, quick when fast, by the frames' own times.

Source: Casiez, Roussel, Vogel 2012, "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy
Input in Interactive Systems".
"""

from dataclasses import dataclass, replace
from math import pi

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class OneEuro:
    """The filter's state as a value: `apply` returns the smoothed values and the next state.

    min_cutoff: hertz at rest; lower is steadier
    beta: hertz per unit of speed; higher lags less in movement
    derivative_cutoff: hertz of the smoothing of the speed itself
    """

    min_cutoff: float
    beta: float
    derivative_cutoff: float = 1.0
    t: float | None = None
    raw: Values | None = None
    smooth: Values | None = None
    speed: Values | None = None

    def apply(self, t: float, values: Values, scale: float = 1.0) -> tuple[Values, "OneEuro"]:
        """Smooth `values` (any shape, kept) taken at `t` seconds; `scale` multiplies the speed."""
        if self.t is None or self.raw is None or self.smooth is None or self.speed is None:
            return values, replace(self, t=t, raw=values, smooth=values, speed=values * 0.0)
        dt = t - self.t
        if dt <= 0:
            return self.smooth, self
        now = (values - self.raw) * (scale / dt)
        speed = self.speed + _alpha(self.derivative_cutoff, dt) * (now - self.speed)
        cutoff = self.min_cutoff + self.beta * np.abs(speed)
        smooth = self.smooth + _alpha(cutoff, dt) * (values - self.smooth)
        return smooth, replace(self, t=t, raw=values, smooth=smooth, speed=speed)


def _alpha(cutoff: float | Values, dt: float) -> float | Values:
    return 1.0 / (1.0 + 1.0 / (2 * pi * cutoff * dt))

"""Integrated loudness after ITU-R BS.1770-4, and levelling to one loudness."""

import numpy as np
import numpy.typing as npt

from coach.ports import SAMPLE_RATE

Samples = npt.NDArray[np.int16]

TARGET_LUFS = -18.0
"""Loud enough for a small speaker across a room, with headroom for the peaks of speech."""

_BLOCK = round(0.4 * SAMPLE_RATE)
_STEP = _BLOCK // 4


def loudness(samples: Samples) -> float:
    """LUFS of a mono signal; gated in blocks of 400 ms as the standard says, -inf for silence."""
    weighted = _k_weighted(samples.astype(np.float64) / 32768.0)
    if len(weighted) < _BLOCK:
        weighted = np.pad(weighted, (0, _BLOCK - len(weighted)))
    energy = np.concatenate(([0.0], np.cumsum(np.square(weighted))))
    starts = np.arange(0, len(weighted) - _BLOCK + 1, _STEP)
    power = (energy[starts + _BLOCK] - energy[starts]) / _BLOCK
    power = power[_lufs(power) > -70.0]
    if not len(power):
        return -np.inf
    power = power[_lufs(power) > _lufs(power.mean()) - 10.0]
    return float(_lufs(power.mean()))


def levelled(samples: Samples, target: float = TARGET_LUFS) -> Samples:
    """The same sound at the target loudness; peaks that would not fit are bent, not clipped."""
    measured = loudness(samples)
    if not np.isfinite(measured):
        return samples
    out = samples
    # Bending peaks takes some loudness away: a second round puts it back.
    for _ in range(3):
        gain = 10.0 ** ((target - loudness(out)) / 20.0)
        out = _limited(out.astype(np.float64) * (gain / 32768.0))
    return out


def _limited(sound: npt.NDArray[np.float64]) -> Samples:
    knee = 0.7
    size = np.abs(sound)
    bent = knee + (1.0 - knee) * np.tanh((size - knee) / (1.0 - knee))
    return (np.sign(sound) * np.where(size > knee, bent, size) * 32767.0).astype(np.int16)


def _lufs(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return -0.691 + 10.0 * np.log10(np.maximum(np.asarray(power, np.float64), 1e-12))


def _k_weighted(sound: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The standard's two filters, a shelf and a high-pass, applied in the frequency domain.

    Their coefficients come from the analogue prototypes (the standard lists them for 48 kHz only).
    """
    size = 1 << (len(sound) + SAMPLE_RATE // 2).bit_length()
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    response = _biquad(z, *_shelf()) * _biquad(z, *_high_pass())
    out: npt.NDArray[np.float64] = np.fft.irfft(np.fft.rfft(sound, size) * response, size)
    return out[: len(sound)]


_Coefficients = tuple[float, float, float]


def _biquad(
    z: npt.NDArray[np.complex128], b: _Coefficients, a: _Coefficients
) -> npt.NDArray[np.complex128]:
    return (b[0] + b[1] * z + b[2] * z * z) / (a[0] + a[1] * z + a[2] * z * z)


def _shelf() -> tuple[_Coefficients, _Coefficients]:
    k = float(np.tan(np.pi * 1681.974450955533 / SAMPLE_RATE))
    q, high = 0.7071752369554196, 10.0 ** (3.999843853973347 / 20.0)
    band = high**0.4996667741545416
    return (
        (high + band * k / q + k * k, 2.0 * (k * k - high), high - band * k / q + k * k),
        (1.0 + k / q + k * k, 2.0 * (k * k - 1.0), 1.0 - k / q + k * k),
    )


def _high_pass() -> tuple[_Coefficients, _Coefficients]:
    k, q = float(np.tan(np.pi * 38.13547087602444 / SAMPLE_RATE)), 0.5003270373238773
    scale = 1.0 + k / q + k * k
    return (scale, -2.0 * scale, scale), (scale, 2.0 * (k * k - 1.0), 1.0 - k / q + k * k)

"""The patch of skin that a lesion is drawn on: millimetres, random streams, noise and filters.

Everything is laid out in millimetres from the middle of the patch, and every random quantity has a named stream of
its own, so the same seed gives the same lesion at 256 px and at 1024 px, and adding one part to a recipe does not
redraw the others.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field: TypeAlias = NDArray[np.float32]
"""One number per pixel, (H, W) float32."""

Rng: TypeAlias = np.random.Generator

# Noise is made on a grid this much finer than its structures, smoothed by this many cells (standard deviation).
_CELLS_PER_WAVE = 2.0
_SMOOTH_CELLS = 0.75
_GRID_SEEN_PX = 7.0
# Enlarged, with and without smoothing, white noise keeps a standard deviation of one over these (measured).
_GAIN_SMOOTHED = 2.74
_GAIN_PLAIN = 1.31
_FINEST_WAVE_PX = 2.2


@dataclass(frozen=True, slots=True)
class Canvas:
    """``height`` and ``width`` in pixels; ``field_mm`` is what the shorter side shows of the skin."""

    height: int
    width: int
    field_mm: float
    seed: int

    @property
    def mm_per_px(self) -> float:
        """Millimetres of skin per pixel."""
        return self.field_mm / min(self.height, self.width)

    @property
    def extent_mm(self) -> tuple[float, float]:
        """Height and width of the patch in millimetres."""
        return self.height * self.mm_per_px, self.width * self.mm_per_px

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.height, self.width

    def axes(self) -> tuple[Field, Field]:
        """x (1, W) and y (H, 1) in millimetres from the middle, y downwards."""
        step = np.float32(self.mm_per_px)
        x = (np.arange(self.width, dtype=np.float32) - np.float32((self.width - 1) / 2)) * step
        y = (np.arange(self.height, dtype=np.float32) - np.float32((self.height - 1) / 2)) * step
        return x[None, :], y[:, None]

    def zeros(self) -> Field:
        """A field of zeros."""
        return np.zeros(self.shape, np.float32)

    def rng(self, *stream: str | int) -> Rng:
        """The random stream of that name: the same numbers whatever else was drawn before."""
        return np.random.default_rng([self.seed, zlib.crc32("/".join(map(str, stream)).encode())])

    def noise(
        self, stream: tuple[str | int, ...], scale_mm: float, octaves: int = 4, rough: float = 0.55
    ) -> Field:
        """Fractal noise with mean near 0 and standard deviation near 1.

        The coarsest structure is about ``scale_mm`` across, each octave is half as large and ``rough`` times as
        strong. Octaves finer than the pixels are left out.
        """
        rng = self.rng("noise", *stream)
        total, power, gain = self.zeros(), 0.0, 1.0
        for octave in range(octaves):
            wave = max(scale_mm / 2**octave, _FINEST_WAVE_PX * self.mm_per_px)
            total += np.float32(gain) * self._octave(rng, wave)
            power += gain * gain
            gain *= rough
            if wave * 0.75 < _FINEST_WAVE_PX * self.mm_per_px:
                break
        return total * np.float32(1 / power**0.5)

    def _octave(self, rng: Rng, wave_mm: float) -> Field:
        """White noise on a grid, smoothed there so that it looks the same in every direction, then enlarged.

        Near the size of the pixels the grid cannot be seen, and the smoothing is left out.
        """
        height, width = self.extent_mm
        coarse = wave_mm > _GRID_SEEN_PX * self.mm_per_px
        cell = wave_mm / (_CELLS_PER_WAVE if coarse else 1.0)
        rows, columns = int(height / cell) + 8, int(width / cell) + 8
        left, top = 3 + rng.random(2)
        grid = rng.standard_normal((rows, columns), dtype=np.float32)
        if coarse:
            grid = _convolve(grid, _SMOOTH_CELLS)
        box = (left, top, left + width / cell, top + height / cell)
        return resize(grid, self.shape, box) * np.float32(_GAIN_SMOOTHED if coarse else _GAIN_PLAIN)


def resize(
    field: Field, shape: tuple[int, int], box: tuple[float, float, float, float] | None = None
) -> Field:
    """The field, or the ``box`` (left, top, right, bottom) of it, resampled to ``shape`` by cubic interpolation."""
    picture = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.asarray(
        picture.resize((shape[1], shape[0]), Image.Resampling.BICUBIC, box=box), dtype=np.float32
    )


def blur(field: Field, sigma_px: float) -> Field:
    """Gaussian blur of (H, W) or (H, W, 3) with edge replication; wide ones run on a reduced picture."""
    if sigma_px < 0.25:
        return field
    if field.ndim == 3:
        return np.stack([blur(field[..., channel], sigma_px) for channel in range(field.shape[2])], axis=-1)
    height, width = field.shape
    factor = int(min(sigma_px / 1.6, min(height, width) / 8))
    if factor >= 2:
        small = (max(4, -(-height // factor)), max(4, -(-width // factor)))
        return resize(_convolve(resize(field, small), sigma_px * small[1] / width), field.shape[:2])
    return _convolve(field, sigma_px)


def _convolve(field: Field, sigma_px: float) -> Field:
    reach = max(1, int(2.6 * sigma_px + 0.5))
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_px) ** 2)
    taps /= taps.sum()
    for axis in (0, 1):
        padding: Any = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(field, padding, mode="edge")
        length = field.shape[axis]
        total = np.zeros(field.shape, np.float32)
        for k, tap in enumerate(taps):
            window = padded[k : k + length] if axis == 0 else padded[:, k : k + length]
            total += np.float32(tap) * window
        field = total
    return field


def smoothstep(value: Field, low: float, high: float) -> Field:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = np.clip((value - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return cast(Field, t * t * (3 - 2 * t))


def gradient(field: Field, step: float) -> tuple[Field, Field]:
    """Derivatives (along x, along y) per unit of ``step``, by central differences."""
    dx, dy = np.zeros_like(field), np.zeros_like(field)
    half = np.float32(0.5 / step)
    dx[:, 1:-1] = (field[:, 2:] - field[:, :-2]) * half
    dy[1:-1] = (field[2:] - field[:-2]) * half
    return dx, dy

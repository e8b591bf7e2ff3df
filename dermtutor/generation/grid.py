"""Takes the grid of transposed convolutions out of a generated picture.

A transposed convolution of stride 2 treats even and odd pixels by different weights, which leaves a faint regular mesh
(Odena et al. 2016). Its energy lies at multiples of one frequency; skin has none of its own there.
"""

from __future__ import annotations

import torch
from torch import Tensor

_PERIOD = 8
"""Pixels of the coarsest grid that is visible in a finished picture; finer ones are its harmonics."""
_WIDTH = 2.2
"""Standard deviation of a notch in cycles per picture: a mesh whose strength varies spreads about its frequency."""


def grid_filter(side: int) -> Tensor:
    """Gain (side, side // 2 + 1) float32 of the frequencies of ``rfft2``: 0 on the grid's, 1 away from them."""
    spacing = side // _PERIOD
    rows = torch.fft.fftfreq(side, 1 / side)
    columns = torch.fft.rfftfreq(side, 1 / side)
    to_row = _distance(rows, spacing)[:, None]
    to_column = _distance(columns, spacing)[None, :]
    gain = 1 - torch.exp(-(to_row**2 + to_column**2) / (2 * _WIDTH**2))
    # Around frequency zero lies the picture itself.
    gain[(rows.abs()[:, None] < spacing / 2) & (columns[None, :] < spacing / 2)] = 1
    return gain


def without_grid(picture: Tensor, gain: Tensor) -> Tensor:
    """Pictures (N, C, R, R) without the mesh; ``gain`` is ``grid_filter(R)``."""
    spectrum = torch.fft.rfft2(picture.float())
    clean: Tensor = torch.fft.irfft2(spectrum * gain, s=picture.shape[-2:])
    return clean


def _distance(frequencies: Tensor, spacing: int) -> Tensor:
    """To the nearest multiple of ``spacing``."""
    return (frequencies - (frequencies / spacing).round() * spacing).abs()

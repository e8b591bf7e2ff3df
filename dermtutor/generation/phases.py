"""Transposed convolutions of small maps as plain ones: the same sums, several times quicker on a processor.

A 4x4 transposed convolution of stride 2 gives each of four kinds of output pixels (even or odd row and column) four of
its sixteen taps: a 2x2 convolution for each kind, all in one product, laid between one another afterwards. For maps of
up to 8 px oneDNN computes that in a fraction of the time; for larger ones laying them out costs what it saves.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

LARGEST_SIDE = 8
"""Side in pixels of the largest maps that are quicker this way."""

# Which taps of the kernel reach even and odd output pixels, in the order of the input pixels that they weigh.
_TAPS = ((3, 1), (2, 0))


def phase_kernel(weight: Tensor) -> Tensor:
    """The weight (I, O, 4, 4) of a transposed convolution as that of a plain one, (4 O, I, 2, 2)."""
    inputs, outputs = weight.shape[:2]
    phases = [weight[:, :, rows][:, :, :, columns] for rows in _TAPS for columns in _TAPS]
    kernel = torch.stack(phases).permute(0, 2, 1, 3, 4).reshape(4 * outputs, inputs, 2, 2)
    return kernel.contiguous(memory_format=torch.channels_last)


def twice_by_phases(maps: Tensor, kernel: Tensor) -> Tensor:
    """Maps (1, I, S, S) to (1, O, 2 S, 2 S), as the transposed convolution (stride 2, padding 1) gives them."""
    side = maps.shape[-1]
    phases = F.conv2d(maps, kernel, padding=1).reshape(1, 2, 2, -1, side + 1, side + 1)
    shape = (1, phases.shape[3], 2 * side, 2 * side)
    out = torch.empty(shape, dtype=phases.dtype, memory_format=torch.channels_last)
    for row in (0, 1):
        for column in (0, 1):
            own = phases[:, row, column, :, row : row + side, column : column + side]
            out[:, :, row::2, column::2] = own
    return out

"""Straight lines along rows or columns: hardly any photograph of skin has them, a growing generator easily does.

Layers that double small maps know where the cells of those maps meet. Where hair is wanted, the network finds it easier
to draw fine lines there, straight and always at the same places, than to draw hair; the discriminators, which look at
each place for itself, let them pass.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

USUAL = 12.0
"""The strength of the straightest line in half of all photographs (256 px, canonical tone)."""

_SPAN = 2
_STRONGEST_STEP = 0.2


def line_strength(images: Tensor) -> Tensor:
    """(N, 2, R - 4): for every row and column of images (N, 3, R, R), R a multiple of 32, how strong a line lies there.

    What a row differs by from those two above and below, averaged over a quarter of its length, where that is most; as
    a multiple of what independent pixels would give.
    """
    grey = images.float().mean(1)
    both = torch.stack([grey, grey.transpose(1, 2)], 1)
    step = both[:, :, _SPAN:-_SPAN] - (both[:, :, : -2 * _SPAN] + both[:, :, 2 * _SPAN :]) / 2
    step = step.clamp(-_STRONGEST_STEP, _STRONGEST_STEP)  # one bright speck is no line
    window = images.shape[-1] // 4
    averages = F.avg_pool1d(step.flatten(0, 1), window, window // 8)
    chance = step.detach().flatten(1).std(1) / window**0.5 + 1e-6
    strongest = averages.abs().amax(-1).reshape(both.shape[0], 2, -1)
    strength: Tensor = strongest / chance[:, None, None]
    return strength


def straight_lines(images: Tensor) -> Tensor:
    """How much the rows and columns of images (N, 3, R, R) exceed what is usual, summed, the mean of the images."""
    return F.relu(line_strength(images) - USUAL).flatten(1).sum(1).mean()

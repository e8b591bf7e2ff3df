"""DiffAugment (Zhao et al. 2020): differentiable brightness, saturation, contrast, shift and cut-out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import torch
from torch import Tensor


def _uniform(images: Tensor, rng: torch.Generator) -> Tensor:
    return torch.rand(len(images), 1, 1, 1, generator=rng, device=images.device)


def _whole(low: int, high: int, images: Tensor, rng: torch.Generator) -> Tensor:
    """(N, 2, 1) whole numbers from ``low`` to ``high`` - 1."""
    return torch.randint(low, high, (len(images), 2, 1), generator=rng, device=images.device)


def _colour(images: Tensor, rng: torch.Generator) -> Tensor:
    """Half of them: a change that every image went through is taken for a property of photographs, and then the
    generator exaggerates (Karras et al. 2020, augmentations that leak)."""
    changed = images + (_uniform(images, rng) - 0.5) * 0.4
    grey = changed.mean(1, keepdim=True)
    changed = (changed - grey) * (_uniform(images, rng) + 0.5) + grey
    level = changed.mean((1, 2, 3), keepdim=True)
    changed = (changed - level) * (_uniform(images, rng) * 0.6 + 0.7) + level
    return torch.where(_uniform(images, rng) < 0.5, changed, images)


def _shift(images: Tensor, rng: torch.Generator) -> Tensor:
    """Up to an eighth of the side along both axes; what comes in is the mirror image of what is there."""
    side = images.shape[-1]
    reach = side // 8
    taken = torch.arange(side, device=images.device) + _whole(-reach, reach + 1, images, rng)
    last = side - 1
    rows, columns = (last - (last - taken.abs()).abs()).unbind(1)
    images = images.gather(2, rows[:, None, :, None].expand_as(images))
    return images.gather(3, columns[:, None, None].expand_as(images))


def _cut_out(images: Tensor, rng: torch.Generator) -> Tensor:
    """Half of them lose a square of a third of the side, which may reach over the edge."""
    side = images.shape[-1]
    edge = side // 3
    beyond = torch.arange(side, device=images.device) - _whole(-edge // 2, side - edge // 2, images, rng)
    rows, columns = ((beyond >= 0) & (beyond < edge)).unbind(1)
    cut = _uniform(images, rng) < 0.5
    return images.masked_fill(cut & rows[:, None, :, None] & columns[:, None, None], 0)


AUGMENTATIONS: Final[dict[str, Callable[[Tensor, torch.Generator], Tensor]]] = {
    "colour": _colour,
    "shift": _shift,
    "cut-out": _cut_out,
}
"""Name to function, in the order in which they are applied."""


def augment(images: Tensor, chosen: Collection[str], rng: torch.Generator) -> Tensor:
    """Images (N, 3, R, R) in about [-1, 1], each changed by its own draw; gradients pass through.

    Raises ValueError for an augmentation that there is not.
    """
    if unknown := set(chosen) - AUGMENTATIONS.keys():
        raise ValueError(f"no augmentation is called {', '.join(sorted(unknown))}")
    for name, change in AUGMENTATIONS.items():
        if name in chosen:
            images = change(images, rng)
    return images.contiguous(memory_format=torch.channels_last)

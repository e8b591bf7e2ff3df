"""DiffAugment (Zhao et al. 2020): differentiable brightness, saturation, contrast, shift and cut-out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor


def _uniform(count: int, rng: torch.Generator) -> Tensor:
    return torch.rand(count, 1, 1, 1, generator=rng)


def _colour(images: Tensor, rng: torch.Generator) -> Tensor:
    count = len(images)
    images = images + (_uniform(count, rng) - 0.5) * 0.4
    grey = images.mean(1, keepdim=True)
    images = (images - grey) * (_uniform(count, rng) + 0.5) + grey
    level = images.mean((1, 2, 3), keepdim=True)
    return (images - level) * (_uniform(count, rng) * 0.6 + 0.7) + level


def _shift(images: Tensor, rng: torch.Generator) -> Tensor:
    side = images.shape[-1]
    reach = side // 8
    padded = F.pad(images, (reach, reach, reach, reach), mode="reflect")
    offsets = torch.randint(0, 2 * reach + 1, (len(images), 2), generator=rng).tolist()
    return torch.stack([padded[i, :, y : y + side, x : x + side] for i, (y, x) in enumerate(offsets)])


def _cut_out(images: Tensor, rng: torch.Generator) -> Tensor:
    count, side = len(images), images.shape[-1]
    edge = side // 3
    keep = torch.ones(count, 1, side, side)
    places = torch.randint(-edge // 2, side - edge // 2, (count, 2), generator=rng).tolist()
    cut = torch.rand(count, generator=rng) < 0.5
    for i, (y, x) in enumerate(places):
        if cut[i]:
            keep[i, :, max(y, 0) : y + edge, max(x, 0) : x + edge] = 0
    return images * keep


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

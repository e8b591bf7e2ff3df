"""Batches of photographs for the discriminator: grouped by class, cropped, mirrored, with their lesion's geometry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from dermtutor.domain.sites import REGIONS
from dermtutor.training.photographs import CLASSES, HEALTHY, Bank

GROUP = 4
"""Images of one class stand together in groups of this many, so that a head can see how alike they are."""
SMALLEST_CROP = 0.77
"""A crop's side is at least this share of the photograph's: lesions vary in position and size."""


@dataclass(frozen=True, slots=True)
class Batch:
    """``images`` (N, 3, R, R) in [-1, 1], ``masks`` (N, 1, R, R) 0..1, ``labels`` (N,), ``place`` (N, 4 + regions).

    The place is the lesion's geometry in the picture, then 1 for its body region and 0 for the others.
    """

    images: Tensor
    masks: Tensor
    labels: Tensor
    place: Tensor


class Sampler:
    """Draws batches from a bank; its whole state is one torch generator."""

    def __init__(self, bank: Bank, resolution: int, rng: torch.Generator) -> None:
        self._images = np.ascontiguousarray(bank.images.transpose(0, 2, 3, 1))
        self._masks = bank.masks
        self.has_mask = torch.from_numpy(bank.has_mask)
        self.labels = torch.from_numpy(bank.labels)
        self._regions = torch.from_numpy(bank.regions)
        self.resolution = resolution
        self.rng = rng
        self._members = [torch.where(self.labels == c)[0] for c in range(len(CLASSES))]
        # Rare conditions are shown more often than they occur, but less than equally often, or they are memorised.
        self._weights = torch.tensor([float(len(m)) for m in self._members]).sqrt()

    def conditions(self) -> tuple[str, ...]:
        """The classes of which there are photographs."""
        return tuple(name for name, members in zip(CLASSES, self._members, strict=True) if len(members))

    def batch(self, count: int) -> Batch:
        """``count`` photographs, a multiple of GROUP."""
        chosen = torch.multinomial(self._weights, count // GROUP, replacement=True, generator=self.rng)
        rows = torch.cat([self._group(int(c)) for c in chosen])
        images, masks = zip(*(self._crop(int(row)) for row in rows), strict=True)
        picture = torch.stack(images).float() / 127.5 - 1
        mask = torch.stack(masks).float()[:, None] / 255
        picture, mask = self._mirror(picture, mask)
        labels = self.labels[rows]
        return Batch(
            picture.contiguous(memory_format=torch.channels_last),
            mask,
            labels,
            self._place(mask, rows),
        )

    def wanted(self, count: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Classes (N,) as often as in a batch, and places (N, 4 + regions) of their photographs, drawn with ``rng``."""
        labels = torch.multinomial(self._weights, count, replacement=True, generator=rng)
        return labels, self.place_of(labels, rng)

    def place_of(self, labels: Tensor, rng: torch.Generator) -> Tensor:
        """(N, 4 + regions) place of random photographs of the classes ``labels`` (N,), whole, drawn with ``rng``."""
        rows = torch.stack([self._any_of(int(label), rng) for label in labels])
        masks = torch.from_numpy(self._masks[rows.numpy()]).float()[:, None] / 255
        return self._place(masks, rows)

    def _place(self, masks: Tensor, rows: Tensor) -> Tensor:
        # A first column for those whose region nobody knows, then taken away.
        region = F.one_hot(self._regions[rows] + 1, len(REGIONS) + 1)[:, 1:].float()
        return torch.cat([lesion_geometry(masks, self.has_mask[rows]), region], 1)

    def _any_of(self, label: int, rng: torch.Generator) -> Tensor:
        members = self._members[label]
        return members[torch.randint(len(members), (), generator=rng)]

    def _group(self, label: int) -> Tensor:
        members = self._members[label]
        return members[torch.randperm(len(members), generator=self.rng)[:GROUP]]

    def _crop(self, row: int) -> tuple[Tensor, Tensor]:
        side, goal = self._images.shape[1], self.resolution
        edge = int(torch.randint(round(SMALLEST_CROP * side), side + 1, (), generator=self.rng))
        y, x = torch.randint(0, side - edge + 1, (2,), generator=self.rng).tolist()
        box, bilinear = (x, y, x + edge, y + edge), Image.Resampling.BILINEAR
        picture = Image.fromarray(self._images[row]).resize((goal, goal), bilinear, box)
        mask = Image.fromarray(self._masks[row]).resize((goal, goal), bilinear, box)
        return torch.from_numpy(np.array(picture)).permute(2, 0, 1), torch.from_numpy(np.array(mask))

    def _mirror(self, picture: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        both = torch.cat([picture, mask], 1)
        for dims in ((3,), (2,)):
            flipped = torch.rand(len(both), generator=self.rng) < 0.5
            both[flipped] = both[flipped].flip(dims)
        turned = torch.rand(len(both), generator=self.rng) < 0.5
        both[turned] = both[turned].transpose(2, 3)
        return both[:, :3], both[:, 3:]


def lesion_geometry(masks: Tensor, known: Tensor) -> Tensor:
    """(N, 4) from masks (N, 1, R, R) in 0..1: known, size, horizontal and vertical position of the lesion.

    Size is the square root of the covered share, about -1 to 1; positions are -1 (left, top) to 1, times two. All are
    zero where the mask is unknown or empty.
    """
    covered = masks.mean((1, 2, 3))
    known = known & (covered > 1e-3)
    axis = torch.linspace(-1, 1, masks.shape[-1])
    mass = covered.clamp_min(1e-6)
    x = (masks * axis).mean((1, 2, 3)) / mass
    y = (masks * axis[:, None]).mean((1, 2, 3)) / mass
    geometry = torch.stack([torch.ones_like(mass), (covered.sqrt() - 0.35) * 4, 2 * x, 2 * y], 1)
    return geometry * known[:, None]


def healthy_label() -> int:
    """The label of the class without a lesion."""
    return CLASSES.index(HEALTHY)

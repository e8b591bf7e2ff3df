"""Batches of photographs for the discriminator: grouped by class, cropped, mirrored, with their lesion's geometry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from dermtutor.domain.sites import REGIONS
from dermtutor.training.bank import Bank
from dermtutor.training.photographs import CLASSES, HEALTHY

GROUP = 4
"""Images of one class stand together in groups of this many, so that a head can see how alike they are."""
SMALLEST_CROP = 0.77
"""A crop's side is usually at least this share of the photograph's: lesions vary in position and size."""


@dataclass(frozen=True, slots=True)
class Batch:
    """``images`` (N, 3, R, R) in [-1, 1], ``masks`` (N, 1, R, R) 0..1, ``labels`` (N,), ``place`` (N, 4 + regions).

    The place is the lesion's geometry in the picture, then 1 for its body region and 0 for the others.
    """

    images: Tensor
    masks: Tensor
    labels: Tensor
    place: Tensor


@dataclass(frozen=True, slots=True)
class Draw:
    """Which photographs a batch shows, ``rows`` (N,), and how: ``views`` (N, 2, 3) lead from the batch's coordinates
    to the photograph's, both -1 to 1: a crop, mirrored and turned."""

    rows: Tensor
    views: Tensor


class Sampler:
    """Draws batches from a bank that lies on ``device``; its whole state is one torch generator of the processor."""

    def __init__(
        self,
        bank: Bank,
        resolution: int,
        rng: torch.Generator,
        device: torch.device | None = None,
        *,
        smallest_crop: float = SMALLEST_CROP,
    ) -> None:
        self._smallest_crop = smallest_crop
        side = round(resolution / smallest_crop)
        device = device or torch.device("cpu")
        pictures = _at_side(bank.images.transpose(0, 2, 3, 1), side)
        layers = np.concatenate([pictures, _at_side(bank.masks, side)[..., None]], 3).transpose(0, 3, 1, 2)
        self._layers = torch.from_numpy(np.ascontiguousarray(layers)).to(device)
        self._has_mask = torch.from_numpy(bank.has_mask).to(device)
        self._labels = torch.from_numpy(bank.labels).to(device)
        # A first column for those whose region nobody knows, then taken away.
        known = F.one_hot(torch.from_numpy(bank.regions) + 1, len(REGIONS) + 1)[:, 1:]
        self._regions = known.float().to(device)
        self.resolution = resolution
        self.rng = rng
        labels = torch.from_numpy(bank.labels)
        self._members = [torch.where(labels == c)[0] for c in range(len(CLASSES))]
        # Rare conditions are shown more often than they occur, but less than equally often, or they are memorised.
        self._weights = torch.tensor([float(len(m)) for m in self._members]).sqrt()

    def conditions(self) -> tuple[str, ...]:
        """The classes of which there are photographs."""
        return tuple(name for name, members in zip(CLASSES, self._members, strict=True) if len(members))

    def region_shares(self) -> dict[str, tuple[float, ...]]:
        """By class, which share of its photographs is of each of the regions; left out where none is known."""
        shares = {
            name: tuple(
                round(share, 4) for share in self._regions[members.to(self._labels.device)].mean(0).tolist()
            )
            for name, members in zip(CLASSES, self._members, strict=True)
            if len(members)
        }
        return {name: each for name, each in shares.items() if any(each)}

    def batch(self, count: int) -> Batch:
        """``count`` photographs, a multiple of GROUP."""
        return self.shown(self.draw(count))

    def draw(self, count: int) -> Draw:
        """``count`` photographs, a multiple of GROUP, and how they are to be shown."""
        chosen = torch.multinomial(self._weights, count // GROUP, replacement=True, generator=self.rng)
        rows = torch.cat([self._group(int(c)) for c in chosen])
        return Draw(rows, self._views(count))

    def shown(self, draw: Draw) -> Batch:
        """The photographs of a draw; whatever happens here happens on the device, and waits for nothing."""
        rows = draw.rows.to(self._layers.device)
        layers = self._layers[rows].float()
        shape = [len(layers), 1, self.resolution, self.resolution]
        grid = F.affine_grid(draw.views.to(layers.device), shape, align_corners=False)
        seen = F.grid_sample(layers, grid, mode="bilinear", padding_mode="border", align_corners=False)
        masks = seen[:, 3:] / 255
        return Batch(
            (seen[:, :3] / 127.5 - 1).contiguous(memory_format=torch.channels_last),
            masks,
            self._labels[rows],
            self._place(masks, rows),
        )

    def wanted(self, count: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Classes (N,) as often as in a batch, and places (N, 4 + regions) of their photographs, drawn with ``rng``."""
        labels = torch.multinomial(self._weights, count, replacement=True, generator=rng)
        return labels.to(self._labels.device), self.place_of(labels, rng)

    def place_of(self, labels: Tensor, rng: torch.Generator) -> Tensor:
        """(N, 4 + regions) place of random photographs of the classes ``labels`` (N,), whole, drawn with ``rng``."""
        rows = torch.stack([self._any_of(int(label), rng) for label in labels]).to(self._labels.device)
        return self._place(self._layers[rows, 3:].float() / 255, rows)

    def _place(self, masks: Tensor, rows: Tensor) -> Tensor:
        return torch.cat([lesion_geometry(masks, self._has_mask[rows]), self._regions[rows]], 1)

    def _any_of(self, label: int, rng: torch.Generator) -> Tensor:
        members = self._members[label]
        return members[torch.randint(len(members), (), generator=rng)]

    def _group(self, label: int) -> Tensor:
        members = self._members[label]
        return members[torch.randperm(len(members), generator=self.rng)[:GROUP]]

    def _views(self, count: int) -> Tensor:
        """(N, 2, 3): a square somewhere in the photograph, in one of the eight ways that a square can lie."""
        reach = self._smallest_crop + (1 - self._smallest_crop) * torch.rand(count, generator=self.rng)
        centre = (2 * torch.rand(count, 2, generator=self.rng) - 1) * (1 - reach)[:, None]
        signs = torch.randint(0, 2, (count, 2), generator=self.rng) * 2.0 - 1
        scale = torch.diag_embed(reach[:, None] * signs)
        turned = torch.rand(count, generator=self.rng) < 0.5
        scale = torch.where(turned[:, None, None], scale.flip(2), scale)
        return torch.cat([scale, centre[..., None]], 2)


def _at_side(pictures: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Pictures (N, S, S, ...) with ``side`` px, where the smallest crop has one pixel for each of the batch's."""
    if pictures.shape[1] == side:
        return pictures
    size = (side, side)
    return np.stack(
        [np.asarray(Image.fromarray(each).resize(size, Image.Resampling.LANCZOS)) for each in pictures]
    )


def lesion_geometry(masks: Tensor, known: Tensor) -> Tensor:
    """(N, 4) from masks (N, 1, R, R) in 0..1: known, size, horizontal and vertical position of the lesion.

    Size is the square root of the covered share, about -1 to 1; positions are -1 (left, top) to 1, times two. All are
    zero where the mask is unknown or empty.
    """
    covered = masks.mean((1, 2, 3))
    known = known & (covered > 1e-3)
    axis = torch.linspace(-1, 1, masks.shape[-1], device=masks.device)
    mass = covered.clamp_min(1e-6)
    x = (masks * axis).mean((1, 2, 3)) / mass
    y = (masks * axis[:, None]).mean((1, 2, 3)) / mass
    geometry = torch.stack([torch.ones_like(mass), (covered.sqrt() - 0.35) * 4, 2 * x, 2 * y], 1)
    return geometry * known[:, None]


def healthy_label() -> int:
    """The label of the class without a lesion."""
    return CLASSES.index(HEALTHY)

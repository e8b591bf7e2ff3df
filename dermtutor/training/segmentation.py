"""A segmentation network trained on the real masks; it teaches the generator's mask head where the lesion is."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dermtutor.training.backbone import EfficientNetLite
from dermtutor.training.sampling import Batch, Sampler, healthy_label

SIDE = 128
"""Pictures are segmented at this side."""


class Segmenter(nn.Module):
    """Lesion logits (N, 1, SIDE, SIDE) from the frozen features of pictures, decoded coarse to fine."""

    width = 48

    def __init__(self, backbone: EfficientNetLite) -> None:
        super().__init__()
        object.__setattr__(self, "_backbone", backbone)  # Frozen, and saved by nobody.
        self.reduce = nn.ModuleList(nn.Conv2d(c, self.width, 1) for c in backbone.feature_channels)
        self.mix = nn.ModuleList(
            nn.Conv2d(self.width, self.width, 3, 1, 1) for _ in backbone.feature_channels
        )
        self.fine = nn.Conv2d(3, 16, 5, 2, 2)
        self.out = nn.Conv2d(self.width + 16, 1, 3, 1, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        backbone: EfficientNetLite = object.__getattribute__(self, "_backbone")
        if pictures.shape[-1] != SIDE:
            pictures = F.interpolate(pictures, (SIDE, SIDE), mode="area")
        with torch.no_grad():
            features = backbone.features(pictures)
        return self.decode(features, pictures)

    def decode(self, features: Sequence[Tensor], pictures: Tensor) -> Tensor:
        """Logits of features at 1/4 to 1/32 and of the pictures themselves."""
        total: Tensor | None = None
        for reduce, mix, maps in reversed(list(zip(self.reduce, self.mix, features, strict=True))):
            reduced = reduce(maps)
            if total is not None:
                reduced = reduced + F.interpolate(
                    total, size=maps.shape[2:], mode="bilinear", align_corners=False
                )
            total = F.leaky_relu(mix(reduced), 0.2)
        assert total is not None
        detail = F.leaky_relu(self.fine(pictures), 0.2)
        total = F.interpolate(total, size=detail.shape[2:], mode="bilinear", align_corners=False)
        logits: Tensor = self.out(torch.cat([total, detail], 1))
        return F.interpolate(logits, size=(SIDE, SIDE), mode="bilinear", align_corners=False)


def train_segmenter(backbone: EfficientNetLite, sampler: Sampler, steps: int, batch: int) -> Segmenter:
    """A segmenter fitted to photographs whose masks are known."""
    device = backbone.stem.weight.device
    network = Segmenter(backbone).to(device)
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, steps)
    for _ in range(steps):
        drawn = sampler.batch(batch)
        known = (drawn.place[:, 0] > 0) | (drawn.labels == healthy_label())
        loss = mask_loss(network(drawn.images)[known], _at_side(drawn)[known])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    return network.eval().requires_grad_(False)


def mask_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy plus soft Dice, both over (N, 1, R, R)."""
    entropy = F.binary_cross_entropy_with_logits(logits, wanted)
    probability = torch.sigmoid(logits)
    overlap = 2 * (probability * wanted).sum((1, 2, 3)) + 1
    dice = 1 - overlap / (probability.sum((1, 2, 3)) + wanted.sum((1, 2, 3)) + 1)
    return entropy + dice.mean()


def intersection_over_union(logits: Tensor, wanted: Tensor) -> Tensor:
    """(N,) IoU of masks at one half; 1 where both are empty."""
    drawn, truth = logits > 0, wanted > 0.5
    both = (drawn & truth).sum((1, 2, 3)).float()
    either = (drawn | truth).sum((1, 2, 3)).float()
    return torch.where(either > 0, both / either.clamp_min(1), torch.ones_like(both))


def _at_side(drawn: Batch) -> Tensor:
    return F.interpolate(drawn.masks, (SIDE, SIDE), mode="area")

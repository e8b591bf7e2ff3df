"""A projected discriminator (Sauer et al. 2021): small heads on randomly mixed features of a frozen network."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from dermtutor.training.backbone import EfficientNetLite
from dermtutor.training.sampling import GROUP

MIXED_CHANNELS = (64, 64, 128, 128)


class Head(nn.Module):
    """Judges one mixed map: realism, and by projection whether class and place fit.

    A map of the standard deviation within the group of one class stands beside the features, so that images all
    alike are seen to be so: of ``deviations`` channels, or none.
    """

    def __init__(
        self, inputs: int, steps: int, condition: int, deviations: int = 8, width: int = 128
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for i in range(steps):
            layers += [
                spectral_norm(nn.Conv2d(inputs if i == 0 else width, width, 4, 2, 1)),
                nn.LeakyReLU(0.2),
            ]
        last = width if steps else inputs
        self.deviations = deviations
        self.body = nn.Sequential(*layers)
        self.realism = spectral_norm(nn.Conv2d(last + deviations, 1, 3, 1, 1))
        self.project = spectral_norm(nn.Conv2d(last, last, 1))
        self.condition = spectral_norm(nn.Linear(condition, last, bias=False))

    def forward(self, maps: Tensor, condition: Tensor) -> Tensor:
        maps = self.body(maps)
        realism: Tensor = self.realism(self._with_spread(maps)).flatten(1)
        fit = (self.project(maps) * self.condition(condition)[..., None, None]).sum(1).flatten(1)
        logits: Tensor = realism + fit / math.sqrt(maps.shape[1])
        return logits

    def _with_spread(self, maps: Tensor) -> Tensor:
        if not self.deviations:
            return maps
        count, channels, height, width = maps.shape
        grouped = maps.reshape(
            count // GROUP, GROUP, self.deviations, channels // self.deviations, height, width
        )
        spread = (grouped.var(1, unbiased=False) + 1e-6).sqrt().mean(2).repeat_interleave(GROUP, 0)
        return torch.cat([maps, spread], 1)


class Discriminator(nn.Module):
    """Logits (N, K) of feature maps. The mixing is random and frozen; only the heads learn.

    ``feature_channels`` are those of the four maps, ``deviations`` those that tell how alike a group is.
    """

    def __init__(
        self, classes: int, place_size: int, feature_channels: Sequence[int], deviations: int = 8
    ) -> None:
        super().__init__()
        self.classes, self.place_size = classes, place_size
        self.cross_channel = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 1, bias=False)
            for inputs, outputs in zip(feature_channels, MIXED_CHANNELS, strict=True)
        )
        self.cross_scale = nn.ModuleList(
            nn.Conv2d(coarse, fine, 3, 1, 1, bias=False)
            for fine, coarse in itertools.pairwise(MIXED_CHANNELS)
        )
        for conv in (*self.cross_channel, *self.cross_scale):
            nn.init.kaiming_normal_(conv.weight, nonlinearity="linear")
            conv.requires_grad_(False)
        self.heads = nn.ModuleList(
            Head(inputs, steps, classes + place_size, deviations)
            for inputs, steps in zip(MIXED_CHANNELS, (3, 2, 1, 0), strict=True)
        )

    def forward(self, features: Sequence[Tensor], labels: Tensor, place: Tensor) -> Tensor:
        mixed = [conv(maps) for conv, maps in zip(self.cross_channel, features, strict=True)]
        for i in range(len(mixed) - 2, -1, -1):
            coarse = F.interpolate(
                self.cross_scale[i](mixed[i + 1]),
                size=mixed[i].shape[2:],
                mode="bilinear",
                align_corners=False,
            )
            mixed[i] = (mixed[i] + coarse) / math.sqrt(2)
        known = place[:, : self.place_size]  # of the body region, what the generator is told
        condition = torch.cat([F.one_hot(labels, self.classes).float(), known], 1)
        logits = [head(maps, condition) for head, maps in zip(self.heads, mixed, strict=True)]
        return torch.cat(logits, 1)


class ClassGuide(nn.Module):
    """A linear classifier on frozen features, trained on real photographs, that tells the generator what it drew."""

    def __init__(self, backbone: EfficientNetLite, inputs: int, classes: int) -> None:
        super().__init__()
        object.__setattr__(self, "_backbone", backbone)  # Frozen, and saved by nobody.
        self.linear = nn.Linear(inputs, classes)

    def forward(self, features: Sequence[Tensor]) -> Tensor:
        backbone: EfficientNetLite = object.__getattribute__(self, "_backbone")
        return self.classify(backbone.pool(features[-1]))

    def classify(self, pooled: Tensor) -> Tensor:
        """Logits of pooled features (N, 1280)."""
        logits: Tensor = self.linear(pooled)
        return logits

"""Validation while training: how far the averaged generator's pictures are from photographs of validation patients."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from dermtutor.generation.networks import Generator
from dermtutor.training.backbone import load_backbone
from dermtutor.training.evaluate import quick_distance
from dermtutor.training.material import SIDE, Group
from dermtutor.training.photographs import load_bank
from dermtutor.training.sampling import Sampler

_PICTURES = 192
_BATCH = 16


class Validator:
    """Measures a generator against the validation patients' photographs in a space the discriminator does not use."""

    def __init__(self, data: Path) -> None:
        bank = load_bank(data, SIDE, "validation", with_healthy=False)
        self._photographs = Group(
            np.ascontiguousarray(bank.images.transpose(0, 2, 3, 1)), bank.labels, bank.patients
        )
        self._network = load_backbone("lite1")

    def distance(self, network: Generator, sampler: Sampler) -> float:
        """KID of generated pictures with the classes and lesion places of photographs; the same draws every time."""
        rng = torch.Generator().manual_seed(7)
        labels = torch.from_numpy(self._photographs.labels)
        pictures, drawn = [], []
        for _ in range(_PICTURES // _BATCH):
            label = labels[torch.randint(len(labels), (_BATCH,), generator=rng)]
            place = sampler.place_of(label, rng)
            latent = torch.randn(_BATCH, network.config.latent_size, generator=rng)
            with torch.no_grad():
                maps = network.features(
                    network.condition(latent, label, place), network.draw_noise(_BATCH, rng)
                )
                picture = F.interpolate(network.picture(maps), (SIDE, SIDE), mode="area")
            pictures.append(picture.clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8))
            drawn.append(label)
        made = torch.cat(pictures).permute(0, 2, 3, 1).contiguous().numpy()
        group = Group(made, torch.cat(drawn).numpy(), ("",) * len(made))
        return quick_distance(self._network, group, self._photographs)

"""Validation while training: how far the averaged generator's pictures are from photographs of validation patients."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from dermtutor.generation.networks import Generator
from dermtutor.training.backbone import load_backbone
from dermtutor.training.bank import load_bank
from dermtutor.training.drawing import as_bytes, drawn_pictures
from dermtutor.training.evaluate import quick_distance
from dermtutor.training.material import SIDE, Group
from dermtutor.training.sampling import Sampler

_PICTURES = 192
_BATCH = 16


class Validator:
    """Measures a generator against the validation patients' photographs in a space the discriminator does not use."""

    def __init__(self, data: Path, device: torch.device) -> None:
        bank = load_bank(data, SIDE, "validation", with_healthy=False)
        self._photographs = Group(
            np.ascontiguousarray(bank.images.transpose(0, 2, 3, 1)), bank.labels, bank.patients
        )
        self._network = load_backbone("lite1").to(device)

    def distance(self, network: Generator, sampler: Sampler) -> float:
        """KID of generated pictures with the classes and lesion places of photographs; the same draws every time."""
        rng = torch.Generator().manual_seed(7)
        labels = torch.from_numpy(self._photographs.labels)
        pictures, drawn = [], []
        for _ in range(_PICTURES // _BATCH):
            label = labels[torch.randint(len(labels), (_BATCH,), generator=rng)]
            picture = drawn_pictures(network, label, sampler.place_of(label, rng), rng)
            pictures.append(as_bytes(F.interpolate(picture, (SIDE, SIDE), mode="area")))
            drawn.append(label)
        made = torch.cat(pictures).permute(0, 2, 3, 1).contiguous().numpy()
        group = Group(made, torch.cat(drawn).numpy(), ("",) * len(made))
        return quick_distance(self._network, group, self._photographs)

"""The mask stage: the generator's mask head learns from the segmentation of its own pictures."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from dermtutor.generation.networks import Generator
from dermtutor.training.drawing import drawn_maps
from dermtutor.training.sampling import Sampler, healthy_label
from dermtutor.training.segmentation import (
    SIDE,
    Segmenter,
    intersection_over_union,
    mask_loss,
    train_segmenter,
)
from dermtutor.training.trainer import Trainer


@dataclass(frozen=True, slots=True)
class MaskFigures:
    """Mean IoU of the mask head against the segmenter, on generated lesions that it was not trained on."""

    iou: float
    pictures: int


def train_masks(trainer: Trainer, sampler: Sampler, batch: int = 24) -> MaskFigures:
    """Fit the mask head of the averaged generator; everything else of it stays as it is."""
    head_steps = trainer.settings.mask_steps
    segmenter = train_segmenter(trainer.backbone, sampler, trainer.settings.segmenter_steps, batch)
    network = trainer.average
    head = network.to_mask.requires_grad_(True)
    optimiser = torch.optim.AdamW(head.parameters(), 2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, head_steps)
    for _ in range(head_steps):
        maps, wanted = _segmented(network, segmenter, sampler, batch)
        loss = mask_loss(head(maps, SIDE), wanted)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    head.requires_grad_(False)
    batches = -(-trainer.settings.mask_pictures // batch)
    return _measure(network, segmenter, sampler, batch, batches)


def _segmented(
    network: Generator, segmenter: Segmenter, sampler: Sampler, batch: int
) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Maps of generated pictures and the probability that each pixel is lesion; none on healthy skin."""
    drawn = sampler.batch(batch)
    with torch.no_grad():
        maps = drawn_maps(network, drawn.labels, drawn.place, sampler.rng)
        wanted = torch.sigmoid(segmenter(network.picture(maps)))
    wanted[drawn.labels == healthy_label()] = 0
    return maps, F.interpolate(wanted, (SIDE, SIDE), mode="area")


def _measure(
    network: Generator, segmenter: Segmenter, sampler: Sampler, batch: int, batches: int
) -> MaskFigures:
    found = []
    for _ in range(batches):
        maps, wanted = _segmented(network, segmenter, sampler, batch)
        lesions = wanted.mean((1, 2, 3)) > 0.001
        with torch.no_grad():
            found.append(intersection_over_union(network.to_mask(maps, SIDE), wanted)[lesions])
    scores = torch.cat(found)
    return MaskFigures(float(scores.mean()), len(scores))

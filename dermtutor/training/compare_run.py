"""The average of a run against photographs, at the run's own resolution: what tells the settings of runs apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from dermtutor.errors import UserError
from dermtutor.generation.networks import Generator, NetworkConfig
from dermtutor.training.backbone import load_backbone
from dermtutor.training.checkpoint import has_checkpoint, load_checkpoint, restore_module
from dermtutor.training.drawing import as_bytes, drawn_pictures
from dermtutor.training.evaluate import SPACES, compare
from dermtutor.training.material import FIRST_SEED, SIDE, Group, HeldOut, Material, photographs
from dermtutor.training.photographs import CLASSES, CONDITION_OF_DIAGNOSIS
from dermtutor.training.prepared import cached_bank
from dermtutor.training.sampling import Sampler
from dermtutor.training.settings import Settings

_BATCH = 16


@dataclass(frozen=True, slots=True)
class Extent:
    """How many pictures of each condition are drawn, and how often patients are halved for an interval."""

    per_class: int = 80
    draws: int = 20


QUICK = Extent(per_class=8, draws=2)
"""For checking the command, not the run."""


def compare_run(
    data: Path, folder: Path, quick: bool, held_out: HeldOut, report: Callable[[str], None]
) -> dict[str, Any]:
    """Figures of ``evaluate.compare`` in both spaces for the latest average in ``folder``.

    Photographs are brought down to the run's resolution first, and everything up to ``SIDE``, so that resolution alone
    is no difference. Raises UserError when there is no run.
    """
    if not has_checkpoint(folder):
        raise UserError(f"{folder} holds no run; name the folder that dermtutor train wrote.")
    tensors, state = load_checkpoint(folder)
    network = Generator(NetworkConfig.from_json(state["trainer"]["network"])).eval()
    restore_module("average", network, tensors)
    settings = Settings.from_json(state["trainer"]["settings"])
    bank = cached_bank(data, settings.photograph_side, folder)
    resolution = network.config.resolution
    sampler = Sampler(bank, resolution, torch.Generator().manual_seed(0))
    extent = QUICK if quick else Extent()
    report("reading photographs and drawing pictures")
    training, held = (_at(group, resolution) for group in photographs(data, held_out))
    material = Material(training, held, _drawn(network, sampler, extent.per_class))
    return {
        "images_seen": state["trainer"]["images_seen"],
        "minutes": round(state["seconds"] / 60, 1),
        "resolution": resolution,
        "split": held_out,
        "spaces": {
            space: compare(material, load_backbone(variant), extent.draws)
            for space, variant in SPACES.items()
        },
    }


def in_words(figures: dict[str, Any]) -> str:
    """One line for a table: KID, recall, coverage, right disease, and spread (mean of conditions), A and B each."""
    spaces = figures["spaces"].values()
    right = [space["right_disease"]["generated_to_real"] for space in spaces]
    spreads = [np.mean([each["spread"] for each in space["by_class"].values()]) for space in spaces]
    columns = {
        "KID": [space["kid"] for space in spaces],
        "recall": [space["recall"] for space in spaces],
        "coverage": [space["coverage"] for space in spaces],
        "right disease": right,
        "spread": spreads,
    }
    parts = [f"{name} " + ", ".join(f"{value:.3f}" for value in values) for name, values in columns.items()]
    return f"{figures['images_seen']} images at {figures['resolution']} px: " + "; ".join(parts)


def _drawn(network: Generator, sampler: Sampler, per_class: int) -> Group:
    """``per_class`` pictures of each of the six conditions, with the places of photographs."""
    rng = torch.Generator().manual_seed(FIRST_SEED)
    labels = torch.arange(len(CONDITION_OF_DIAGNOSIS)).repeat_interleave(per_class)
    pictures = [
        as_bytes(drawn_pictures(network, part, sampler.place_of(part, rng), rng))
        for part in torch.split(labels, _BATCH)
    ]
    made = torch.cat(pictures).permute(0, 2, 3, 1).contiguous().numpy()
    group = Group(made, labels.numpy(), tuple(CLASSES[int(label)] for label in labels))
    return _at(group, network.config.resolution)


def _at(group: Group, resolution: int) -> Group:
    """The same at ``SIDE`` px, with no more detail than ``resolution`` px hold."""
    return replace(group, pictures=np.stack([_resized(picture, resolution) for picture in group.pictures]))


def _resized(picture: NDArray[np.uint8], resolution: int) -> NDArray[np.uint8]:
    image = Image.fromarray(picture)
    if image.width > resolution:
        image = image.resize((resolution, resolution), Image.Resampling.BOX)
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.LANCZOS))

"""From a run to the weights that the application loads: half precision, a manifest, and how they came to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from dermtutor.generation.networks import Generator
from dermtutor.generation.weights import LesionGeometry, Manifest, sha256_of, write_weights
from dermtutor.training.photographs import CLASSES, HEALTHY, Bank
from dermtutor.training.sampling import lesion_geometry

NAME = "dermtutor-lesions"
LICENCE = "CC-BY-4.0"
ATTRIBUTION = (
    "Trained on PAD-UFES-20: Pacheco AGC et al., PAD-UFES-20: a skin lesion dataset composed of patient data and "
    "clinical images collected from smartphones, Data in Brief 32 (2020) 106221, CC BY 4.0."
)


def export_weights(
    network: Generator, bank: Bank, weights_dir: Path, version: str, training: dict[str, Any]
) -> Manifest:
    """Write the averaged generator to ``weights_dir`` and return its manifest.

    ``bank`` gives the lesions' size and position by condition, ``training`` is how the weights were made.
    """
    tensors = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    content = save(tensors)
    file = f"{NAME}-{version}.safetensors"
    manifest = Manifest(
        name=NAME,
        version=version,
        file=file,
        size=len(content),
        sha256=sha256_of(content),
        licence=LICENCE,
        attribution=ATTRIBUTION,
        resolution=network.config.resolution,
        conditions=network.config.classes,
        network=network.config.to_json(),
        geometry=bank_geometry(bank),
        training=training,
    )
    for former in weights_dir.glob(f"{NAME}-*.safetensors"):
        if former.name != file:
            former.unlink()
    write_weights(weights_dir, content, manifest)
    return manifest


def bank_geometry(bank: Bank) -> dict[str, LesionGeometry]:
    """Mean and standard deviation of each condition's lesion geometry in the photographs."""
    masks = torch.from_numpy(bank.masks).float()[:, None] / 255
    geometry = lesion_geometry(masks, torch.from_numpy(bank.has_mask))
    found = {}
    for label, name in enumerate(CLASSES):
        known = geometry[(torch.from_numpy(bank.labels) == label) & (geometry[:, 0] > 0), 1:]
        empty = name == HEALTHY or len(known) < 2
        mean = torch.zeros(3) if empty else known.mean(0)
        # Crops move lesions about more than the photographs do; the network has seen both.
        deviation = torch.zeros(3) if empty else known.std(0).clamp_min(0.15)
        found[name] = LesionGeometry(_three(mean), _three(deviation))
    return found


def training_record(
    state: dict[str, Any], seconds: float, mask_iou: float, mask_pictures: int
) -> dict[str, Any]:
    """What the manifest keeps of a run: its settings, how many images it saw, how long, and its masks."""
    return {
        "settings": state["settings"],
        "images_seen": state["images_seen"],
        "minutes": round(seconds / 60, 1),
        "mask_iou_to_segmenter": round(mask_iou, 4),
        "mask_pictures": mask_pictures,
        "data": "PAD-UFES-20, training patients, photographs without pen lines",
    }


def _three(values: torch.Tensor) -> tuple[float, float, float]:
    a, b, c = (round(float(value), 4) for value in values)
    return a, b, c

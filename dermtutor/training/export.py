"""From a run to the weights that the application loads: half precision, a manifest, and how they came to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from dermtutor.generation.networks import GEOMETRY_SIZE, Generator
from dermtutor.generation.weights import LesionGeometry, Manifest, sha256_of, write_weights
from dermtutor.training.dermoscopy import CLASS_OF_DIAGNOSIS
from dermtutor.training.photographs import CLASSES, HEALTHY
from dermtutor.training.sampling import Sampler

NAME = "dermtutor-lesions"
LICENCE = "CC-BY-4.0"
ATTRIBUTION = (
    "Trained on PAD-UFES-20: Pacheco AGC et al., PAD-UFES-20: a skin lesion dataset composed of patient data and "
    "clinical images collected from smartphones, Data in Brief 32 (2020) 106221, CC BY 4.0."
)
DERMOSCOPY_ATTRIBUTION = " Dermoscopic photographs: ISIC Archive, collection UDA-1, CC0 1.0."


def export_weights(
    network: Generator, sampler: Sampler, weights_dir: Path, version: str, training: dict[str, Any]
) -> Manifest:
    """Write the averaged generator to ``weights_dir`` and return its manifest.

    ``sampler`` gives the lesions' size and position by condition, ``training`` is how the weights were made.
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
        attribution=ATTRIBUTION + (DERMOSCOPY_ATTRIBUTION if _has_dermoscopy(sampler) else ""),
        resolution=network.config.resolution,
        conditions=tuple(name for name in network.config.classes if name in sampler.conditions()),
        network=network.config.to_json(),
        geometry=sampled_geometry(sampler),
        training=training,
        regions=sampler.region_shares(),
    )
    for former in weights_dir.glob(f"{NAME}-*.safetensors"):
        if former.name != file:
            former.unlink()
    write_weights(weights_dir, content, manifest)
    return manifest


def _has_dermoscopy(sampler: Sampler) -> bool:
    return not set(CLASS_OF_DIAGNOSIS.values()).isdisjoint(sampler.conditions())


def sampled_geometry(sampler: Sampler, batches: int = 24, batch: int = 64) -> dict[str, LesionGeometry]:
    """Mean and standard deviation of each condition's lesion geometry, in the crops that the network learned from."""
    drawn = [sampler.batch(batch) for _ in range(batches)]
    geometry = torch.cat([each.place[:, :GEOMETRY_SIZE] for each in drawn])
    labels = torch.cat([each.labels for each in drawn])
    found = {}
    for label, name in enumerate(CLASSES):
        known = geometry[(labels == label) & (geometry[:, 0] > 0), 1:]
        empty = name == HEALTHY or len(known) < 2
        mean, deviation = (torch.zeros(3), torch.zeros(3)) if empty else (known.mean(0), known.std(0))
        found[name] = LesionGeometry(_three(mean), _three(deviation))
    return found


def training_record(
    state: dict[str, Any], seconds: float, device: str, mask_iou: float, mask_pictures: int
) -> dict[str, Any]:
    """What the manifest keeps of a run: its settings, how many images it saw, how long on what, and its masks.

    A run that began with weights kept their network: what shaped it is told as it is, not as the run was set.
    """
    settings, network = state["settings"], state["network"]
    coarse = len(settings["channels"])
    shape = {
        "class_strength": network["class_strength"],
        "channels": network["channels"][:coarse],
        "grown_channels": network["channels"][coarse:],
    }
    return {
        "settings": settings | shape,
        "images_seen": state["images_seen"],
        "minutes": round(seconds / 60, 1),
        "device": device,
        "mask_iou_to_segmenter": round(mask_iou, 4),
        "mask_pictures": mask_pictures,
        "data": "PAD-UFES-20, training patients, photographs without pen lines or with the lines taken out",
    }


def _three(values: torch.Tensor) -> tuple[float, float, float]:
    a, b, c = (round(float(value), 4) for value in values)
    return a, b, c

"""Is a learned lesion still named rightly when it lies on a photograph of healthy skin?

The photographs are of held-out patients, with their lesion taken out. Each picture of a seed is judged twice: as the
network drew it, and with its lesion on such a photograph, by a classifier that learned from photographs of others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.domain.cases import Source
from dermtutor.domain.transfer import Placement
from dermtutor.errors import UserError
from dermtutor.generation.generator import Generator
from dermtutor.generation.transfer.engine import TransferStudio
from dermtutor.generation.transfer.measuring import lesion_on
from dermtutor.paths import assets_dir
from dermtutor.training.backbone import EfficientNetLite, features_of
from dermtutor.training.classifiers import predicted
from dermtutor.training.ink import INK_LIMIT
from dermtutor.training.material import SIDE, Group, HeldOut, Material, splits_of
from dermtutor.training.metrics import half_sampled_interval
from dermtutor.training.photographs import (
    CLASSES,
    healthy_skin,
    not_left_out,
    read_photograph,
    read_rows,
    split_of,
)

_PHOTOGRAPHED: Final = 320
"""Side of the healthy photographs, in pixels: about what they were taken with."""
_SEVERITY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Healthy:
    """A photograph of healthy skin (S, S, 3) uint8 in canonical tone, and whose it is."""

    pixels: NDArray[np.uint8]
    patient: str


def healthy_photographs(data: Path, held_out: HeldOut) -> tuple[Healthy, ...]:
    """Photographs of held-out patients without pen lines, their lesion taken out. Raises UserError without any."""
    rows = read_rows(data)
    splits = split_of(rows)
    wanted = not_left_out(row for row in rows if splits[row.patient] in splits_of(held_out))
    clean = [row for row in wanted if read_photograph(row, SIDE).inked <= INK_LIMIT]
    found = tuple(
        Healthy(picture, row.patient) for row, picture in healthy_skin(clean, _PHOTOGRAPHED, seed=0)
    )
    if not found:
        raise UserError(
            "No photograph of a held-out patient has enough healthy skin to put a lesion on; give more of them."
        )
    return found


def on_photographs(weights_dir: Path, generated: Group, healthy: tuple[Healthy, ...]) -> Group:
    """The lesions of generated pictures on the photographs in turn; the patients are those of the photographs."""
    studio = TransferStudio(Generator(weights_dir, assets_dir() / "recipes", device="cpu"))
    pictures, patients = [], []
    for number, (label, seed) in enumerate(zip(generated.labels, generated.patients, strict=True)):
        ground = healthy[number % len(healthy)]
        pictures.append(_transferred(studio, CLASSES[label], int(seed), ground.pixels))
        patients.append(ground.patient)
    return Group(np.stack(pictures), generated.labels, tuple(patients))


def transfer_figures(
    material: Material, transferred: Group, generated: Group, networks: dict[str, EfficientNetLite]
) -> dict[str, Any]:
    """By feature space: the share of pictures that a classifier of photographs names rightly, generated and with the
    same lesions on photographs, and how often it gives both the same name. Intervals over the photographs' patients.
    """
    return {
        "pictures": len(transferred),
        "patients": len(set(transferred.patients)),
        "spaces": {
            space: _agreement(material.training, transferred, generated, network)
            for space, network in networks.items()
        },
    }


def _agreement(
    training: Group, transferred: Group, generated: Group, network: EfficientNetLite
) -> dict[str, Any]:
    learnt = features_of(network, training.pictures), training.labels
    of_both = np.concatenate([transferred.pictures, generated.pictures])
    names = predicted(learnt, features_of(network, of_both))
    moved, drawn = names[: len(transferred)], names[len(transferred) :]
    right, as_drawn = moved == transferred.labels, drawn == generated.labels
    figures: dict[str, Any] = {}
    for key, each in (
        ("transferred_named_rightly", right),
        ("generated_named_rightly", as_drawn),
        ("difference", right.astype(np.float64) - as_drawn),
        ("same_name", moved == drawn),
    ):
        whole = float(np.mean(each))
        figures[key] = whole
        figures[f"{key}_interval"] = half_sampled_interval(
            lambda rows, each=each: float(np.mean(each[rows])),  # type: ignore[misc]
            whole,
            transferred.patients,
        )
    figures["by_class"] = {
        CLASSES[label]: {
            "transferred": float(right[transferred.labels == label].mean()),
            "generated": float(as_drawn[generated.labels == label].mean()),
        }
        for label in np.unique(transferred.labels)
    }
    return figures


def _transferred(
    studio: TransferStudio, condition: str, seed: int, ground: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The lesion of a seed in the middle of a photograph, as large as on its own picture, (SIDE, SIDE, 3)."""
    lesion = Placement(
        condition,
        Source.LEARNED,
        seed,
        size=1.0,
        severity=_SEVERITY,
        weights_version=studio.weights_version(),
    )
    image = Image.fromarray(lesion_on(studio, ground, lesion))
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.LANCZOS))

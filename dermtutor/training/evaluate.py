"""Evaluation of weights against photographs of patients that the training did not see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image

from dermtutor.generation.weights import load_manifest
from dermtutor.training.backbone import EfficientNetLite, features_of, load_backbone
from dermtutor.training.classifiers import right_disease
from dermtutor.training.copies import closest_pairs, copy_figures
from dermtutor.training.material import SIDE, Group, HeldOut, Labels, Material, Pictures, gather
from dermtutor.training.metrics import (
    Features,
    half_sampled_interval,
    kernel_distance,
    mean_manifold,
    nearest,
    spread,
)
from dermtutor.training.origin import told_apart
from dermtutor.training.photographs import CLASSES
from dermtutor.training.tone_accuracy import tone_figures
from dermtutor.training.transferred import healthy_photographs, on_photographs, transfer_figures

SPACES = {"A": "lite1", "B": "lite2"}
"""Feature spaces that the discriminator (lite0) did not use."""

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much an evaluation draws."""

    per_class: int = 100
    cases: int = 200
    draws: int = 100
    transferred: int = 40


QUICK = Extent(per_class=16, cases=20, draws=4, transferred=2)
"""For checking the command, not the weights."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The features (N, D) of the three groups of a material in one space."""

    training: Features
    held_out: Features
    generated: Features


def evaluate(
    data: Path, weights_dir: Path, quick: bool, held_out: HeldOut, report: Report, pairs: Path | None = None
) -> dict[str, Any]:
    """All figures as a nested dictionary. ``pairs`` is where the picture of the closest pairs is written.

    That picture shows training photographs, so it is for looking at, not for publishing with the weights.
    """
    extent = QUICK if quick else Extent()
    report("reading photographs and drawing pictures")
    material = gather(data, weights_dir, extent.per_class, held_out)
    figures: dict[str, Any] = {
        "quick": quick,
        "split": held_out,
        "pictures": {
            "training": len(material.training),
            "held_out": len(material.held_out),
            "held_out_patients": len(set(material.held_out.patients)),
            "generated": len(material.generated),
        },
        "spaces": {},
    }
    networks = {space: load_backbone(variant) for space, variant in SPACES.items()}
    for space, network in networks.items():
        report(f"comparing in feature space {space} ({SPACES[space]})")
        figures["spaces"][space] = {"network": SPACES[space]} | compare(material, network, extent.draws)
    report("putting lesions on photographs")
    figures["transfer"] = _transfer(data, weights_dir, held_out, material, networks, extent.transferred)
    report("looking for copies")
    figures["copies"] = copy_figures(material.training, material.held_out, material.generated)
    if pairs is not None:
        Image.fromarray(closest_pairs(material.training, material.generated)).save(pairs)
    report("measuring tones")
    figures["tone"] = tone_figures(weights_dir, load_manifest(weights_dir).conditions, extent.cases)
    report("telling drawn lesions from learned ones")
    figures["origin"] = told_apart(weights_dir, networks["A"], SIDE, 1 if quick else 12)
    return figures


def evaluate_transfer(
    data: Path, weights_dir: Path, quick: bool, held_out: HeldOut, report: Report
) -> dict[str, Any]:
    """The figures of lesions on photographs alone, as ``evaluate`` has them under ``transfer``."""
    extent = QUICK if quick else Extent()
    report("reading photographs and drawing pictures")
    material = gather(data, weights_dir, extent.transferred, held_out)
    networks = {space: load_backbone(variant) for space, variant in SPACES.items()}
    report("putting lesions on photographs")
    return _transfer(data, weights_dir, held_out, material, networks, extent.transferred)


def _transfer(
    data: Path,
    weights_dir: Path,
    held_out: HeldOut,
    material: Material,
    networks: dict[str, EfficientNetLite],
    per_class: int,
) -> dict[str, Any]:
    healthy = healthy_photographs(data, held_out)
    generated = material.generated.first(per_class)
    return transfer_figures(material, on_photographs(weights_dir, generated, healthy), generated, networks)


def compare(material: Material, network: EfficientNetLite, draws: int) -> dict[str, Any]:
    """Realism, diversity, right disease and nearest photographs in one feature space."""
    found = Embedded(
        features_of(network, material.training.pictures),
        features_of(network, material.held_out.pictures),
        features_of(network, material.generated.pictures),
    )
    alike = _like(material.generated.labels, material.held_out.labels)
    fake, held = found.generated[alike], found.held_out
    blurred = features_of(network, _blurred(material.held_out.pictures))
    whole, floor = mean_manifold(held, fake), mean_manifold(held, found.training)
    patients = material.held_out.patients
    distance = kernel_distance(fake, held)
    return {
        "kid": distance,
        "kid_interval": half_sampled_interval(
            lambda rows: kernel_distance(fake, held[rows]), distance, patients, draws
        ),
        "kid_floor_training_photographs": kernel_distance(found.training, held),
        "kid_ceiling_blurred_photographs": kernel_distance(blurred, found.training),
        **_class_distances(material, found),
        "precision": whole.precision,
        "recall": whole.recall,
        "recall_interval": half_sampled_interval(
            lambda rows: mean_manifold(held[rows], fake, draws=1).recall, whole.recall, patients, draws
        ),
        "density": whole.density,
        "coverage": whole.coverage,
        "recall_of_training_photographs": floor.recall,
        "coverage_of_training_photographs": floor.coverage,
        "by_class": _by_class(material, found),
        "right_disease": right_disease(
            (found.training, material.training.labels),
            (found.held_out, material.held_out.labels),
            (found.generated, material.generated.labels),
        ),
        "nearest_training": _nearest(found),
    }


def _class_distances(material: Material, found: Embedded) -> dict[str, float]:
    """KID within a condition, the mean over conditions: generated, training photographs, and of another condition."""
    own, floor, wrong = [], [], []
    groups = material.training.labels, material.held_out.labels, material.generated.labels
    for label in np.unique(groups[2]):
        train, held, fake = (
            features[labels == label]
            for features, labels in zip(
                (found.training, found.held_out, found.generated), groups, strict=True
            )
        )
        if min(len(train), len(held)) < 2:
            continue
        own.append(kernel_distance(fake, held))
        floor.append(kernel_distance(train, held))
        wrong.append(kernel_distance(found.training[groups[0] != label], held))
    return {
        "kid_within_condition": float(np.mean(own)),
        "kid_within_condition_floor": float(np.mean(floor)),
        "kid_within_condition_of_other_conditions": float(np.mean(wrong)),
    }


def _by_class(material: Material, found: Embedded) -> dict[str, dict[str, float]]:
    """Spread of the generated over that of the photographs, and recall and coverage of the training photographs.

    Held-out photographs are too few for neighbourhoods within a condition.
    """
    figures = {}
    for label in np.unique(material.generated.labels):
        fake = found.generated[material.generated.labels == label]
        real = found.training[material.training.labels == label]
        measures = mean_manifold(real, fake, neighbours=3)
        figures[CLASSES[label]] = {
            "photographs": len(real),
            "spread": spread(fake) / spread(real),
            "recall": measures.recall,
            "coverage": measures.coverage,
        }
    return figures


def _nearest(found: Embedded) -> dict[str, float]:
    """Distances to the nearest training photograph: of generated pictures, and of photographs of other patients.

    Of N + 1 equally distributed numbers each is the smallest with chance 1 / (N + 1): so many generated pictures are
    expected to be closer than all N held-out photographs if they are no closer in general.
    """
    real, made = nearest(found.held_out, found.training), nearest(found.generated, found.training)
    return {
        "held_out_median": float(np.median(real)),
        "generated_median": float(np.median(made)),
        "held_out_1_percent": float(np.quantile(real, 0.01)),
        "generated_1_percent": float(np.quantile(made, 0.01)),
        "generated_closer_than_every_held_out": float((made < real.min()).mean()),
        "closer_by_chance": 1 / (len(real) + 1),
    }


def quick_distance(network: EfficientNetLite, generated: Group, held_out: Group) -> float:
    """KID of generated pictures against held-out photographs in one space, in the photographs' proportions."""
    alike = _like(generated.labels, held_out.labels)
    return kernel_distance(
        features_of(network, generated.pictures[alike]), features_of(network, held_out.pictures)
    )


def _blurred(pictures: Pictures) -> Pictures:
    """Every picture at a quarter of its resolution and back: what losing all detail costs."""
    part = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float()
    small = F.interpolate(part, scale_factor=0.25, mode="area")
    back = F.interpolate(small, size=part.shape[2:], mode="bilinear", align_corners=False)
    return back.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).numpy()


def _like(labels: Labels, wanted: Labels) -> NDArray[np.intp]:
    """Rows of ``labels`` in the class proportions of ``wanted``, as many as there are of each."""
    counts = np.bincount(wanted, minlength=len(CLASSES))
    available = np.bincount(labels, minlength=len(CLASSES))
    present = counts > 0
    share = (available[present] / counts[present]).min()
    rows = [np.flatnonzero(labels == c)[: int(counts[c] * share)] for c in np.flatnonzero(present)]
    return np.concatenate(rows)

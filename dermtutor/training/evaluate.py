"""Evaluation of the shipped weights against photographs of patients that the training did not see."""

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
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.generation.device import processor
from dermtutor.generation.generator import HEALTHY, TONE_TOLERANCE, Generator
from dermtutor.generation.learned import LearnedLesions
from dermtutor.generation.weights import load_manifest
from dermtutor.paths import assets_dir
from dermtutor.skin.scales import MonkTone
from dermtutor.training.backbone import EfficientNetLite, features_of, load_backbone
from dermtutor.training.metrics import Features, kernel_distance, manifold, nearest, spread
from dermtutor.training.origin import told_apart
from dermtutor.training.photographs import CLASSES, load_bank

SIDE = 160
"""Pictures are compared at this side: what the feature networks see well and phones resolve."""
SPACES = {"A": "lite1", "B": "lite2"}
"""Feature spaces that the discriminator (lite0) did not use."""

Pictures = NDArray[np.uint8]
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Material:
    """Pictures (N, SIDE, SIDE, 3) in canonical tone with labels: training and held-out photographs, generated."""

    train: Pictures
    train_labels: NDArray[np.int64]
    held_out: Pictures
    held_out_labels: NDArray[np.int64]
    fake: Pictures
    fake_labels: NDArray[np.int64]


def evaluate(data: Path, weights_dir: Path, quick: bool, report: Report) -> dict[str, Any]:
    """All figures as a nested dictionary. ``quick`` draws few pictures: for checking the command, not the weights."""
    per_class = 16 if quick else 100
    cases = 20 if quick else 200
    report("reading photographs")
    material = gather(data, weights_dir, per_class)
    figures: dict[str, Any] = {
        "quick": quick,
        "pictures": {
            "training": len(material.train),
            "held_out": len(material.held_out),
            "generated": len(material.fake),
        },
        "spaces": {},
    }
    for space, variant in SPACES.items():
        report(f"comparing in feature space {space} ({variant})")
        figures["spaces"][space] = {"network": variant} | compare(material, load_backbone(variant))
    report("measuring tones")
    figures["tone"] = tone_error(weights_dir, cases)
    report("telling drawn lesions from learned ones")
    figures["origin"] = told_apart(weights_dir, load_backbone(SPACES["A"]), SIDE, 1 if quick else 12)
    return figures


def gather(data: Path, weights_dir: Path, per_class: int) -> Material:
    """Photographs of the six conditions and as many generated pictures of each."""
    train = load_bank(data, SIDE, "train", with_healthy=False)
    held = [load_bank(data, SIDE, split, with_healthy=False) for split in ("validation", "test")]
    manifest = load_manifest(weights_dir)
    network = LearnedLesions(weights_dir, manifest, processor())
    fakes, labels = [], []
    for label, condition in enumerate(CLASSES):
        if condition == HEALTHY:
            continue
        for seed in range(per_class):
            picture = Image.fromarray(network.picture(condition, 10_000 + seed, 0.5).image)
            fakes.append(np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)))
            labels.append(label)
    return Material(
        train.images.transpose(0, 2, 3, 1),
        train.labels,
        np.concatenate([bank.images for bank in held]).transpose(0, 2, 3, 1),
        np.concatenate([bank.labels for bank in held]),
        np.stack(fakes),
        np.array(labels),
    )


def compare(material: Material, network: EfficientNetLite) -> dict[str, Any]:
    """Realism, diversity, right disease and memorisation in one feature space."""
    train, held, fake = (features_of(network, p) for p in (material.train, material.held_out, material.fake))
    blurred = features_of(network, _blurred(material.held_out))
    balanced = _like(material.fake_labels, material.held_out_labels)
    spreads = {
        CLASSES[label]: spread(fake[material.fake_labels == label])
        / spread(train[material.train_labels == label])
        for label in np.unique(material.fake_labels)
    }
    whole = manifold(held, fake[balanced])
    floor = manifold(held, train)
    return {
        "kid": kernel_distance(fake[balanced], held),
        "kid_floor_training_photographs": kernel_distance(train, held),
        "kid_ceiling_blurred_photographs": kernel_distance(blurred, train),
        "precision": whole.precision,
        "recall": whole.recall,
        "density": whole.density,
        "coverage": whole.coverage,
        "recall_of_training_photographs": floor.recall,
        "coverage_of_training_photographs": floor.coverage,
        "spread_within_class": spreads,
        "right_disease": right_disease(material, train, held, fake),
        "nearest_training": _memorised(train, held, fake),
    }


def right_disease(material: Material, train: Features, held: Features, fake: Features) -> dict[str, float]:
    """Balanced accuracy of linear classifiers: trained on one kind of picture, tested on another."""

    def accuracy(
        inputs: Features, labels: NDArray[np.int64], test: Features, truth: NDArray[np.int64]
    ) -> float:
        model = make_pipeline(
            StandardScaler(), LogisticRegression(C=0.01, max_iter=400, class_weight="balanced")
        )
        model.fit(inputs, labels)
        return float(balanced_accuracy_score(truth, model.predict(test)))

    real, truth = material.train_labels, material.held_out_labels
    both = np.concatenate([train, fake]), np.concatenate([real, material.fake_labels])
    return {
        "real_to_real": accuracy(train, real, held, truth),
        "generated_to_real": accuracy(fake, material.fake_labels, held, truth),
        "real_to_generated": accuracy(train, real, fake, material.fake_labels),
        "both_to_real": accuracy(*both, held, truth),
    }


def _memorised(train: Features, held: Features, fake: Features) -> dict[str, float]:
    """Distances to the nearest training photograph: of generated pictures, and of photographs of other patients."""
    real, made = nearest(held, train), nearest(fake, train)
    return {
        "held_out_median": float(np.median(real)),
        "generated_median": float(np.median(made)),
        "held_out_1_percent": float(np.quantile(real, 0.01)),
        "generated_1_percent": float(np.quantile(made, 0.01)),
        "generated_closer_than_every_held_out": float((made < real.min()).mean()),
    }


def tone_error(weights_dir: Path, cases: int) -> dict[str, float]:
    """Measured minus requested ITA, in degrees, over random conditions, seeds and all ten tones."""
    generator = Generator(weights_dir, assets_dir() / "recipes", device="cpu")
    rng = np.random.default_rng(0)
    errors, flagged = [], 0
    for i in range(cases):
        condition = CLASSES[int(rng.integers(len(CLASSES)))]
        spec = CaseSpec(condition, MonkTone(i % 10 + 1), int(rng.integers(2**31)), Source.LEARNED)
        case = generator.generate(spec)
        errors.append(abs(case.measured_ita - case.requested_ita))
        flagged += not case.checks.passed
    found = np.array(errors)
    return {
        "cases": cases,
        "median": float(np.median(found)),
        "percentile_95": float(np.quantile(found, 0.95)),
        "within_tolerance": float((found <= TONE_TOLERANCE).mean()),
        "flagged": flagged / cases,
    }


def _blurred(pictures: Pictures) -> Pictures:
    """Every picture at a quarter of its resolution and back: what losing all detail costs."""
    part = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float()
    small = F.interpolate(part, scale_factor=0.25, mode="area")
    back = F.interpolate(small, size=part.shape[2:], mode="bilinear", align_corners=False)
    return back.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).numpy()


def _like(labels: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of ``labels`` in the class proportions of ``wanted``, as many as there are of each."""
    counts = np.bincount(wanted, minlength=len(CLASSES))
    available = np.bincount(labels, minlength=len(CLASSES))
    present = counts > 0
    share = (available[present] / counts[present]).min()
    rows = [np.flatnonzero(labels == c)[: int(counts[c] * share)] for c in np.flatnonzero(present)]
    return np.concatenate(rows)

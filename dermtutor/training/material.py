"""What an evaluation compares: photographs of training and of held-out patients, and generated pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.domain.conditions import HEALTHY_SKIN
from dermtutor.generation.device import processor
from dermtutor.generation.learned import LearnedLesions
from dermtutor.generation.weights import load_manifest
from dermtutor.training.bank import Bank, load_bank
from dermtutor.training.photographs import CLASSES, CONDITION_OF_DIAGNOSIS, Split

SIDE = 160
"""Pictures are compared at this side: what the feature networks see well and phones resolve."""

FIRST_SEED = 10_000
"""Seed of the first generated picture of each condition."""

HeldOut = Literal["validation", "test", "both"]

Pictures = NDArray[np.uint8]
"""(N, SIDE, SIDE, 3) in canonical tone."""

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Group:
    """``pictures`` (N, SIDE, SIDE, 3), ``labels`` (N,) into CLASSES, ``patients`` (N,) names (generated: the seed)."""

    pictures: Pictures
    labels: Labels
    patients: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, per_class: int) -> Group:
        """The first pictures of each class, at most so many."""
        rows = np.concatenate(
            [np.flatnonzero(self.labels == label)[:per_class] for label in np.unique(self.labels)]
        )
        return Group(self.pictures[rows], self.labels[rows], tuple(self.patients[row] for row in rows))


@dataclass(frozen=True, slots=True)
class Material:
    """The three groups, of the six clinical conditions only."""

    training: Group
    held_out: Group
    generated: Group


def splits_of(held_out: HeldOut) -> tuple[Split, ...]:
    """The splits whose patients are held out."""
    return ("validation", "test") if held_out == "both" else (held_out,)


def gather(data: Path, weights_dir: Path, per_class: int, held_out: HeldOut) -> Material:
    """Photographs of the six conditions, and ``per_class`` generated pictures of each."""
    return Material(
        *photographs(data, held_out),
        generated(weights_dir, tuple(CONDITION_OF_DIAGNOSIS.values()), per_class),
    )


def photographs(data: Path, held_out: HeldOut) -> tuple[Group, Group]:
    """Those of training and of held-out patients, of the six conditions."""
    return (
        _group(load_bank(data, SIDE, "train", with_healthy=False)),
        _group(*(load_bank(data, SIDE, split, with_healthy=False) for split in splits_of(held_out))),
    )


def generated(weights_dir: Path, conditions: tuple[str, ...], per_class: int) -> Group:
    """Generated pictures with fixed seeds; healthy skin is not among them."""
    network = LearnedLesions(weights_dir, load_manifest(weights_dir), processor())
    pictures, labels, seeds = [], [], []
    for condition in conditions:
        assert condition != HEALTHY_SKIN
        for seed in range(FIRST_SEED, FIRST_SEED + per_class):
            picture = Image.fromarray(network.picture(condition, seed, 0.5).image)
            pictures.append(np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)))
            labels.append(CLASSES.index(condition))
            seeds.append(str(seed))
    return Group(np.stack(pictures), np.array(labels), tuple(seeds))


def _group(*banks: Bank) -> Group:
    return Group(
        np.ascontiguousarray(np.concatenate([bank.images for bank in banks]).transpose(0, 2, 3, 1)),
        np.concatenate([bank.labels for bank in banks]),
        tuple(patient for bank in banks for patient in bank.patients),
    )

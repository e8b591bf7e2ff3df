"""Linear classifiers on frozen features: do generated pictures show the right disease, and teach it?"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, recall_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dermtutor.training.metrics import Features
from dermtutor.training.photographs import CLASSES

Labelled: TypeAlias = tuple[Features, NDArray[np.int64]]
"""Features (N, D) and labels (N,)."""

SEEDS = 3
"""Generated pictures are drawn this often, four fifths of them each time."""


def right_disease(training: Labelled, held_out: Labelled, generated: Labelled) -> dict[str, Any]:
    """Balanced accuracy of classifiers trained on one kind of picture and tested on another, mean over the seeds."""
    parts = [_part(generated, seed) for seed in range(SEEDS)]
    both = [
        (np.concatenate([training[0], part[0]]), np.concatenate([training[1], part[1]])) for part in parts
    ]
    real = predicted(training, held_out[0])
    fake = [predicted(part, held_out[0]) for part in parts]
    return {
        "real_to_real": _accuracy(held_out, real),
        "generated_to_real": float(np.mean([_accuracy(held_out, each) for each in fake])),
        "both_to_real": float(np.mean([_accuracy(held_out, predicted(each, held_out[0])) for each in both])),
        "real_to_generated": _accuracy(generated, predicted(training, generated[0])),
        "by_class": {
            name: {
                "real_to_real": found,
                "generated_to_real": float(np.mean([_recalls(held_out, each)[name] for each in fake])),
            }
            for name, found in _recalls(held_out, real).items()
        },
    }


def _part(generated: Labelled, seed: int) -> Labelled:
    features, labels = generated
    rows = np.random.default_rng(seed).permutation(len(labels))[: 4 * len(labels) // 5]
    return features[rows], labels[rows]


def predicted(learnt: Labelled, asked: Features) -> NDArray[np.int64]:
    """Labels (N,) of features (N, D) by a linear classifier that learned from labelled ones."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=400, class_weight="balanced"))
    model.fit(*learnt)
    return np.asarray(model.predict(asked))


def _accuracy(asked: Labelled, predicted: NDArray[np.int64]) -> float:
    return float(balanced_accuracy_score(asked[1], predicted))


def _recalls(asked: Labelled, predicted: NDArray[np.int64]) -> dict[str, float]:
    present = np.unique(asked[1])
    found = recall_score(asked[1], predicted, labels=present, average=None, zero_division=0.0)
    return {CLASSES[label]: float(value) for label, value in zip(present, found, strict=True)}

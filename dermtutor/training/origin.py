"""Can a picture whose lesion was drawn from a recipe be told from one whose lesion was learned?

The disease must not give it away: a classifier judges only conditions of which it has seen no picture.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.generation.generator import Generator
from dermtutor.generation.recipes import load_recipes
from dermtutor.paths import assets_dir
from dermtutor.skin.scales import MonkTone
from dermtutor.training.backbone import EfficientNetLite, features_of
from dermtutor.training.metrics import Features
from dermtutor.training.photographs import CONDITION_OF_DIAGNOSIS, HEALTHY

_LEARNED: Final = (*CONDITION_OF_DIAGNOSIS.values(), HEALTHY)
"""Photographs, as recipes draw; dermoscopy is told from them at a glance."""
_FOLDS: Final = len(_LEARNED)


def told_apart(weights_dir: Path, network: EfficientNetLite, side: int, per_recipe: int) -> dict[str, Any]:
    """How often drawn and learned lesions of conditions that the classifier never saw are named for what they are.

    ``per_recipe`` cases of every recipe and as many learned ones in all, over all tones, at ``side`` px. 0.5 on
    balance is chance: they cannot be told apart. ``drawn`` is the share named drawn, by condition; lower is better.
    ``learned`` is the same for learned conditions. Healthy skin is among them: drawn lesions lie on it, so what is
    named drawn there is told by the skin and not by a drawing.
    """
    drawn = tuple(load_recipes(assets_dir() / "recipes"))
    per_learned = -(-per_recipe * len(drawn) // len(_LEARNED))
    generator = Generator(weights_dir, assets_dir() / "recipes", device="cpu")
    features, owner = [], []
    for source, conditions, number in (
        (Source.RECIPE, drawn, per_recipe),
        (Source.LEARNED, _LEARNED, per_learned),
    ):
        for condition in conditions:
            features.append(features_of(network, _cases(generator, condition, source, number, side)))
            owner += [condition] * number
    return judge(np.concatenate(features), np.array(owner), drawn)


def judge(features: Features, owner: NDArray[np.str_], drawn: tuple[str, ...]) -> dict[str, Any]:
    """The same from features (N, D) and the condition of each, ``drawn`` those that come from recipes."""
    is_drawn = np.isin(owner, drawn)
    named = np.zeros(len(owner), bool)
    fold = _folds(owner, is_drawn)
    for each in range(_FOLDS):
        model: Any = make_pipeline(
            StandardScaler(), LogisticRegression(C=1e-3, max_iter=400, class_weight="balanced")
        )
        model.fit(features[fold != each], is_drawn[fold != each])
        named[fold == each] = model.predict(features[fold == each])
    return {
        "balanced_accuracy": float((named[is_drawn].mean() + (~named[~is_drawn]).mean()) / 2),
        "drawn": {condition: float(named[owner == condition].mean()) for condition in drawn},
        "learned": {
            condition: float(named[owner == condition].mean())
            for condition in dict.fromkeys(owner[~is_drawn].tolist())
        },
    }


def _folds(owner: NDArray[np.str_], is_drawn: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The fold (N,) in which a condition is judged: every fold holds drawn and learned ones."""
    fold = np.zeros(len(owner), np.intp)
    for kind in (True, False):
        for index, condition in enumerate(dict.fromkeys(owner[is_drawn == kind].tolist())):
            fold[owner == condition] = index % _FOLDS
    return fold


def _cases(generator: Generator, condition: str, source: Source, number: int, side: int) -> NDArray[np.uint8]:
    """Pictures (N, side, side, 3) of a condition on all tones in turn."""
    pictures = []
    for seed in range(number):
        case = generator.generate(CaseSpec(condition, MonkTone(seed % 10 + 1), 7 * seed + 1, source))
        pictures.append(
            np.asarray(Image.fromarray(case.image).resize((side, side), Image.Resampling.LANCZOS))
        )
    return np.stack(pictures)

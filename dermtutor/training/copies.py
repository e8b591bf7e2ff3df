"""The check for copies: is a generated picture a training photograph, mirrored, turned or cropped?

Pictures are compared as small thumbnails by their correlation, over all eight orientations and several crops of every
training photograph. Photographs of other patients, compared in the same way, say how alike two different ones are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.training.material import Group, Pictures

_THUMB = 20
_CROPS = (
    (0.0, 0.0, 1.0),
    (0.1, 0.1, 0.8),
    (0.0, 0.0, 0.8),
    (0.2, 0.0, 0.8),
    (0.0, 0.2, 0.8),
    (0.2, 0.2, 0.8),
)
"""Left, top and side of the crops, as shares of the picture's side; training crops have at least 0.77 of it."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Likeness:
    """For N pictures: the highest correlation (N,) with any training photograph, and which one (N,) it is."""

    correlation: NDArray[np.float32]
    photograph: NDArray[np.intp]


def likeness(pictures: Pictures, training: Pictures, batch: int = 256) -> Likeness:
    """Of each picture (N, S, S, 3) with the training photographs (M, S, S, 3), -1 to 1."""
    variants = np.concatenate([_vectors(training, crop, turn) for crop in _CROPS for turn in range(8)])
    found, which = [], []
    for start in range(0, len(pictures), batch):
        scores = _vectors(pictures[start : start + batch], _CROPS[0], 0) @ variants.T
        best = scores.argmax(1)
        found.append(scores[np.arange(len(best)), best])
        which.append(best % len(training))
    return Likeness(np.concatenate(found), np.concatenate(which))


def copy_figures(training: Group, held_out: Group, generated: Group) -> dict[str, float]:
    """How alike generated pictures and photographs of other patients are to training photographs."""
    made = likeness(generated.pictures, training.pictures).correlation
    real = likeness(held_out.pictures, training.pictures).correlation
    return {
        "held_out_median": float(np.median(real)),
        "generated_median": float(np.median(made)),
        "held_out_highest": float(real.max()),
        "generated_highest": float(made.max()),
        "generated_more_alike_than_every_held_out": float((made > real.max()).mean()),
    }


def closest_pairs(training: Group, generated: Group, count: int = 50, columns: int = 10) -> Pictures:
    """A sheet (H, W, 3) of the generated pictures most like a training photograph, each above that photograph."""
    found = likeness(generated.pictures, training.pictures)
    order = np.argsort(-found.correlation)[:count]
    pairs = [np.concatenate([generated.pictures[i], training.pictures[found.photograph[i]]]) for i in order]
    blank = np.full_like(pairs[0], 255)
    pairs += [blank] * (-len(pairs) % columns)
    rows = [np.concatenate(pairs[i : i + columns], 1) for i in range(0, len(pairs), columns)]
    return np.concatenate(rows)


def _vectors(pictures: Pictures, crop: tuple[float, float, float], turn: int) -> Vectors:
    """(N, D) thumbnails of a crop in one of eight orientations, without their mean, of length 1."""
    left, top, edge = (share * pictures.shape[1] for share in crop)
    thumbs = np.stack(
        [
            np.asarray(
                Image.fromarray(picture).resize(
                    (_THUMB, _THUMB), Image.Resampling.BOX, (left, top, left + edge, top + edge)
                ),
                np.float32,
            )
            for picture in pictures
        ]
    )
    turned = np.rot90(thumbs, turn % 4, (1, 2))
    if turn >= 4:
        turned = turned[:, :, ::-1]
    flat = turned.reshape(len(pictures), -1)
    flat = flat - flat.mean(1, keepdims=True)
    lengths = np.sqrt(np.square(flat).sum(1, keepdims=True))
    return np.asarray(flat / np.maximum(lengths, 1e-6), np.float32)

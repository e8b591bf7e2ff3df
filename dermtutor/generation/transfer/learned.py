"""The effect of a learned lesion: its optical density and surface light against its own healthy skin."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.recipes.canvas import Field, blur, smoothstep
from dermtutor.generation.transfer.effect import Effect, border_window, reach_of, without_cut_lesions
from dermtutor.skin.measure import lesion_surroundings
from dermtutor.skin.reflection import separate

# Shares of the patch's side: how far a lesion's colour is followed beyond its mask, and over what width the healthy
# skin below a lesion is filled in from around it.
_REACH: Final = 0.07
_FILL: Final = 0.16


def learned_effect(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> Effect:
    """The effect of a picture (n, n, 3) uint8 in canonical tone with its lesion's mask (n, n) uint8."""
    parts = separate(image, mask)
    density = np.ascontiguousarray(np.moveaxis(parts.diffuse_od, -1, 0))
    lesion = mask.astype(np.float32) / np.float32(255)
    n = lesion.shape[0]
    healthy = lesion_surroundings((n, n), mask)
    added = np.stack([plane - _healthy_below(plane, healthy, n) for plane in density])
    whole = without_cut_lesions(lesion)
    reach = reach_of(lesion, _REACH) * whole
    # Beside the lesion only the change of colour counts: the texture there is that of another skin.
    inner = smoothstep(blur(lesion, 0.012 * n), 0.25, 0.8)
    soft = np.stack([blur(plane, 0.02 * n) for plane in added])
    added = soft + inner * (added - soft)
    # The light that skin of canonical tone sends back at its surface anyway is the photograph's business.
    usual = float(np.median(parts.specular[healthy])) if healthy.any() else 0.0
    shine = np.clip(parts.specular - np.float32(usual), 0, 1) * inner
    return Effect(added.astype(np.float32), lesion * whole * border_window(n), reach, shine=shine)


def _healthy_below(plane: Field, healthy: NDArray[np.bool_], n: int) -> Field:
    """The density of healthy skin, smooth, also below the lesion: from wider and wider around it."""
    weight = healthy.astype(np.float32)
    if not weight.any():
        return np.full_like(plane, np.median(plane))
    # Pixels of hair and of other lesions are no skin: what differs much from the median counts less.
    middle = float(np.median(plane[healthy]))
    weight *= np.exp(-(((plane - np.float32(middle)) / np.float32(0.25)) ** 2))
    result = np.full_like(plane, middle)
    known = np.zeros_like(plane)
    for share in (_FILL, _FILL / 2, _FILL / 4):
        sigma = share * n
        near = blur(weight, sigma)
        mean = blur(weight * plane, sigma) / np.maximum(near, np.float32(1e-4))
        known = smoothstep(near, 0.05, 0.5)
        result += known * (mean - result)
    return result

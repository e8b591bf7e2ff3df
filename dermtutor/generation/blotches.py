"""Blotches that healthy skin hardly has, taken out of its generated pictures.

The network learned healthy skin from photographs whose lesion had been taken out, and where that left a trace, it
learned the trace: a brown, red or dark patch that a learner could take for the lesion. The light and shade of a curved
body stay, and so does the faint mottling that all skin has.
"""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

# A picture is looked at in so many squares a side.
_CELLS: Final = 16

# How far a square's logarithm of brightness, and of each channel over it, may lie from that of smooth skin.
_UNEVEN_LIGHT: Final = 0.03
_UNEVEN_COLOUR: Final = 0.012


def _surface(degree: int) -> tuple[Tensor, Tensor]:
    """The terms (K, T) of a polynomial of degree 1 or 2 over the K squares, and what fits them (T, K)."""
    axis = torch.linspace(-1, 1, _CELLS)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    terms = [torch.ones_like(x), x, y]
    if degree == 2:
        terms += [x * y, x * x - (x * x).mean(), y * y - (y * y).mean()]
    stacked = torch.stack(terms, -1).reshape(-1, len(terms))
    return stacked, torch.linalg.pinv(stacked)


_PLANE: Final = _surface(1)
_CURVED: Final = _surface(2)


def without_blotches(pictures: Tensor) -> Tensor:
    """Pictures (N, 3, R, R) in [-1, 1] of healthy skin, R a multiple of 16, with blotches as faint as mottling.

    Brightness may follow a quadratic surface that is brightest inside, as on a curved body; colour only a plane.
    """
    light = (pictures.float() + 1) / 2
    cells = F.avg_pool2d(light, light.shape[-1] // _CELLS).clamp_min(0.02).log().flatten(2)
    brightness = cells.mean(1, keepdim=True)
    colour = cells - brightness
    excess = _beyond(brightness - _curved(brightness), _UNEVEN_LIGHT)
    excess = excess + _beyond(colour - colour @ _PLANE[1].T @ _PLANE[0].T, _UNEVEN_COLOUR)
    gain = excess.neg().exp().reshape(*excess.shape[:2], _CELLS, _CELLS)
    gain = F.interpolate(gain, size=light.shape[2:], mode="bicubic", align_corners=False)
    return (light * gain).clamp(0, 1) * 2 - 1


def _curved(brightness: Tensor) -> Tensor:
    terms, fit = _CURVED
    factors = brightness @ fit.T
    inwards = factors[..., 4:].clamp(max=0)  # darkest inside is no light on a body, but a patch
    return torch.cat([factors[..., :4], inwards], -1) @ terms.T


def _beyond(values: Tensor, limit: float) -> Tensor:
    return values - values.clamp(-limit, limit)

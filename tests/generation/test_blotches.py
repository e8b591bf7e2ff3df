"""Blotches leave healthy skin; its texture, its shading and a faint mottling stay."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dermtutor.generation.blotches import without_blotches

SIDE = 256
AXIS = torch.linspace(-1, 1, SIDE)
RADIUS = (AXIS[:, None] ** 2 + AXIS**2).sqrt()
SKIN = torch.tensor([0.6, 0.3, 0.1])[None, :, None, None]


def skin(rng: torch.Generator) -> torch.Tensor:
    """Textured, curved, lit from above."""
    texture = torch.randn(1, 1, SIDE, SIDE, generator=rng) * 0.05
    light = torch.exp(-0.2 * RADIUS**2 + 0.1 * AXIS[:, None])
    return ((SKIN + 1) * light - 1 + texture).clamp(-1, 1)


def contrast(picture: torch.Tensor) -> torch.Tensor:
    """Of the middle against a ring around it, per channel."""
    middle, ring = RADIUS < 0.25, (RADIUS > 0.5) & (RADIUS < 0.7)
    return (picture[0, :, middle].mean(1) - picture[0, :, ring].mean(1)).abs()


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.sampled_from([(-0.1, -0.2, -0.25), (0.02, -0.2, -0.15), (-0.2, -0.2, -0.2)])
)
def test_brown_red_and_dark_patches_become_faint(seed: int, patch: tuple[float, float, float]) -> None:
    clean = skin(torch.Generator().manual_seed(seed))
    added = torch.tensor(patch)[None, :, None, None] * torch.exp(-((RADIUS / 0.3) ** 4))
    found = without_blotches(clean + added)
    seen = contrast(found) - contrast(clean)
    assert seen.abs().max() < 0.5 * max(abs(value) for value in patch)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_texture_and_shading_stay(seed: int) -> None:
    picture = skin(torch.Generator().manual_seed(seed))
    assert (without_blotches(picture) - picture).abs().max() < 0.02


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_any_picture_stays_a_picture(seed: int) -> None:
    rng = torch.Generator().manual_seed(seed)
    noise = torch.rand(1, 3, 8, 8, generator=rng) * 2 - 1
    found = without_blotches(torch.nn.functional.interpolate(noise, (SIDE, SIDE)))
    assert torch.isfinite(found).all()
    assert found.abs().max() <= 1

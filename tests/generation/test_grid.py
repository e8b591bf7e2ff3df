"""The grid filter takes the mesh and leaves the picture."""

from __future__ import annotations

import torch

from dermtutor.generation.grid import grid_filter, without_grid


def picture(side: int = 128) -> torch.Tensor:
    axis = torch.linspace(-1, 1, side)
    return torch.exp(-(axis[:, None] ** 2 + axis[None] ** 2) * 3)[None, None]


def test_a_mesh_is_taken_out() -> None:
    mesh = torch.zeros(128, 128)
    mesh[::8, ::8] = 0.5
    mesh[::2] += 0.05
    mesh -= mesh.mean()
    clean = without_grid(picture() + mesh, grid_filter(128))
    assert (clean - picture()).abs().mean() < 0.1 * mesh.abs().mean()


def test_a_smooth_picture_and_its_mean_stay() -> None:
    kept = without_grid(picture(), grid_filter(128))
    assert (kept - picture()).abs().max() < 0.02
    assert torch.isclose(kept.mean(), picture().mean(), atol=1e-5)


def test_noise_keeps_most_of_its_energy() -> None:
    noise = torch.randn(1, 1, 128, 128, generator=torch.Generator().manual_seed(0))
    share = (without_grid(noise, grid_filter(128)) ** 2).mean() / (noise**2).mean()
    assert 0.8 < share < 1

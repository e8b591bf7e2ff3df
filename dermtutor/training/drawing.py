"""Pictures of a generator in training, with every random number drawn on the processor: the same ones on any device."""

from __future__ import annotations

import torch
from torch import Tensor

from dermtutor.generation.networks import Generator


def drawn_maps(network: Generator, labels: Tensor, place: Tensor, rng: torch.Generator) -> list[Tensor]:
    """The network's maps of ``labels`` (N,) and ``place`` (N, P), with latents and noise drawn with ``rng``."""
    device = network.embedding.weight.device
    latent = torch.randn(len(labels), network.config.latent_size, generator=rng)
    noise = [each.to(device) for each in network.draw_noise(len(labels), rng)]
    condition = network.condition(latent.to(device), labels.to(device), place.to(device))
    return network.features(condition, noise)


@torch.no_grad()
def drawn_pictures(network: Generator, labels: Tensor, place: Tensor, rng: torch.Generator) -> Tensor:
    """(N, 3, R, R) in [-1, 1], on the processor."""
    return network.picture(drawn_maps(network, labels, place, rng)).cpu()


def as_bytes(pictures: Tensor) -> Tensor:
    """Pictures in [-1, 1] as uint8."""
    return pictures.clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)

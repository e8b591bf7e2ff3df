"""Learned pictures: the verified weights on a device, from a seed to a photograph in canonical tone and its mask."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import nn

from dermtutor.domain.cases import UNSPECIFIED
from dermtutor.domain.conditions import HEALTHY_SKIN
from dermtutor.domain.sites import REGION_OF_SITE
from dermtutor.errors import EnvironmentProblem
from dermtutor.generation.blotches import without_blotches
from dermtutor.generation.device import Device, processor
from dermtutor.generation.networks import Generator, NetworkConfig
from dermtutor.generation.unlined import without_lines
from dermtutor.generation.weights import Manifest, read_verified

RESEMBLANCE = 0.85
"""How far a lesion that resembles another shares its latent: less, and the likeness goes; more, and it is a copy."""

# Lesions beyond this many standard deviations of size or position are not asked for: the network saw few.
_FARTHEST = 1.8
# By how many standard deviations of size severity 0 and 1 differ from severity 0.5.
_SEVERITY_REACH = 1.2
_LATENTS_AVERAGED = 256
# The outermost part of a picture, where convolutions look past its border, is cut off and the rest enlarged to size.
_BORDER = 1 / 42
# The mask is 0 below and 255 above these probabilities, soft between.
_MASK_EDGE = (0.35, 0.65)


@dataclass(frozen=True, slots=True)
class CanonicalPicture:
    """``image`` (R, R, 3) uint8 sRGB in canonical tone, ``mask`` (R, R) uint8, 0 outside the lesion, 255 inside."""

    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]


class _Drawn(NamedTuple):
    """Standard normal draws: the latent (1, L), size and position of the lesion (3,), and its body region (1,)."""

    latent: torch.Tensor
    geometry: torch.Tensor
    region: torch.Tensor

    def near(self, other: _Drawn) -> _Drawn:
        """These, correlated with those of another by RESEMBLANCE."""
        kept, own = RESEMBLANCE, math.sqrt(1 - RESEMBLANCE**2)
        return _Drawn(*(kept * theirs + own * mine for mine, theirs in zip(self, other, strict=True)))


class _Wanted(NamedTuple):
    condition: str
    seed: int
    severity: float
    site: str
    near: int | None
    truncation: float


class LearnedLesions:
    """The network, ready on a device. One thread at a time.

    All noise is drawn on the processor from the seed, so the picture does not depend on device or batch.
    """

    def __init__(self, weights_dir: Path, manifest: Manifest, device: Device) -> None:
        """Raises EnvironmentProblem when the weights are missing, altered, or do not fit their manifest."""
        self._network = load_network(weights_dir, manifest).eval().requires_grad_(False)
        self._manifest = manifest
        self.device = device
        self._place()
        # The ground of every drawn lesion has the same.
        self._typical = lru_cache(maxsize=16)(self._mean_condition)

    def _place(self) -> None:
        self._network.to(self.device.torch_device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        if self.device.half:
            for part in self._network.modules():
                if isinstance(part, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
                    part.to(torch.bfloat16)  # once, where autocast would convert them for every picture
        if not self.device.is_gpu:
            self._network.serve_alone()

    def picture(
        self,
        condition: str,
        seed: int,
        severity: float,
        *,
        site: str = UNSPECIFIED,
        near: int | None = None,
        truncation: float = 1.0,
    ) -> CanonicalPicture:
        """The picture of a learned condition; severity 0 to 1 changes the lesion's size.

        ``site`` is a body-site id: where the network learned of its region, the picture is one of that region. On
        other sites, and without one, the region is drawn from those of the condition's photographs.
        ``near`` is the seed of a lesion to resemble: latent and geometry are correlated by RESEMBLANCE with its own.
        ``truncation``, 0 to 1, moves what modulates the network towards its mean over all latents of the class, which
        gives more typical and fewer failed pictures (the truncation trick of StyleGAN, Karras et al. 2019).
        """
        wanted = _Wanted(condition, seed, severity, site, near, truncation)
        try:
            return self._picture(wanted)
        except torch.OutOfMemoryError:
            if not self.device.is_gpu:
                raise
            self.device = processor("the graphics memory was full")
            self._place()
            self._typical.cache_clear()
            return self._picture(wanted)

    def _picture(self, wanted: _Wanted) -> CanonicalPicture:
        condition = wanted.condition
        rng = torch.Generator().manual_seed(wanted.seed)
        label = torch.tensor([self._network.config.classes.index(condition)])
        drawn = self._drawn(rng)
        if wanted.near is not None:
            drawn = drawn.near(self._drawn(torch.Generator().manual_seed(wanted.near)))
        place = torch.cat([self._geometry(wanted, drawn.geometry), self._region(wanted, drawn.region)], 1)
        noise = self._network.draw_noise(1, rng)
        where = self.device.torch_device
        with torch.inference_mode(), self._precision():
            inputs = self._network.condition(drawn.latent.to(where), label.to(where), place.to(where))
            if wanted.truncation < 1:
                typical = self._typical(int(label), tuple(place[0].tolist()))
                inputs = typical.lerp(inputs, wanted.truncation)
            maps = self._network.features(inputs, [n.to(where) for n in noise])
            picture = self._network.picture(maps)
            logits = None if condition == HEALTHY_SKIN else self._network.mask(maps)
        picture = _without_border(without_lines(picture[0].float().cpu())[None])
        if condition == HEALTHY_SKIN:
            picture = without_blotches(picture)
        image = picture[0].permute(1, 2, 0).clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)
        return CanonicalPicture(np.ascontiguousarray(image.numpy()), _mask_of(logits, image.shape[:2]))

    def _precision(self) -> contextlib.AbstractContextManager[object]:
        if self.device.half:
            return torch.autocast("cpu", torch.bfloat16)
        return contextlib.nullcontext()

    def _drawn(self, rng: torch.Generator) -> _Drawn:
        latent = torch.randn(1, self._network.config.latent_size, generator=rng)
        return _Drawn(latent, torch.randn(3, generator=rng), torch.randn(1, generator=rng))

    def _geometry(self, wanted: _Wanted, drawn: torch.Tensor) -> torch.Tensor:
        """(1, 4) known, size, horizontal and vertical position, drawn from the condition's own distribution."""
        drawn = drawn.clamp(-_FARTHEST, _FARTHEST)
        known = self._manifest.geometry[wanted.condition]
        if not any(known.deviation):
            return torch.zeros(1, 4)
        drawn[0] = (drawn[0] + (wanted.severity - 0.5) * 2 * _SEVERITY_REACH).clamp(-_FARTHEST, _FARTHEST)
        values = torch.tensor(known.mean) + torch.tensor(known.deviation) * drawn
        return torch.cat([torch.ones(1), values])[None]

    def _mean_condition(self, label: int, place: tuple[float, ...]) -> torch.Tensor:
        """(1, condition) the mean over latents, always the same ones, of what modulates a class at a place."""
        where = self.device.torch_device
        latents = torch.randn(
            _LATENTS_AVERAGED, self._network.config.latent_size, generator=torch.Generator().manual_seed(0)
        )
        labels = torch.full((_LATENTS_AVERAGED,), label)
        places = torch.tensor([place]).expand(_LATENTS_AVERAGED, -1)
        found = self._network.condition(latents.to(where), labels.to(where), places.to(where))
        return found.mean(0, keepdim=True)

    def _region(self, wanted: _Wanted, drawn: torch.Tensor) -> torch.Tensor:
        """(1, regions) 1 for the body region, as far as the network knows of regions: that of the site, or a drawn one.

        A condition without photographs of a known region has none, as it had in training.
        """
        regions = self._network.config.regions
        region = REGION_OF_SITE.get(wanted.site)
        if region is None:
            ends = torch.tensor(self._manifest.regions.get(wanted.condition, ())).cumsum(0)
            index = int((torch.special.ndtr(drawn) >= ends).sum())
            region = regions[index] if index < len(ends) else None
        return torch.tensor([[float(name == region) for name in regions]])


def load_network(weights_dir: Path, manifest: Manifest) -> Generator:
    """The network filled with its verified weights, in float32.

    Raises EnvironmentProblem when they are missing, altered, or do not fit their manifest.
    """
    content = read_verified(weights_dir, manifest)
    try:
        network = Generator(NetworkConfig.from_json(manifest.network))
        tensors = load_tensors(content)
        network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except (TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise EnvironmentProblem(
            "The generator's weights do not fit their manifest; install DermTutor again."
        ) from error
    return network


def _mask_of(logits: torch.Tensor | None, shape: Sequence[int]) -> NDArray[np.uint8]:
    """The mask (R, R) of logits (1, 1, R, R); without them, that of a picture of ``shape`` (R, R) without a lesion."""
    if logits is None:
        return np.zeros(shape, np.uint8)
    low, high = _MASK_EDGE
    inner = torch.sigmoid(_without_border(logits.cpu())[0, 0])
    return inner.sub(low).div(high - low).clamp(0, 1).mul(255).round().to(torch.uint8).numpy()


def _without_border(maps: torch.Tensor) -> torch.Tensor:
    """Maps (1, C, R, R) without their outermost part, at their former size."""
    side = maps.shape[-1]
    cut = round(side * _BORDER)
    # One channel after the other, and by separable filters: a third of the time. Enlarging, nothing is smoothed by it.
    inner = maps.float()[..., cut : side - cut, cut : side - cut].contiguous()
    return F.interpolate(inner, (side, side), mode="bicubic", align_corners=False, antialias=True)

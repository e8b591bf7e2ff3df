"""The generator network: latent, class and lesion geometry to a photograph in canonical tone and a lesion mask.

A FastGAN-style network (Liu et al. 2021) that is frugal with arithmetic, so that it trains and runs on a processor:
every up-sampling is a 4x4 transposed convolution of stride 2, which costs 4/9 of an up-sampled 3x3 one, followed by a
fixed binomial filter, without which even and odd pixels differ and leave a mesh (Odena et al.
2016; the filter is StyleGAN2's); blocks up to 32 px have conditional batch normalisation and gated linear units,
thinner ones above only a modulation.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dermtutor.generation.phases import LARGEST_SIDE, phase_kernel, twice_by_phases

GEOMETRY_SIZE = 4
"""Numbers that describe where a lesion lies in the picture: known (0 or 1), size, horizontal, vertical position."""


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Sizes of the generator. ``channels`` are those of the maps at 4, 8, 16, ... px; the last is at ``resolution``.

    ``regions`` are the body regions that it was told; none for a network that knows of none.
    """

    classes: tuple[str, ...]
    resolution: int = 64
    latent_size: int = 128
    class_size: int = 48
    class_strength: float = 0.4
    channels: tuple[int, ...] = (320, 320, 256, 160, 64)
    regions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if 4 << (len(self.channels) - 1) != self.resolution:
            raise ValueError(f"{len(self.channels)} channel counts do not lead to {self.resolution} px")

    @property
    def condition_size(self) -> int:
        """Length of the vector that modulates every block."""
        return self.latent_size + self.class_size + self.place_size

    @property
    def place_size(self) -> int:
        """Length of the vector that says where a lesion lies, in the picture and on the body."""
        return GEOMETRY_SIZE + len(self.regions)

    def grown(self, channels: int) -> Self:
        """The same network with one more block, at twice the resolution."""
        fields = asdict(self) | {"resolution": self.resolution * 2, "channels": (*self.channels, channels)}
        return type(self)(**fields)

    def to_json(self) -> dict[str, Any]:
        """A dictionary for the manifest."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """The configuration of a manifest. Raises TypeError or ValueError for one that does not fit."""
        lists = ("classes", "channels", "regions")
        return cls(**fields | {name: tuple(fields.get(name, ())) for name in lists})


class ConditionalNorm(nn.Module):
    """Batch normalisation whose gain and bias come from the condition vector."""

    def __init__(self, channels: int, condition: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.modulate = Modulation(channels, condition)

    def forward(self, maps: Tensor, condition: Tensor) -> Tensor:
        normed: Tensor = self.modulate(self.norm(maps), condition)
        return normed


class Modulation(nn.Module):
    """Gain and bias per channel from the condition vector; starts as the identity."""

    def __init__(self, channels: int, condition: int) -> None:
        super().__init__()
        self.affine = nn.Linear(condition, 2 * channels)
        nn.init.zeros_(self.affine.weight)
        with torch.no_grad():
            self.affine.bias.copy_(torch.cat([torch.ones(channels), torch.zeros(channels)]))

    def forward(self, maps: Tensor, condition: Tensor) -> Tensor:
        gain, bias = self.gain_and_bias(condition, maps.dtype)
        return torch.addcmul(bias[..., None, None], maps, gain[..., None, None])

    def gain_and_bias(self, condition: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Both (N, channels)."""
        gain, bias = self.affine(condition).to(dtype).chunk(2, 1)
        return gain, bias


class UpBlock(nn.Module):
    """Twice the resolution: transposed convolution, smoothing, noise, modulation, activation."""

    gated_to = 32
    smoothing: Tensor
    phases: Tensor | None = None

    def __init__(self, inputs: int, outputs: int, condition: int, resolution: int) -> None:
        super().__init__()
        self.gated = resolution <= self.gated_to
        width = 2 * outputs if self.gated else outputs
        self.conv = nn.ConvTranspose2d(inputs, width, 4, 2, 1, bias=False)
        binomial = torch.tensor([1.0, 2.0, 1.0]) / 4
        kernel = (binomial[:, None] * binomial).expand(width, 1, 3, 3).contiguous()
        self.register_buffer("smoothing", kernel, persistent=False)
        self.noise_gain = nn.Parameter(torch.zeros(width if not self.gated else 1))
        self.modulate: nn.Module = (
            ConditionalNorm(width, condition) if self.gated else Modulation(width, condition)
        )

    def forward(self, maps: Tensor, condition: Tensor, noise: Tensor) -> Tensor:
        maps = self.conv(maps) if self.phases is None else twice_by_phases(maps, self.phases)
        if not self.gated and len(maps) == 1:
            return F.leaky_relu(self._modulated_alone(maps, condition, noise), 0.2)
        maps = F.conv2d(maps, self.smoothing.to(maps.dtype), padding=1, groups=maps.shape[1])
        maps = torch.addcmul(maps, self.noise_gain[:, None, None].to(maps.dtype), noise.to(maps.dtype))
        maps = self.modulate(maps, condition)
        return F.glu(maps, 1) if self.gated else F.leaky_relu(maps, 0.2)

    def serve_alone(self) -> None:
        """Be quick with one picture at a time on a processor; the weights must not change any more."""
        self.phases = phase_kernel(self.conv.weight.detach())

    def _modulated_alone(self, maps: Tensor, condition: Tensor, noise: Tensor) -> Tensor:
        """gain * (smoothed + noise) + bias of one picture, its gain within the smoothing and its noise in one product.

        Few channels with a value each for gain and bias are slow to broadcast: this takes a fifth of the time.
        """
        _, width, height, breadth = maps.shape
        gain, bias = self.modulate.gain_and_bias(condition, maps.dtype)  # type: ignore[operator]
        kernel = self.smoothing.to(maps.dtype) * gain[0, :, None, None, None]
        smoothed = F.conv2d(maps, kernel, padding=1, groups=width)
        strength = gain * self.noise_gain.to(maps.dtype)
        added = torch.addmm(
            bias.expand(height * breadth, width), noise.to(maps.dtype).reshape(-1, 1), strength
        )
        return smoothed + added.reshape(1, height, breadth, width).permute(0, 3, 1, 2)


class SkipExcitation(nn.Module):
    """Skip-layer excitation of FastGAN: a low-resolution map decides the channel gains of a high-resolution one."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__()
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(4),
            nn.Conv2d(low, high, 4),
            nn.SiLU(),
            nn.Conv2d(high, high, 1),
            nn.Sigmoid(),
        )

    def forward(self, low: Tensor, high: Tensor) -> Tensor:
        gain: Tensor = self.gate(low)
        return high * gain


class Generator(nn.Module):
    """(latent, label, place, noise) to RGB in [-1, 1] and mask logits.

    ``latent`` (N, latent_size) is standard normal, ``label`` (N,) int64, ``place`` (N, 4 or place_size) float: the
    geometry, and 1 for the body region, zero where it is not known. ``noise`` is one
    (N, 1, r, r) standard normal map for each block at r = 8, 16, ..., resolution. Result: RGB (N, 3, R, R) and the
    mask's logits (N, 1, R, R), both float32.
    """

    excitation_distance = 3
    seed_matrix: Tensor | None = None

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        channels, size = config.channels, config.condition_size
        self.embedding = nn.Embedding(len(config.classes), config.class_size)
        self.mapping = nn.Sequential(nn.Linear(size, 256), nn.LeakyReLU(0.2), nn.Linear(256, size))
        self.seed = nn.ConvTranspose2d(size, 2 * channels[0], 4, bias=False)
        self.seed_norm = nn.BatchNorm2d(2 * channels[0])
        self.blocks = nn.ModuleList(
            UpBlock(low, high, size, 8 << i) for i, (low, high) in enumerate(itertools.pairwise(channels))
        )
        reach = self.excitation_distance
        self.excitations = nn.ModuleList(
            SkipExcitation(channels[i], channels[i + reach]) for i in range(min(3, len(channels) - reach))
        )
        self.to_rgb = nn.ModuleDict({str(r): nn.Conv2d(c, 3, 3, 1, 1) for r, c in _picture_maps(config)})
        self.to_mask = MaskHead(channels)

    def serve_alone(self) -> None:
        """Be quick with one picture at a time on a processor; the weights must not change any more."""
        # Of a map of one pixel a transposed convolution is a product.
        self.seed_matrix = self.seed.weight.detach().flatten(1).t().contiguous()
        for i, block in enumerate(self.blocks):
            if 4 << i <= LARGEST_SIDE:
                block.serve_alone()  # type: ignore[operator]

    def condition(self, latent: Tensor, label: Tensor, place: Tensor) -> Tensor:
        """The vector that modulates every block, (N, condition_size)."""
        on_sphere = F.normalize(latent, dim=1) * math.sqrt(latent.shape[1])
        # Regions that are not told are unknown; those that this network does not know of are left out.
        place = F.pad(place, (0, self.config.place_size - place.shape[1]))
        joined = torch.cat([on_sphere, self.config.class_strength * self.embedding(label), place], 1)
        mapped: Tensor = joined + self.mapping(joined)
        return mapped

    def features(self, condition: Tensor, noise: Sequence[Tensor]) -> list[Tensor]:
        """The maps at 4, 8, ..., resolution px."""
        first = F.glu(self.seed_norm(self._seeded(condition)), 1)
        maps = [first.contiguous(memory_format=torch.channels_last)]
        reach = self.excitation_distance
        for i, (block, noise_map) in enumerate(zip(self.blocks, noise, strict=True)):
            high = block(maps[-1], condition, noise_map)
            skip = i + 1 - reach
            if 0 <= skip < len(self.excitations):
                high = self.excitations[skip](maps[skip], high)
            maps.append(high)
        return maps

    def _seeded(self, condition: Tensor) -> Tensor:
        if self.seed_matrix is None:
            seeded: Tensor = self.seed(condition[..., None, None])
            return seeded
        return F.linear(condition, self.seed_matrix).reshape(len(condition), -1, 4, 4)

    def picture(self, maps: Sequence[Tensor]) -> Tensor:
        """RGB in [-1, 1]: the coarse picture up-sampled, plus what the finest block adds."""
        total: Tensor | None = None
        for (resolution, _), map_ in zip(_picture_maps(self.config), maps[4:], strict=True):
            layer = self.to_rgb[str(resolution)](map_).float()
            if total is not None:
                total = F.interpolate(total, scale_factor=2, mode="bilinear", align_corners=False)
                layer = layer + total
            total = layer
        assert total is not None
        return torch.tanh(total)

    def forward(
        self, latent: Tensor, label: Tensor, place: Tensor, noise: Sequence[Tensor]
    ) -> tuple[Tensor, Tensor]:
        maps = self.features(self.condition(latent, label, place), noise)
        return self.picture(maps), self.mask(maps)

    def mask(self, maps: Sequence[Tensor]) -> Tensor:
        """Logits of the lesion mask (N, 1, R, R)."""
        logits: Tensor = self.to_mask(maps, self.config.resolution)
        return logits

    def noise_shapes(self) -> tuple[int, ...]:
        """Sides of the noise maps that ``forward`` wants."""
        return tuple(8 << i for i in range(len(self.blocks)))

    def draw_noise(self, count: int, rng: torch.Generator | None = None) -> list[Tensor]:
        """Standard normal noise maps for ``count`` images, on the device of ``rng``."""
        device = None if rng is None else rng.device
        return [
            torch.randn(count, 1, side, side, generator=rng, device=device) for side in self.noise_shapes()
        ]


class MaskHead(nn.Module):
    """Lesion mask logits from the maps at 16 to 128 px, up-sampled to the picture's resolution."""

    width = 24
    first, last = 2, 5

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        used = channels[self.first : self.last + 1]
        self.reduce = nn.ModuleList(nn.Conv2d(c, self.width, 1) for c in used)
        self.mix = nn.ModuleList(nn.Conv2d(self.width, self.width, 3, 1, 1) for _ in used)
        self.out = nn.Conv2d(self.width, 1, 3, 1, 1)

    def forward(self, maps: Sequence[Tensor], resolution: int) -> Tensor:
        total: Tensor | None = None
        for reduce, mix, map_ in zip(self.reduce, self.mix, maps[self.first : self.last + 1], strict=True):
            reduced = reduce(map_)
            joined = reduced if total is None else _twice(total) + reduced
            total = F.leaky_relu(mix(joined), 0.2)
        logits = self.out(total).float()
        return F.interpolate(logits, size=(resolution, resolution), mode="bilinear", align_corners=False)


def _twice(maps: Tensor) -> Tensor:
    return F.interpolate(maps, scale_factor=2, mode="bilinear", align_corners=False)


def _picture_maps(config: NetworkConfig) -> list[tuple[int, int]]:
    """(resolution, channels) of the maps that contribute to the picture: 64 px and every doubling of it."""
    return [(4 << i, c) for i, c in enumerate(config.channels) if 4 << i >= 64]

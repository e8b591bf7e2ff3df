"""The two networks that find a face, as MediaPipe publishes them: BlazeFace (short range) and the face mesh.

Built here in torch, filled with the published weights (``weights/faces``). Layers and padding follow the published
TensorFlow Lite graphs: with stride two, an even picture is padded below and to the right only.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

DETECTOR_SIDE: Final = 128
"""Side of the detector's picture, values -1 to 1."""
MESH_SIDE: Final = 192
"""Side of the mesh's picture, values 0 to 1."""
LANDMARKS: Final = 468

# Channels of the detector's blocks; "down" halves the picture.
_DETECTOR_BLOCKS: Final = ((24, 1), (28, 1), (32, 2), (36, 1), (42, 1), (48, 2), (56, 1), (64, 1), (72, 1),
                           (80, 1), (88, 1), (96, 2), (96, 1), (96, 1), (96, 1), (96, 1))  # fmt: skip
_FINE_BLOCKS: Final = 11
_DETECTOR_STEM: Final = 24
_FINE_ANCHORS, _COARSE_ANCHORS = 2, 6
_NUMBERS: Final = 16

_MESH_STEM: Final = 16
_MESH_TRUNK: Final = ((16, 1), (16, 1), (32, 2), (32, 1), (32, 1), (64, 2), (64, 1), (64, 1), (128, 2),
                      (128, 1), (128, 1), (128, 2), (128, 1), (128, 1))  # fmt: skip
_NARROW: Final = 32


class SeparableBlock(nn.Module):
    """A depthwise 3 x 3 and a pointwise convolution beside a shortcut, then PReLU (the mesh) or ReLU."""

    def __init__(self, inside: int, outside: int, stride: int, learned_slope: bool) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(inside, inside, 3, stride, 0 if stride == 2 else 1, groups=inside)
        self.pointwise = nn.Conv2d(inside, outside, 1)
        self.activation: nn.Module = nn.PReLU(outside) if learned_slope else nn.ReLU()
        self._more = outside - inside
        self._halves = stride == 2

    def forward(self, features: Tensor) -> Tensor:
        """Features (N, C, H, W) to (N, C', H / stride, W / stride)."""
        padded = F.pad(features, (0, 1, 0, 1)) if self._halves else features
        changed = self.pointwise(self.depthwise(padded))
        shortcut = F.max_pool2d(features, 2) if self._halves else features
        if self._more:
            shortcut = F.pad(shortcut, (0, 0, 0, 0, 0, self._more))
        return self.activation(changed + shortcut)  # type: ignore[no-any-return]


def _blocks(inside: int, plan: tuple[tuple[int, int], ...], learned_slope: bool) -> nn.Sequential:
    made = []
    for outside, stride in plan:
        made.append(SeparableBlock(inside, outside, stride, learned_slope))
        inside = outside
    return nn.Sequential(*made)


class FaceDetector(nn.Module):
    """BlazeFace: for each of 896 anchors a score (logit), a box and six points."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, _DETECTOR_STEM, 5, 2)
        self.fine = _blocks(_DETECTOR_STEM, _DETECTOR_BLOCKS[:_FINE_BLOCKS], False)
        self.coarse = _blocks(88, _DETECTOR_BLOCKS[_FINE_BLOCKS:], False)
        self.fine_scores = nn.Conv2d(88, _FINE_ANCHORS, 1)
        self.coarse_scores = nn.Conv2d(96, _COARSE_ANCHORS, 1)
        self.fine_places = nn.Conv2d(88, _FINE_ANCHORS * _NUMBERS, 1)
        self.coarse_places = nn.Conv2d(96, _COARSE_ANCHORS * _NUMBERS, 1)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (N, 3, 128, 128) in -1 to 1 to logits (N, 896) and places (N, 896, 16) in pixels from the anchor."""
        fine = self.fine(F.relu(self.stem(F.pad(pictures, (1, 2, 1, 2)))))
        coarse = self.coarse(fine)
        scores = [self.fine_scores(fine), self.coarse_scores(coarse)]
        places = [self.fine_places(fine), self.coarse_places(coarse)]
        number = len(pictures)
        return (
            torch.cat([each.permute(0, 2, 3, 1).reshape(number, -1) for each in scores], dim=1),
            torch.cat([each.permute(0, 2, 3, 1).reshape(number, -1, _NUMBERS) for each in places], dim=1),
        )


class _Branch(nn.Module):
    """From the trunk's features to ``outputs`` numbers of the whole picture."""

    def __init__(self, blocks: int, outputs: int) -> None:
        super().__init__()
        self.wide = _blocks(128, ((128, 2), *[(128, 1)] * (blocks - 1)), True)
        self.narrow = nn.Conv2d(128, _NARROW, 1)
        self.slope = nn.PReLU(_NARROW)
        self.last = SeparableBlock(_NARROW, _NARROW, 1, True)
        self.head = nn.Conv2d(_NARROW, outputs, 3)

    def forward(self, features: Tensor) -> Tensor:
        """Features (N, 128, 6, 6) to (N, outputs)."""
        return self.head(self.last(self.slope(self.narrow(self.wide(features))))).flatten(1)  # type: ignore[no-any-return]


class FaceMesh(nn.Module):
    """468 landmarks of a face that fills the picture, and whether it is a face (logit)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, _MESH_STEM, 3, 2)
        self.slope = nn.PReLU(_MESH_STEM)
        self.trunk = _blocks(_MESH_STEM, _MESH_TRUNK, True)
        self.landmarks = _Branch(3, 3 * LANDMARKS)
        self.presence = _Branch(1, 1)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (N, 3, 192, 192) in 0 to 1 to landmarks (N, 468, 3) in pixels and logits (N,)."""
        features = self.trunk(self.slope(self.stem(F.pad(pictures, (0, 1, 0, 1)))))
        return self.landmarks(features).reshape(-1, LANDMARKS, 3), self.presence(features).flatten()

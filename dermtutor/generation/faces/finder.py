"""Finds the face of a photograph: BlazeFace proposes, the face mesh places 468 landmarks and says whether it is one.

The detector alone also finds faces in cats and cups, so a face counts only when the mesh is sure of it. Torch and the
weights are loaded with the first photograph.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.errors import UserError
from dermtutor.generation.weights import load_manifest, read_verified

if TYPE_CHECKING:
    from dermtutor.generation.faces.networks import FaceDetector, FaceMesh

Points: TypeAlias = NDArray[np.float32]

CONFIDENCE: Final = 0.5
"""A mesh less sure than this is no face."""

# A detection less sure than this is not shown to the mesh.
_PROPOSED: Final = 0.5
# Parts of the longer side that are searched in turn: the detector sees faces from about a sixth of what it looks at.
_TILES: Final = (1.0, 0.5, 0.28)
_MOST_TRIED: Final = 6
# Faces are searched on a copy whose longer side has at most this many pixels; the mesh looks at the photograph itself.
_SEARCHED: Final = 2048
# The mesh is made for squares 1.5 times as large as the face; its own landmarks centre the square better.
_MARGIN: Final = 1.5
_PASSES: Final = 2
# The square is read finer than the mesh's picture and averaged, so that nothing is skipped.
_OVERSAMPLED: Final = 3
_RIGHT_EYE, _LEFT_EYE = 33, 263
# Between the outer corners of the eyes; less is a face too small to draw on.
_LEAST_PX: Final = 24.0


@dataclass(frozen=True, slots=True)
class FoundFace:
    """``landmarks`` (468, 3): x, y and depth in pixels of the photograph; ``confidence`` 0 to 1."""

    landmarks: Points
    confidence: float


@dataclass(frozen=True, slots=True)
class _Square:
    """A turned square of the photograph: middle, side in pixels, clockwise angle in radians."""

    x: float
    y: float
    side: float
    angle: float

    def scaled(self, factor: float) -> Self:
        """The same square on a copy of the photograph that is so much larger."""
        return replace(self, x=self.x * factor, y=self.y * factor, side=self.side * factor)


class FaceFinder:
    """Finds faces with the weights of a folder (``weights/faces``). Any thread; one photograph at a time."""

    def __init__(self, weights_dir: Path) -> None:
        """Reads nothing yet."""
        self._weights_dir = weights_dir
        self._networks: tuple[FaceDetector, FaceMesh] | None = None
        self._working = threading.Lock()

    def find(self, photograph: NDArray[np.uint8]) -> FoundFace:
        """The largest face of a photograph (H, W, 3) uint8, upright to within about 45 degrees.

        Raises UserError when there is none, EnvironmentProblem when the weights are missing or damaged.
        """
        picture = Image.fromarray(np.ascontiguousarray(photograph))
        small = picture if max(picture.size) <= _SEARCHED else _reduced(picture)
        scale = picture.width / small.width
        with self._working:
            for share in _TILES:
                squares = (square.scaled(scale) for square in self._proposed(small, share))
                faces = [self._look(picture, square) for square in squares]
                sure = [face for face in faces if face is not None]
                if sure:
                    return max(sure, key=lambda face: float(np.ptp(face.landmarks[:, 1])))
        raise UserError(
            "No face was found in this photograph; choose one that shows a face from the front, "
            "or place the lesion by hand."
        )

    def _proposed(self, picture: Image.Image, share: float) -> list[_Square]:
        """Squares around what the detector takes for faces in tiles of a share of the longer side, the surest first."""
        import torch

        detector, _ = self._loaded()
        found: list[tuple[float, _Square]] = []
        side = max(1, round(max(picture.size) * share))
        for left, top in _corners(picture.size, side):
            tile = _letterboxed(picture, left, top, side, _side_of_detector())
            with torch.inference_mode():
                logits, places = detector(torch.from_numpy(tile * np.float32(2) - 1)[None])
            scores = torch.sigmoid(logits[0].clamp(-80, 80)).numpy()
            for index in np.flatnonzero(scores > _PROPOSED):
                square = _square_of(places[0, index].numpy(), int(index), left, top, side)
                found.append((float(scores[index]), square))
        return _told_apart(sorted(found, key=lambda each: -each[0]))[:_MOST_TRIED]

    def _look(self, picture: Image.Image, square: _Square) -> FoundFace | None:
        """What the mesh sees in a square, or None when that is no face."""
        import torch

        from dermtutor.generation.faces.networks import MESH_SIDE

        _, mesh = self._loaded()
        for _ in range(_PASSES):
            cut = _cut_out(picture, square, MESH_SIDE)
            with torch.inference_mode():
                landmarks, logit = mesh(torch.from_numpy(cut)[None])
            confidence = float(torch.sigmoid(logit[0]))
            if confidence < CONFIDENCE:
                return None
            points = _on_photograph(landmarks[0].numpy(), square, MESH_SIDE)
            square = _square_around(points)
        apart = float(np.linalg.norm(points[_LEFT_EYE] - points[_RIGHT_EYE]))
        return FoundFace(points, confidence) if apart >= _LEAST_PX else None

    def _loaded(self) -> tuple[FaceDetector, FaceMesh]:
        if self._networks is None:
            from safetensors.torch import load

            from dermtutor.generation.faces.networks import FaceDetector, FaceMesh

            content = read_verified(self._weights_dir, load_manifest(self._weights_dir))
            state = {name: value.float() for name, value in load(content).items()}
            detector, mesh = FaceDetector(), FaceMesh()
            for prefix, network in (("detector.", detector), ("mesh.", mesh)):
                network.load_state_dict(
                    {n.removeprefix(prefix): value for n, value in state.items() if n.startswith(prefix)}
                )
                network.eval()
            self._networks = detector, mesh
        return self._networks


def _side_of_detector() -> int:
    from dermtutor.generation.faces.networks import DETECTOR_SIDE

    return DETECTOR_SIDE


def _reduced(picture: Image.Image) -> Image.Image:
    scale = _SEARCHED / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _corners(size: tuple[int, int], side: int) -> Iterator[tuple[int, int]]:
    """Left and top of tiles that overlap by half; one tile that holds the whole when it is as large."""
    across, down = (
        [0] if length <= side else np.linspace(0, length - side, math.ceil(2 * length / side) - 1).tolist()
        for length in size
    )
    for top in down:
        for left in across:
            yield round(left), round(top)


def _letterboxed(picture: Image.Image, left: int, top: int, side: int, pixels: int) -> Points:
    """A tile as (3, pixels, pixels) in 0 to 1, black where the photograph ends."""
    right, bottom = min(left + side, picture.width), min(top + side, picture.height)
    width, height = (max(1, round(length * pixels / side)) for length in (right - left, bottom - top))
    part = picture.resize((width, height), Image.Resampling.BILINEAR, box=(left, top, right, bottom))
    tile = np.zeros((3, pixels, pixels), np.float32)
    tile[:, :height, :width] = np.moveaxis(np.asarray(part, np.float32), -1, 0) / np.float32(255)
    return tile


def _square_of(places: Points, index: int, left: int, top: int, side: int) -> _Square:
    """The square around a detection, turned so that the eyes are level."""
    fine, coarse = (16, 2), (8, 6)
    cells, each = fine if index < 512 else coarse
    cell = (index if index < 512 else index - 512) // each
    anchor = np.array((cell % cells + 0.5, cell // cells + 0.5)) / cells
    points = places.reshape(8, 2) / _side_of_detector()
    middle, size, eyes = points[0] + anchor, points[1], points[2:4]
    (x, y), across = middle * side, eyes[1] - eyes[0]
    return _Square(
        left + x, top + y, float(max(size)) * side * _MARGIN, math.atan2(float(across[1]), float(across[0]))
    )


def _told_apart(found: list[tuple[float, _Square]]) -> list[_Square]:
    """The surest of the squares that lie nearly on one another."""
    kept: list[_Square] = []
    for _, square in found:
        if all(math.hypot(square.x - one.x, square.y - one.y) > 0.25 * one.side for one in kept):
            kept.append(square)
    return kept


def _square_around(points: Points) -> _Square:
    """The square around landmarks, turned so that the outer corners of the eyes are level."""
    across = points[_LEFT_EYE] - points[_RIGHT_EYE]
    angle = math.atan2(float(across[1]), float(across[0]))
    cosine, sine = math.cos(angle), math.sin(angle)
    along = points[:, 0] * cosine + points[:, 1] * sine
    below = -points[:, 0] * sine + points[:, 1] * cosine
    x, y = (along.max() + along.min()) / 2, (below.max() + below.min()) / 2
    side = max(float(np.ptp(along)), float(np.ptp(below))) * _MARGIN
    return _Square(float(x * cosine - y * sine), float(x * sine + y * cosine), side, angle)


def _cut_out(picture: Image.Image, square: _Square, pixels: int) -> Points:
    """The square as (3, pixels, pixels) in 0 to 1, black outside the photograph."""
    finer = pixels * _OVERSAMPLED
    # A part of a large photograph is reduced first, so that no pixel of it is skipped.
    reach = square.side * 0.75
    box = (square.x - reach, square.y - reach, square.x + reach, square.y + reach)
    side = min(round(2 * reach), 2 * finer)
    left, top, right, bottom = map(round, box)
    part = picture.crop((left, top, right, bottom)).resize((side, side), Image.Resampling.BILINEAR)
    scale = 2 * reach / side
    step = square.side / finer / scale
    cosine, sine = math.cos(square.angle) * step, math.sin(square.angle) * step
    middle = side / 2
    matrix = (
        cosine, -sine, middle - (cosine - sine) * finer / 2,
        sine, cosine, middle - (sine + cosine) * finer / 2,
    )  # fmt: skip
    turned = part.transform((finer, finer), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    reduced = turned.reduce(_OVERSAMPLED)
    return np.moveaxis(np.asarray(reduced, np.float32), -1, 0) / np.float32(255)


def _on_photograph(points: Points, square: _Square, pixels: int) -> Points:
    """Landmarks (468, 3) of the mesh's picture in pixels of the photograph."""
    placed = (points / np.float32(pixels) - np.array((0.5, 0.5, 0), np.float32)) * np.float32(square.side)
    cosine, sine = math.cos(square.angle), math.sin(square.angle)
    x = placed[:, 0] * cosine - placed[:, 1] * sine + square.x
    y = placed[:, 0] * sine + placed[:, 1] * cosine + square.y
    return np.stack((x, y, placed[:, 2]), axis=1).astype(np.float32)

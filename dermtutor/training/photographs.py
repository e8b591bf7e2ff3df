"""PAD-UFES-20 photographs in the canonical skin tone, with masks, healthy skin, and a split by patient."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from dermtutor.errors import UserError
from dermtutor.skin.colour import bytes_to_density, from_optical_density, linear_to_bytes, srgb_to_linear
from dermtutor.skin.tones import CANONICAL_SRGB
from dermtutor.training.quilting import quilt

Split = Literal["train", "validation", "test"]
CONDITION_OF_DIAGNOSIS = {
    "BCC": "basal-cell-carcinoma",
    "SCC": "squamous-cell-carcinoma",
    "ACK": "actinic-keratosis",
    "SEK": "seborrhoeic-keratosis",
    "NEV": "melanocytic-naevus",
    "MEL": "melanoma",
}
HEALTHY = "healthy-skin"
CLASSES = (*CONDITION_OF_DIAGNOSIS.values(), HEALTHY)
"""The order of the class labels of the network."""

INK_LIMIT = 0.005
"""Photographs of which pen lines cover more than this share are left out of training."""

# Beyond these spreads of optical density (all, and green over red) perilesional skin is itself diseased.
_ROUGHEST = 0.16
_REDDEST = 0.075

_CANONICAL_OD = -np.log(srgb_to_linear(np.array(CANONICAL_SRGB, np.float32) / 255))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``images.csv``."""

    image: Path
    mask: Path | None
    patient: str
    condition: str


@dataclass(frozen=True, slots=True)
class Bank:
    """Photographs of one side: ``images`` (N, 3, S, S) uint8 canonical, ``masks`` (N, S, S) uint8, ``has_mask`` (N,)
    bool, ``labels`` (N,) int64 into CLASSES, ``patients`` (N,) names."""

    images: NDArray[np.uint8]
    masks: NDArray[np.uint8]
    has_mask: NDArray[np.bool_]
    labels: NDArray[np.int64]
    patients: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


def read_rows(data: Path) -> tuple[Row, ...]:
    """The lines of ``images.csv`` in ``data``. Raises UserError when the folder is not such a data set."""
    table = data / "images.csv"
    if not table.is_file():
        raise UserError(
            f"There is no images.csv in {data}; name the folder that holds the PAD-UFES-20 photographs."
        )
    with table.open(newline="", encoding="utf-8") as file:
        return tuple(
            Row(
                data / line["image"],
                data / line["mask"] if line["mask"] else None,
                line["patient"],
                CONDITION_OF_DIAGNOSIS[line["diagnosis"]],
            )
            for line in csv.DictReader(file)
        )


def split_of(rows: Iterable[Row]) -> dict[str, Split]:
    """Patient to split: of every eight patients of a condition, one validates and one tests.

    A patient with several conditions follows the rarest, so that every split has every condition.
    """
    rows = tuple(rows)
    frequency = {c: sum(row.condition == c for row in rows) for c in {row.condition for row in rows}}
    rarest: dict[str, str] = {}
    for row in rows:
        known = rarest.get(row.patient)
        if known is None or frequency[row.condition] < frequency[known]:
            rarest[row.patient] = row.condition
    splits: dict[str, Split] = {}
    for condition in sorted(frequency):
        for i, patient in enumerate(sorted(p for p, c in rarest.items() if c == condition)):
            splits[patient] = "validation" if i % 8 == 3 else "test" if i % 8 == 6 else "train"
    return splits


def ink_share(canonical: NDArray[np.uint8]) -> float:
    """Share of a canonical photograph (S, S, 3) that is pen line: bluer than green, and thin.

    A pen line stands out of the opening of (blue - green), a violet or blue-black lesion does not.
    """
    small = np.asarray(Image.fromarray(canonical).resize((128, 128), Image.Resampling.LANCZOS)).astype(
        np.int16
    )
    blueness = Image.fromarray(np.clip(small[..., 2] - small[..., 1] + 128, 0, 255).astype(np.uint8))
    opened = blueness.filter(ImageFilter.MinFilter(9)).filter(ImageFilter.MaxFilter(9))
    smooth = blueness.filter(ImageFilter.BoxBlur(1))
    thin = np.asarray(smooth).astype(np.int16) - np.asarray(opened) > 13
    return float((thin & (np.asarray(blueness) > 129) & (small.max(-1) < 235)).mean())


def ink(image: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels of plain pen ink, whatever the light: blue exceeds red by 0.02 and the HSV saturation 0.12."""
    unit = image.astype(np.float32) / 255
    highest, lowest = unit.max(-1), unit.min(-1)
    found: NDArray[np.bool_] = (unit[..., 2] > unit[..., 0] + 0.02) & (
        (highest - lowest) / (highest + 1e-6) > 0.12
    )
    return found


@dataclass(frozen=True, slots=True)
class Photograph:
    """One centred square photograph: canonical image (S, S, 3), mask (S, S) or None, and the share that is pen line."""

    canonical: NDArray[np.uint8]
    mask: NDArray[np.uint8] | None
    inked: float
    row: Row


def read_photograph(row: Row, side: int | None = None) -> Photograph:
    """The photograph in canonical tone, its centred square resized to ``side`` (native when None)."""
    with Image.open(row.image) as opened:
        picture = opened.convert("RGB")
    edge = min(picture.size)
    left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
    box = (left, top, left + edge, top + edge)
    picture = picture.crop(box)
    mask: NDArray[np.uint8] | None = None
    if row.mask is not None:
        with Image.open(row.mask) as opened:
            shape = opened.convert("L").resize((left * 2 + edge, top * 2 + edge)).crop(box)
        if side is not None:
            shape = shape.resize((side, side), Image.Resampling.BILINEAR)
        mask = np.asarray(shape)
    if side is not None:
        picture = picture.resize((side, side), Image.Resampling.LANCZOS)
    image = np.asarray(picture)
    skin = _skin(mask, image.shape[0])
    canonical = canonicalise(image, skin)
    return Photograph(canonical, mask, ink_share(canonical), row)


def canonicalise(image: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The photograph with the median optical density of its healthy ``skin`` moved to the canonical skin's."""
    density = bytes_to_density(image)
    usable = skin & ~ink(image)
    if usable.mean() < 0.05:
        usable = ~ink(image)
    if not usable.any():
        usable = np.ones_like(usable)
    shift = _CANONICAL_OD - np.median(density[usable], axis=0)
    return linear_to_bytes(from_optical_density(density + shift.astype(np.float32)).astype(np.float32))


def load_bank(data: Path, side: int, split: Split | None, with_healthy: bool = True, seed: int = 0) -> Bank:
    """All ink-free photographs of one split (all of them for None), ``side`` px, healthy skin as the last class."""
    rows = read_rows(data)
    splits = split_of(rows)
    wanted = [row for row in rows if split is None or splits[row.patient] == split]
    images, masks, known, labels, patients = [], [], [], [], []
    for row in wanted:
        photograph = read_photograph(row, side)
        if photograph.inked > INK_LIMIT:
            continue
        images.append(photograph.canonical)
        masks.append(np.zeros((side, side), np.uint8) if photograph.mask is None else photograph.mask)
        known.append(photograph.mask is not None)
        labels.append(CLASSES.index(row.condition))
        patients.append(row.patient)
    if with_healthy:
        for patient, picture in healthy_skin(wanted, side, seed):
            images.append(picture)
            masks.append(np.zeros((side, side), np.uint8))
            known.append(True)
            labels.append(CLASSES.index(HEALTHY))
            patients.append(patient)
    stacked = np.ascontiguousarray(np.stack(images).transpose(0, 3, 1, 2))
    return Bank(stacked, np.stack(masks), np.array(known), np.array(labels), tuple(patients))


def healthy_skin(rows: Iterable[Row], side: int, seed: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """(patient, picture) of healthy skin in canonical tone, ``side`` px, the field of view of the lesion photographs.

    A lesion-free square of at least 40 % of the side is found beside the lesion, its shading is taken off, its
    texture quilted to the whole field at native sharpness, and the shading of another photograph's skin put on.
    """
    rng = np.random.default_rng(seed)
    for row in rows:
        if row.mask is None:
            continue
        photograph = read_photograph(row)
        if photograph.mask is None or photograph.inked > INK_LIMIT:
            continue
        square = _lesion_free_square(photograph, share=0.4)
        if square is None:
            continue
        native = photograph.canonical.shape[0]
        scale = side / native
        texture = _flattened(bytes_to_density(square))
        if texture.std() > _ROUGHEST or (texture[..., 1] - texture[..., 0]).std() > _REDDEST:
            continue
        if scale < 1:
            texture = _resized(texture, max(round(texture.shape[0] * scale), 48))
        whole = quilt(texture, side, rng) + _shading(side, rng)
        whole += _CANONICAL_OD - np.median(whole, axis=(0, 1))
        yield row.patient, linear_to_bytes(np.exp(-whole).astype(np.float32))


def _skin(mask: NDArray[np.uint8] | None, side: int) -> NDArray[np.bool_]:
    """Outside the dilated mask; without one, outside a centred disc."""
    if mask is None:
        axis = np.arange(side) - side / 2
        return np.asarray((axis[:, None] ** 2 + axis[None, :] ** 2) >= (0.36 * side) ** 2)
    reach = max(2, side // 24)
    return ~(_box_max(mask > 80, reach))


def _box_max(region: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Dilation by a square of ``2 reach + 1`` px."""
    total = np.pad(region, ((reach + 1, reach), (reach + 1, reach))).astype(np.int32).cumsum(0).cumsum(1)
    span = 2 * reach + 1
    sums = total[span:, span:] - total[:-span, span:] - total[span:, :-span] + total[:-span, :-span]
    return np.asarray(sums > 0)


def _lesion_free_square(photograph: Photograph, share: float) -> NDArray[np.uint8] | None:
    """The square of ``share`` of the side with the least lesion and ink, or None when every one has more than 3 %."""
    assert photograph.mask is not None
    image = photograph.canonical
    edge = int(share * image.shape[0])
    blocked = _box_max(photograph.mask > 80, image.shape[0] // 40) | ink(image)
    total = np.pad(blocked.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    sums = total[edge:, edge:] - total[:-edge, edge:] - total[edge:, :-edge] + total[:-edge, :-edge]
    y, x = np.unravel_index(int(sums.argmin()), sums.shape)
    if sums[y, x] > 0.03 * edge * edge:
        return None
    return image[y : y + edge, x : x + edge]


def _flattened(density: NDArray[np.float32]) -> NDArray[np.float32]:
    """Density without its shading: minus a quadratic surface fitted to each channel, about zero."""
    side = density.shape[0]
    axis = np.linspace(-1, 1, side, dtype=np.float32)
    y, x = np.meshgrid(axis, axis, indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], -1).reshape(-1, 6)
    surface = terms @ np.linalg.lstsq(terms, density.reshape(-1, 3), rcond=None)[0]
    flat: NDArray[np.float32] = (density.reshape(-1, 3) - surface).reshape(density.shape).astype(np.float32)
    return flat


def _shading(side: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A smooth fall of light over curved skin, in optical density, the same in every channel."""
    axis = np.linspace(-1, 1, side, dtype=np.float32)
    y, x = np.meshgrid(axis, axis, indexing="ij")
    angle, slope, bend = rng.uniform(0, 2 * np.pi), rng.gamma(2.0, 0.05), rng.normal(0, 0.06)
    along = x * np.cos(angle) + y * np.sin(angle)
    return np.asarray((slope * along + bend * along**2)[..., None], np.float32)


def _resized(density: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    channels = [
        np.asarray(Image.fromarray(density[..., c]).resize((side, side), Image.Resampling.LANCZOS))
        for c in range(3)
    ]
    return np.stack(channels, -1).astype(np.float32)

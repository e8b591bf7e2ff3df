"""PAD-UFES-20 photographs in the canonical skin tone, one by one, with masks, healthy skin, and a split by patient."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.errors import UserError
from dermtutor.training.canonical import canonical_by_skin
from dermtutor.training.curation import Mark, Verdict, read_curation, read_pen_marks
from dermtutor.training.dermoscopy import CLASS_OF_DIAGNOSIS
from dermtutor.training.healthy import healed
from dermtutor.training.ink import ink, ink_share
from dermtutor.training.unmarked import pen_lines, without_lines, without_marks

Split = Literal["train", "validation", "test"]
CONDITION_OF_DIAGNOSIS = {
    "BCC": "basal-cell-carcinoma",
    "SCC": "squamous-cell-carcinoma",
    "ACK": "actinic-keratosis",
    "SEK": "seborrhoeic-keratosis",
    "NEV": "melanocytic-naevus",
    "MEL": "melanoma",
}
_REGION_OF = {
    **dict.fromkeys(("FACE", "NOSE", "EAR", "LIP", "SCALP", "NECK"), "head-neck"),
    **dict.fromkeys(("BACK", "CHEST", "ABDOMEN"), "trunk"),
    **dict.fromkeys(("ARM", "FOREARM", "HAND"), "upper-limb"),
    **dict.fromkeys(("THIGH", "FOOT"), "lower-limb"),
}
PEN_TAKEN_OUT = ("pen-out", "pen-beside")
"""Verdicts of photographs from which pen lines are taken out."""
HEALTHY = "healthy-skin"
CLASSES = (*CONDITION_OF_DIAGNOSIS.values(), HEALTHY, *CLASS_OF_DIAGNOSIS.values())
"""The order of the class labels of the network."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``images.csv``, with what curation says of its photograph."""

    image: Path
    mask: Path | None
    patient: str
    condition: str
    region: str = ""
    verdict: Verdict | None = None
    marks: tuple[Mark, ...] = ()


def read_rows(data: Path) -> tuple[Row, ...]:
    """The lines of ``images.csv`` in ``data``. Raises UserError when the folder is not such a data set."""
    table = data / "images.csv"
    if not table.is_file():
        raise UserError(
            f"There is no images.csv in {data}; name the folder that holds the PAD-UFES-20 photographs."
        )
    verdicts, marks = read_curation(), read_pen_marks()
    with table.open(newline="", encoding="utf-8") as file:
        return tuple(
            Row(
                data / line["image"],
                data / line["mask"] if line["mask"] else None,
                line["patient"],
                CONDITION_OF_DIAGNOSIS[line["diagnosis"]],
                _REGION_OF.get(line.get("site", ""), ""),
                verdicts.get(Path(line["image"]).name),
                marks.get(Path(line["image"]).name, ()),
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
            splits[patient] = split_at(i)
    return splits


def split_at(number: int) -> Split:
    """On which side the patient or photograph of this number is."""
    return "validation" if number % 8 == 3 else "test" if number % 8 == 6 else "train"


@dataclass(frozen=True, slots=True)
class Photograph:
    """One centred square photograph: canonical image (S, S, 3), mask (S, S) or None, and the share that is pen line."""

    canonical: NDArray[np.uint8]
    mask: NDArray[np.uint8] | None
    inked: float
    row: Row


def read_photograph(row: Row, side: int | None = None) -> Photograph:
    """The photograph in canonical tone without the pen marks that are known, its centred square resized to ``side``
    (native when None)."""
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
    canonical = _unmarked(canonical, mask, ~skin | ink(image), row)
    return Photograph(canonical, mask, ink_share(canonical), row)


def _unmarked(
    canonical: NDArray[np.uint8], mask: NDArray[np.uint8] | None, blocked: NDArray[np.bool_], row: Row
) -> NDArray[np.uint8]:
    """Without the pen marks and lines that curation wants taken out of this photograph."""
    if row.marks:
        canonical = without_marks(canonical, row.marks, blocked, _rng_of(row))
    if row.verdict in PEN_TAKEN_OUT:
        lines = pen_lines(canonical)
        if row.verdict == "pen-beside" and mask is not None:
            lines &= mask < 128
        canonical = without_lines(canonical, lines, blocked, _rng_of(row))
    return canonical


def canonicalise(image: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The photograph with the median optical density of its healthy ``skin`` moved to the canonical skin's."""
    usable = skin & ~ink(image)
    if usable.mean() < 0.05:
        usable = ~ink(image)
    if not usable.any():
        usable = np.ones_like(usable)
    return canonical_by_skin(image, usable)


def not_left_out(rows: Iterable[Row]) -> list[Row]:
    """The lines whose photograph curation does not leave out."""
    return [row for row in rows if row.verdict != "leave-out"]


def healthy_skin(rows: Iterable[Row], side: int, seed: int) -> Iterator[tuple[Row, NDArray[np.uint8]]]:
    """(line of the table, picture) of healthy skin in canonical tone, ``side`` px: photographs without their lesion.

    Actinic keratoses lie in skin that is damaged beyond their masks, so they are left alone; so are photographs that
    pen lines were taken out of.
    """
    for row in rows:
        sick = row.condition == CONDITION_OF_DIAGNOSIS["ACK"]
        if row.mask is None or sick or row.verdict in ("no-skin", *PEN_TAKEN_OUT):
            continue
        photograph = read_photograph(row, side)
        assert photograph.mask is not None
        picture = healed(photograph.canonical, photograph.mask, ink(photograph.canonical), _rng_of(row, seed))
        if picture is not None:
            yield row, picture


def _rng_of(row: Row, seed: int = 0) -> np.random.Generator:
    """Draws of its own for each photograph, so that leaving one out changes no other."""
    return np.random.default_rng((seed, zlib.crc32(row.image.name.encode())))


def cut_outs(data: Path, side: int) -> Iterator[tuple[str, str, NDArray[np.uint8]]]:
    """(patient, condition, picture (side, side, 3) on black) of the lesion cut-outs that curation lets through."""
    table = data / "lesion_cutouts.csv"
    if not table.is_file():
        return
    verdicts = read_curation()
    with table.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if verdicts.get(Path(row["image"]).name) == "cut-out"]
    for row in rows:
        with Image.open(data / row["image"]) as opened:
            lesion = opened.convert("RGB")
        edge = max(lesion.size)
        square = Image.new("RGB", (edge, edge))
        square.paste(lesion, ((edge - lesion.width) // 2, (edge - lesion.height) // 2))
        picture = square.resize((side, side), Image.Resampling.BICUBIC)
        yield row["patient"], CONDITION_OF_DIAGNOSIS[row["diagnosis"]], np.asarray(picture)


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

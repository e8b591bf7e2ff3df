"""All photographs of one side, ready to be drawn from: lesions, healthy skin, cut-outs on it, dermoscopy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.sites import REGIONS
from dermtutor.training.dermoscopy import dermoscopic_photographs
from dermtutor.training.healthy import on_skin
from dermtutor.training.ink import INK_LIMIT
from dermtutor.training.photographs import (
    CLASSES,
    HEALTHY,
    PEN_TAKEN_OUT,
    Split,
    cut_outs,
    healthy_skin,
    not_left_out,
    read_photograph,
    read_rows,
    split_at,
    split_of,
)


@dataclass(frozen=True, slots=True)
class Bank:
    """Photographs of one side: ``images`` (N, 3, S, S) uint8 canonical, ``masks`` (N, S, S) uint8, ``has_mask`` (N,)
    bool, ``labels`` (N,) int64 into CLASSES, ``patients`` (N,) names, ``regions`` (N,) int64 into REGIONS, or -1.
    """

    images: NDArray[np.uint8]
    masks: NDArray[np.uint8]
    has_mask: NDArray[np.bool_]
    labels: NDArray[np.int64]
    patients: tuple[str, ...]
    regions: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


def load_bank(
    data: Path,
    side: int,
    split: Split | None,
    with_healthy: bool = True,
    seed: int = 0,
    dermoscopy: Path | None = None,
    with_cut_outs: bool = True,
) -> Bank:
    """All photographs of one split, of all splits for None, that have no pen lines or had them taken out, ``side`` px.

    ``with_healthy`` adds healthy skin as a class and, ``with_cut_outs``, lesion cut-outs on it. ``dermoscopy`` is
    the folder of the dermoscopic photographs; every eighth of them validates and one tests.
    """
    rows = read_rows(data)
    splits = split_of(rows)
    wanted = not_left_out(row for row in rows if split is None or splits[row.patient] == split)
    bank = _Collector(side)
    clean = []
    for row in wanted:
        photograph = read_photograph(row, side)
        if photograph.inked > INK_LIMIT and row.verdict not in ("no-pen", *PEN_TAKEN_OUT):
            continue
        clean.append(row)
        bank.add(photograph.canonical, photograph.mask, row.condition, row.patient, row.region)
    if with_healthy:
        skins = []
        for row, picture in healthy_skin(clean, side, seed):
            bank.add(picture, np.zeros((side, side), np.uint8), HEALTHY, row.patient, row.region)
            skins.append(picture)
        lesions = [
            each for each in cut_outs(data, side) if splits.get(each[0], "train") == (split or "train")
        ]
        if skins and with_cut_outs:
            joined = on_skin((picture for _, _, picture in lesions), skins)
            for (patient, condition, _), pair in zip(lesions, joined, strict=True):
                if pair is not None:
                    bank.add(*pair, condition, patient)
    if dermoscopy is not None:
        for i, (name, condition, picture) in enumerate(dermoscopic_photographs(dermoscopy, side)):
            if split is None or split_at(i) == split:
                bank.add(picture, None, condition, name)
    return bank.bank()


class _Collector:
    """Pictures of one side, gathered into a bank."""

    def __init__(self, side: int) -> None:
        self._side = side
        self._rows: list[tuple[NDArray[np.uint8], NDArray[np.uint8], bool, int, str, int]] = []

    def add(
        self,
        image: NDArray[np.uint8],
        mask: NDArray[np.uint8] | None,
        condition: str,
        patient: str,
        region: str = "",
    ) -> None:
        known = mask is not None
        shape = mask if mask is not None else np.zeros((self._side, self._side), np.uint8)
        place = REGIONS.index(region) if region else -1
        self._rows.append((image, shape, known, CLASSES.index(condition), patient, place))

    def bank(self) -> Bank:
        images, masks, known, labels, patients, regions = zip(*self._rows, strict=True)
        stacked = np.ascontiguousarray(np.stack(images).transpose(0, 3, 1, 2))
        return Bank(
            stacked, np.stack(masks), np.array(known), np.array(labels), tuple(patients), np.array(regions)
        )

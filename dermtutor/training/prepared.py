"""Training photographs, prepared once and kept in the folder of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from dermtutor.training.bank import Bank, load_bank


def cached_bank(
    data: Path, side: int, folder: Path, dermoscopy: Path | None = None, with_cut_outs: bool = True
) -> Bank:
    """The training photographs at ``side`` px, prepared once and kept in the run's folder."""
    tensors_path, names_path = folder / f"bank-{side}.safetensors", folder / f"bank-{side}.json"
    if tensors_path.is_file() and names_path.is_file():
        held = load_file(tensors_path)
        patients = tuple(json.loads(names_path.read_text(encoding="utf-8")))
        return Bank(
            held["images"],
            held["masks"],
            held["has_mask"].astype(bool),
            held["labels"],
            patients,
            held["regions"],
        )
    bank = load_bank(data, side, "train", dermoscopy=dermoscopy, with_cut_outs=with_cut_outs)
    arrays: dict[str, np.ndarray[Any, np.dtype[Any]]] = {
        "images": bank.images,
        "masks": bank.masks,
        "labels": bank.labels,
        "regions": bank.regions,
        "has_mask": bank.has_mask.astype(np.uint8),
    }
    save_file(arrays, tensors_path)
    names_path.write_text(json.dumps(bank.patients), encoding="utf-8")
    return bank

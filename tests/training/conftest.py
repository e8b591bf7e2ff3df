"""A small made-up collection in the layout of the real one: discs of six colours on skin, with masks."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

DIAGNOSES = ("BCC", "SCC", "ACK", "SEK", "NEV", "MEL")
COLOURS = ((190, 110, 110), (200, 90, 80), (210, 140, 120), (120, 90, 70), (110, 70, 50), (50, 40, 45))


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """96 photographs of 48 patients, two each."""
    folder = tmp_path_factory.mktemp("collection")
    (folder / "images").mkdir()
    (folder / "masks").mkdir()
    rng = np.random.default_rng(0)
    with (folder / "images.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["image", "mask", "patient", "diagnosis"])
        writer.writeheader()
        for number in range(96):
            kind = number // 2 % 6
            name = f"{number:03d}"
            picture, mask = _photograph(rng, COLOURS[kind])
            Image.fromarray(picture).save(folder / "images" / f"{name}.png")
            Image.fromarray(mask).save(folder / "masks" / f"{name}.png")
            writer.writerow(
                {
                    "image": f"images/{name}.png",
                    "mask": f"masks/{name}.png" if number % 8 else "",
                    "patient": f"patient-{number // 2}",
                    "diagnosis": DIAGNOSES[kind],
                }
            )
    return folder


def _photograph(
    rng: np.random.Generator, colour: tuple[int, int, int], side: int = 160
) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[:side, :side]
    centre = side / 2 + rng.normal(0, 6, 2)
    inside = (y - centre[0]) ** 2 + (x - centre[1]) ** 2 < rng.uniform(15, 30) ** 2
    skin = np.array([200, 160, 135]) * rng.uniform(0.8, 1.1) + rng.normal(0, 6, (side, side, 1))
    picture = np.where(inside[..., None], np.array(colour) + rng.normal(0, 9, (side, side, 1)), skin)
    return picture.clip(0, 255).astype(np.uint8), (inside * 255).astype(np.uint8)

"""A folder of made-up photographs with their list, as somebody would bring it along."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

HEADINGS = (
    "file", "condition", "tone", "fitzpatrick", "site", "age", "licence", "credit", "patient", "export",
)  # fmt: skip
LINE = {
    "file": "one.jpg", "condition": "vitiligo", "tone": "8", "licence": "CC BY 4.0", "credit": "A. Author",
}  # fmt: skip


def picture(seed: int = 1, width: int = 96, height: int = 72) -> Image.Image:
    """Brownish skin with a paler disc somewhere."""
    draw = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width]
    pixels = np.full((height, width, 3), (146, 98, 70)) + draw.integers(-6, 7, (height, width, 3))
    pixels[np.hypot(rows - draw.integers(20, 50), columns - draw.integers(20, 70)) < 12] = (228, 206, 190)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def write_list(folder: Path, lines: Sequence[Mapping[str, str]], headings: Sequence[str] = HEADINGS) -> Path:
    path = folder / "photographs.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, headings, restval="")
        table.writeheader()
        table.writerows(lines)
    return path


def make_folder(folder: Path, lines: Sequence[Mapping[str, str]]) -> Path:
    """The folder with a sound photograph for every line."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, line in enumerate(lines):
        picture(number + 1).save(folder / line["file"])
    write_list(folder, lines)
    return folder

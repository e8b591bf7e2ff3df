"""What ``dermtutor bench --transfer`` measures: time on large photographs, the preview, and what must not change."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from typing import Final

import numpy as np
from PIL import Image

from dermtutor.cli.cases import wanted_spec
from dermtutor.cli.measures import Times
from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.transfer import TransferPlan
from dermtutor.services.photographs import PhotographFile
from dermtutor.services.ports import CaseGenerator, Progress
from dermtutor.services.transfer import Transfer, Transferred
from dermtutor.skin.scales import MonkTone

PHOTOGRAPH: Final = (4000, 3000)
"""Width and height of a photograph of 12 megapixels."""
SCREEN: Final = (1100, 825)
CONDITIONS: Final = (
    "melanoma", "basal-cell-carcinoma", "plaque-psoriasis", "vitiligo", "urticaria", "acne", "herpes-zoster",
    "tinea-corporis",
)  # fmt: skip
_SIZE: Final = 0.4


def transfer(
    catalogue: Catalogue, generator: CaseGenerator, case: Transfer, progress: Progress
) -> dict[str, object]:
    """Figures over eight conditions on generated healthy skin, enlarged to 12 megapixels."""
    skin = _photograph(catalogue, generator, MonkTone(4))
    case.engine.measure(skin)
    full, shown, worst, outside = [], [], 0, 0
    for number, condition in enumerate(CONDITIONS):
        begun = time.perf_counter()
        made = _render(case, skin, condition, 0.5)
        full.append(time.perf_counter() - begun)
        outside = max(outside, made.outside_max_difference)
        worst = max(worst, made.changed_pixels)
        progress((number + 0.7) / len(CONDITIONS))
        shown.extend(_moves(case, skin, condition))
        progress((number + 1) / len(CONDITIONS))
    return {
        "megapixels": round(skin.width * skin.height / 1e6, 1),
        "full_resolution": Times(tuple(full)).facts(),
        "preview_while_moving": Times(tuple(shown)).facts(),
        "outside_max_difference": outside,
        "most_pixels_changed": worst,
    }


def _moves(case: Transfer, skin: PhotographFile, condition: str) -> list[float]:
    """Times of the preview at screen size while a lesion is moved; the first, which draws it, is left out."""
    small = Image.fromarray(skin.pixels).resize(SCREEN, Image.Resampling.BOX)
    screen = PhotographFile(skin.sha, np.array(small))
    spent = []
    for step in range(5):
        begun = time.perf_counter()
        _render(case, screen, condition, 0.4 + 0.04 * step)
        spent.append(time.perf_counter() - begun)
    return spent[1:]


def _render(case: Transfer, photograph: PhotographFile, condition: str, x: float) -> Transferred:
    lesion = replace(case.placement(condition, 3), x=x, size=_SIZE, rotation=20.0)
    permitted = Photograph(photograph.sha, "made here, to measure with")
    plan = TransferPlan(permitted, photograph.width, photograph.height, (lesion,))
    return case.render(photograph, plan)


def _photograph(catalogue: Catalogue, generator: CaseGenerator, tone: MonkTone) -> PhotographFile:
    spec = wanted_spec(
        catalogue, generator, "healthy-skin", tone, seed=3, site="unspecified", severity=0.5, size=1024
    )
    image = generator.generate(spec).image
    enlarged = np.array(Image.fromarray(image).resize(PHOTOGRAPH, Image.Resampling.BICUBIC))
    return PhotographFile(hashlib.sha256(enlarged.tobytes()).hexdigest(), enlarged)

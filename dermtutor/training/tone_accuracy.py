"""How exactly learned cases have the tone that was asked for, and whether the lesion stays the same on every tone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.generation.generator import TONE_TOLERANCE, Generator
from dermtutor.paths import assets_dir
from dermtutor.skin.colour import delta_e_2000, srgb_to_lab
from dermtutor.skin.measure import healthy_skin
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import photographed_tone

_LIGHT_AND_DARK = (MonkTone(3), MonkTone(9))


def tone_figures(weights_dir: Path, conditions: tuple[str, ...], cases: int) -> dict[str, Any]:
    """Over ``cases`` random cases: error of the ITA in degrees and colour difference of the skin, in all and by tone;
    and over the first twins, how far the lesion's mask agrees from tone to tone."""
    generator = Generator(weights_dir, assets_dir() / "recipes", device="cpu")
    rng = np.random.default_rng(0)
    tones, errors, colours, flagged, agreements = [], [], [], 0, []
    for i in range(cases):
        tone = MonkTone(i % 10 + 1)
        condition = conditions[int(rng.integers(len(conditions)))]
        spec = CaseSpec(condition, tone, int(rng.integers(2**31)), Source.LEARNED)
        case = generator.generate(spec)
        tones.append(tone.value)
        errors.append(abs(case.measured_ita - case.requested_ita))
        colours.append(_colour_difference(case.image, case.mask, tone))
        flagged += not case.checks.passed
        if i < cases // 10:
            light, dark = generator.twins(spec, _LIGHT_AND_DARK)
            agreements.append(_agreement(light.mask, dark.mask))
    found, differences, at = np.array(errors), np.array(colours), np.array(tones)
    return {
        "cases": cases,
        "median": float(np.median(found)),
        "percentile_95": float(np.quantile(found, 0.95)),
        "within_tolerance": float((found <= TONE_TOLERANCE).mean()),
        "flagged": flagged / cases,
        "delta_e_median": float(np.median(differences)),
        "delta_e_percentile_95": float(np.quantile(differences, 0.95)),
        "mask_iou_of_twins": float(np.mean(agreements)),
        "by_tone": {
            str(tone): {
                "ita_error_median": float(np.median(found[at == tone])),
                "ita_error_highest": float(found[at == tone].max()),
                "delta_e_median": float(np.median(differences[at == tone])),
            }
            for tone in sorted(set(tones))
        },
    }


def _colour_difference(image: NDArray[np.uint8], mask: NDArray[np.uint8], tone: MonkTone) -> float:
    """CIEDE2000 between the median colour of the healthy skin and the photographed colour of the requested tone.

    100, as far apart as black and white, where the lesion leaves no skin.
    """
    skin = image[healthy_skin(image, mask)]
    if not len(skin):
        return 100.0
    wanted = np.array(photographed_tone(tone).srgb) / 255
    return float(delta_e_2000(srgb_to_lab(np.median(skin, axis=0) / 255), srgb_to_lab(wanted)))


def _agreement(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    either = ((a > 127) | (b > 127)).sum()
    return float(((a > 127) & (b > 127)).sum() / either) if either else 1.0

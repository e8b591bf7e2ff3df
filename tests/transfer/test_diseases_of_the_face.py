"""Diseases of the face on portraits: nothing outside the mask, eyes and lips left alone, on every tone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageFilter

from dermtutor.bootstrap import open_catalogue
from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.transfer import Region, RegionKind, TransferPlan
from dermtutor.errors import UserError
from dermtutor.generation.faces import FaceFinder, FaceRecipes, FaceRegions, face_regions
from dermtutor.generation.generator import Generator
from dermtutor.generation.transfer.engine import TransferStudio
from dermtutor.generation.transfer.on_face import FaceDiseases
from dermtutor.generation.weights import FACES
from dermtutor.paths import assets_dir, weights_dir
from dermtutor.services.photographs import PhotographFile
from dermtutor.services.transfer import Transfer, Transferred
from dermtutor.skin.scales import MonkTone
from tests.transfer.pictures import photograph, skin_photograph

FACE = Region(RegionKind.FACE)
RECIPES = FaceRecipes(assets_dir() / "faces")
FINDER = FaceFinder(weights_dir() / FACES)


def read(pixels: np.ndarray) -> FaceRegions:
    return face_regions(pixels, FINDER)


def portrait() -> PhotographFile:
    with Image.open(assets_dir() / "examples" / "portrait-collins.jpg") as opened:
        return photograph(np.asarray(opened.convert("RGB")))


PORTRAIT = portrait()


@pytest.fixture(scope="module")
def studio(generator: Generator) -> TransferStudio:
    return TransferStudio(generator, FaceDiseases(read, RECIPES))


@pytest.fixture(scope="module")
def faces(studio: TransferStudio) -> Transfer:
    return Transfer(open_catalogue(), lambda: studio)


def on_face(
    faces: Transfer, condition: str, pattern: str = "", severity: float = 1.0, tone: MonkTone | None = None
) -> Transferred:
    placement = replace(faces.placement(condition, 3, region=FACE, pattern=pattern), severity=severity)
    plan = TransferPlan(
        Photograph(PORTRAIT.sha, "public domain"), PORTRAIT.width, PORTRAIT.height, (placement,), tone
    )
    return faces.render(PORTRAIT, plan)


@pytest.mark.parametrize("condition", sorted(RECIPES))
def test_outside_the_mask_every_pixel_is_the_portrait_s_own(faces: Transfer, condition: str) -> None:
    made = on_face(faces, condition)
    outside = made.mask == 0
    assert np.array_equal(made.image[outside], PORTRAIT.pixels[outside])
    assert (made.mask > 127).any()
    everywhere = read(PORTRAIT.pixels)
    spared = everywhere.on_photograph(everywhere.spared) > 0.999
    # Where the masks end they are resampled; a pixel further in nothing is changed.
    inner = np.asarray(Image.fromarray(spared).convert("L").filter(ImageFilter.MinFilter(3))) > 0
    for upper, lower in ((159, 145), (386, 374), (13, 14)):
        x, y = everywhere.landmarks[[upper, lower], :2].mean(axis=0).round().astype(int)
        assert inner[y, x]
    assert np.array_equal(made.image[inner], PORTRAIT.pixels[inner])


@pytest.mark.parametrize("tone", [1, 4, 7, 10])
@pytest.mark.parametrize(
    ("condition", "pattern", "region"),
    [
        ("rosacea", "erythematotelangiectatic", "nose"),
        ("acute-cutaneous-lupus", "malar", "malar"),
        ("melasma", "malar", "malar"),
        ("perioral-dermatitis", "perioral", "perioral"),
    ],
)
def test_redness_and_pigment_darken_every_tone_in_their_own_colour(
    faces: Transfer, condition: str, pattern: str, region: str, tone: int
) -> None:
    made = on_face(faces, condition, pattern, tone=MonkTone(tone))
    inside = (read(PORTRAIT.pixels).mask([region]) > 0.8) & (made.mask > 100)  # type: ignore[list-item]
    before, after = (each[inside].astype(float).mean(axis=0) for each in (made.source, made.image))
    assert (after < before).all()
    density = np.log(before / after)
    if condition == "melasma":
        assert density[2] > density[0] > 0.1 * density[2]
    else:
        assert density[1] > 1.15 * density[0]


def test_a_higher_grade_changes_more(faces: Transfer) -> None:
    changed = [
        np.abs(
            on_face(faces, "rosacea", "papulopustular", grade / 4).image.astype(int) - PORTRAIT.pixels
        ).sum()
        for grade in range(5)
    ]
    assert changed[0] == 0
    assert changed == sorted(changed)


def test_a_photograph_without_a_face_is_refused_in_one_sentence(faces: Transfer) -> None:
    skin = photograph(skin_photograph())
    placement = faces.placement("rosacea", 3, region=FACE)
    plan = TransferPlan(Photograph(skin.sha, "she agreed"), skin.width, skin.height, (placement,))
    with pytest.raises(UserError, match="No face was found"):
        faces.render(skin, plan)


def test_the_person_on_another_tone_keeps_eyes_and_teeth(faces: Transfer) -> None:
    made = on_face(faces, "rosacea", severity=0.0, tone=MonkTone(9))
    face = read(PORTRAIT.pixels)
    for left, right in ((159, 145), (13, 14)):
        x, y = face.landmarks[[left, right], :2].mean(axis=0).round().astype(int)
        assert np.array_equal(made.source[y, x], PORTRAIT.pixels[y, x])
    x, y = face.landmarks[50, :2].round().astype(int)
    assert made.source[y, x].mean() < 0.6 * PORTRAIT.pixels[y, x].mean()

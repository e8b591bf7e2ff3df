"""Diseases of the face on the shipped portraits: where anatomy has them, and the person on another tone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dermtutor.bootstrap import open_catalogue, open_generator, open_transfer
from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.transfer import Region, RegionKind, TransferPlan
from dermtutor.errors import UserError
from dermtutor.paths import assets_dir
from dermtutor.services.photographs import PhotographFile, read_photograph
from dermtutor.services.transfer import Transfer, Transferred
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import requested_ita
from tests.transfer.pictures import photograph, skin_photograph

FACE = Region(RegionKind.FACE)


@pytest.fixture(scope="module")
def on_faces() -> Transfer:
    return open_transfer(open_catalogue(), open_generator("cpu"))


@pytest.fixture(scope="module")
def portrait() -> PhotographFile:
    return read_photograph(assets_dir() / "examples" / "portrait-collins.jpg")


def rendered(
    transfer: Transfer,
    photo: PhotographFile,
    condition: str,
    region: Region = FACE,
    pattern: str = "",
    tone: MonkTone | None = None,
) -> Transferred:
    placement = transfer.placed(photo, transfer.placement(condition, 3, region, pattern))
    plan = TransferPlan(
        Photograph(photo.sha, "public domain", face=True),
        photo.width,
        photo.height,
        (replace(placement, severity=0.9),),
        tone,
    )
    return transfer.render(photo, plan)


def test_rosacea_reddens_the_middle_of_the_face_and_nothing_else(
    on_faces: Transfer, portrait: PhotographFile
) -> None:
    made = rendered(on_faces, portrait, "rosacea")
    assert made.outside_max_difference == 0
    rows, columns = np.nonzero(made.mask > 127)
    assert 75 < rows.min() < rows.max() < 190, "from the glabella to the chin"
    assert 180 < columns.min() < columns.max() < 280
    change = made.image.astype(int) - portrait.pixels
    assert change[made.mask > 127][:, 1].mean() < -15, "less green light: redder"


@pytest.mark.parametrize(
    "condition",
    ["acne", "melasma", "seborrhoeic-dermatitis", "perioral-dermatitis", "acute-cutaneous-lupus"],
)
def test_every_disease_of_the_face_is_drawn(
    on_faces: Transfer, portrait: PhotographFile, condition: str
) -> None:
    assert condition in [each.id for each in on_faces.conditions()]
    made = rendered(on_faces, portrait, condition)
    assert made.changed_pixels > 300
    assert made.outside_max_difference == 0


def test_a_preview_and_the_whole_lie_in_the_same_place(on_faces: Transfer, portrait: PhotographFile) -> None:
    doubled = PhotographFile("d" * 64, portrait.pixels.repeat(2, axis=0).repeat(2, axis=1))
    small, large = rendered(on_faces, portrait, "melasma"), rendered(on_faces, doubled, "melasma")
    inside, again = small.mask > 127, large.mask[::2, ::2] > 127
    assert np.count_nonzero(inside & again) / np.count_nonzero(inside | again) > 0.7


def test_a_region_of_the_face_holds_any_disease(on_faces: Transfer, portrait: PhotographFile) -> None:
    made = rendered(on_faces, portrait, "vitiligo", Region(RegionKind.FACE, parts=("forehead",)))
    rows = np.nonzero(made.mask > 0)[0]
    assert rows.size
    assert rows.max() < 110


def test_what_anatomy_does_not_allow_is_refused(on_faces: Transfer, portrait: PhotographFile) -> None:
    with pytest.raises(UserError, match="only drawn on faces"):
        on_faces.placement("perioral-dermatitis", 3)
    with pytest.raises(UserError, match="papulopustular"):
        on_faces.placement("rosacea", 3, FACE, "phymatous")
    with pytest.raises(UserError, match="face"):
        rendered(on_faces, photograph(skin_photograph()), "rosacea")
    with pytest.raises(UserError, match="cheeks"):
        rendered(on_faces, portrait, "vitiligo", Region(RegionKind.FACE, parts=("knee",)))


@pytest.mark.parametrize("tone", [MonkTone(2), MonkTone(8)], ids=str)
def test_this_person_on_another_tone(on_faces: Transfer, portrait: PhotographFile, tone: MonkTone) -> None:
    made = rendered(on_faces, portrait, "rosacea", tone=tone)
    assert made.tone.ita == pytest.approx(requested_ita(tone), abs=4)
    unchanged = (made.source == portrait.pixels).all(axis=-1)
    assert unchanged[:60].all(), "hair and wall stay"
    assert unchanged[300:].mean() > 0.97, "so does the suit"
    assert not unchanged[150, 225], "the cheek does not"

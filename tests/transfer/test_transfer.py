"""Lesions on photographs: nothing outside the mask, everything decided by the plan, light and tone respected."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.cases import Source
from dermtutor.domain.transfer import Region, RegionKind, Stroke, TransferPlan
from dermtutor.errors import UserError
from dermtutor.generation.generator import Generator
from dermtutor.generation.transfer.engine import TransferStudio
from dermtutor.services.encoding import DIGITAL_SOURCE_TYPES
from dermtutor.services.photographs import PhotographFile
from dermtutor.services.ports import Cancelled
from dermtutor.services.transfer import Transfer, Transferred, spec_of
from dermtutor.skin.scales import MonkTone
from tests.provenance import read_provenance
from tests.transfer.pictures import photograph, skin_photograph

LIGHT_SKIN = photograph(skin_photograph())
DARK_SKIN = photograph(skin_photograph(srgb=(88, 59, 42)))


def plan_for(
    transfer: Transfer, photo: PhotographFile, *conditions: str, tone: MonkTone | None = None, **place: Any
) -> TransferPlan:
    spot = {"x": 0.4, "y": 0.5, "size": 0.7} | place
    placements = tuple(
        replace(transfer.placement(condition, 5 + number), **spot)
        for number, condition in enumerate(conditions)
    )
    return TransferPlan(Photograph(photo.sha, "she agreed"), photo.width, photo.height, placements, tone)


def rendered(transfer: Transfer, photo: PhotographFile, *conditions: str, **place: Any) -> Transferred:
    return transfer.render(photo, plan_for(transfer, photo, *conditions, **place))


@pytest.mark.parametrize("condition", ["melanoma", "plaque-psoriasis", "vitiligo", "urticaria", "impetigo"])
@pytest.mark.parametrize("photo", [LIGHT_SKIN, DARK_SKIN], ids=["light", "dark"])
def test_outside_the_mask_every_pixel_is_the_photograph_s_own(
    transfer: Transfer, condition: str, photo: PhotographFile
) -> None:
    made = rendered(transfer, photo, condition, rotation=33.0, mirrored=True)
    outside = made.mask == 0
    assert np.array_equal(made.image[outside], photo.pixels[outside])
    assert made.outside_max_difference == 0
    assert made.changed_pixels > 500
    assert (made.mask > 127).any()


def test_there_is_no_seam_where_a_lesion_ends(transfer: Transfer) -> None:
    for condition in ("melanoma", "basal-cell-carcinoma", "plaque-psoriasis", "erythema-migrans"):
        made = rendered(transfer, LIGHT_SKIN, condition)
        inside = made.mask > 0
        edge = inside & ~_eroded(inside)
        change = np.abs(made.image.astype(int) - LIGHT_SKIN.pixels)[edge]
        assert change.size == 0 or np.percentile(change, 95) <= 6, condition


def _eroded(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    padded = np.pad(mask, 1, constant_values=True)
    return padded[1:-1, 1:-1] & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]


def test_the_same_plan_makes_the_same_image(transfer: Transfer, generator: Generator) -> None:
    plan = plan_for(transfer, LIGHT_SKIN, "melanoma", "acne", rotation=15.0)
    first = transfer.render(LIGHT_SKIN, plan)
    again = TransferStudio(generator).render(LIGHT_SKIN, TransferPlan.from_json(plan.canonical_json()), {})
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.mask, again.mask)


def test_moving_the_last_lesion_gives_what_a_fresh_start_gives(
    transfer: Transfer, generator: Generator
) -> None:
    plan = plan_for(transfer, LIGHT_SKIN, "melanoma", "vitiligo")
    transfer.render(LIGHT_SKIN, plan)
    moved = replace(plan, placements=(plan.placements[0], replace(plan.placements[1], x=0.3)))
    kept = transfer.render(LIGHT_SKIN, moved)
    fresh = TransferStudio(generator).render(LIGHT_SKIN, moved, {})
    assert np.array_equal(kept.image, fresh.image)


def test_a_lesion_ends_where_the_skin_ends(transfer: Transfer) -> None:
    made = rendered(transfer, LIGHT_SKIN, "vitiligo", x=0.75, size=0.9)
    assert made.changed_pixels > 100
    wall = made.image[:, 270:]
    assert np.array_equal(wall, LIGHT_SKIN.pixels[:, 270:])


def test_a_brushed_region_holds_the_lesion(transfer: Transfer) -> None:
    strokes = (Stroke(0.1, ((0.2, 0.5), (0.3, 0.5))),)
    made = rendered(
        transfer, LIGHT_SKIN, "erythema-migrans", region=Region(RegionKind.STROKES, strokes=strokes)
    )
    rows, columns = np.nonzero(made.mask)
    assert rows.size
    assert columns.max() <= 0.3 * 320 + 0.1 * 240 + 2
    assert columns.min() >= 0.2 * 320 - 0.1 * 240 - 2


def test_a_mask_must_have_the_photograph_s_size(transfer: Transfer) -> None:
    region = Region(RegionKind.MASK, mask_sha="m")
    plan = plan_for(transfer, LIGHT_SKIN, "melanoma", region=region)
    with pytest.raises(UserError, match="240"):
        transfer.render(LIGHT_SKIN, plan, {"m": np.full((10, 10), 255, np.uint8)})
    with pytest.raises(UserError, match="missing"):
        transfer.render(LIGHT_SKIN, plan)


def test_a_region_beside_the_photograph_is_refused(transfer: Transfer) -> None:
    region = Region(RegionKind.RECTANGLE, box=(1.2, 0.1, 0.3, 0.3))
    with pytest.raises(UserError, match="region"):
        rendered(transfer, LIGHT_SKIN, "melanoma", region=region)


def test_shine_on_the_skin_stays_on_top(transfer: Transfer) -> None:
    made = rendered(transfer, DARK_SKIN, "melanocytic-naevus", x=0.14, y=0.1, size=0.7)
    inside = made.mask[20:24, 30:60] > 200
    if inside.any():
        assert made.image[20:24, 30:60][inside].mean() > 150


def test_redness_shows_less_on_dark_skin(transfer: Transfer) -> None:
    def change(photo: PhotographFile) -> float:
        made = rendered(transfer, photo, "erythema-migrans")
        return float(np.abs(made.image.astype(int) - photo.pixels)[made.mask > 127].mean())

    assert change(DARK_SKIN) < 0.7 * change(LIGHT_SKIN)


def test_relief_is_lit_as_the_photograph_is(transfer: Transfer) -> None:
    """The same patch lit from the other side: the lit flank of a nodule changes sides with it."""

    def lit_side(photo: PhotographFile) -> float:
        made = rendered(transfer, photo, "keloid", rotation=0.0)
        gain = made.image.astype(float).mean(axis=-1) - photo.pixels.astype(float).mean(axis=-1)
        inside = made.mask > 127
        columns = np.nonzero(inside)[1]
        across = np.broadcast_to(np.arange(inside.shape[1]), inside.shape)
        middle = np.median(columns)
        return float(gain[inside & (across < middle)].mean() - gain[inside & (across >= middle)].mean())

    plain = skin_photograph(wall=False)
    from_left = photograph(plain)
    from_right = photograph(np.ascontiguousarray(plain[:, ::-1]))
    assert lit_side(from_left) > lit_side(from_right)


def test_the_person_on_another_tone_is_a_step_of_its_own(transfer: Transfer) -> None:
    own = rendered(transfer, LIGHT_SKIN, "melanoma")
    retoned = rendered(transfer, LIGHT_SKIN, "melanoma", tone=MonkTone(8))
    assert own.tone.nearest < retoned.tone.nearest
    assert abs(retoned.tone.ita - -22) < 8
    assert np.array_equal(retoned.source[:, 290:], LIGHT_SKIN.pixels[:, 290:]), "the wall is no skin"
    assert retoned.outside_max_difference == 0
    bare = transfer.render(LIGHT_SKIN, plan_for(transfer, LIGHT_SKIN, tone=MonkTone(8)))
    assert np.array_equal(bare.image, retoned.source)
    assert not bare.mask.any()
    assert spec_of(bare).condition == "healthy-skin"


def test_the_tone_is_measured_with_its_spread(transfer: Transfer) -> None:
    light, dark = transfer.engine.measure(LIGHT_SKIN), transfer.engine.measure(DARK_SKIN)
    assert light.ita > dark.ita
    assert light.ita_low <= light.ita <= light.ita_high
    assert 0.6 < light.skin_share < 0.85, "the wall is left out"
    assert "Monk" in light.in_words
    assert "Light and camera" in light.in_words


def test_the_best_place_lies_on_skin(transfer: Transfer) -> None:
    x, y, side = transfer.engine.best_place(LIGHT_SKIN)
    assert 0.2 < x < 0.7
    assert 0.2 < y < 0.8
    assert side > 0.5


def test_files_say_what_they_are_and_hold_no_metadata(transfer: Transfer) -> None:
    made = rendered(transfer, LIGHT_SKIN, "melanoma", "vitiligo")
    files = transfer.encoded(made)
    said = read_provenance(files.png)
    assert said["DigitalSourceType"] == DIGITAL_SOURCE_TYPES[Source.TRANSFER]
    assert said["PhotographSHA256"] == LIGHT_SKIN.sha
    assert said["Permission"] == "she agreed"
    assert TransferPlan.from_json(said["Plan"]) == made.plan


def test_the_case_s_origin_is_its_plan(transfer: Transfer) -> None:
    made = rendered(transfer, LIGHT_SKIN, "melanoma")
    kept: dict[str, bytes] = {}

    def keep(content: bytes) -> str:
        sha = hashlib.sha256(content).hexdigest()
        kept[sha] = content
        return sha

    record, photo = transfer.case(made, keep, datetime(2026, 1, 1, tzinfo=UTC))
    assert record.spec.source is Source.TRANSFER
    assert record.spec.origin == made.plan.plan_id
    assert {record.image_sha, record.mask_sha} == set(kept)
    assert photo.permission == "she agreed"
    assert photo.sha == LIGHT_SKIN.sha


def test_what_cannot_be_made_is_refused_in_one_sentence(transfer: Transfer) -> None:
    plan = plan_for(transfer, LIGHT_SKIN, "melanoma")
    with pytest.raises(UserError, match="another photograph"):
        transfer.render(DARK_SKIN, plan)
    with pytest.raises(UserError, match="permits"):
        transfer.render(LIGHT_SKIN, replace(plan, photograph=Photograph(LIGHT_SKIN.sha, "  ")))
    with pytest.raises(UserError, match="Nothing is placed"):
        transfer.render(LIGHT_SKIN, replace(plan, placements=()))
    older = replace(plan.placements[0], weights_version="older")
    with pytest.raises(UserError, match="no longer installed"):
        transfer.render(LIGHT_SKIN, replace(plan, placements=(older,)))
    drawn = plan_for(transfer, LIGHT_SKIN, "vitiligo")
    changed = replace(drawn.placements[0], recipe_version="0")
    with pytest.raises(UserError, match="recipe"):
        transfer.render(LIGHT_SKIN, replace(drawn, placements=(changed,)))
    with pytest.raises(UserError, match="face"):
        rendered(transfer, LIGHT_SKIN, "rosacea", region=Region(RegionKind.FACE))


def test_it_stops_when_asked(transfer: Transfer) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(Cancelled):
        transfer.render(LIGHT_SKIN, plan_for(transfer, LIGHT_SKIN, "melanoma"), cancel=stop)

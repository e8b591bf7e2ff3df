"""Photographs in canonical tone, without ink, split by patient."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import interpolate

from dermtutor.errors import UserError
from dermtutor.skin.tones import CANONICAL_SRGB
from dermtutor.training.bank import load_bank
from dermtutor.training.ink import ink_share
from dermtutor.training.photographs import (
    CLASSES,
    CONDITION_OF_DIAGNOSIS,
    HEALTHY,
    canonicalise,
    read_rows,
    split_of,
)
from dermtutor.training.quilting import quilt
from dermtutor.training.sampling import GROUP, Draw, Sampler, lesion_geometry


def test_no_patient_is_in_two_splits_and_every_split_has_every_condition(photographs: Path) -> None:
    rows = read_rows(photographs)
    splits = split_of(rows)
    assert set(splits) == {row.patient for row in rows}
    for split in ("train", "validation", "test"):
        assert {row.condition for row in rows if splits[row.patient] == split} == set(
            CONDITION_OF_DIAGNOSIS.values()
        )


def test_split_does_not_depend_on_the_order_of_rows(photographs: Path) -> None:
    rows = read_rows(photographs)
    assert split_of(rows) == split_of(tuple(reversed(rows)))


@given(st.tuples(*[st.integers(70, 240)] * 3))
def test_canonical_skin_has_the_canonical_colour_whatever_the_light(skin: tuple[int, int, int]) -> None:
    picture = np.full((32, 32, 3), skin, np.uint8)
    picture[12:20, 12:20] //= 2
    outside = np.ones((32, 32), bool)
    outside[12:20, 12:20] = False
    canonical = canonicalise(picture, outside)
    if skin[2] <= skin[0]:  # bluer skin than this counts as ink and is not skin
        assert np.abs(np.median(canonical[outside], axis=0) - CANONICAL_SRGB).max() <= 1


def test_a_pen_ring_is_ink_and_a_dark_lesion_is_not() -> None:
    skin = np.full((128, 128, 3), CANONICAL_SRGB, np.uint8)
    y, x = np.mgrid[:128, :128] - 64
    radius = np.hypot(y, x)
    naevus = skin.copy()
    naevus[radius < 25] = (60, 45, 50)
    ringed = naevus.copy()
    ringed[np.abs(radius - 45) < 1.5] = (90, 70, 150)
    assert ink_share(naevus) == 0
    assert ink_share(ringed) > 0.02


def test_bank_has_masks_where_known_and_healthy_skin(photographs: Path) -> None:
    bank = load_bank(photographs, 160, "train")
    assert bank.images.shape == (len(bank), 3, 160, 160)
    healthy = bank.labels == CLASSES.index(HEALTHY)
    assert healthy.sum() >= 5
    assert not bank.masks[healthy].any()
    assert bank.masks[~healthy & bank.has_mask].any((1, 2)).all()
    assert not bank.masks[~bank.has_mask].any()


def test_a_folder_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"images\.csv"):
        read_rows(tmp_path)


def test_quilted_texture_keeps_the_values_of_its_source() -> None:
    rng = np.random.default_rng(1)
    source = rng.normal(0, 1, (60, 60, 3)).astype(np.float32)
    sewn = quilt(source, 130, rng)
    assert sewn.shape == (130, 130, 3)
    assert set(np.unique(sewn[..., 0])) <= set(np.unique(source[..., 0]))


def test_batches_are_grouped_by_class_and_follow_their_generator(photographs: Path) -> None:
    bank = load_bank(photographs, 160, "train")
    first, second = (Sampler(bank, 64, torch.Generator().manual_seed(3)).batch(16) for _ in range(2))
    assert torch.equal(first.images, second.images)
    assert first.images.shape == (16, 3, 64, 64)
    groups = first.labels.reshape(-1, GROUP)
    assert (groups == groups[:, :1]).all()


def test_a_view_shows_the_photograph_and_its_mask_in_the_same_way(photographs: Path) -> None:
    bank = load_bank(photographs, 160, "train")
    sampler = Sampler(bank, 123, torch.Generator())
    rows = torch.tensor([3, 3, 3])
    whole = torch.tensor([[1.0, 0, 0], [0, 1, 0]])
    mirrored = torch.tensor([[-1.0, 0, 0], [0, 1, 0]])
    corner = torch.tensor([[0.77, 0, -0.23], [0, 0.77, -0.23]])
    seen = sampler.shown(Draw(rows, torch.stack([whole, mirrored, corner])))
    for maps, source in ((seen.images, bank.images[3] / 127.5 - 1), (seen.masks, bank.masks[3][None] / 255)):
        assert torch.allclose(maps[1], maps[0].flip(2), atol=1e-3)
        expected = torch.from_numpy(source).float()
        small = interpolate(expected[None], (123, 123), mode="bilinear", antialias=True)[0]
        assert (maps[0] - small).abs().mean() < 0.03
        assert (maps[2] - expected[:, :123, :123]).abs().mean() < 0.03


@pytest.mark.parametrize("smallest", [0.77, 0.9, 1.0])
def test_no_crop_is_smaller_than_the_smallest(photographs: Path, smallest: float) -> None:
    sampler = Sampler(load_bank(photographs, 160, "train"), 64, torch.Generator(), smallest_crop=smallest)
    reach = sampler.draw(64).views[:, :, :2].abs().amax((1, 2))
    assert (reach >= smallest - 1e-6).all()
    assert (reach <= 1).all()
    assert reach.std() >= (1 - smallest) / 5


def test_shares_of_body_regions_are_those_of_the_photographs(photographs: Path) -> None:
    bank = load_bank(photographs, 160, "train")
    assert Sampler(bank, 64, torch.Generator()).region_shares() == {}
    regions = np.full(len(bank), -1)
    regions[np.flatnonzero(bank.labels == CLASSES.index("melanoma"))[:2]] = [1, 3]
    shares = Sampler(replace(bank, regions=regions), 64, torch.Generator()).region_shares()
    share = 1 / (bank.labels == CLASSES.index("melanoma")).sum()
    assert shares == {"melanoma": pytest.approx((0, share, 0, share), abs=1e-4)}


def test_geometry_is_size_and_place_of_the_mask() -> None:
    masks = torch.zeros(3, 1, 64, 64)
    masks[0, 0, 10:20, 44:54] = 1
    masks[1, 0, 27:37, 27:37] = 1
    known = torch.tensor([True, True, True])
    far, middle, empty = lesion_geometry(masks, known)
    assert far[0] == 1
    assert far[2] > 0.8
    assert far[3] < -0.8
    assert middle[2:].abs().max() < 0.1
    assert far[1] == pytest.approx(middle[1].item())
    assert not empty.any()

"""Straight lines of rows and columns go; borders, slanting hair, specks and texture stay."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.generation.unlined import without_lines

SIDE = 256


def skin(seed: int = 0, grain: float = 0.05) -> torch.Tensor:
    noise = torch.randn(3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))
    return torch.tensor([0.6, 0.3, 0.1])[:, None, None] + grain * noise


@given(st.integers(4, SIDE - 5), st.sampled_from([-0.15, 0.1, 0.2]), st.integers(1, 2), st.booleans())
def test_a_straight_line_goes(place: int, strength: float, width: int, upright: bool) -> None:
    plain = skin(place)
    lined = plain.clone()
    lined[:, place : place + width, 40:200] += strength
    if upright:
        plain, lined = plain.transpose(1, 2), lined.transpose(1, 2)
    cleaned = without_lines(lined)
    if upright:
        plain, cleaned = plain.transpose(1, 2), cleaned.transpose(1, 2)
    left = (cleaned - plain)[:, place : place + width, 60:180].mean()
    assert abs(float(left)) < 0.3 * abs(strength)


@pytest.mark.parametrize("seed", range(4))
def test_skin_without_lines_stays_nearly_as_it_is(seed: int) -> None:
    picture = skin(seed)
    changed = (without_lines(picture) - picture).abs()
    assert float(changed.mean()) < 1 / 255
    assert float(changed.max()) < 8 / 255


def test_the_border_of_a_lesion_stays() -> None:
    picture = skin(grain=0.02)
    picture[:, 100:180, 60:200] -= 0.5
    changed = (without_lines(picture) - picture).abs()
    assert float(changed.max()) < 4 / 255


def test_slanting_hair_and_specks_stay() -> None:
    picture = skin(grain=0.02)
    along = torch.arange(200)
    picture[:, 20 + along, 20 + along // 2] -= 0.4
    picture[:, 120, 128:132] += 0.8
    changed = (without_lines(picture) - picture).abs()
    assert float(changed[:, 20 + along, 20 + along // 2].max()) < 0.03
    assert float(changed[:, 120, 128:132].max()) < 0.03


def test_even_skin_stays_exactly() -> None:
    picture = torch.full((3, 64, 64), 0.4)
    assert torch.equal(without_lines(picture), picture)

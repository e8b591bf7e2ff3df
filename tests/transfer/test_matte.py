"""Where skin ends: a pixel of an edge is a mixture, and its share of skin is found again."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dermtutor.generation.transfer.matte import Matte
from dermtutor.skin.colour import bytes_to_linear, linear_to_bytes

SKIN = np.array((205, 160, 135), np.uint8)
SIDE = 160
NEVER = np.zeros((SIDE, SIDE), np.float32)
BOX = (0.0, 0.0, float(SIDE), float(SIDE))


def edge(behind: tuple[int, int, int], blurred: float) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Skin on the left that turns into something else, and the share of skin in the light, (n, n)."""
    away = np.arange(SIDE, dtype=np.float32)[None] - 79.5 + 3 * np.sin(np.arange(SIDE)[:, None] / 9)
    of_skin = np.clip(0.5 - away / (2 * blurred), 0, 1)[..., None]
    of_skin = np.broadcast_to(of_skin, (SIDE, SIDE, 1))
    light = bytes_to_linear(SKIN) * of_skin
    both = light + bytes_to_linear(np.array(behind, np.uint8)) * (1 - of_skin)
    return linear_to_bytes(both), (light.mean(-1) / both.mean(-1)).astype(np.float32)


@pytest.mark.parametrize("behind", [(35, 28, 24), (240, 240, 244), (90, 140, 205), (150, 40, 40)])
@pytest.mark.parametrize("missed", [-3, 0, 4])
def test_an_edge_is_found_where_it_is_and_as_soft_as_it_is(behind: tuple[int, int, int], missed: int) -> None:
    picture, share = edge(behind, blurred=2.0)
    taken = np.roll(share > 0.5, missed, axis=1)
    taken[:, :10] = True
    taken[:, -10:] = False
    found = Matte.of(picture, taken, NEVER, 1.5, BOX).share(picture, 0)
    assert float(np.abs(found - share).mean()) < 0.012
    assert float(np.percentile(np.abs(found - share), 98)) < 0.3


def test_skin_in_the_shade_of_a_brim_is_skin() -> None:
    picture, share = edge((24, 24, 28), blurred=0.5)
    shade = np.exp(-0.9 * np.clip((np.arange(SIDE) - 60) / 15, 0, 1))[None, :, None]
    shaded = np.where(share[..., None] > 0.5, bytes_to_linear(picture) * shade, bytes_to_linear(picture))
    taken = np.zeros((SIDE, SIDE), np.bool_)
    taken[:, :72] = True
    found = Matte.of(linear_to_bytes(shaded.astype(np.float32)), taken, NEVER, 1.5, BOX)
    shares = found.share(linear_to_bytes(shaded.astype(np.float32)), 0)
    assert float(np.median(shares[:, 73:76])) > 0.7


def test_what_is_to_be_left_alone_is() -> None:
    picture, _ = edge((35, 28, 24), blurred=2.0)
    never = NEVER.copy()
    never[40:60, 20:50] = 1
    taken = np.zeros((SIDE, SIDE), np.bool_)
    taken[:, :80] = True
    found = Matte.of(picture, taken, never, 1.5, BOX).share(picture, 0)
    assert found[44:56, 24:46].max() == 0
    assert found[80:, 20:50].min() > 0.99


def test_lines_of_a_larger_photograph_get_their_part() -> None:
    """The copy shows a part of the photograph, which is worked on a few lines at a time."""
    picture, share = edge((35, 28, 24), blurred=2.0)
    taken = share > 0.5
    whole = np.full((260, 400, 3), 90, np.uint8)
    whole[50 : 50 + SIDE, 100 : 100 + SIDE] = picture
    box = (100.0, 50.0, 100.0 + SIDE, 50.0 + SIDE)
    matte = Matte.of(picture, taken, NEVER, 1.5, box)
    found = np.concatenate([matte.share(whole[top : top + 37], top) for top in range(0, 260, 37)])
    assert found[:50].max() == found[210:].max() == found[:, :100].max() == 0
    assert float(np.abs(found[50:210, 100:260] - share).mean()) < 0.02

"""Pen taken out of photographs: only the pen, and what replaces it is like the skin around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from dermtutor.skin.tones import CANONICAL_SRGB
from dermtutor.training.curation import Mark, read_curation, read_pen_marks
from dermtutor.training.ink import INK_LIMIT, ink_share
from dermtutor.training.unmarked import pen_lines, without_lines, without_marks

SIDE = 200
INK = (90, 70, 150)


def radius() -> NDArray[np.float64]:
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    return np.asarray(np.hypot(y, x))


@pytest.fixture
def skin() -> NDArray[np.uint8]:
    """Textured skin with a red lesion in its middle."""
    rng = np.random.default_rng(4)
    picture = np.array(CANONICAL_SRGB) + rng.normal(0, 4, (SIDE, SIDE, 1))
    picture[radius() < 30] *= (0.95, 0.72, 0.74)
    return np.clip(picture, 0, 255).astype(np.uint8)


@pytest.fixture
def marked(skin: NDArray[np.uint8]) -> NDArray[np.uint8]:
    ringed = skin.copy()
    ringed[np.abs(radius() - 60) < 2.5] = INK
    return ringed


def test_lines_are_where_the_pen_was_and_nowhere_else(
    skin: NDArray[np.uint8], marked: NDArray[np.uint8]
) -> None:
    assert not pen_lines(skin).any()
    lines = pen_lines(marked)
    away = np.abs(radius() - 60)
    assert lines[away < 2].mean() > 0.98
    assert not lines[away > 12].any()


@pytest.mark.parametrize("colour", [(70, 50, 45), (45, 40, 38)])
def test_a_dark_lesion_is_no_line_but_for_its_rim(
    skin: NDArray[np.uint8], colour: tuple[int, int, int]
) -> None:
    skin[radius() < 30] = colour
    assert not pen_lines(skin)[np.abs(radius() - 30) > 10].any()


def test_a_line_taken_out_leaves_skin_and_nothing_else_changes(
    skin: NDArray[np.uint8], marked: NDArray[np.uint8]
) -> None:
    lines = pen_lines(marked)
    assert ink_share(marked) > INK_LIMIT
    cleaned = without_lines(marked, lines, radius() < 30, np.random.default_rng(0))
    assert ink_share(cleaned) == 0
    assert np.array_equal(cleaned[~lines], marked[~lines])
    inside = lines & (np.abs(radius() - 60) < 8)
    error = cleaned[inside].astype(int) - skin[inside]
    assert np.abs(error.mean(0)).max() < 4
    assert cleaned[inside].std(0) == pytest.approx(skin[~lines & (radius() > 70)].std(0), rel=0.4)


def test_a_mark_in_a_box_is_covered_with_skin(skin: NDArray[np.uint8]) -> None:
    marked = skin.copy()
    marked[20:30, 150:180] = INK
    mark = Mark(72, 8, 93, 18)
    cleaned = without_marks(marked, [mark], radius() < 35, np.random.default_rng(0))
    box = np.zeros((SIDE, SIDE), bool)
    box[16:36, 144:186] = True
    assert np.array_equal(cleaned[~box], marked[~box])
    assert np.abs(cleaned[box].mean(0) - skin[box].mean(0)).max() < 3
    assert cleaned[box].std(0) == pytest.approx(skin[box].std(0), rel=0.4)


def test_where_no_skin_is_left_nothing_is_copied(marked: NDArray[np.uint8]) -> None:
    everywhere = np.ones((SIDE, SIDE), bool)
    kept = without_marks(marked, [Mark(10, 10, 40, 40)], everywhere, np.random.default_rng(0))
    assert np.abs(kept.astype(int) - marked).max() <= 1
    smooth = without_lines(marked, pen_lines(marked), everywhere, np.random.default_rng(0))
    assert ink_share(smooth) == 0


def test_curation_names_each_photograph_once_and_its_boxes_lie_in_it() -> None:
    table = Path(__file__).parents[2] / "dermtutor" / "training" / "pad_ufes_20_curation.csv"
    lines = table.read_text(encoding="utf-8").splitlines()[1:]
    assert len(read_curation()) == len(lines)
    for name, marks in read_pen_marks().items():
        assert read_curation().get(name) != "leave-out"
        for mark in marks:
            assert 0 <= mark.left < mark.right <= 100
            assert 0 <= mark.top < mark.bottom <= 100


def test_a_real_size_picture_is_done_at_any_side(marked: NDArray[np.uint8]) -> None:
    larger = np.asarray(Image.fromarray(marked).resize((332, 332), Image.Resampling.LANCZOS))
    lines = pen_lines(larger)
    assert lines.shape == (332, 332)
    assert ink_share(without_lines(larger, lines, np.zeros((332, 332), bool), np.random.default_rng(0))) == 0

"""The parts that recipes are drawn from."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermtutor.generation.fields import blur, gradient, places_of, smoothstep
from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.distribution import place
from dermtutor.generation.recipes.light import light_of, shade
from dermtutor.generation.recipes.model import Distribution, Lesion, Shape, ToneRule
from dermtutor.generation.recipes.noise import Grain, stream, threshold
from dermtutor.generation.recipes.regions import crease_of, edge_of_cover
from dermtutor.generation.recipes.shapes import outline
from dermtutor.generation.recipes.terms import Pattern, Span
from dermtutor.generation.recipes.tiling import cells
from dermtutor.generation.recipes.tone_rules import on_tone, tone_effect
from dermtutor.skin.scales import MonkTone

quick = settings(max_examples=40, deadline=None)


def canvas(seed: int = 1, shape: tuple[int, int] = (160, 160), field_mm: float = 60.0) -> Canvas:
    return Canvas.of(shape, field_mm, seed)


def lesion(pattern: Pattern = "scattered", count: float = 8, **shape: Any) -> Lesion:
    distribution = Distribution(pattern, count=Span(count, count), spacing=Span(1.2, 1.2))
    return Lesion("spots", "papule", distribution, Shape(Span(4, 6), **shape))


@quick
@given(st.floats(0, 1), st.floats(0, 1), st.floats(-5, 5), st.floats(0, 9), st.integers(0, 2**32))
def test_a_draw_stays_in_its_range(
    share: float, severity: float, low: float, width: float, seed: int
) -> None:
    drawn = Span(low, low + width, share).draw(stream(seed, "x"), severity)
    assert low - 1e-9 <= drawn <= low + width + 1e-9


def test_severity_moves_a_draw_by_its_share_only() -> None:
    low, high = (Span(0, 10, 0.4).draw(stream(3, "x"), severity) for severity in (0.0, 1.0))
    assert high - low == pytest.approx(4)


@pytest.mark.parametrize("scale_mm", [0.3, 1, 3, 7, 15])
@pytest.mark.parametrize("grain", get_args(Grain))
def test_noise_has_unit_spread(scale_mm: float, grain: Grain) -> None:
    fields = [canvas(seed).noise(("n",), scale_mm, grain) for seed in range(30)]
    assert np.std(fields) == pytest.approx(1, abs=0.12)
    assert np.mean(fields) == pytest.approx(0, abs=0.2)


def test_noise_in_a_window_is_the_same_noise() -> None:
    board = canvas()
    window = (slice(20, 90), slice(40, 121))
    cut = board.noise(("n",), 9, "medium", window)
    assert np.allclose(cut[window], board.noise(("n",), 9, "medium")[window], atol=1e-4)
    assert not cut[:20].any()
    assert not cut[:, 121:].any()


@pytest.mark.parametrize("scale_mm", [1.5, 40.0])
@pytest.mark.parametrize("every", [3, 101])
def test_noise_at_some_pixels_is_the_same_noise(scale_mm: float, every: int) -> None:
    board = canvas(shape=(120, 150))
    whole, places = board.noise(("n",), scale_mm), np.arange(0, 120 * 150, every)
    everywhere = (slice(0, 120), slice(0, 150))
    some = board.noise_at(("n",), scale_mm, "medium", places, everywhere)
    assert np.allclose(some, whole.take(places), atol=1e-6)


def test_noise_is_the_same_at_another_size() -> None:
    small, large = (canvas(shape=(side, side)).noise(("n",), 12, "smooth") for side in (100, 300))
    assert np.corrcoef(small.ravel(), large[1::3, 1::3].ravel())[0, 1] > 0.97


def test_noise_looks_the_same_in_every_direction() -> None:
    across = down = 0.0
    for seed in range(10):
        field = canvas(seed).noise(("n",), 6)
        dx, dy = gradient(field, 1.0)
        across, down = across + float((dx * dx).mean()), down + float((dy * dy).mean())
    assert across / down == pytest.approx(1, abs=0.1)


@quick
@given(st.floats(0.1, 20), st.floats(-3, 3))
def test_blur_keeps_a_constant(sigma: float, level: float) -> None:
    field = np.full((40, 60), level, np.float32)
    assert np.allclose(blur(field, sigma), level, atol=1e-3)


def test_blur_spreads_a_point_by_its_sigma() -> None:
    field = np.zeros((81, 81), np.float32)
    field[40, 40] = 1
    for sigma in (1.0, 4.0):
        spread = blur(field, sigma)
        x = np.arange(81) - 40
        assert spread.sum() == pytest.approx(1, abs=0.03)
        assert np.sqrt((spread.sum(axis=0) * x * x).sum()) == pytest.approx(sigma, rel=0.15)


def test_smoothstep_rises_from_0_to_1() -> None:
    curve = smoothstep(np.linspace(-2, 2, 101, dtype=np.float32), -1, 1)
    assert curve[0] == 0
    assert curve[-1] == 1
    assert (np.diff(curve) >= -1e-6).all()


@quick
@given(st.floats(0.03, 0.97))
def test_a_threshold_leaves_its_share_below(share: float) -> None:
    values = stream(1, "t").standard_normal(200_000)
    assert (values < threshold(share)).mean() == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize(
    "pattern",
    [each for each in get_args(Pattern) if each not in ("along-border", "reticulate")],
)
def test_every_pattern_places_lesions_apart_and_in_the_picture(pattern: Pattern) -> None:
    board = canvas(field_mm=90)
    count = 1 if pattern == "solitary" else 8
    placed = place(board, lesion(pattern, count), 0.5, None)
    assert len(placed) >= (1 if pattern == "solitary" else 3)
    for index, one in enumerate(placed):
        assert abs(one.x) <= 45
        assert abs(one.y) <= 45
        for other in placed[:index]:
            assert np.hypot(one.x - other.x, one.y - other.y) >= 1.2 * (one.radius + other.radius) - 1e-9


def test_a_band_is_long_and_narrow() -> None:
    distribution = Distribution(
        "dermatomal", count=Span(30, 30), spacing=Span(0, 0), band_mm=Span(8, 8), angle=Span(0, 0)
    )
    placed = place(canvas(field_mm=100), Lesion("s", "papule", distribution, Shape(Span(2, 2))), 0.5, None)
    assert np.std([each.x for each in placed]) > 3 * np.std([each.y for each in placed])


def test_a_net_is_made_of_cords_that_meet() -> None:
    board = canvas(field_mm=90)
    distribution = Distribution("reticulate", count=Span(400, 400), band_mm=Span(18, 18))
    net = Lesion("net", "macule", distribution, Shape(Span(3, 3)))
    drawn = outline(board, net, place(board, net, 0.5, None), 0.5, 1.0)
    covered = drawn.cover > 0.5
    assert 0.15 < covered.mean() < 0.6
    # No mesh is filled, and no two neighbouring ones are one.
    assert drawn.depth.max() < 5
    assert all(covered[y : y + 64, x : x + 64].any() for x in range(0, 96, 16) for y in range(0, 96, 16))


def test_lesions_of_a_flexure_follow_its_crease() -> None:
    for seed in range(6):
        board = canvas(seed, field_mm=90)
        placed = place(board, lesion("flexural", 12), 0.5, None)
        crease = crease_of(board)
        x, y = (np.array([getattr(each, axis) for each in placed]) for axis in ("x", "y"))
        assert np.median(np.abs(crease.away(x, y))) < 12


def test_the_sun_reaches_only_what_clothing_leaves_bare() -> None:
    for seed in range(6):
        board = canvas(seed, field_mm=90)
        placed = place(board, lesion("photo-exposed", 12), 0.5, None)
        assert len(placed) > 5
        x, y = (np.array([getattr(each, axis) for each in placed]) for axis in ("x", "y"))
        assert edge_of_cover(board).away(x, y).min() > 0


def test_the_middle_of_the_face_has_lesions_on_both_sides() -> None:
    for seed in range(6):
        placed = place(canvas(seed, field_mm=90), lesion("centrofacial", 8), 0.5, None)
        right, left = [each for each in placed if each.x > 0], [each for each in placed if each.x < 0]
        assert abs(len(right) - len(left)) <= 2
        for one in right:
            assert min(np.hypot(one.x + other.x, one.y - other.y) for other in left) < 30


def test_lesions_keep_inside_their_parent_and_to_its_border() -> None:
    board = canvas(field_mm=80)
    parent_lesion = Lesion("parent", "patch", Distribution("solitary"), Shape(Span(40, 40)))
    parent = outline(board, parent_lesion, place(board, parent_lesion, 0.5, None), 0.5, 1.0)
    inside = Distribution("scattered", count=Span(30, 30), spacing=Span(0, 0), within="parent")
    border = Distribution(
        "along-border", Span(30, 30), spacing=Span(0, 0), band_mm=Span(3, 3), within="parent"
    )
    for distribution, deepest in ((inside, 40.0), (border, 3.6)):
        lesions = place(board, Lesion("c", "papule", distribution, Shape(Span(1, 1))), 0.5, parent)
        depths = parent.depths_at(
            np.array([each.x for each in lesions]), np.array([each.y for each in lesions])
        )
        assert depths.min() >= -0.01
        assert depths.max() <= deepest


def test_an_outline_has_the_size_that_it_is_asked_for() -> None:
    board = canvas(shape=(256, 256))
    shape = Shape(Span(24, 24), irregularity=Span(0.1, 0.1))
    round_lesion = Lesion("round", "patch", Distribution("solitary"), shape)
    drawn = outline(board, round_lesion, place(board, round_lesion, 0.5, None), 0.5, 2.0)
    area = (drawn.depth > 0).sum() * board.mm_per_px**2
    assert area == pytest.approx(np.pi * 12**2, rel=0.3)
    assert drawn.cover.max() == 1
    assert ((drawn.cover > 0.5) == (drawn.depth > 0)).mean() > 0.999
    assert drawn.zone("edge", 3)[drawn.depth > 6].max() < 0.05
    assert drawn.zone("centre", 3)[drawn.depth < 1].max() < 0.05


def test_no_lesion_gives_an_empty_outline() -> None:
    drawn = outline(canvas(), lesion(count=0), (), 0.5, 1.0)
    assert not drawn.cover.any()


def test_cells_know_their_nearest_point() -> None:
    board = canvas()
    tiling = cells(board, ("c",), 5.0, places_of(np.ones(board.shape, bool)))
    assert tiling.edge.min() >= 0
    assert 0 <= tiling.distance.min() < tiling.distance.max() < 1.5
    assert len(np.unique(tiling.value)) == pytest.approx((60 / 5) ** 2, rel=0.4)


def test_a_slope_towards_the_light_is_lighter() -> None:
    board = canvas()
    light = light_of(np.ones((160, 160), np.float32))
    assert light.x < 0
    assert light.y < 0
    x, y = board.axes()
    dome = 3 * np.exp(-(x * x + y * y) / 50)
    density = shade(dome.astype(np.float32), board, light).density
    assert density[1, 65:75, 65:75].mean() < -0.05 < 0.05 < density[1, 85:95, 85:95].mean()
    assert np.abs(density[:, :20, :20]).max() < 0.02


def test_the_light_comes_from_the_brighter_side_and_never_from_below() -> None:
    ramp = np.linspace(0.8, 1.2, 64, dtype=np.float32)
    assert light_of(np.tile(ramp, (64, 1))).x > 0.3
    assert light_of(np.tile(ramp[::-1], (64, 1))).x < -0.3
    assert light_of(np.tile(ramp[:, None], (1, 64))).y < 0


def test_a_tone_rule_comes_in_gradually() -> None:
    rule = ToneRule(from_tone=4, full_tone=8, because="b", source="s", livid=0.8, residual_melanin=0.2)
    effects = [tone_effect((rule,), tone) for tone in MonkTone.all()]
    assert [effect.livid for effect in effects] == pytest.approx([0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 0.8, 0.8])
    assert effects[9].residual_melanin == pytest.approx(0.2)


def test_a_tone_rule_turns_red_violaceous_without_adding_blood() -> None:
    rule = ToneRule(from_tone=4, full_tone=8, because="b", source="s", livid=0.75)
    red = np.ones((4, 4), np.float32)
    amounts = on_tone({"haemoglobin": red, "melanin": red}, tone_effect((rule,), MonkTone(9)))
    assert np.allclose(amounts["haemoglobin"] + amounts["livid"], 1)
    assert np.allclose(amounts["livid"], 0.75)
    assert np.allclose(amounts["melanin"], 1)

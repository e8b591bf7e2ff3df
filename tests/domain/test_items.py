"""Item analysis: the reference matrix, and numpy's correlations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.domain.items import alpha, analyse_items, correlation, functional_distractors, standard_error

REFERENCE = [[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
MARKS = st.integers(2, 6).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 1), min_size=k, max_size=k), min_size=2, max_size=30)
)


def test_the_reference_matrix() -> None:
    items = analyse_items(REFERENCE)
    assert [item.facility for item in items] == pytest.approx([0.667, 0.667, 0.5, 0.167], abs=5e-4)
    assert [item.item_rest for item in items] == pytest.approx([0.6250, 0.2132, 0.5222, 0.4889], abs=5e-5)
    assert alpha(REFERENCE) == pytest.approx(0.6667, abs=5e-5)
    totals = np.sum(REFERENCE, axis=1)
    assert standard_error(REFERENCE) == pytest.approx(np.std(totals) * np.sqrt(1 - 2 / 3))


@given(MARKS)
def test_items_agree_with_numpy(marks: list[list[int]]) -> None:
    matrix = np.array(marks, float)
    for place, item in enumerate(analyse_items(marks)):
        own, rest = matrix[:, place], matrix.sum(axis=1) - matrix[:, place]
        if own.std() == 0 or rest.std() == 0:
            assert item.item_rest is None
            continue
        r = np.corrcoef(own, rest)[0, 1]
        assert item.item_rest == pytest.approx(r)
        assert item.discrimination == pytest.approx(100 * r)
        best = np.cov(np.sort(own), np.sort(rest))[0, 1]
        assert item.efficiency == pytest.approx(100 * np.cov(own, rest)[0, 1] / best)


@given(MARKS)
def test_alpha_is_kr_20_for_right_and_wrong(marks: list[list[int]]) -> None:
    matrix = np.array(marks, float)
    p, k, spread = matrix.mean(axis=0), matrix.shape[1], matrix.sum(axis=1).var()
    if spread == 0:
        assert alpha(marks) is None
    else:
        assert alpha(marks) == pytest.approx(k / (k - 1) * (1 - (p * (1 - p)).sum() / spread))


def test_upper_and_lower_group() -> None:
    marks = [[int(learner >= 6), 1] for learner in range(11)]
    assert analyse_items(marks)[0].upper_lower == pytest.approx(1.0)
    assert analyse_items([[1, 0]])[0].upper_lower is None


def test_what_cannot_be_analysed() -> None:
    for marks in ([], [[1, 0], [1]]):
        with pytest.raises(ValueError, match="every question"):
            analyse_items(marks)
    assert alpha([[1], [0]]) is None
    assert standard_error([[1, 1], [1, 1]]) is None
    assert correlation([1, 1], [0, 1]) is None


def test_a_distractor_works_from_one_answer_in_twenty() -> None:
    chosen = {"right": 80, "often": 15, "at-the-edge": 5, "never": 0}
    assert functional_distractors(chosen, "right") == ("often", "at-the-edge")
    assert functional_distractors({}, "right") == ()

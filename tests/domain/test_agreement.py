"""Confusion and agreement, against scikit-learn and Krippendorff's own worked example."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from dermtutor.domain.agreement import Level, Weights, cohen_kappa, confusion, krippendorff_alpha

LABELS = ["a", "b", "c", "d"]
PAIRS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=2, max_size=60)

# Krippendorff 2011, example D: four observers, twelve units, missing data.
_ = None
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]


@given(PAIRS, st.sampled_from(["none", "linear", "quadratic"]))
def test_kappa_agrees_with_scikit_learn(pairs: list[tuple[str, str]], weights: Weights) -> None:
    matrix = confusion(pairs, LABELS)
    truth, called = [t for t, _ in pairs], [c for _, c in pairs]
    assert [list(row) for row in matrix] == confusion_matrix(truth, called, labels=LABELS).tolist()
    kappa = cohen_kappa(matrix, weights)
    if kappa is None:
        assert len(set(truth) | set(called)) == 1
    else:
        name = None if weights == "none" else weights
        assert kappa == pytest.approx(cohen_kappa_score(truth, called, labels=LABELS, weights=name), abs=1e-9)


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_the_published_example(level: Level, alpha: float) -> None:
    assert krippendorff_alpha(OBSERVERS, level) == pytest.approx(alpha, abs=5e-4)


def test_agreement_that_is_undefined_is_none() -> None:
    assert cohen_kappa([[0, 0], [0, 0]]) is None
    assert cohen_kappa([[7, 0], [0, 0]]) is None
    assert krippendorff_alpha([[1, 1], [1, 1]]) is None
    assert krippendorff_alpha([[1, None], [None, 2]]) is None

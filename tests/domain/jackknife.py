"""Cluster-robust intervals by leaving clusters out, from the fits of statsmodels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t


def jackknife_reach(fit: Any, groups: NDArray[np.int64]) -> float:
    """How far the slope's interval reaches by leaving out one cluster after the other, from statsmodels' fit."""
    design, marks, p = fit.model.exog, fit.model.endog, fit.predict()
    information = design.T @ (design * (p * (1 - p))[:, None])
    steps = []
    for group in np.unique(groups):
        own = groups == group
        score = design[own].T @ (marks - p)[own]
        left = information - design[own].T @ (design[own] * (p * (1 - p))[own, None])
        steps.append(np.linalg.solve(left, score)[1])
    n = len(steps)
    return float(t.ppf(0.975, n - 1) * np.sqrt((n - 1) / n * np.sum(np.square(steps))))

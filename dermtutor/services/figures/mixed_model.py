"""The tone gap of a cohort by a logistic mixed model: learners and items are a sample of those there could be.

logit P(right) = level + gap * tone + learner + learner on these tones + condition + condition on these tones

where the last four are normal, each with a variance of its own; tone is +1/2 on light skin and -1/2 on dark, so that
``gap`` is the logarithm of the odds ratio, above 0 where light skin is easier; medium skin has a level of its own.

Modes by Newton's method, variances by Schall's restricted maximum likelihood (Schall 1991, Biometrika 78:719, after
Breslow and Clayton 1993, JASA 88:9), the interval by Student's t with Satterthwaite's degrees of freedom, but never
more than those between the learners or between the conditions, whichever are fewer: variances that are found from few
of either, and from marks that are right or wrong, are on average too small, and some come out as none. What the
learners share is eliminated block by block, so that the equations to solve grow with the conditions alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.statistics import TOO_FEW, Z95, Gap, t_probability, t_quantile
from dermtutor.domain.strata import OddsRatio
from dermtutor.services.figures.gap_values import MixedGap
from dermtutor.services.figures.tallies import Counts

Floats = NDArray[np.float64]

_GROUPS: Final = 3
_OWN: Final = 1 + _GROUPS
"""Effects a learner, and a condition: over all tones, and on each group of tones."""
_STEPS: Final = 400
_CLOSE: Final = 1e-4
_LONGEST_STEP: Final = 2.0
_NOTHING: Final = 4e-4
"""A variance below which effects no longer matter (a standard deviation of 0.02 on the logit scale): it is set to the
smallest, since it would only creep towards it."""
_SMALLEST: Final = 1e-6
_WEAK: Final = 1e-2
"""Precision of the fixed effects' prior, a standard deviation of 10: it only matters where answers say nothing."""
_LOGISTIC: Final = 0.346
"""(16 sqrt(3) / 15 pi)^2: averaging a logistic curve over a normal divides its slope by sqrt(1 + this * variance)."""


def mixed_gap(counts: Counts) -> MixedGap | None:
    """The gap of (learners, conditions, 3, 2) right and all answers by light, medium and dark skin.

    None with fewer than five learners, two conditions on both, or five answers on either; where all or none are right;
    and where the variances do not settle.
    """
    present = counts[counts.sum(axis=(1, 2, 3)) > 0][:, counts.sum(axis=(0, 2, 3)) > 0]
    met = present[:, :, :, 1].sum(axis=0)
    compared = int(np.count_nonzero((met[:, 0] > 0) & (met[:, 2] > 0)))
    right, n = int(present[..., 0].sum()), int(present[..., 1].sum())
    sides = present[:, :, (0, 2), 1].sum(axis=(0, 1))
    if len(present) < TOO_FEW or compared < 2 or sides.min() < TOO_FEW or right in (0, n):
        return None
    model = _Model(present)
    if not model.settle():
        return None
    return model.told(compared)


@dataclass(slots=True)
class _Terms:
    """Second derivatives of the penalised likelihood, in blocks, and their gradient."""

    rest: Floats
    learners: Floats
    both: Floats
    pull_rest: Floats
    pull_learners: Floats


class _Model:
    """The fit under way. Parameters of the rest: 3 fixed effects, then (conditions, 4); of learners: (learners, 4)."""

    def __init__(self, counts: Counts) -> None:
        where = np.argwhere(counts[..., 1])
        self._learner, self._condition, self._group = where.T
        self._k, self._n = counts[tuple(where.T)].astype(np.float64).T
        self._sizes = counts.shape[:2]
        contrast = np.array([0.5, 0.0, -0.5])[self._group]
        self._x = np.stack([np.ones(len(where)), contrast, (self._group == 1).astype(np.float64)], axis=1)
        share = (self._k.sum() + 0.5) / (self._n.sum() + 1)
        self._fixed = np.array([np.log(share / (1 - share)), 0.0, 0.0])
        self._conditions, self._learners = (np.zeros((size, _OWN)) for size in self._sizes[::-1])
        self._variance = np.full(4, 0.25)
        """Of learners, learners on a group of tones, conditions, conditions on a group of tones."""
        self._covariance = np.zeros((3, 3))

    def settle(self) -> bool:
        """Alternates modes and variances until neither moves. False when they did not within the steps allowed."""
        for _ in range(_STEPS):
            moved, spread = self._newton()
            before = self._variance.copy()
            self._renew_variances(*spread)
            change = np.abs(np.sqrt(self._variance) - np.sqrt(before)).max()
            if max(moved, float(change)) < _CLOSE:
                return True
        return False

    def _newton(self) -> tuple[float, tuple[Floats, Floats]]:
        """One step towards the modes. Returns its length, and the posterior variances of learners and conditions."""
        terms = self._terms()
        size = self._sizes[0]
        inverse = np.linalg.inv(terms.learners)
        carried = np.einsum("lij,ljm->lim", inverse, terms.both)
        flat, flat_both = carried.reshape(size * _OWN, -1), terms.both.reshape(size * _OWN, -1)
        reduced = np.linalg.inv(terms.rest - flat_both.T @ flat)
        step_rest = reduced @ (terms.pull_rest - flat.T @ terms.pull_learners.ravel())
        step_learners = np.einsum("lij,lj->li", inverse, terms.pull_learners) - carried @ step_rest
        longest = max(float(np.abs(step_rest).max()), float(np.abs(step_learners).max()))
        shorter = min(1.0, _LONGEST_STEP / longest) if longest else 1.0
        self._fixed = self._fixed + shorter * step_rest[:3]
        self._conditions = self._conditions + shorter * step_rest[3:].reshape(-1, _OWN)
        self._learners = self._learners + shorter * step_learners
        self._covariance = reduced[:3, :3]
        own = np.einsum("lii->li", inverse) + np.einsum("lim,lim->li", carried @ reduced, carried)
        return longest, (own, np.diagonal(reduced)[3:].reshape(-1, _OWN))

    def _expected(self) -> Floats:
        eta = self._x @ self._fixed
        for who, effects in ((self._learner, self._learners), (self._condition, self._conditions)):
            eta = eta + effects[who, 0] + effects[who, 1 + self._group]
        p: Floats = 1 / (1 + np.exp(-np.clip(eta, -30, 30)))
        return p

    def _terms(self) -> _Terms:
        p = self._expected()
        off, weight = self._k - self._n * p, self._n * p * (1 - p)
        learners, conditions = self._sizes
        precision = 1 / self._variance[[0, 1, 1, 1]], 1 / self._variance[[2, 3, 3, 3]]
        wide = 3 + conditions * _OWN
        # Weights by learner, condition and group: every block is a sum of these over what it does not name.
        cells = self._summed(weight, learners * conditions * _GROUPS).reshape(learners, conditions, _GROUPS)
        rest = np.zeros((wide, wide))
        rest[:3, :3] = (self._x * weight[:, None]).T @ self._x + _WEAK * np.eye(3)
        design = np.array([[1.0, 0.5, 0.0], [1.0, 0.0, 1.0], [1.0, -0.5, 0.0]])
        by_condition, by_learner = cells.sum(axis=0), cells.sum(axis=1)
        effects = np.concatenate([np.ones((_GROUPS, 1)), np.eye(_GROUPS)], axis=1)
        crossed = np.einsum("cg,gi,gj->cij", by_condition, design, effects)
        rest[:3, 3:] = crossed.transpose(1, 0, 2).reshape(3, -1)
        rest[3:, :3] = rest[:3, 3:].T
        blocks = np.einsum("cg,gi,gj->cij", by_condition, effects, effects) + np.diag(precision[1])
        for place in range(conditions):
            at = slice(3 + place * _OWN, 3 + (place + 1) * _OWN)
            rest[at, at] = blocks[place]
        own = np.einsum("lg,gi,gj->lij", by_learner, effects, effects) + np.diag(precision[0])
        both = np.empty((learners, _OWN, wide))
        both[:, :, :3] = np.einsum("lg,gi,gj->lij", by_learner, effects, design)
        both[:, :, 3:] = np.einsum("lcg,gi,gj->licj", cells, effects, effects).reshape(learners, _OWN, -1)
        pulls = self._summed(off, learners * conditions * _GROUPS).reshape(learners, conditions, _GROUPS)
        pull_fixed = self._x.T @ off - _WEAK * self._fixed
        pull_conditions = pulls.sum(axis=0) @ effects - self._conditions * precision[1]
        pull_learners = pulls.sum(axis=1) @ effects - self._learners * precision[0]
        return _Terms(rest, own, both, np.concatenate([pull_fixed, pull_conditions.ravel()]), pull_learners)

    def _summed(self, values: Floats, size: int) -> Floats:
        place = (self._learner * self._sizes[1] + self._condition) * _GROUPS + self._group
        sums: Floats = np.bincount(place, values, size).astype(np.float64)
        return sums

    def _renew_variances(self, learners: Floats, conditions: Floats) -> None:
        """Schall's step: the modes' squares over the effects that the answers really tell apart."""
        pairs = ((self._learners, learners), (self._conditions, conditions))
        found = [
            (modes[:, part], spread[:, part])
            for modes, spread in pairs
            for part in (slice(0, 1), slice(1, None))
        ]
        for place, (modes, spread) in enumerate(found):
            told = modes.size - spread.sum() / self._variance[place]
            variance = float((modes**2).sum()) / max(told, 1e-3)
            self._variance[place] = variance if variance > _NOTHING else _SMALLEST

    def told(self, compared: int) -> MixedGap:
        """The gap, as an odds ratio and in points for the learners and conditions there are."""
        gap, error = float(self._fixed[1]), float(np.sqrt(self._covariance[1, 1]))
        shares = ((self._variance[1], self._sizes[0]), (self._variance[3], compared))
        parts = sum((2 * variance / size) ** 2 / max(1, size - 1) for variance, size in shares)
        freedom = min(error**4 / parts, *(max(1, size - 1) for _, size in shares))
        reach = t_quantile(freedom) * error
        difference, low, high = self._points(gap), *self._reach_in_points(gap, reach)
        value, least, most = (float(np.exp(each)) for each in (gap, gap - reach, gap + reach))
        return MixedGap(
            gap=Gap(difference, low, high, too_few=False),
            odds=OddsRatio(value, least, most, t_probability(gap / error, freedom)),
            learner_spread=float(np.sqrt(self._variance[0])),
            condition_spread=float(np.sqrt(self._variance[2])),
            gap_spread=float(np.sqrt(2 * self._variance[3])),
        )

    def _reach_in_points(self, gap: float, reach: float) -> tuple[float, float]:
        """The interval in points: of the gap, widened by how uncertain the level is at which it is read."""
        middle, step = self._points(gap), 0.1
        slope = (self._points(gap, step) - self._points(gap, -step)) / (2 * step)
        level = Z95 * abs(slope) * float(np.sqrt(self._covariance[0, 0]))
        below, above = middle - self._points(gap - reach), self._points(gap + reach) - middle
        return middle - float(np.hypot(below, level)), middle + float(np.hypot(above, level))

    def _points(self, gap: float, higher: float = 0.0) -> float:
        """Light minus dark accuracy at a log odds ratio, averaged over learners and conditions, the level moved."""
        level = self._fixed[0] + higher + self._learners[:, :1] + self._conditions[None, :, 0]
        flatter = np.sqrt(1 + _LOGISTIC * (self._variance[1] + self._variance[3]))
        light, dark = (1 / (1 + np.exp(-(level + side * gap) / flatter)) for side in (0.5, -0.5))
        return float((light - dark).mean())

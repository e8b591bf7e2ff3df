"""The figures again, from the answer records, the slow and obvious way and with other libraries."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import statsmodels.api as sm
from scipy.stats import mannwhitneyu
from sklearn.metrics import brier_score_loss, cohen_kappa_score
from statsmodels.stats.contingency_tables import StratifiedTable, mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from dermtutor.domain.records import AnswerRecord
from dermtutor.domain.statistics import Proportion
from tests.domain.jackknife import jackknife_reach


@dataclass(frozen=True)
class Again:
    """Everything recomputed from records in the order in which they were given."""

    records: Sequence[AnswerRecord]

    def part(self, condition: str | None = None, tones: Sequence[int] = range(1, 11)) -> tuple[int, int]:
        """Right and all answers of a condition and some tones."""
        marks = [
            r.answer.correct
            for r in self.records
            if (condition is None or r.spec.condition == condition) and r.spec.tone.value in tones
        ]
        return sum(marks), len(marks)

    def gap(self) -> tuple[float, float, float]:
        light, dark = self.part(tones=(1, 2, 3)), self.part(tones=(7, 8, 9, 10))
        low, high = confint_proportions_2indep(*light, *dark, compare="diff", method="newcomb")
        return light[0] / light[1] - dark[0] / dark[1], low, high

    def odds_ratio(self) -> tuple[float, float]:
        tables = []
        for condition in sorted({r.spec.condition for r in self.records}):
            light, dark = self.part(condition, (1, 2, 3)), self.part(condition, (7, 8, 9, 10))
            if light[1] and dark[1]:
                tables.append(
                    np.array([[light[0], light[1] - light[0]], [dark[0], dark[1] - dark[0]]], float)
                )
        pooled = StratifiedTable(tables)
        return pooled.oddsratio_pooled, pooled.test_null_odds(correction=False).pvalue

    def pairs(self) -> tuple[list[int], float]:
        """Both, light only, dark only, neither; and McNemar's exact p."""
        lesions: dict[tuple[str, str, int], dict[str, bool]] = defaultdict(dict)
        for r in self.records:
            side = "light" if r.spec.tone.value <= 3 else "dark" if r.spec.tone.value >= 7 else "medium"
            lesions[r.learner_id, r.spec.condition, r.spec.seed].setdefault(side, r.answer.correct)
        found = [(each["light"], each["dark"]) for each in lesions.values() if {"light", "dark"} <= set(each)]
        table = [found.count((a, b)) for a, b in ((True, True), (True, False), (False, True), (False, False))]
        return table, mcnemar(np.array(table).reshape(2, 2), exact=True).pvalue

    def brier(self, tones: Sequence[int]) -> tuple[float, float]:
        """Brier score and over-confidence."""
        used = [r.answer for r in self.records if r.spec.tone.value in tones]
        sure = np.array([a.confidence.probability for a in used])
        right = np.array([a.correct for a in used], float)
        return brier_score_loss(right, sure), sure.mean() - right.mean()

    def kappa(self) -> float:
        return cohen_kappa_score(
            [r.spec.condition for r in self.records], [r.answer.chosen for r in self.records]
        )

    def milliseconds(self, tones: Sequence[int]) -> list[int]:
        """Response times of answers that took long enough to look."""
        answers = (r.answer for r in self.records if r.spec.tone.value in tones)
        times = (_whole(a.answered_at) - _whole(a.shown_at) for a in answers)
        return [time for time in times if time >= 300]

    def seconds(self, tones: Sequence[int]) -> list[float]:
        """The same in seconds, in the steps of 10 ms in which they are counted."""
        return [time // 10 / 100 for time in self.milliseconds(tones)]

    def light_dark_times(self) -> tuple[float, float]:
        light, dark = self.seconds((1, 2, 3)), self.seconds((7, 8, 9, 10))
        test = mannwhitneyu(light, dark, method="asymptotic")
        return test.pvalue, test.statistic / len(light) / len(dark)

    def slope(self) -> tuple[float, float, float]:
        """Change of the log-odds a doubling, with its interval, clustered by quiz."""
        trials = np.log2(np.arange(1, len(self.records) + 1))
        marks = np.array([r.answer.correct for r in self.records], float)
        quizzes = {
            name: place for place, name in enumerate(dict.fromkeys(r.session_id for r in self.records))
        }
        groups = np.array([quizzes[r.session_id] for r in self.records])
        model = sm.Logit(marks, sm.add_constant(trials))
        fit = model.fit(disp=0)
        reach = jackknife_reach(fit, groups)
        return fit.params[1], fit.params[1] - reach, fit.params[1] + reach


def _whole(moment: datetime) -> int:
    """A moment in whole milliseconds."""
    return math.floor(moment.timestamp() * 1000 + 0.5)


def same(found: Proportion, counts: tuple[int, int]) -> bool:
    """True when the counts agree, and the interval is statsmodels' Wilson interval of them."""
    expected = proportion_confint(*counts, method="wilson")
    return (found.k, found.n) == counts and np.allclose((found.low, found.high), expected, atol=1e-12)

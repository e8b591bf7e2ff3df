"""The tables of a cohort, as they are read."""

from __future__ import annotations

from dermtutor.domain.statistics import proportion
from dermtutor.reports import cohort_tables
from dermtutor.reports.columns import Names
from dermtutor.services.figures.cohort_values import (
    CohortDetail,
    ItemAnalysis,
    ItemFigures,
    ItemKey,
    LearnerScore,
    Reliability,
)
from dermtutor.skin.scales import MonkTone


def test_learners_are_in_the_order_of_the_numbers_in_their_names() -> None:
    people = {"a": "Group 10", "b": "group 9", "c": "", "d": "Ada", "e": "7 of 9", "f": "Group"}
    scores = tuple(LearnerScore(each, proportion(1, 2), None, None, None) for each in people)
    detail = CohortDetail(scores, (), None, None, None, 0)
    named = [row[0] for row in cohort_tables.learners(detail, people).rows]
    assert [people[each] for each in cohort_tables.learner_order(detail, people)] == named
    assert named.index("group 9") < named.index("Group 10")
    assert named[-1] == "Group 10"


def test_a_share_below_the_limit_is_not_rounded_to_it() -> None:
    key = ItemKey("melanoma", MonkTone(4))
    item = ItemFigures(
        key, proportion(30, 40), 40, None, (("vitiligo", 0.05),), (("acne", 0.0476), ("rosacea", 0.0))
    )
    made = cohort_tables.analysed(
        ItemAnalysis((item,), Reliability(None, None, 40, 1), single=False), Names({})
    )
    assert made.rows[0][-2:] == ("vitiligo 5 %", "acne 4.8 %, rosacea 0 %")

"""Weak cells first, balanced over tones; difficulty by Elo ratings of item families."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.domain.adaptive import GRADES, WANTED, expected_right, grade_of, history_of, step
from dermtutor.domain.modes import NONE_OF_THESE, AnswerKind, QuizOptions
from dermtutor.domain.planning import plan_items
from dermtutor.domain.quiz import QuizPlan
from dermtutor.domain.records import Outcome
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import small_catalogue

CATALOGUE = small_catalogue()
IDS = tuple(condition.id for condition in CATALOGUE.conditions)
LIGHT, DARK = MonkTone(2), MonkTone(9)


def outcome(condition: str, tone: MonkTone, correct: bool, chosen: str = "", who: str = "ada") -> Outcome:
    return Outcome(who, condition, tone, 0.5, chosen or condition, correct, 4)


def test_a_rating_moves_by_what_an_answer_surprises() -> None:
    """Worked by hand from P = 1/k + (1 - 1/k) s(theta - b), theta += U(n) (y - P), b -= U(m) (y - P)."""
    history = history_of(
        [outcome("melanoma", DARK, True), outcome("melanoma", DARK, False, "vitiligo")], "ada"
    )
    first = 1 - (0.25 + 0.75 * 0.5)
    chance = 0.25 + 0.75 / (1 + math.exp(-2 * first))
    second = 0 - chance
    assert history.ability == pytest.approx(first + second / 1.05)
    assert history.difficulty[("melanoma", DARK), 1] == pytest.approx(-first - second / 1.05)
    assert history.confused == {("melanoma", "vitiligo"): 1}


def test_guessing_and_steps() -> None:
    assert expected_right(0.0, 4) == pytest.approx(0.625)
    assert expected_right(0.0, 0) == pytest.approx(0.5)
    assert expected_right(-50.0, 5) == pytest.approx(0.2)
    assert [step(n) for n in (0, 20, 60)] == pytest.approx([1.0, 0.5, 0.25])


def test_everybody_rates_the_families_but_only_oneself_the_cells() -> None:
    others = [outcome("melanoma", DARK, False, "vitiligo", who="bo")] * 20
    history = history_of(others, "ada")
    assert not history.tallies
    assert not history.confused
    assert history.ability == 0
    assert history.difficulty[("melanoma", DARK), 1] > 1


def test_need_grows_with_mistakes_and_is_cautious_with_few() -> None:
    answers = [outcome("melanoma", LIGHT, True)] * 8
    answers += [outcome("melanoma", DARK, False, "vitiligo")] * 4
    answers += [outcome("vitiligo", LIGHT, False, "melanoma")]
    history = history_of(answers, "ada")
    weak, new = history.need(("melanoma", DARK)), history.need(("vitiligo", DARK))
    once, strong = history.need(("vitiligo", LIGHT)), history.need(("melanoma", LIGHT))
    assert weak > once > strong
    assert weak > new > strong


def test_the_weakest_cells_come_first_and_say_why() -> None:
    answers = [outcome(name, tone, True) for name in IDS for tone in (LIGHT, DARK) for _ in range(5)]
    answers += [outcome("melanoma", DARK, False, "vitiligo")] * 5
    plan = QuizPlan(IDS, (LIGHT, DARK), 4)
    items = plan_items(plan, CATALOGUE, 1, history_of(answers, "ada"))
    weak = [item for item in items if (item.condition, item.tone) == ("melanoma", DARK)]
    assert weak
    assert (
        weak[0].reason
        == "You see this because you were right in 5 of 10 cases of this condition on this skin tone."
    )
    assert all(item.reason for item in items)


def test_a_cell_never_met_says_so() -> None:
    history = history_of([outcome("melanoma", LIGHT, True)], "ada")
    assert "have not met this condition on this skin tone" in history.reason(("melanoma", DARK))


OUTCOMES = st.lists(
    st.builds(
        outcome,
        condition=st.sampled_from(IDS),
        tone=st.sampled_from(MonkTone.all()),
        correct=st.booleans(),
        chosen=st.sampled_from((*IDS, NONE_OF_THESE)),
    ),
    min_size=1,
    max_size=40,
)


@given(OUTCOMES, st.integers(1, 40), st.lists(st.sampled_from(MonkTone.all()), min_size=1, unique=True))
def test_tones_stay_balanced_whatever_is_weak(outcomes: list[Outcome], n: int, tones: list[MonkTone]) -> None:
    plan = QuizPlan(IDS, tuple(tones), n)
    items = plan_items(plan, CATALOGUE, 3, history_of(outcomes, "ada"))
    counts = Counter(item.tone for item in items)
    asked = [counts[tone] for tone in tones]
    assert sum(asked) == n
    assert max(asked) - min(asked) <= 1
    assert len({item.seed for item in items}) == n


def test_without_adapting_history_changes_nothing() -> None:
    history = history_of([outcome("melanoma", DARK, False, "vitiligo")] * 9, "ada")
    plan = QuizPlan(IDS, (LIGHT, DARK), 12, options=QuizOptions(adaptive=False))
    assert plan_items(plan, CATALOGUE, 2, history) == plan_items(plan, CATALOGUE, 2)


def test_the_grade_whose_chance_is_nearest_to_what_is_wanted() -> None:
    easy = [replace(outcome("melanoma", DARK, True), severity=0.7)] * 12
    hard = [replace(outcome("melanoma", DARK, False, "vitiligo"), severity=0.3)] * 12
    history = history_of(easy + hard, "ada")
    grade = history.fitting_grade(("melanoma", DARK), 4)
    assert grade is not None
    chances = [history.chance((("melanoma", DARK), each), 4) for each in range(3)]
    assert chances[0] < chances[2]
    assert abs(chances[grade] - WANTED) == min(abs(chance - WANTED) for chance in chances)
    items = plan_items(QuizPlan(("melanoma",), (DARK,), 20), CATALOGUE, 1, history)
    low, high = GRADES[grade]
    assert all(low <= item.severity <= high for item in items)
    assert history.fitting_grade(("vitiligo", DARK), 4) is None


def test_grades_cover_every_severity() -> None:
    assert [grade_of(severity) for severity in (0.0, 0.3, 0.42, 0.5, 0.63, 0.85, 1.0)] == [
        0,
        0,
        1,
        1,
        2,
        2,
        2,
    ]


def test_what_a_learner_confuses_comes_likelier_as_an_option() -> None:
    plan = QuizPlan(("melanocytic-naevus",), (DARK,), 200, choices=3)

    def share(confusions: int) -> float:
        wrong = [outcome("melanocytic-naevus", DARK, False, "vitiligo")] * confusions
        items = plan_items(plan, CATALOGUE, 4, history_of([outcome("melanoma", DARK, True), *wrong], "ada"))
        return sum("vitiligo" in item.choices for item in items) / len(items)

    assert share(5) > share(0) + 0.3


@given(st.integers(0, 2**63 - 1), st.integers(2, 5))
def test_none_of_these_is_pinned_and_sometimes_right(seed: int, choices: int) -> None:
    plan = QuizPlan(IDS, MonkTone.all(), 30, choices, options=QuizOptions(none_of_these=True))
    for item in plan_items(plan, CATALOGUE, seed):
        assert item.choices[-1] == NONE_OF_THESE
        assert len(item.choices) == len(set(item.choices)) == choices
        assert item.expected in item.choices
        assert (item.expected == NONE_OF_THESE) is (item.condition not in item.choices)


def test_none_of_these_is_right_about_as_often_as_any_other_option() -> None:
    plan = QuizPlan(IDS, MonkTone.all(), 200, options=QuizOptions(none_of_these=True))
    right = sum(item.expected == NONE_OF_THESE for item in plan_items(plan, CATALOGUE, 1))
    assert 30 <= right <= 70


def test_typed_answers_have_no_options() -> None:
    plan = QuizPlan(IDS, MonkTone.all(), 10, options=QuizOptions(kind=AnswerKind.TYPED))
    for item in plan_items(plan, CATALOGUE, 1):
        assert item.choices == ()
        assert item.expected == item.condition

"""Balance, interleaving and options of a planned quiz."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.bootstrap import open_catalogue
from dermtutor.domain.cases import Modality, Source
from dermtutor.domain.conditions import HEALTHY_SKIN
from dermtutor.domain.modes import QuizOptions
from dermtutor.domain.planning import plan_items
from dermtutor.domain.quiz import Confidence, QuizPlan
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import small_catalogue

CATALOGUE = small_catalogue()
IDS = [condition.id for condition in CATALOGUE.conditions]
PLANS = st.builds(
    QuizPlan,
    conditions=st.lists(st.sampled_from(IDS), min_size=1, unique=True).map(tuple),
    tones=st.lists(st.sampled_from(MonkTone.all()), min_size=1, unique=True).map(tuple),
    questions=st.integers(1, 80),
    choices=st.integers(2, 5),
)
SEEDS = st.integers(0, 2**63 - 1)


@given(PLANS, SEEDS)
def test_conditions_tones_and_cells_are_balanced(plan: QuizPlan, seed: int) -> None:
    items = plan_items(plan, CATALOGUE, seed)
    assert [item.position for item in items] == list(range(plan.questions))
    per_condition = Counter(item.condition for item in items)
    per_tone = Counter(item.tone for item in items)
    per_cell = Counter((item.condition, item.tone) for item in items)
    cells = [(condition, tone) for condition in plan.conditions for tone in plan.tones]
    for counts, keys in ((per_condition, plan.conditions), (per_tone, plan.tones), (per_cell, cells)):
        asked = [counts[key] for key in keys]
        assert sum(asked) == plan.questions
        assert max(asked) - min(asked) <= 1


@given(PLANS, SEEDS)
def test_no_condition_follows_itself(plan: QuizPlan, seed: int) -> None:
    if len(plan.conditions) > 1:
        items = plan_items(plan, CATALOGUE, seed)
        assert all(first.condition != second.condition for first, second in pairwise(items))


@given(PLANS, SEEDS)
def test_every_lesion_is_met_once(plan: QuizPlan, seed: int) -> None:
    items = plan_items(plan, CATALOGUE, seed)
    assert len({item.seed for item in items}) == len(items)
    assert all(0 <= item.seed < 2**63 and 0 <= item.severity <= 1 for item in items)


@given(PLANS, SEEDS)
def test_options_hold_the_truth_once_and_the_look_alikes_first(plan: QuizPlan, seed: int) -> None:
    for item in plan_items(plan, CATALOGUE, seed):
        assert len(item.choices) == len(set(item.choices)) == plan.choices
        assert item.condition in item.choices
        alike = {condition.id for condition in CATALOGUE.look_alikes(item.condition)}
        distractors = set(item.choices) - {item.condition}
        assert len(distractors & alike) == min(len(alike), plan.choices - 1)
        assert HEALTHY_SKIN in plan.conditions or HEALTHY_SKIN not in item.choices


def test_the_same_seed_plans_the_same_quiz_and_another_another() -> None:
    plan = QuizPlan(tuple(IDS), MonkTone.all(), 30)
    assert plan_items(plan, CATALOGUE, 5) == plan_items(plan, CATALOGUE, 5)
    assert plan_items(plan, CATALOGUE, 5) != plan_items(plan, CATALOGUE, 6)


def test_the_place_of_the_right_option_gives_nothing_away() -> None:
    items = plan_items(QuizPlan(tuple(IDS), MonkTone.all(), 200), CATALOGUE, 3)
    places = Counter(item.choices.index(item.condition) for item in items)
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) < 80


def test_a_recipe_condition_is_drawn_from_its_recipe() -> None:
    items = plan_items(QuizPlan(("vitiligo", "melanoma"), (MonkTone(5),), 4), CATALOGUE, 1)
    assert {item.condition: item.source for item in items} == {
        "vitiligo": Source.RECIPE,
        "melanoma": Source.LEARNED,
    }


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"conditions": ()}, "at least one condition"),
        ({"conditions": ("melanoma", "melanoma")}, "each only once"),
        ({"tones": ()}, "at least one skin tone"),
        ({"questions": 0}, "from 1 to 200"),
        ({"choices": 7}, "from 2 to 6"),
        ({"mode": "guessing"}, "No quiz mode is called"),
    ],
)
def test_an_impossible_plan_is_refused_in_a_sentence(change: dict[str, object], sentence: str) -> None:
    sound: dict[str, object] = {"conditions": ("melanoma",), "tones": (MonkTone(1),), "questions": 3}
    with pytest.raises(UserError, match=sentence):
        QuizPlan(**{**sound, **change})  # type: ignore[arg-type]


def test_an_unknown_condition_is_refused_with_close_names() -> None:
    plan = QuizPlan(("melanom",), (MonkTone(1),), 3)
    with pytest.raises(UserError, match="did you mean melanoma"):
        plan_items(plan, CATALOGUE, 1)


def test_too_few_conditions_for_the_options() -> None:
    plan = QuizPlan(("melanoma",), (MonkTone(1),), 3, choices=6)
    with pytest.raises(UserError, match="Only 5 conditions"):
        plan_items(plan, CATALOGUE, 1)


def test_confidence_rises_and_never_claims_certainty() -> None:
    levels = [level.probability for level in Confidence]
    assert levels == sorted(set(levels))
    assert 0 < levels[0] < levels[-1] < 1


def test_dermoscopic_cases_are_told_apart_from_dermoscopic_conditions_only() -> None:
    catalogue = open_catalogue()
    with_images = {each.id for each in catalogue.conditions if each.dermoscopy is not None}
    assert with_images == {"melanocytic-naevus", "melanoma"}
    asked = ("melanoma", "melanocytic-naevus", "vitiligo")
    plan = QuizPlan(asked, (MonkTone(3), MonkTone(8)), 60, options=QuizOptions(dermoscopy=True))
    items = plan_items(plan, catalogue, 5)
    dermoscopic = [item for item in items if item.modality is Modality.DERMOSCOPY]
    assert {item.condition for item in dermoscopic} == with_images
    assert all(set(item.choices) == with_images for item in dermoscopic)
    possible = [item for item in items if item.condition in with_images]
    assert 0.25 < len(dermoscopic) / len(possible) < 0.75
    without = plan_items(replace(plan, options=QuizOptions()), catalogue, 5)
    assert all(item.modality is Modality.CLINICAL for item in without)

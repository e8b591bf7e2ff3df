"""Blueprints, forms, drills, and that no mode ever shows one lesion on two tones in one session."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.domain.conditions import load_catalogue
from dermtutor.domain.drill import IN_A_ROW, Turn, drill_items, next_cells, standing, verdict_line
from dermtutor.domain.features import OFFERED_AT_MOST, SKINCON, feature_score, offered_features
from dermtutor.domain.forms import form_items
from dermtutor.domain.modes import AnswerKind, Mode, QuizOptions
from dermtutor.domain.planning import even_blueprint, plan_items
from dermtutor.domain.quiz import BlueprintCell, PlannedItem, QuizPlan
from dermtutor.errors import UserError
from dermtutor.paths import assets_dir
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import small_catalogue

CATALOGUE = small_catalogue()
IDS = tuple(condition.id for condition in CATALOGUE.conditions)
TONES = st.lists(st.sampled_from(MonkTone.all()), min_size=2, unique=True).map(tuple)
CONDITIONS = st.lists(st.sampled_from(IDS), min_size=2, unique=True).map(tuple)
SEEDS = st.integers(0, 2**63 - 1)


def lesions(items: tuple[PlannedItem, ...]) -> list[tuple[str, int]]:
    """What makes two items tone twins, apart from the tone itself."""
    return [(item.condition, item.seed) for item in items]


def forms(conditions: tuple[str, ...], tones: tuple[MonkTone, ...]) -> list[tuple[PlannedItem, ...]]:
    return [
        form_items(
            QuizPlan(conditions, tones, len(conditions), 3, Mode.FORMS, QuizOptions(form=form)), CATALOGUE
        )
        for form in "AB"
    ]


@given(CONDITIONS, TONES, SEEDS, st.sampled_from(list(Mode)))
def test_tone_twins_never_meet_in_one_session(
    conditions: tuple[str, ...], tones: tuple[MonkTone, ...], seed: int, mode: Mode
) -> None:
    if mode is Mode.FORMS:
        planned = forms(conditions, tones)
    elif mode is Mode.DRILL:
        plan = QuizPlan(conditions, tones, 60, 2, mode)
        cells = next_cells(plan, standing([], 5), [], 30, random.Random(seed))
        first = drill_items(plan, CATALOGUE, seed, cells, 0, ())
        used = {item.seed for item in first}
        planned = [first + drill_items(plan, CATALOGUE, seed, cells, 30, used)]
    else:
        planned = [plan_items(QuizPlan(conditions, tones, 60, 2, mode), CATALOGUE, seed)]
    for items in planned:
        assert len(set(lesions(items))) == len(items)


@given(CONDITIONS, TONES)
def test_forms_ask_each_condition_once_on_crossed_tones(
    conditions: tuple[str, ...], tones: tuple[MonkTone, ...]
) -> None:
    a, b = forms(conditions, tones)
    ordered = sorted(tones)
    lighter, darker = set(ordered[: len(tones) // 2]), set(ordered[-(len(tones) // 2) :])
    for form in (a, b):
        assert sorted(item.condition for item in form) == sorted(conditions)
        assert [item.position for item in form] == list(range(len(form)))
        light = sum(item.tone in lighter for item in form)
        assert abs(2 * light - len(form)) <= 1
    twins = {item.condition: item for item in b}
    for item in a:
        twin = twins[item.condition]
        assert (item.seed, item.severity, item.choices) == (twin.seed, twin.severity, twin.choices)
        assert (item.tone in lighter) is (twin.tone in darker)
    assert forms(conditions, tones) == [a, b]


@given(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(MonkTone.all()), st.integers(1, 5)), min_size=1,
                unique_by=lambda cell: cell[:2], max_size=30), SEEDS)  # fmt: skip
def test_a_blueprint_is_asked_to_the_count(cells: list[tuple[str, MonkTone, int]], seed: int) -> None:
    plan = QuizPlan(
        conditions=tuple({name for name, _, _ in cells}),
        tones=tuple({tone for _, tone, _ in cells}),
        questions=sum(count for _, _, count in cells),
        mode=Mode.EXAM,
        blueprint=tuple(BlueprintCell(*cell) for cell in cells),
    )
    items = plan_items(plan, CATALOGUE, seed)
    assert Counter((item.condition, item.tone) for item in items) == {
        (name, tone): count for name, tone, count in cells
    }


def test_a_condition_is_retired_at_four_quick_right_answers_in_a_row() -> None:
    quick, slow, wrong = (
        Turn("melanoma", True, 3.0),
        Turn("melanoma", True, 6.0),
        Turn("melanoma", False, 1.0),
    )
    assert standing([quick] * (IN_A_ROW - 1), 5).retired == frozenset()
    assert standing([quick] * IN_A_ROW, 5).retired == {"melanoma"}
    for broken in (slow, wrong):
        assert standing([quick] * 3 + [broken] + [quick] * 3, 5).retired == frozenset()
    assert standing([quick] * 4 + [wrong], 5).retired == {"melanoma"}
    other = Turn("vitiligo", False, 1.0)
    assert standing([quick, other, quick, other, quick, other, quick], 5).retired == {"melanoma"}


def test_a_drill_says_what_an_answer_did() -> None:
    quick, slow, wrong = (
        Turn("melanoma", True, 3.0),
        Turn("melanoma", True, 6.0),
        Turn("melanoma", False, 1.0),
    )
    said = [
        verdict_line(turns[-1], standing(turns, 5), 5)
        for turns in (
            [quick],
            [quick, quick],
            [quick, slow],
            [quick, wrong],
            [quick] * 4,
            [quick] * 4 + [wrong],
        )
    ]
    assert said == [
        "1 of 4 in a row within 5 s.",
        "2 of 4 in a row within 5 s.",
        "Right, but not within 5 s: its row of right answers begins anew.",
        "Its row of right answers begins anew.",
        "Retired: named right 4 times in a row, each within 5 s.",
        "Retired: named right 4 times in a row, each within 5 s.",
    ]


@given(CONDITIONS, TONES, SEEDS)
def test_a_drill_interleaves_and_balances_tones(
    conditions: tuple[str, ...], tones: tuple[MonkTone, ...], seed: int
) -> None:
    plan = QuizPlan(conditions, tones, 60, 2, Mode.DRILL)
    cells = next_cells(plan, standing([], 5), [], 40, random.Random(seed))
    names = [name for name, _ in cells]
    assert all(len(set(names[at : at + 3])) > 1 for at in range(38))
    assert set(names) == set(conditions)
    counts = Counter(tone for _, tone in cells)
    assert max(counts.values()) - min(counts[tone] for tone in tones) <= 1


def test_a_drill_never_gives_its_last_condition_away() -> None:
    plan = QuizPlan(("melanoma", "melanocytic-naevus"), MonkTone.all(), 60, 2, Mode.DRILL)
    state = standing([Turn("melanoma", True, 1.0)] * 4, 5)
    names = Counter(name for name, _ in next_cells(plan, state, [], 40, random.Random(1)))
    assert names["melanocytic-naevus"] >= 10
    assert names["melanoma"] >= 10
    done = standing([Turn(name, True, 1.0) for name in plan.conditions for _ in range(4)], 5)
    assert next_cells(plan, done, [], 3, random.Random(1)) == []


def test_a_drill_offers_its_own_conditions_in_one_order() -> None:
    plan = QuizPlan(("melanoma", "vitiligo", "melanocytic-naevus"), (MonkTone(3),), 30, 3, Mode.DRILL)
    cells = next_cells(plan, standing([], 5), [], 12, random.Random(2))
    choices = {item.choices for item in drill_items(plan, CATALOGUE, 1, cells, 0, ())}
    assert choices == {("melanocytic-naevus", "melanoma", "vitiligo")}


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: QuizOptions(minutes=500), "1 to 240 minutes"),
        (lambda: QuizOptions(exposure=11), "1 to 10 seconds"),
        (lambda: QuizOptions(target=0), "1 to 30 seconds"),
        (lambda: QuizOptions(form="C"), "form A or form B"),
        (lambda: QuizOptions(AnswerKind.TYPED, none_of_these=True), "needs options"),
        (lambda: QuizPlan(IDS, MonkTone.all(), 6, mode=Mode.FORMS), "form A or form B"),
        (
            lambda: QuizPlan(IDS, MonkTone.all(), 5, 4, Mode.FORMS, QuizOptions(form="A")),
            "each condition once",
        ),
        (lambda: QuizPlan(IDS, (MonkTone(1),), 6, 4, Mode.FORMS, QuizOptions(form="A")), "two skin tones"),
        (
            lambda: QuizPlan(IDS, MonkTone.all(), 6, options=QuizOptions(form="A")),
            "Only the mode of two forms",
        ),
        (lambda: QuizPlan(IDS[:1], MonkTone.all(), 6, mode=Mode.DRILL), "at least two conditions"),
        (
            lambda: QuizPlan(IDS, MonkTone.all(), 6, 4, Mode.DRILL, QuizOptions(AnswerKind.TYPED)),
            "drill asks",
        ),
        (
            lambda: QuizPlan(IDS, MonkTone.all(), 6, 4, Mode.REFLECTION, QuizOptions(AnswerKind.TYPED)),
            "Reflection asks",
        ),
        (
            lambda: QuizPlan(IDS[:1], (MonkTone(1),), 3, blueprint=(BlueprintCell(IDS[0], MonkTone(1), 2),)),
            "add up",
        ),
        (
            lambda: QuizPlan(IDS[:1], (MonkTone(2),), 2, blueprint=(BlueprintCell(IDS[0], MonkTone(1), 2),)),
            "no others",
        ),
        (
            lambda: QuizPlan(
                IDS[:1], (MonkTone(1),), 0 + 1, blueprint=(BlueprintCell(IDS[0], MonkTone(1), 0),)
            ),
            "at least one",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(make: object, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        make()  # type: ignore[operator]


def test_features_are_skincons_and_hold_the_conditions_own() -> None:
    shipped = load_catalogue(assets_dir() / "conditions")
    assert len(SKINCON) == len(set(SKINCON)) == 48
    for condition in shipped.conditions:
        offered = offered_features(shipped, condition.id, [other.id for other in shipped.conditions[:4]])
        assert set(condition.features) <= set(offered) <= set(SKINCON)
        assert len(offered) <= OFFERED_AT_MOST
        assert list(offered) == sorted(offered, key=SKINCON.index)
        assert set(condition.features) <= set(offered_features(shipped, condition.id, ()))


def test_features_are_compared_not_marked() -> None:
    score = feature_score(["Scale", "Wheal", "Scale"], ("Plaque", "Scale"))
    assert (score.shared, score.others, score.not_named) == (("Scale",), ("Wheal",), ("Plaque",))


@given(CONDITIONS, TONES, st.integers(1, 80))
def test_an_even_blueprint_is_even(
    conditions: tuple[str, ...], tones: tuple[MonkTone, ...], questions: int
) -> None:
    cells = even_blueprint(conditions, tones, questions)
    assert sum(each.count for each in cells) == questions
    for keys in ([each.condition for each in cells], [each.tone for each in cells]):
        counts: Counter[object] = Counter()
        for key, each in zip(keys, cells, strict=True):
            counts[key] += each.count
        assert max(counts.values()) - min(counts.values()) <= 1

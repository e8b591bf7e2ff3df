"""Drills, forms, reflection and the other kinds of answers through the services and the real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from dermtutor.domain.modes import NONE_OF_THESE, AnswerKind, Mode, QuizOptions
from dermtutor.domain.quiz import AnswerDetails, Click, Confidence, QuizPlan
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import NOON, Desk, small_plan


def with_options(mode: Mode = Mode.PRACTICE, questions: int = 3, **options: object) -> QuizPlan:
    return replace(small_plan(questions), mode=mode, options=QuizOptions(**options))  # type: ignore[arg-type]


def drill(desk: Desk, cap: int = 60) -> str:
    plan = QuizPlan(
        ("basal-cell-carcinoma", "squamous-cell-carcinoma"), (MonkTone(2), MonkTone(9)), cap, 2, Mode.DRILL,
        QuizOptions(exposure=3, target=5),
    )  # fmt: skip
    return desk.quiz.start(desk.learner().id, plan, seed=1)


def test_the_first_answer_of_a_reflection_is_kept_and_stays(desk: Desk) -> None:
    session_id = desk.quiz.start(desk.learner().id, with_options(Mode.REFLECTION), seed=1)
    case = desk.quiz.next_case(session_id)
    assert case is not None
    assert case.first is None
    item, wrong = case.question.item_id, next(c for c in case.question.choices if c != case.spec.condition)
    with pytest.raises(UserError, match="not among the options"):
        desk.quiz.weigh(session_id, item, "urticaria", Confidence.HALF, NOON)
    desk.quiz.weigh(session_id, item, wrong, Confidence.GUESS, NOON)
    with pytest.raises(UserError, match="first answer is kept already"):
        desk.quiz.weigh(session_id, item, case.spec.condition, Confidence.HALF, NOON)
    desk.close()
    again = Desk(desk.home)
    try:
        back = again.quiz.next_case(session_id)
        assert back is not None
        assert back.first is not None
        assert (back.first.chosen, back.first.confidence) == (wrong, Confidence.GUESS)
        told = AnswerDetails(features=("Erosion",), first_choice=case.spec.condition)
        again.quiz.answer(session_id, item, case.spec.condition, Confidence.HALF, NOON, NOON, told)
        (row,) = again.records.answers(session_id=session_id)
        assert (row.answer.details.first_choice, row.answer.details.first_confidence) == (wrong, 1)
        assert row.answer.details.features == ("Erosion",)
        assert again.records.drafts(session_id) == ()
        following = again.quiz.next_case(session_id)
        assert following is not None
        assert following.first is None
        assert again.maintenance.check().sound
    finally:
        again.close()


def test_only_reflection_asks_twice(desk: Desk) -> None:
    session_id = desk.begin()
    case = desk.quiz.next_case(session_id)
    assert case is not None
    with pytest.raises(UserError, match="Only reflection"):
        desk.quiz.weigh(session_id, case.question.item_id, case.spec.condition, Confidence.HALF, NOON)


def test_a_drill_ends_when_everything_is_retired(desk: Desk) -> None:
    session_id = drill(desk)
    said, feedback = [], None
    for _ in range(60):
        _, feedback = desk.answer(session_id, right=True, seconds=3)
        said.append(feedback.standing)
        if feedback.over:
            break
    assert said[-1] == "2 of 2 retired"
    assert feedback is not None
    assert feedback.reason.startswith("Retired: named right 4 times")
    assert said[0] == "0 of 2 retired"
    assert 8 <= len(said) < 40
    assert desk.quiz.next_case(session_id) is None
    rows = desk.records.answers(session_id=session_id)
    assert len({(row.spec.condition, row.spec.seed) for row in rows}) == len(rows)
    assert len(desk.quiz.lines(session_id)) == len(rows)
    assert desk.maintenance.check().sound


def test_slow_answers_retire_nothing_and_the_cap_ends_a_drill(desk: Desk) -> None:
    session_id = drill(desk, cap=10)
    for number in range(10):
        _, feedback = desk.answer(session_id, right=True, seconds=9)
        assert feedback.standing == "0 of 2 retired"
        assert feedback.over is (number == 9)
    assert desk.quiz.unfinished(desk.learner().id) is None


def test_a_drill_resumes_where_it_was(desk: Desk) -> None:
    session_id = drill(desk)
    for _ in range(3):
        desk.answer(session_id, seconds=2)
    shown = desk.quiz.next_case(session_id)
    desk.close()
    again = Desk(desk.home)
    try:
        assert again.quiz.next_case(session_id) == shown
        _, feedback = again.answer(session_id, seconds=2)
        assert not feedback.over
    finally:
        again.close()


def test_cases_of_a_drill_are_made_ahead(desk: Desk) -> None:
    session_id = drill(desk)
    desk.quiz.prepare_ahead(session_id, 5)
    assert len(desk.generator.generated) == 3
    desk.answer(session_id)
    desk.quiz.prepare_ahead(session_id, 5)
    assert len(desk.generator.generated) == 4


def test_a_ranked_differential_keeps_its_order(desk: Desk) -> None:
    session_id = desk.quiz.start(desk.learner().id, with_options(kind=AnswerKind.DIFFERENTIAL), 1)
    case = desk.quiz.next_case(session_id)
    assert case is not None
    assert case.question.kind is AnswerKind.DIFFERENTIAL
    ranked = tuple(reversed(case.question.choices))
    item = case.question.item_id
    with pytest.raises(UserError, match="likeliest first"):
        desk.quiz.answer(
            session_id, item, ranked[1], Confidence.HALF, NOON, NOON, AnswerDetails(ranked=ranked)
        )
    feedback = desk.quiz.answer(
        session_id, item, ranked[0], Confidence.HALF, NOON, NOON, AnswerDetails(ranked=ranked)
    )
    (row,) = desk.records.answers()
    assert row.answer.details.ranked == ranked
    assert row.answer.correct is feedback.correct is (ranked[0] == case.spec.condition)
    assert row.kind is AnswerKind.DIFFERENTIAL
    found = desk.quiz.summary(session_id).ranking
    place = ranked.index(case.spec.condition) + 1
    assert found is not None
    assert (found.first.k, found.first_three.k, found.first.n) == (place == 1, place <= 3, 1)
    assert found.mean_reciprocal_rank == 1 / place


def test_a_typed_answer_may_be_any_condition(desk: Desk) -> None:
    session_id = desk.quiz.start(desk.learner().id, with_options(kind=AnswerKind.TYPED), 1)
    case = desk.quiz.next_case(session_id)
    assert case is not None
    assert case.question.choices == ()
    with pytest.raises(UserError, match="not among the options"):
        desk.quiz.answer(session_id, case.question.item_id, "gout", Confidence.HALF, NOON, NOON)
    desk.quiz.answer(session_id, case.question.item_id, "melanoma", Confidence.HALF, NOON, NOON)
    (row,) = desk.records.answers()
    assert (row.choices, row.kind, row.answer.chosen) == ((), AnswerKind.TYPED, "melanoma")
    assert desk.maintenance.check().sound


def test_a_click_is_scored_against_the_mask(desk: Desk) -> None:
    session_id = desk.quiz.start(desk.learner().id, with_options(click=True, questions=2), 1)
    hits = []
    for place in ("lesion", "corner"):
        case = desk.quiz.next_case(session_id)
        assert case is not None
        mask = desk.generator.generate(case.spec).mask
        rows, columns = np.nonzero(mask)
        x, y = (columns.mean() + 0.5) / 32, (rows.mean() + 0.5) / 32
        if place == "corner":
            x, y = 0.0 if x > 0.5 else 1.0, 0.0 if y > 0.5 else 1.0
        feedback = desk.quiz.answer(
            session_id, case.question.item_id, case.spec.condition, Confidence.HALF, NOON, NOON,
            AnswerDetails(click=Click(x, y)),
        )  # fmt: skip
        assert feedback.answer is not None
        assert feedback.answer.details.click is not None
        hits.append(feedback.answer.details.click.hit)
    assert hits == [True, False]
    assert [row.answer.details.click.hit for row in desk.records.answers()] == hits  # type: ignore[union-attr]


def test_reflection_keeps_both_answers_and_the_findings(desk: Desk) -> None:
    session_id = desk.quiz.start(desk.learner().id, with_options(Mode.REFLECTION), 1)
    case = desk.quiz.next_case(session_id)
    assert case is not None
    truth = case.spec.condition
    other = next(name for name in case.question.choices if name != truth)
    details = AnswerDetails(
        features=("Plaque",), against=("Scale",), first_choice=other, first_confidence=Confidence.GUESS
    )
    desk.quiz.answer(session_id, case.question.item_id, truth, Confidence.CERTAIN, NOON, NOON, details)
    (row,) = desk.records.answers()
    assert row.answer.details == details
    assert row.answer.correct
    assert row.mode is Mode.REFLECTION
    assert desk.maintenance.check().sound


def test_none_of_these_can_be_right(desk: Desk) -> None:
    session_id = desk.quiz.start(desk.learner().id, with_options(questions=20, none_of_these=True), 1)
    for item in desk.records.items(session_id):
        case = desk.quiz.next_case(session_id)
        assert case is not None
        feedback = desk.quiz.answer(session_id, item.item_id, NONE_OF_THESE, Confidence.HALF, NOON, NOON)
        assert feedback.chosen is None
        assert feedback.correct is feedback.none_was_right is (item.expected == NONE_OF_THESE)
    rows = desk.records.answers()
    assert 0 < sum(row.answer.correct for row in rows) < 20
    assert desk.maintenance.check().sound


def test_the_learner_is_told_why_a_case_comes(desk: Desk) -> None:
    first = desk.begin(9)
    for _ in range(9):
        desk.answer(first, right=False)
    second = desk.quiz.start(desk.learner().id, small_plan(3), 2)
    _, feedback = desk.answer(second)
    assert feedback.reason.startswith("You see this because")


def test_two_sittings_of_the_forms_pair_off(desk: Desk) -> None:
    learner = desk.learner().id
    ids = ("basal-cell-carcinoma", "melanocytic-naevus", "vitiligo", "melanoma")
    seen = []
    for form in ("A", "B"):
        plan = QuizPlan(ids, MonkTone.all(), 4, 3, Mode.FORMS, QuizOptions(form=form))
        session_id = desk.quiz.start(learner, plan)
        for position in range(4):
            case = desk.exam.case(session_id, position)
            moment = NOON + timedelta(seconds=position)
            desk.exam.draft(session_id, case.question.item_id, case.spec.condition, Confidence.HALF, moment)
        desk.exam.hand_in(session_id)
        seen.append({row.spec.condition: row.spec for row in desk.records.answers(session_id=session_id)})
    for name in ids:
        first, second = seen[0][name], seen[1][name]
        assert first.tone != second.tone
        assert first.on_tone(second.tone) == second


@pytest.mark.parametrize("mode", list(Mode))
def test_no_lesion_comes_twice_in_a_session_on_any_tone(desk: Desk, mode: Mode) -> None:
    learner = desk.learner().id
    first = desk.begin(8)
    for _ in range(8):
        desk.answer(first)
    form = "A" if mode is Mode.FORMS else ""
    plan = replace(small_plan(3), mode=mode, options=QuizOptions(form=form))
    if mode is Mode.REVIEW:
        plan = desk.reviews.plan(learner, NOON + timedelta(days=900))
    session_id = desk.quiz.start(learner, plan)
    lesions = [(item.spec.condition, item.spec.seed) for item in desk.records.items(session_id)]
    before = [(item.spec.condition, item.spec.seed) for item in desk.records.items(first)]
    assert len(lesions) == len(set(lesions)) >= 3
    assert not set(lesions) & set(before)

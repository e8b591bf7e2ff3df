"""Spaced repetition: what is due is what py-fsrs itself says, and every review shows a new image."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler

from dermtutor.domain.modes import Mode, QuizOptions
from dermtutor.domain.quiz import Cell, Confidence, QuizPlan
from dermtutor.errors import UserError
from dermtutor.services.reviews import rating_of
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import NOON, Desk, small_plan


@pytest.fixture
def reference() -> Scheduler:
    """The scheduler of the package itself, set as the documentation of the module says."""
    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def answer_all(
    desk: Desk, session_id: str, start: datetime, draw: random.Random
) -> Iterator[tuple[Cell, Rating, datetime]]:
    """Answers a session to its end; yields each cell with its rating by hand and its time."""
    moment = start
    while (case := desk.quiz.next_case(session_id)) is not None:
        moment += timedelta(seconds=20)
        right, confidence = draw.random() < 0.6, draw.choice(list(Confidence))
        truth = case.spec.condition
        chosen = truth if right else next(name for name in case.question.choices if name != truth)
        desk.quiz.answer(session_id, case.question.item_id, chosen, confidence, moment, moment)
        by_hand = (Rating.Hard, Rating.Hard, Rating.Good, Rating.Good, Rating.Easy)[confidence - 1]
        yield (truth, case.spec.tone), by_hand if right else Rating.Again, moment


def test_the_due_list_is_the_reference_schedulers(desk: Desk, reference: Scheduler) -> None:
    draw = random.Random(5)
    cards: dict[Cell, Card] = {}
    learner = desk.learner().id
    for day in (0, 1, 2, 4, 9, 15, 40):
        session_id = desk.quiz.start(learner, small_plan(8), seed=day)
        for cell, rating, moment in answer_all(desk, session_id, NOON + timedelta(days=day), draw):
            cards[cell], _ = reference.review_card(cards.get(cell, Card(card_id=1)), rating, moment)
        for later in (0, 1, 3, 10, 100):
            now = NOON + timedelta(days=day + later, hours=6)
            wanted = sorted((card.due, *cell) for cell, card in cards.items() if card.due <= now)
            got = [(state.due, state.condition, state.tone) for state in desk.reviews.due(learner, now)]
            assert got == wanted
    assert len(cards) > 6


def test_ratings() -> None:
    assert rating_of(False, Confidence.CERTAIN) is Rating.Again
    levels = [rating_of(True, level) for level in Confidence]
    assert levels == [Rating.Hard, Rating.Hard, Rating.Good, Rating.Good, Rating.Easy]


def test_a_review_asks_what_is_due_with_new_images(desk: Desk) -> None:
    learner = desk.learner().id
    first = desk.quiz.start(learner, small_plan(6), seed=1)
    for _ in range(6):
        desk.answer(first)
    later = NOON + timedelta(days=60)
    due = desk.reviews.due(learner, later)
    plan = desk.reviews.plan(learner, later)
    assert plan.mode is Mode.REVIEW
    second = desk.quiz.start(learner, plan, seed=1)
    asked = desk.records.items(second)
    assert {(item.spec.condition, item.spec.tone) for item in asked} == {(s.condition, s.tone) for s in due}
    assert len(asked) == len(due) == 6
    assert not {item.spec.seed for item in asked} & {item.spec.seed for item in desk.records.items(first)}
    assert all("due for review" in item.reason for item in asked)


def test_nothing_is_due_before_the_first_answer(desk: Desk) -> None:
    learner = desk.learner().id
    assert desk.reviews.due(learner) == ()
    assert desk.reviews.next_due(learner) is None
    with pytest.raises(UserError, match="Nothing is due"):
        desk.reviews.plan(learner)


def test_a_question_that_left_the_diagnosis_out_changes_no_review(desk: Desk) -> None:
    learner = desk.learner().id
    plan = QuizPlan(("melanoma",), (MonkTone(3),), 20, 2, options=QuizOptions(none_of_these=True))
    session_id = desk.quiz.start(learner, plan, seed=1)
    seen = 0
    for item in desk.records.items(session_id):
        case = desk.quiz.next_case(session_id)
        assert case is not None
        before = desk.records.review_states(learner)
        desk.quiz.answer(session_id, item.item_id, item.choices[-1], Confidence.HALF, NOON, NOON)
        left_out = item.expected == item.choices[-1]
        assert (desk.records.review_states(learner) == before) is left_out
        seen += left_out
    assert 0 < seen < 20


def test_a_clock_that_was_set_back_does_not_turn_time_around(desk: Desk) -> None:
    learner = desk.learner().id
    answered = [(True, Confidence.HALF, NOON), (True, Confidence.HALF, NOON - timedelta(days=3))]
    state = desk.reviews.after(learner, "melanoma", MonkTone(1), answered)
    assert Card.from_json(state.card).last_review == NOON
    assert state.due > NOON.astimezone(UTC)

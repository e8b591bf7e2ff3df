"""Exams: drafts that can be changed, a clock that nothing stops, and one moment in which all is handed in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dermtutor.domain.modes import Mode, QuizOptions
from dermtutor.domain.quiz import Confidence, QuizPlan
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import NOON, Desk


def begin(desk: Desk, questions: int = 4, minutes: int = 10) -> str:
    plan = QuizPlan(
        ("basal-cell-carcinoma", "melanocytic-naevus", "vitiligo"), (MonkTone(2), MonkTone(9)), questions, 3,
        Mode.EXAM, QuizOptions(minutes=minutes),
    )  # fmt: skip
    return desk.quiz.start(desk.learner().id, plan, seed=3)


def draft(desk: Desk, session_id: str, position: int, *, right: bool = True, at: float = 30) -> str:
    case = desk.exam.case(session_id, position, NOON)
    truth = case.spec.condition
    chosen = truth if right else next(name for name in case.question.choices if name != truth)
    item_id = case.question.item_id
    desk.exam.draft(session_id, item_id, chosen, Confidence.HALF, NOON + timedelta(seconds=at))
    return item_id


def test_answers_in_any_order_can_be_changed_until_handed_in(desk: Desk) -> None:
    session_id = begin(desk)
    draft(desk, session_id, 2, right=False)
    first = draft(desk, session_id, 0)
    draft(desk, session_id, 2, right=True, at=90)
    desk.exam.looked_at(session_id, first, 12.5)
    desk.exam.looked_at(session_id, first, 2.5)
    desk.exam.flag(session_id, first, True)
    state = desk.exam.state(session_id)
    assert (state.answered, state.flagged) == (2, 1)
    assert [each.answer is not None for each in state.drafts] == [True, False, True, False]
    assert desk.records.answers() == ()
    assert desk.records.review_states(desk.learner().id) == ()

    desk.exam.hand_in(session_id, NOON + timedelta(minutes=5))
    rows = desk.records.answers(session_id=session_id)
    assert [row.answer.correct for row in rows] == [True, True]
    assert [row.mode for row in rows] == [Mode.EXAM] * 2
    assert rows[0].answer.item_id == first
    assert rows[0].answer.seconds == 15.0
    assert rows[1].answer.answered_at == NOON + timedelta(seconds=90)
    assert len(desk.records.review_states(desk.learner().id)) == 2
    assert desk.records.drafts(session_id) == ()
    assert desk.maintenance.check().sound
    summary = desk.quiz.summary(session_id)
    assert (summary.score.n, summary.total) == (2, 4)
    assert [line.record is not None for line in desk.quiz.lines(session_id)] == [True, False, True, False]


def test_a_choice_counts_without_a_confidence_but_not_in_calibration(desk: Desk) -> None:
    session_id = begin(desk, 3)
    draft(desk, session_id, 0, right=False)
    case = desk.exam.case(session_id, 1, NOON)
    desk.exam.draft(session_id, case.question.item_id, case.spec.condition, None, NOON)
    state = desk.exam.state(session_id)
    assert (state.answered, state.unsure) == (2, 1)
    desk.exam.hand_in(session_id, NOON + timedelta(minutes=5))
    rows = desk.records.answers(session_id=session_id)
    assert [(row.answer.correct, row.answer.confidence) for row in rows] == [(False, 3), (True, None)]
    assert len(desk.records.review_states(desk.learner().id)) == 2
    figures = desk.statistics.page(desk.learner().id).figures
    assert (figures.total.k, figures.total.n) == (1, 2)
    assert figures.brier is not None
    assert (figures.brier.n, figures.brier.score) == (1, 0.25)
    assert desk.statistics.cohort().learners[0].over_confidence == 0.5
    assert desk.maintenance.check().sound


def test_the_clock_starts_with_the_first_question_and_survives(desk: Desk) -> None:
    session_id = begin(desk, minutes=10)
    assert desk.exam.state(session_id).deadline is None
    draft(desk, session_id, 0)
    ends = NOON + timedelta(minutes=10)
    assert desk.exam.state(session_id).deadline == ends
    desk.exam.case(session_id, 1, NOON + timedelta(minutes=3))
    desk.close()
    again = Desk(desk.home)
    try:
        state = again.exam.state(session_id)
        assert state.deadline == ends
        assert state.remaining(NOON + timedelta(minutes=4)) == timedelta(minutes=6)
        assert state.remaining(ends + timedelta(hours=1)) == timedelta(0)
        assert state.answered == 1
        left = again.quiz.unfinished(again.learner().id)
        assert left is not None
        assert left.deadline == ends
    finally:
        again.close()


def test_what_ran_out_while_nobody_was_there_is_handed_in(desk: Desk) -> None:
    session_id = begin(desk, minutes=1)
    draft(desk, session_id, 1)
    learner = desk.learner().id
    assert desk.exam.hand_in_overdue(learner, NOON + timedelta(seconds=59)) == ()
    assert desk.exam.hand_in_overdue(learner, NOON + timedelta(days=2)) == (session_id,)
    assert desk.quiz.unfinished(learner) is None
    session = desk.records.session(session_id)
    assert session.closed_at == NOON + timedelta(minutes=1)
    assert len(desk.records.answers(session_id=session_id)) == 1
    assert desk.exam.hand_in(session_id) == session


def test_no_answer_after_the_time_or_the_end(desk: Desk) -> None:
    session_id = begin(desk, minutes=1)
    draft(desk, session_id, 0)
    with pytest.raises(UserError, match="time of this exam is over"):
        draft(desk, session_id, 1, at=70)
    desk.exam.hand_in(session_id, NOON + timedelta(seconds=50))
    with pytest.raises(UserError, match="exam is over"):
        draft(desk, session_id, 1, at=55)


def test_no_feedback_before_the_end(desk: Desk) -> None:
    session_id = begin(desk, minutes=0)
    case = desk.exam.case(session_id, 0)
    with pytest.raises(UserError, match="handed in as a whole"):
        desk.quiz.answer(session_id, case.question.item_id, case.spec.condition, Confidence.HALF, NOON, NOON)
    with pytest.raises(UserError, match="not finished"):
        desk.quiz.looked_back(session_id, 0)
    assert desk.exam.state(session_id).deadline is None
    draft(desk, session_id, 0, right=False)
    desk.exam.hand_in(session_id)
    shown, feedback = desk.quiz.looked_back(session_id, 0)
    assert shown == case
    assert not feedback.correct
    assert feedback.condition.id == case.spec.condition
    _, open_one = desk.quiz.looked_back(session_id, 3)
    assert open_one.answer is None


def test_only_exams_have_drafts(desk: Desk) -> None:
    session_id = desk.begin()
    case = desk.quiz.next_case(session_id)
    assert case is not None
    with pytest.raises(UserError, match="not part of the open exam"):
        desk.exam.flag(session_id, case.question.item_id, True)

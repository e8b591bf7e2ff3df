"""The figures of a learner, from answers given through the quiz."""

from __future__ import annotations

from tests.services.fakes import Desk


def test_no_answers_no_figures(desk: Desk) -> None:
    overview = desk.progress.overview(desk.learner().id)
    assert (overview.total.n, overview.total.value, overview.recent) == (0, None, ())


def test_the_total_and_the_last_quizzes(desk: Desk) -> None:
    session_id = desk.begin(9)
    for number in range(9):
        desk.answer(session_id, right=number != 4, seconds=number + 1.0)
    desk.begin(4)  # nothing answered yet, so it is no result
    overview = desk.progress.overview(desk.learner().id)
    assert (overview.total.k, overview.total.n) == (8, 9)
    assert [summary.session_id for summary in overview.recent] == [session_id]
    (summary,) = overview.recent
    assert summary.score == overview.total
    assert summary.median_seconds == 5.0
    assert summary.ranking is None


def test_answers_too_fast_to_have_looked_do_not_count_as_response_times(desk: Desk) -> None:
    session_id = desk.begin(3)
    for seconds in (0.1, 0.2, 6.0):
        desk.answer(session_id, seconds=seconds)
    (summary,) = desk.progress.overview(desk.learner().id).recent
    assert summary.median_seconds == 6.0


def test_learners_do_not_mix(desk: Desk) -> None:
    session_id = desk.begin()
    desk.answer(session_id)
    other = desk.profiles.create("Bea")
    assert desk.progress.overview(other.id).total.n == 0
    assert desk.progress.overview(desk.learner().id).total.n == 1

"""The figures of a learner, from answers given through the quiz."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dermtutor.domain.cases import Source
from tests.services.fakes import NOON, Desk


def test_no_answers_no_figures(desk: Desk) -> None:
    overview = desk.progress.overview(desk.learner().id)
    assert (overview.total.n, overview.total.value, overview.cells, overview.timeline) == (0, None, (), ())
    assert (overview.median_seconds, overview.tone_gap, overview.calibration, overview.recent) == (
        None,
        None,
        None,
        (),
    )


def test_figures_add_up(desk: Desk) -> None:
    session_id = desk.begin(9)
    for number in range(9):
        desk.answer(session_id, right=number != 4, seconds=number + 1.0)
    overview = desk.progress.overview(desk.learner().id)
    assert (overview.total.k, overview.total.n) == (8, 9)
    for parts in (overview.by_condition, overview.by_tone, overview.cells, overview.timeline):
        assert sum(part.proportion.k for part in parts) == 8
        assert sum(part.proportion.n for part in parts) == 9
    assert [len(overview.by_condition), len(overview.by_tone), len(overview.cells)] == [3, 3, 9]
    assert all(cell.proportion.too_few for cell in overview.cells)
    assert overview.median_seconds == 5.0
    assert overview.tone_gap is not None
    assert overview.tone_gap.too_few
    assert overview.calibration is not None
    assert overview.calibration.over_confidence == pytest.approx(0.75 - 8 / 9)
    assert [summary.session_id for summary in overview.recent] == [session_id]


def test_answers_too_fast_to_have_looked_do_not_count_as_response_times(desk: Desk) -> None:
    session_id = desk.begin(3)
    for seconds in (0.1, 0.2, 6.0):
        desk.answer(session_id, seconds=seconds)
    assert desk.progress.overview(desk.learner().id).median_seconds == 6.0


def test_filters_by_source_and_time(desk: Desk) -> None:
    session_id = desk.begin(9)
    for _ in range(9):
        desk.answer(session_id)
    learner = desk.learner().id
    drawn = desk.progress.overview(learner, source=Source.RECIPE)
    assert [score.condition for score in drawn.by_condition] == ["vitiligo"]
    assert drawn.total.n == 3
    assert desk.progress.overview(learner, since=NOON - timedelta(days=1)).total.n == 9
    assert desk.progress.overview(learner, since=NOON + timedelta(days=1)).total.n == 0


def test_learners_do_not_mix(desk: Desk) -> None:
    session_id = desk.begin()
    desk.answer(session_id)
    other = desk.profiles.create("Bea")
    assert desk.progress.overview(other.id).total.n == 0
    assert desk.progress.overview(desk.learner().id).total.n == 1

"""Figures, tables, charts and documents at their edges: nothing answered, one answer, everything right, very many."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from dermtutor.domain.learners import Learner
from dermtutor.reports import charts, words
from dermtutor.reports.columns import NONE_OF_THESE, Names, said
from dermtutor.reports.pdf import pdf
from dermtutor.reports.report import Report, plain
from dermtutor.reports.spreadsheet import spreadsheet
from dermtutor.reports.style import PRINT
from dermtutor.services.answer_columns import EVERYTHING, AnswerColumns, select
from dermtutor.services.figures.cohort import detail_of
from dermtutor.services.figures.learner import figures_of
from dermtutor.services.figures.real import comparison_of
from tests.services.made_up import made_up

ANSWER = st.tuples(
    st.integers(0, 1), st.integers(0, 2), st.integers(1, 10), st.integers(0, 2), st.integers(0, 5)
)
EDGES = {
    "one right": [(0, 0, 2, 0, 3)],
    "one wrong": [(0, 0, 9, 1, 5)],
    "all right": [(0, k % 3, k % 10 + 1, k % 3, 5) for k in range(40)],
    "all wrong": [(0, k % 3, k % 10 + 1, (k + 1) % 3, 1) for k in range(40)],
    "one condition": [(0, 0, k % 10 + 1, k % 2, 3) for k in range(30)],
    "one tone": [(0, k % 3, 5, k % 2, 3) for k in range(30)],
}


def report_of(columns: AnswerColumns, *, cohort: bool, name: str = "Ada") -> Report:
    names = Names({each: each.replace("-", " ").capitalize() for each in columns.words.conditions})
    counted = select(columns, EVERYTHING)
    detail = detail_of(counted) if cohort else None
    figures = replace(figures_of(counted, cohort=cohort), real=comparison_of(columns, EVERYTHING))
    people = {who: f"{name} {place}" for place, who in enumerate(columns.words.learners)}
    learner = None if cohort else Learner("learner-0", name, "trainee", datetime(2026, 1, 1, tzinfo=UTC))
    if detail is not None:
        figures = detail.completing(figures)
    return Report(learner, datetime(2026, 3, 31, tzinfo=UTC), EVERYTHING, figures, names, detail, people)


@settings(max_examples=50)
@given(st.lists(ANSWER, max_size=30))
def test_any_answers_can_be_told(answers: list[tuple[int, int, int, int, int]]) -> None:
    report = report_of(made_up(answers), cohort=True)
    figures = report.figures
    assert figures.total.n == len(answers)
    for parts in (figures.by_condition, figures.by_tone, figures.cells, figures.timeline):
        assert sum(part.proportion.n for part in parts) == len(answers)
        assert sum(part.proportion.k for part in parts) == figures.total.k
    assert sum(map(sum, figures.confusion.counts)) == len(answers)
    for table in report.tables():
        for row in table.rows:
            assert all(said(value, column.kind) for value, column in zip(row, table.columns, strict=True))
    assert plain(report)["figures"]["total"]["n"] == len(answers)
    assert words.gap_verdict(figures.gap.most_careful)


@settings(max_examples=5)
@given(st.lists(ANSWER, min_size=1, max_size=25))
def test_any_answers_make_a_spreadsheet(answers: list[tuple[int, int, int, int, int]]) -> None:
    assert spreadsheet(report_of(made_up(answers), cohort=True))[:2] == b"PK"


@pytest.mark.parametrize("edge", EDGES)
def test_every_chart_draws_at_the_edges(edge: str) -> None:
    figures = figures_of(made_up(EDGES[edge]))
    for name in charts.CHARTS:
        drawn = charts.pixels(charts.chart(name, figures, PRINT, 300, 180, 1.0))
        assert drawn.shape == (180, 300, 4)
        assert len(np.unique(drawn[..., 0])) > 2, name


def test_a_chart_is_as_large_and_sharp_as_it_is_asked_to_be() -> None:
    figures = figures_of(made_up(EDGES["all right"]))
    assert charts.pixels(charts.chart("tones", figures, PRINT, 320, 200, 2.0)).shape == (400, 640, 4)
    assert charts.png(charts.chart("tones", figures, PRINT, 320, 200)).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", charts.CHARTS)
def test_a_chart_that_was_laid_out_before_is_the_same(name: str) -> None:
    figures = figures_of(made_up(EDGES["all right"]))
    at_once, in_steps = (charts.chart(name, figures, PRINT, 320, 200) for _ in range(2))
    charts.lay_out(in_steps)
    assert (charts.pixels(in_steps) == charts.pixels(at_once)).all()


@pytest.mark.parametrize("edge", ["one wrong", "one tone"])
def test_a_learner_with_little_to_tell_fills_one_page(edge: str) -> None:
    report = report_of(made_up(EDGES[edge]), cohort=False, name="<Zoë & Ζωή>")
    pages = PdfReader(io.BytesIO(pdf(report))).pages
    assert len(pages) == 1
    assert "<Zoë & Ζωή>" in pages[0].extract_text()


def test_fifty_conditions_and_many_learners_still_fill_two_pages() -> None:
    draw = random.Random(2)
    answers = [
        (draw.randrange(60), draw.randrange(50), draw.randint(1, 10), draw.randrange(50), draw.randint(1, 5))
        for _ in range(4000)
    ]
    answers = [(who, c, t, c if draw.random() < 0.6 else other, sure) for who, c, t, other, sure in answers]
    columns = made_up(answers, conditions=50, learners=60, real=[place % 5 == 0 for place in range(4000)])
    report = report_of(
        columns, cohort=True, name="Somebody whose name is as long as it may be, sixty letters"
    )
    first, _ = PdfReader(io.BytesIO(pdf(report))).pages
    assert "Synthetic and real images" in first.extract_text()
    assert len(report.tables()[-2].rows) == 60


def test_words() -> None:
    assert [words.points(value) for value in (0.004, 0.126, -0.2)] == ["0", "+13", "\u221220"]
    assert [words.probability(p) for p in (0.0004, 0.0125)] == ["< 0.001", "0.013"]
    assert words.over_confidence(0.001) == "as sure as right"
    assert words.over_confidence(-0.12) == "12 points less sure than right"
    assert words.counted(12_345, "answer") == "12\u202f345 answers"
    assert Names({})[NONE_OF_THESE] == "None of these"
    assert Names({})["retired-condition"] == "retired-condition"


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        (
            [(0, 0, 2, 0, 3)] * 60 + [(0, 0, 9, 1, 3)] * 50 + [(0, 0, 9, 0, 3)] * 10,
            "Lower on dark skin by 83 points",
        ),
        ([(0, 0, 9, 0, 3)] * 60 + [(0, 0, 2, 1, 3)] * 60, "Lower on light skin by 100 points"),
        (
            [(0, 0, 9, k % 2, 3) for k in range(20)] + [(0, 0, 2, k % 2, 3) for k in range(20)],
            "not evidence of no gap",
        ),
        ([(0, 0, 9, 0, 3)] * 4, "Too few answers"),
    ],
)
def test_the_gap_in_plain_words(answers: list[tuple[int, int, int, int, int]], verdict: str) -> None:
    assert verdict in words.gap_verdict(figures_of(made_up(answers)).gap.independent)

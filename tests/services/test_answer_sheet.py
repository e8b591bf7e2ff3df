"""Sheets of answers: what reads, what is refused in a sentence, and that nothing else can happen."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.domain.modes import NONE_OF_THESE, AnswerKind, Mode, QuizOptions
from dermtutor.domain.quiz import QuizPlan
from dermtutor.errors import UserError
from dermtutor.services.answer_sheet import read_sheet, resolve
from dermtutor.services.scripted import take
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import Desk, small_catalogue

CATALOGUE = small_catalogue()
CONDITIONS = ("basal-cell-carcinoma", "melanoma", "vitiligo")


def test_a_sheet_reads() -> None:
    first, second = read_sheet("\ufeffchosen,confidence,seconds\nmelanoma > vitiligo ,4,2.5\n,1,\n")
    assert (first.line, first.chosen, first.confidence, first.seconds) == (
        2,
        ("melanoma", "vitiligo"),
        4,
        2.5,
    )
    assert (second.chosen, second.seconds) == ((), 0.0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "lack the column chosen and confidence"),
        ("chosen\nmelanoma\n", "lack the column confidence"),
        ("chosen,confidence,mood\na,1,b\n", "'mood' of no meaning"),
        ("chosen,confidence\n", "1 to 200 answers"),
        ("chosen,confidence\nmelanoma,6\n", "Line 2 .* confidence"),
        ("chosen,confidence\nmelanoma\n", "Line 2 .* as many cells"),
        ("chosen,confidence\nmelanoma,1,2\n", "Line 2 .* as many cells"),
        ("chosen,confidence,seconds\nmelanoma,1,-3\n", "Line 2 .* seconds"),
        ("chosen,confidence,seconds\nmelanoma,1,nan\n", "Line 2 .* seconds"),
        ('chosen,confidence\n"melanoma,1\n', "cannot be read as CSV"),
    ],
)
def test_what_does_not_read_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read_sheet(text)


@given(st.text())
def test_any_text_is_answers_or_a_sentence(text: str) -> None:
    try:
        answers = read_sheet("chosen,confidence,seconds\n" + text)
    except UserError:
        return
    assert all(0 <= each.seconds <= 86_400 for each in answers)


@given(
    st.lists(
        st.tuples(st.sampled_from(CONDITIONS), st.integers(1, 5), st.floats(0, 9_999)), min_size=1, max_size=9
    )
)
def test_what_was_written_is_read(rows: list[tuple[str, int, float]]) -> None:
    sheet = io.StringIO()
    csv.writer(sheet).writerows([("chosen", "confidence", "seconds"), *rows])
    read = read_sheet(sheet.getvalue())
    assert [(each.chosen[0], int(each.confidence), each.seconds) for each in read] == rows


def test_names_and_numbers_are_understood() -> None:
    assert resolve("Basal  cell carcinoma", (), CATALOGUE) == "basal-cell-carcinoma"
    assert resolve("2", CONDITIONS, CATALOGUE) == "melanoma"
    assert resolve("None of these", CONDITIONS, CATALOGUE) == NONE_OF_THESE
    with pytest.raises(UserError, match="No condition is called"):
        resolve("9", CONDITIONS, CATALOGUE)


@pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.EXAM, Mode.REFLECTION])
def test_a_quiz_is_taken_line_by_line(desk: Desk, mode: Mode) -> None:
    plan = QuizPlan(CONDITIONS, (MonkTone(1), MonkTone(9)), 6, 3, mode, QuizOptions(adaptive=False))
    sheet = read_sheet("chosen,confidence,seconds\n" + "melanoma,3,2\n" * 6)
    plan_of_six = desk.quiz.start(desk.learner().id, plan, seed=5)
    offered = [item for item in desk.records.items(plan_of_six) if "melanoma" in item.choices]
    if len(offered) < 6:
        sheet = read_sheet("chosen,confidence,seconds\n" + "1,3,2\n" * 6)
    taken = take(desk.quiz, desk.exam, CATALOGUE, desk.learner().id, plan, sheet, seed=5)
    rows = desk.records.answers(session_id=taken.session)
    assert (taken.asked, taken.correct) == (6, sum(row.answer.correct for row in rows))
    assert {row.mode for row in rows} == {mode}
    assert [row.answer.seconds for row in rows] == pytest.approx([2.0] * 6)


def test_a_differential_from_a_sheet(desk: Desk) -> None:
    options = QuizOptions(kind=AnswerKind.DIFFERENTIAL, adaptive=False)
    plan = QuizPlan(CONDITIONS, (MonkTone(1),), 1, 4, options=options)
    sheet = read_sheet("chosen,confidence\n3 > 1 > 2,3\n")
    taken = take(desk.quiz, desk.exam, CATALOGUE, desk.learner().id, plan, sheet, seed=1)
    (row,) = desk.records.answers(session_id=taken.session)
    assert row.answer.details.ranked == (row.choices[2], row.choices[0], row.choices[1])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [(",3", "Line 2 .* missing"), ("1 > 2,3", "Line 2 .* several"), ("gout,3", "Line 2 .* No condition")],
)
def test_an_answer_that_cannot_be_given_names_its_line(desk: Desk, line: str, sentence: str) -> None:
    plan = QuizPlan(CONDITIONS, (MonkTone(1),), 1, 3)
    with pytest.raises(UserError, match=sentence):
        take(
            desk.quiz,
            desk.exam,
            CATALOGUE,
            desk.learner().id,
            plan,
            read_sheet(f"chosen,confidence\n{line}\n"),
        )

"""The part of the tour that visits each mode and kind of answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dermtutor.domain.modes import Mode
from dermtutor.ui.pages.setup import SetupPage
from dermtutor.ui.tour_steps import Visitor

MODE_ANSWERS: Final = 8
"""Answers given in all modes together."""
_LOOK_ALIKES = ("melanoma", "melanocytic-naevus", "seborrhoeic-keratosis")


def visit_modes(visitor: Visitor) -> None:
    """One question in each mode, a short exam whole, with pictures. Its answers are real ones too."""
    for visit in (_everything_asked, _typed, _ranked, _reflection, _drill, _exam, _review):
        visit(visitor)


def _set_up(visitor: Visitor, mode: Mode) -> SetupPage:
    """The set-up page in a mode, with everything else as it is at first."""
    desk = visitor.desk
    desk.quizzes.show_setup()
    visitor.settle()
    page = desk.quizzes.setup_page
    page.choose((), (), 5, mode)
    options = page.options
    options.kind.choose(0)
    for check in (options.features, options.click, options.none):
        check.setChecked(False)
    return page


def _ask(visitor: Visitor, page: SetupPage) -> None:
    visitor.click(page.start)
    visitor.await_question()


def _everything_asked(visitor: Visitor) -> None:
    page = _set_up(visitor, Mode.PRACTICE)
    for check in (page.options.features, page.options.click, page.options.none):
        visitor.click(check)
    visitor.picture("set-up-practice")
    _ask(visitor, page)
    case = visitor.desk.quizzes.case_page
    visitor.key(case, Qt.Key.Key_1)
    visitor.key(case, Qt.Key.Key_C)
    for chip in case.question.features.chips[:2]:
        visitor.click(chip)
    view = case.stage.view
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
    visitor.picture("question-features")
    visitor.check()
    visitor.picture("feedback-features")


def _typed(visitor: Visitor) -> None:
    page = _set_up(visitor, Mode.PRACTICE)
    page.options.kind.choose(1)
    _ask(visitor, page)
    case = visitor.desk.quizzes.case_page
    QTest.keyClicks(case.question.answers.search, "car")
    visitor.key(case, Qt.Key.Key_Down)
    visitor.key(case, Qt.Key.Key_C)
    visitor.picture("question-typed")
    visitor.check()


def _ranked(visitor: Visitor) -> None:
    page = _set_up(visitor, Mode.PRACTICE)
    page.options.kind.choose(2)
    _ask(visitor, page)
    case = visitor.desk.quizzes.case_page
    for key in (Qt.Key.Key_3, Qt.Key.Key_1, Qt.Key.Key_5, Qt.Key.Key_C):
        visitor.key(case, key)
    visitor.picture("question-ranked")
    visitor.check()
    visitor.picture("feedback-ranked")


def _reflection(visitor: Visitor) -> None:
    page = _set_up(visitor, Mode.REFLECTION)
    visitor.picture("set-up-reflection")
    _ask(visitor, page)
    case = visitor.desk.quizzes.case_page
    for key in (Qt.Key.Key_2, Qt.Key.Key_C, Qt.Key.Key_Return):
        visitor.key(case, key)
    visitor.until(case.reflection.isVisible, "the findings")
    for chips in (case.reflection.supporting.chips[:1], case.reflection.against.chips[1:2]):
        for chip in chips:
            visitor.click(chip)
    visitor.picture("reflection")
    visitor.check()
    visitor.picture("feedback-reflection")


def _drill(visitor: Visitor) -> None:
    page = _set_up(visitor, Mode.DRILL)
    for name, box in page.boxes.items():
        box.setChecked(name in _LOOK_ALIKES)
    page.options.exposure.choose(1)
    visitor.picture("set-up-drill")
    _ask(visitor, page)
    case = visitor.desk.quizzes.case_page
    visitor.until(lambda: case.stage.view.covered, "the end of the exposure")
    visitor.picture("drill-covered")
    visitor.key(case, Qt.Key.Key_1)
    visitor.key(case, Qt.Key.Key_C)
    visitor.check()


def _exam(visitor: Visitor) -> None:
    page = _set_up(visitor, Mode.EXAM)
    page.options.blueprint.setChecked(True)
    visitor.picture("set-up-blueprint")
    page.options.blueprint.setChecked(False)
    visitor.picture("set-up-exam")
    visitor.click(page.start)
    desk = visitor.desk
    exam = desk.quizzes.exam_page
    for position in range(3):
        visitor.until(_at(visitor, position), "the next question")
        if position == 1:
            visitor.key(exam, Qt.Key.Key_F)
            visitor.settle()
        visitor.key(exam, Qt.Key.Key_1)
        visitor.key(exam, Qt.Key.Key_C)
        visitor.key(exam, Qt.Key.Key_Return)
        visitor.answers += 1
    visitor.until(_at(visitor, 3), "the next question")
    visitor.picture("exam")
    visitor.click(exam.hand_in)
    visitor.picture("exam-hand-in")
    visitor.click(exam.confirm)
    visitor.until(desk.quizzes.summary_page.isVisible, "the result of the exam")
    visitor.picture("exam-result")
    visitor.click(desk.quizzes.summary_page.all)
    case = desk.quizzes.case_page
    visitor.until(lambda: case.feedback.next.isVisible() and case.feedback.filled, "the feedback")
    visitor.picture("exam-look-back")
    visitor.key(case, Qt.Key.Key_Escape)
    visitor.until(desk.quizzes.summary_page.isVisible, "the result of the exam")


def _at(visitor: Visitor, position: int) -> Callable[[], bool]:
    exam = visitor.desk.quizzes.sitting.exam
    return lambda: (
        exam.current is not None and exam.current.position == position and visitor.window.records.idle()
    )


def _review(visitor: Visitor) -> None:
    _set_up(visitor, Mode.REVIEW)
    visitor.picture("set-up-review")
    _set_up(visitor, Mode.FORMS)
    visitor.picture("set-up-forms")
    visitor.desk.show_start()
    visitor.settle()

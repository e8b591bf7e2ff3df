"""The part of the tour that builds and looks through a case set, as an educator would."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt

from dermtutor.ui.sets.editor import COVER
from dermtutor.ui.tour_steps import Visitor

SET_NAME: Final = "Moles and what looks like them"
SET_CASES: Final = 12
_CONDITIONS: Final = ("melanoma", "melanocytic-naevus", "seborrhoeic-keratosis")


def visit_case_sets(visitor: Visitor) -> None:
    """The list, the form, the cases as they came, one accepted, and what the set covers."""
    desk = visitor.desk
    visitor.click(visitor.window.nav["sets"])
    page = desk.case_sets_page
    page.let_edit(True)
    visitor.settle()
    known = [each for each in page.index.shown if each.case_set.name == SET_NAME]
    if known:
        page.open(known[0].case_set)
    else:
        _build(visitor)
    editor = page.editor
    visitor.until(lambda: editor.model.rowCount() >= SET_CASES and desk.office.idle(), "the cases of a set")
    visitor.until(editor.thumbnails.idle, "the thumbnails")
    visitor.settle()
    visitor.key(editor.grid, Qt.Key.Key_A)
    visitor.settle()
    visitor.picture("case-set")
    visitor.click(visitor.window.theme_button)
    visitor.picture("case-set-dark")
    visitor.click(visitor.window.theme_button)
    editor.show_tab(COVER)
    visitor.picture("case-set-cover")
    visitor.click(editor.back)
    visitor.settle()
    visitor.picture("case-sets")


def _build(visitor: Visitor) -> None:
    """A new set by its name, and the form that asks for its cases."""
    page = visitor.desk.case_sets_page
    visitor.click(page.index.new)
    if page.question is not None and page.question.line is not None:
        page.question.line.setText(SET_NAME)
        visitor.click(page.question.buttons[0])
    visitor.until(page.builder.isVisible, "the form of a case set")
    page.builder.conditions.choose(_CONDITIONS)
    page.builder.number.setValue(SET_CASES)
    visitor.settle()
    visitor.picture("case-set-form")
    visitor.click(page.builder.start)

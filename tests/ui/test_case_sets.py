"""Case sets at the window: ask, watch, pause, review, order, and be asked."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QDropEvent
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from dermtutor.domain.case_sets import CaseState
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.desk import Desk
from dermtutor.ui.window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, click, desk_of, sit_down
from tests.ui.fakes import FakeGenerator

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Nothing is under way any more."""
    desk = desk_of(window)

    def quiet() -> bool:
        workers = window.records.idle() and window.generator.idle()
        return workers and desk.office.idle() and desk.case_sets_page.editor.thumbnails.idle()

    qtbot.waitUntil(quiet, timeout=LONG)
    qtbot.wait(5)
    qtbot.waitUntil(quiet, timeout=LONG)


def educator(qtbot: QtBot, window: MainWindow) -> Desk:
    """An educator before the case sets."""
    window.show()
    desk = sit_down(qtbot, window, "Ada")
    learner = desk.learner
    assert learner is not None
    desk._services.profiles.change_role(learner, "educator")
    desk.reception.open(learner.id)
    qtbot.waitUntil(lambda: desk.learner is not None and desk.learner.role == "educator", timeout=LONG)
    click(qtbot, window.nav["sets"])
    settle(qtbot, window)
    return desk


def answer_question(qtbot: QtBot, desk: Desk, press: str, typed: str = "") -> None:
    """Answers what the page asks."""
    page = desk.case_sets_page
    question = page.question
    assert question is not None
    if question.line is not None:
        question.line.setText(typed)
    button = next(each for each in question.findChildren(QPushButton) if each.text() == press)
    click(qtbot, button)
    qtbot.waitUntil(lambda: page.question is None, timeout=LONG)


def begin_set(qtbot: QtBot, window: MainWindow, desk: Desk, number: int = 12) -> None:
    """A set with cases of two conditions on all tones."""
    page = desk.case_sets_page
    click(qtbot, page.index.new)
    answer_question(qtbot, desk, "Begin the set", "Moles")
    qtbot.waitUntil(page.builder.isVisible, timeout=LONG)
    page.builder.conditions.choose(("melanoma", "vitiligo"))
    page.builder.number.setValue(number)
    click(qtbot, page.builder.start)


@pytest.fixture
def built(qtbot: QtBot, open_window: OpenWindow) -> MainWindow:
    window = open_window()
    desk = educator(qtbot, window)
    begin_set(qtbot, window, desk)
    settle(qtbot, window)
    return window


def test_cases_come_as_they_are_made(qtbot: QtBot, built: MainWindow) -> None:
    editor = desk_of(built).case_sets_page.editor
    assert not built.banner.isVisible()
    assert editor.isVisible()
    assert editor.model.rowCount() == 12
    assert not editor.strip.isVisible()
    assert editor.panel.view.has_image
    assert editor.title.text() == "Moles"
    assert editor.cover.table.rowCount() == 2
    said = editor.model.data(editor.model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("1. ")
    assert "not reviewed" in said
    click(qtbot, editor.back)
    settle(qtbot, built)
    index = desk_of(built).case_sets_page.index
    assert [index.table.item(0, place).text() for place in (0, 1, 2, 5)] == ["Moles", "1", "12", "Ada"]


def test_a_build_is_paused_continued_and_cancelled(
    qtbot: QtBot, open_window: OpenWindow, generator: FakeGenerator
) -> None:
    window = open_window()
    desk = educator(qtbot, window)
    editor = desk.case_sets_page.editor
    generator.seconds = 0.1  # so that the whole would take half a minute, also where the window is slow
    begin_set(qtbot, window, desk, 300)
    qtbot.waitUntil(lambda: editor.model.rowCount() > 3, timeout=LONG)
    assert editor.strip.isVisible()
    click(qtbot, editor.strip.pause)
    settle(qtbot, window)
    made = editor.model.rowCount()
    assert 3 < made < 300
    assert editor.strip.pause.text() == "Continue"
    assert editor.strip.words.text() == f"{made} of 300 cases made, {300 - made} cases still to come; paused."
    click(qtbot, editor.strip.pause)
    qtbot.waitUntil(lambda: editor.model.rowCount() > made + 2, timeout=LONG)
    assert " of 300 cases made" in editor.strip.words.text()  # it goes on where it was
    click(qtbot, editor.strip.give_up)
    settle(qtbot, window)
    assert made < editor.model.rowCount() < 300
    assert not editor.strip.isVisible()


def test_keys_accept_reject_and_pin(qtbot: QtBot, built: MainWindow) -> None:
    desk = desk_of(built)
    editor = desk.case_sets_page.editor
    grid = editor.grid
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_A)
    settle(qtbot, built)
    assert editor.model.cases[0].state is CaseState.ACCEPTED
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_R)
    answer_question(qtbot, desk, "Reject", "The border is cut off.")
    settle(qtbot, built)
    rejected = editor.model.cases[1]
    assert (rejected.state, rejected.reviews[0].reason) == (CaseState.REJECTED, "The border is cut off.")
    assert rejected.reviews[0].reviewer == "Ada"
    qtbot.keyClick(grid, Qt.Key.Key_P)
    settle(qtbot, built)
    assert editor.model.cases[1].pinned
    assert not editor.panel.regenerate.isEnabled()
    editor.filter.setCurrentText("Rejected")
    assert [place for place in range(12) if not grid.isRowHidden(place)] == [1]


def test_a_second_reviewer_sees_the_first_verdict_after_giving_one(qtbot: QtBot, built: MainWindow) -> None:
    desk = desk_of(built)
    editor, sets = desk.case_sets_page.editor, desk.office.sets
    assert editor.case_set is not None
    set_id, case_ids = editor.case_set.set_id, editor.model.ids()
    sets.reject(set_id, case_ids[:1], "The border is cut off.", "Bea")
    sets.accept(set_id, case_ids[1:2], "Bea")
    desk.office.open(set_id)
    settle(qtbot, built)
    grid, panel = editor.grid, editor.panel

    def shown() -> str:
        said = editor.model.data(editor.model.index(0), Qt.ItemDataRole.AccessibleTextRole)
        return f"{said} {panel._state.text()} {panel._said.text()}"

    grid.choose(case_ids[:1])
    assert "border" not in shown()
    assert "reject" not in shown().lower()
    assert shown().lower().count("judged by others") == 2
    assert "Another reviewer has judged this case." in shown()
    spec = editor.model.cases[0].case.spec
    line = [editor.cover.table.verticalHeaderItem(place).text().lower() for place in range(2)]
    cell = editor.cover.table.item(line.index(spec.condition), spec.tone.value - 1)
    assert cell.text() == "1"  # a rejected case would not count
    assert editor.exam.isEnabled()
    for words in ("Accepted", "Rejected"):
        editor.filter.setCurrentText(words)
        assert all(grid.isRowHidden(place) for place in range(12))
    editor.filter.setCurrentText("All cases")
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_A)
    settle(qtbot, built)
    assert "Bea rejected" in shown()
    assert "The border is cut off." in shown()
    assert editor.model.cases[0].state is CaseState.REJECTED
    assert editor.model.cases[1].state is CaseState.DRAFTED
    assert "1 case judged by two or more, 0 alike" in editor.cover._agreement.text()


def test_keys_and_drops_order_the_cases(qtbot: QtBot, built: MainWindow) -> None:
    desk = desk_of(built)
    editor = desk.case_sets_page.editor
    before = editor.model.ids()
    editor.grid.setFocus()
    qtbot.keyClick(editor.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, built)
    expected = [before[1], before[0], *before[2:]]
    assert editor.model.ids() == expected
    assert editor.grid.currentIndex().row() == 1
    carried = editor.model.mimeData([editor.model.index(4), editor.model.index(5)])
    assert editor.model.dropMimeData(carried, Qt.DropAction.MoveAction, 0, 0, editor.model.index(-1))
    settle(qtbot, built)
    expected = [*expected[4:6], *expected[:4], *expected[6:]]
    assert editor.case_set is not None
    assert [each.case.case_id for each in editor.case_set.cases] == expected
    carried = editor.model.mimeData([editor.model.index(0)])
    onto = editor.grid.visualRect(editor.model.index(2))
    place = QPointF(onto.right() - 4, onto.center().y())  # the right half of the third: behind it
    drop = QDropEvent(
        place, Qt.DropAction.MoveAction, carried, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    editor.grid.dropEvent(drop)
    settle(qtbot, built)
    assert [each.case.case_id for each in editor.case_set.cases] == [
        *expected[1:3],
        expected[0],
        *expected[3:],
    ]


def test_keys_move_a_case_past_those_that_the_filter_hides(qtbot: QtBot, built: MainWindow) -> None:
    editor = desk_of(built).case_sets_page.editor
    ids = editor.model.ids()
    editor.grid.choose({ids[1], ids[5], ids[8]})
    qtbot.keyClick(editor.grid, Qt.Key.Key_A)
    settle(qtbot, built)
    editor.filter.setCurrentText("Accepted")
    editor.grid.setCurrentIndex(editor.model.index(8))
    qtbot.keyClick(editor.grid, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, built)
    assert editor.model.ids() == [*ids[:5], ids[8], *ids[5:8], *ids[9:]]
    qtbot.keyClick(editor.grid, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(editor.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, built)
    assert editor.case_set is not None
    assert [each.case.case_id for each in editor.case_set.cases] == [
        ids[0], ids[1], ids[8], *ids[2:8], *ids[9:],
    ]  # fmt: skip
    qtbot.keyClick(editor.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(editor.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)  # it is the last one
    settle(qtbot, built)
    assert editor.model.ids() == [*ids[:6], ids[8], *ids[6:8], *ids[9:]]


def test_what_is_painted_on_a_thumbnail_stays_on_it(qtbot: QtBot, built: MainWindow) -> None:
    editor = desk_of(built).case_sets_page.editor
    grid, model = editor.grid, editor.model
    flagged, sound = 2, 3
    wanted = {flagged: ("the tone is off",), sound: ()}
    model.show_cases(
        [
            replace(each, case=replace(each.case, flags=wanted.get(row, each.case.flags)))
            for row, each in enumerate(model.cases)
        ]
    )
    grid.clearSelection()

    def beside(row: int) -> list[QColor]:
        """The pixels right of the thumbnail, along its lower edge."""
        cell = grid.visualRect(model.index(row))
        image = grid.viewport().grab(cell).toImage()
        return [image.pixelColor(cell.width() - 6, height) for height in range(110, 142)]

    assert beside(flagged) == beside(sound)


def test_of_many_chosen_cases_nothing_is_told_that_holds_for_one(qtbot: QtBot, built: MainWindow) -> None:
    editor = desk_of(built).case_sets_page.editor
    editor.grid.setFocus()
    editor.grid.selectAll()
    settle(qtbot, built)
    panel = editor.panel
    assert panel._name.text() == "12 cases chosen"
    assert "Monk" not in panel._facts.text()
    assert panel._said.text() == ""
    assert panel._flags.isHidden()


def test_a_long_name_ends_in_an_ellipsis_and_is_told_whole(qtbot: QtBot, built: MainWindow) -> None:
    editor = desk_of(built).case_sets_page.editor
    name = "Everything <b>that</b> is seen in a long week of clinics in eleven towns"
    assert editor.case_set is not None
    desk_of(built).office.rename(editor.case_set.set_id, name)
    settle(qtbot, built)
    built.resize(1024, 680)
    qtbot.waitUntil(lambda: editor.title.shown.endswith("…"), timeout=LONG)
    assert editor.title.text() == name
    assert "&lt;b&gt;that" in editor.title.toolTip()  # told, not obeyed


def test_a_case_is_regenerated_resembled_retoned_and_told(qtbot: QtBot, built: MainWindow) -> None:
    desk = desk_of(built)
    editor = desk.case_sets_page.editor
    panel, first = editor.panel, editor.model.cases[0]
    click(qtbot, panel.regenerate)
    settle(qtbot, built)
    new = editor.model.cases[0]
    assert new.case.spec.seed != first.case.spec.seed
    assert editor.chosen_cases() == [new]
    click(qtbot, panel.similar)
    assert not panel._drawing.isHidden()
    click(qtbot, panel.similar)  # one at a time
    settle(qtbot, built)
    assert panel._drawing.isHidden()
    assert editor.model.rowCount() == 13
    assert editor.chosen_cases() == [editor.model.cases[12]]  # the person is led to it
    editor.grid.choose({new.case.case_id})
    other = MonkTone(1 + new.case.spec.tone.value % 10)
    panel.retone_wanted.emit(other)
    settle(qtbot, built)
    assert editor.model.cases[0].case.spec == new.case.spec.on_tone(other)
    panel.age.setValue(50)
    panel.site.setEditText("lower limb")
    panel.history.setPlainText("A {age}-year-old with a mark on the {place}.")
    click(qtbot, panel.keep)
    settle(qtbot, built)
    assert built.banner.isVisible()  # {place} is unknown, and what was typed stays
    assert "place" in panel.history.toPlainText()
    panel.history.setPlainText("A {age}-year-old with a mark on the {site}.")
    click(qtbot, panel.keep)
    settle(qtbot, built)
    assert editor.model.cases[0].stem.told() == "A 50-year-old with a mark on the lower limb."
    assert not built.banner.isVisible()  # what it said no longer holds


def test_balancing_makes_what_is_missing(qtbot: QtBot, built: MainWindow) -> None:
    editor = desk_of(built).case_sets_page.editor
    editor.show_tab(1)
    editor.cover.per_cell.setValue(1)
    settle(qtbot, built)
    missing = sum(
        editor.cover.table.item(line, place).text() == "–" for line in range(2) for place in range(10)
    )
    assert missing == 8
    assert editor.cover._missing.text().startswith("8 cases missing")
    click(qtbot, editor.cover.balance)
    settle(qtbot, built)
    assert editor.model.rowCount() == 20
    assert not editor.cover.balance.isEnabled()


def test_an_exam_on_the_set_asks_accepted_cases_and_keeps_it(qtbot: QtBot, built: MainWindow) -> None:
    desk = desk_of(built)
    editor = desk.case_sets_page.editor
    assert not editor.exam.isEnabled()
    editor.grid.setFocus()
    editor.grid.selectAll()
    qtbot.keyClick(editor.grid, Qt.Key.Key_A)
    settle(qtbot, built)
    click(qtbot, editor.exam)
    answer_question(qtbot, desk, "Begin, 18 min")
    qtbot.waitUntil(desk.quizzes.exam_page.isVisible, timeout=LONG)
    settle(qtbot, built)
    assert "Image reviewed" in desk.quizzes.exam_page.stage._review.text()
    click(qtbot, built.nav["sets"])
    settle(qtbot, built)
    assert editor.case_set is not None
    assert editor.case_set.frozen
    assert editor.version.isVisible()
    assert not editor.ask.isVisible()
    assert not editor.panel.accept.isVisible()
    click(qtbot, editor.version)
    settle(qtbot, built)
    assert (editor.case_set.version, editor.may_edit) == (2, True)


def test_a_trainee_is_asked_the_cases_and_not_shown_them(qtbot: QtBot, built: MainWindow) -> None:
    desk = desk_of(built)
    page = desk.case_sets_page
    page.let_edit(False)
    settle(qtbot, built)
    assert page.index.isVisible()
    assert not page.index.open.isVisible()
    assert not page.index.new.isVisible()
    assert not page.index.exam.isEnabled()
    qtbot.keyClick(page.index.table, Qt.Key.Key_Return)
    qtbot.waitUntil(desk.quizzes.case_page.question.submit.isVisible, timeout=LONG)
    assert desk.quizzes.flow.current is not None
    assert desk.quizzes.flow.current.case.set_case is not None


def test_of_many_cases_only_those_in_sight_are_decoded_and_not_by_the_window(
    qtbot: QtBot, built: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(built)
    page, sets = desk.case_sets_page, desk.office.sets
    small = page.editor.case_set
    assert small is not None
    large = [
        replace(
            each,
            case=replace(each.case, spec=replace(each.case.spec, seed=number), image_sha=f"{number:064x}"),
        )
        for number in range(500)
        for each in [small.cases[number % 12]]
    ]
    fetched: dict[str, int] = {}
    picture = sets.image(small.cases[0].case.image_sha)
    monkeypatch.setattr(
        type(sets), "image", lambda self, sha: fetched.update({sha: threading.get_ident()}) or picture
    )
    many = replace(small, set_id="many", series="many", name="Many", cases=tuple(large))
    sets._store.add(many)
    page.open(many)
    settle(qtbot, built)
    grid = page.editor.grid
    assert page.editor.model.rowCount() == 500
    assert 0 < len(fetched) < 100
    assert f"{499:064x}" not in fetched
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    settle(qtbot, built)
    assert f"{499:064x}" in fetched
    assert len(fetched) < 200
    assert threading.get_ident() not in fetched.values()

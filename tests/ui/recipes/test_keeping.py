"""Recipes kept, left, reviewed, shared and removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dermtutor.paths import Folders
from dermtutor.ui.recipes.editor import Editor
from dermtutor.ui.window import MainWindow
from tests.ui.driving import LONG, begin, click, desk_of, sit_down
from tests.ui.recipes.driving import (
    SHAPE,
    go,
    range_of,
    settle,
    type_into,
    visit,
    write,
)

# The offscreen platform says this of every widget that is a window of its own and has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


class TestKeeping:
    def test_a_new_recipe_is_saved_and_joins_the_quiz(self, qtbot: QtBot, window: MainWindow) -> None:
        desk = sit_down(qtbot, window)
        page = visit(qtbot, window)
        click(qtbot, page.index.new)
        qtbot.waitUntil(lambda: page.editing, timeout=LONG)
        editor = page.editor
        settle(qtbot, window)
        assert editor.draft.is_dirty
        type_into(qtbot, editor.form.rows["id"].field.inputs()[0], "pink-rash")
        type_into(qtbot, go(editor, ("condition",)).rows["name"].field.inputs()[0], "Pink rash")
        settle(qtbot, window)
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: not editor.draft.is_dirty, timeout=LONG)
        assert (window._folders.recipes / "pink-rash.toml").read_text(encoding="utf-8") == editor.draft.text
        click(qtbot, window.nav["start"])
        click(qtbot, desk.start_page.start)
        box = desk.quizzes.setup_page.boxes["pink-rash"]
        assert box.text() == "Pink rash"
        assert box.made == "drawn from a recipe of your own"
        for name, each in desk.quizzes.setup_page.boxes.items():
            each.setChecked(name == "pink-rash")
        desk.quizzes.setup_page.questions.choose(5)
        click(qtbot, desk.quizzes.setup_page.start)
        qtbot.waitUntil(desk.quizzes.case_page.question.submit.isVisible, timeout=LONG)
        current = desk.quizzes.flow.current
        assert current is not None
        assert current.case.spec.condition == "pink-rash"

    def test_another_id_is_another_file_and_never_somebody_elses(
        self, qtbot: QtBot, folders: Folders, window: MainWindow, editor: Editor
    ) -> None:
        write(folders, "taken")
        desk_of(window)._services.recipes.reread()
        box = go(editor, ()).rows["id"].field.inputs()[0]
        type_into(qtbot, box, "taken")
        settle(qtbot, window)
        click(qtbot, editor.bar.save)
        qtbot.waitUntil(lambda: "already" in window.banner.text, timeout=LONG)
        assert editor.draft.is_dirty
        type_into(qtbot, box, "renamed")
        settle(qtbot, window)
        click(qtbot, editor.bar.save)
        qtbot.waitUntil(lambda: not editor.draft.is_dirty, timeout=LONG)
        assert {file.stem for file in folders.recipes.glob("*.toml")} == {"taken", "renamed"}

    def test_leaving_with_changes_asks(self, qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
        desk, page = desk_of(window), desk_of(window).recipes_page
        range_of(go(editor, SHAPE), "variation").high.setValue(0.7)
        settle(qtbot, window)
        click(qtbot, window.nav["progress"])
        assert page.isVisible()
        assert page.question is not None
        assert window.nav["recipes"].isChecked()
        assert not window.nav["progress"].isChecked()
        click(qtbot, page.question.buttons[2])
        assert page.isVisible()
        window.close()
        assert window.isVisible()
        assert page.question is not None
        page.question.reject()
        qtbot.waitUntil(lambda: page.question is None, timeout=LONG)
        click(qtbot, editor.bar.back)
        assert page.question is not None
        click(qtbot, page.question.buttons[1])
        assert not page.editing
        click(qtbot, window.nav["progress"])
        assert desk.progress_page.isVisible()
        assert "[0.1, 0.7]" not in (window._folders.recipes / "my-rash.toml").read_text(encoding="utf-8")

    def test_leaving_can_save_first(self, qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
        desk, page = desk_of(window), desk_of(window).recipes_page
        range_of(go(editor, SHAPE), "variation").high.setValue(0.7)
        settle(qtbot, window)
        click(qtbot, window.nav["start"])
        assert page.question is not None
        qtbot.keyClick(page.question, Qt.Key.Key_Return)
        qtbot.waitUntil(desk.start_page.isVisible, timeout=LONG)
        assert "[0.1, 0.7]" in (window._folders.recipes / "my-rash.toml").read_text(encoding="utf-8")

    def test_a_review_by_a_named_clinician(self, qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
        page = desk_of(window).recipes_page
        click(qtbot, editor.review)
        question = page.question
        assert question is not None
        assert question.line is not None
        assert not question.buttons[0].isEnabled()
        qtbot.keyClicks(question.line, "Dr Name")
        click(qtbot, question.buttons[0])
        qtbot.waitUntil(lambda: "Dr Name" in editor.preview._review.text(), timeout=LONG)
        assert not editor.draft.is_dirty
        settle(qtbot, window)
        range_of(go(editor, SHAPE), "variation").high.setValue(0.7)
        qtbot.waitUntil(lambda: editor.preview._review.text() == "Changed since its review", timeout=LONG)
        assert not editor.review.isEnabled()
        editor.draft.undo()

    def test_shared_removed_and_imported_again(
        self, qtbot: QtBot, window: MainWindow, editor: Editor, tmp_path: Path
    ) -> None:
        page, shared = desk_of(window).recipes_page, tmp_path / "shared.toml"
        page.share_to("my-rash", shared)
        qtbot.waitUntil(lambda: str(shared) in window.banner.text, timeout=LONG)
        click(qtbot, editor.bar.back)
        settle(qtbot, window)
        page.index.choose("my-rash")
        click(qtbot, page.index.remove)
        assert page.question is not None
        click(qtbot, page.question.buttons[1])
        catalogue = desk_of(window)._services.catalogue
        qtbot.waitUntil(lambda: "my-rash" not in catalogue, timeout=LONG)
        page.bring(shared)
        qtbot.waitUntil(lambda: "my-rash" in catalogue, timeout=LONG)
        settle(qtbot, window)
        page.bring(shared)
        qtbot.waitUntil(lambda: "already" in window.banner.text, timeout=LONG)
        page.share_to("my-rash", tmp_path / "no" / "such" / "folder.toml")
        qtbot.waitUntil(lambda: "choose another folder" in window.banner.text, timeout=LONG)

    def test_answers_to_a_removed_recipe_stay_readable(self, qtbot: QtBot, window: MainWindow) -> None:
        desk = sit_down(qtbot, window)
        desk.quizzes.setup_page.choose(("my-rash",), (3,), 5)
        begin(qtbot, window)
        current = desk.quizzes.flow.current
        assert current is not None
        desk._services.recipes.remove("my-rash")
        from tests.ui.driving import answer

        answer(qtbot, window)
        assert (
            "My rash" in desk.quizzes.case_page.feedback.verdict
            or desk.quizzes.case_page.feedback.verdict == "Right"
        )
        session, quiz = desk.quizzes.flow._session or "", desk._services.quiz
        desk.quizzes.summary_page.show_summary(quiz.summary(session), quiz.lines(session))

"""The recipe page through the real window: form, text, drawing, history, files, and what asks before it is lost."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from dermtutor.domain.recipe_text import set_value
from dermtutor.domain.recipes import FieldSchema, TableSchema
from dermtutor.errors import UserError
from dermtutor.paths import Folders, assets_dir
from dermtutor.ui.pages.recipes import RecipesPage
from dermtutor.ui.recipes import changes as changes_of
from dermtutor.ui.recipes.draft import Draft
from dermtutor.ui.recipes.editor import FORM, TEXT, Editor
from dermtutor.ui.recipes.fields import Field, RangeField
from dermtutor.ui.recipes.form import Form
from dermtutor.ui.recipes.places import additions, fresh_table, places
from dermtutor.ui.window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, begin, click, desk_of, sit_down
from tests.ui.fakes import FakeGenerator

# The offscreen platform says this of every widget that is a window of its own and has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

TEMPLATE = (assets_dir() / "templates" / "recipe.toml").read_text(encoding="utf-8")
SHAPE, COLOUR, RULE = ("lesion", 0, "shape"), ("lesion", 0, "colour", 0), ("tone_rule", 0)


def named(recipe_id: str) -> str:
    return set_value(TEMPLATE, ("id",), recipe_id)


def write(folders: Folders, recipe_id: str, text: str | None = None) -> Path:
    folders.recipes.mkdir(exist_ok=True)
    file = folders.recipes / f"{recipe_id}.toml"
    file.write_text(named(recipe_id) if text is None else text, encoding="utf-8")
    return file


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(desk_of(window).studio.idle, timeout=LONG)


def visit(qtbot: QtBot, window: MainWindow) -> RecipesPage:
    click(qtbot, window.nav["recipes"])
    page = desk_of(window).recipes_page
    qtbot.waitUntil(lambda: page.index.table.rowCount() > 0, timeout=LONG)
    return page


def edit(qtbot: QtBot, window: MainWindow, recipe_id: str) -> Editor:
    page = visit(qtbot, window)
    page.index.choose(recipe_id)
    click(qtbot, page.index.open)
    qtbot.waitUntil(lambda: page.editing and page.editor.entry is not None, timeout=LONG)
    settle(qtbot, window)
    return page.editor


def go(editor: Editor, key: tuple[str | int, ...]) -> Form:
    editor.outline.tree.setCurrentItem(editor.outline._items[key])
    QApplication.processEvents()
    return editor.form


def range_of(form: Form, name: str) -> RangeField:
    field = form.rows[name].field
    assert isinstance(field, RangeField)
    return field


def type_into(qtbot: QtBot, box: QWidget, text: str) -> None:
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Tab)


@pytest.fixture
def window(qtbot: QtBot, folders: Folders, open_window: OpenWindow) -> MainWindow:
    write(folders, "my-rash")
    return open_window()


@pytest.fixture
def editor(qtbot: QtBot, window: MainWindow) -> Editor:
    return edit(qtbot, window, "my-rash")


class TestTheList:
    def test_own_and_shipped_ones_with_what_can_be_done(self, qtbot: QtBot, window: MainWindow) -> None:
        index = visit(qtbot, window).index
        index.choose("my-rash")
        assert [b.isEnabled() for b in (index.open, index.copy, index.share, index.remove)] == [True] * 4
        index.choose("vitiligo")
        assert [b.isEnabled() for b in (index.open, index.copy, index.share, index.remove)] == [
            True, True, False, False,
        ]  # fmt: skip
        index.search.setText("urti")
        assert index.table.rowCount() == 1

    def test_a_shipped_one_is_read_only_until_it_is_copied(self, qtbot: QtBot, window: MainWindow) -> None:
        editor = edit(qtbot, window, "vitiligo")
        form = go(editor, SHAPE)
        assert not range_of(form, "diameter_mm").isEnabled()
        assert editor.text.isReadOnly()
        assert not editor.save.isVisible()
        click(qtbot, editor.copy)
        qtbot.waitUntil(lambda: not editor.draft.read_only, timeout=LONG)
        settle(qtbot, window)
        assert editor.draft.table["id"] == "vitiligo-copy"
        assert editor.findings == ()
        click(qtbot, editor.save)
        qtbot.waitUntil(lambda: not editor.draft.is_dirty, timeout=LONG)
        assert "vitiligo-copy" in desk_of(window)._services.catalogue

    def test_a_damaged_one_is_told_once_at_the_start_and_can_be_mended(
        self, qtbot: QtBot, folders: Folders, open_window: OpenWindow
    ) -> None:
        write(folders, "broken", named("broken").replace("[15, 30]", "[30, 15]"))
        window = open_window()
        assert window.banner.isVisible()
        assert "broken.toml, line" in window.banner.text
        assert window.banner.text.count(". ") == 0
        page = visit(qtbot, window)
        assert not window.banner.isVisible()
        page.index.choose("broken")
        click(qtbot, page.index.open)
        qtbot.waitUntil(lambda: bool(page.editor.findings), timeout=LONG)
        assert not page.editor.save.isEnabled()
        range_of(go(page.editor, SHAPE), "diameter_mm").high.setValue(40)
        settle(qtbot, window)
        click(qtbot, page.editor.save)
        qtbot.waitUntil(lambda: not page.editor.draft.is_dirty, timeout=LONG)
        assert "broken" in desk_of(window)._services.catalogue

    def test_one_that_is_no_toml_opens_as_text(
        self, qtbot: QtBot, folders: Folders, open_window: OpenWindow
    ) -> None:
        write(folders, "my-rash")
        write(folders, "broken", "id = [")
        window = open_window()
        editor = edit(qtbot, window, "my-rash")
        click(qtbot, editor.back)
        page = visit(qtbot, window)
        page.index.choose("broken")
        click(qtbot, page.index.open)
        qtbot.waitUntil(lambda: bool(editor.findings), timeout=LONG)
        assert editor.view.value() == TEXT
        assert editor.text.toPlainText() == "id = ["
        assert editor.outline.place is None
        editor.text.setPlainText(named("broken"))
        settle(qtbot, window)
        assert editor.findings == ()
        assert editor.outline.place is not None

    def test_what_is_no_text_at_all_is_told_and_can_be_removed(
        self, qtbot: QtBot, folders: Folders, open_window: OpenWindow
    ) -> None:
        file = write(folders, "binary")
        file.write_bytes(b"\x00\xff" * 50)
        window = open_window()
        page = visit(qtbot, window)
        page.index.choose("binary")
        click(qtbot, page.index.open)
        qtbot.waitUntil(lambda: "not a text file" in window.banner.text, timeout=LONG)
        assert not page.editing
        click(qtbot, page.index.remove)
        assert page.question is not None
        click(qtbot, page.question.buttons[1])
        qtbot.waitUntil(lambda: not file.exists(), timeout=LONG)

    def test_what_another_program_put_there_is_seen_when_the_page_is_shown(
        self, qtbot: QtBot, folders: Folders, window: MainWindow
    ) -> None:
        desk = sit_down(qtbot, window)
        assert "later" not in desk.quizzes.setup_page.boxes
        write(folders, "later")
        visit(qtbot, window)
        qtbot.waitUntil(lambda: "later" in desk.quizzes.setup_page.boxes, timeout=LONG)

    def test_a_drawing_that_fails_is_told_and_the_page_goes_on(
        self, qtbot: QtBot, window: MainWindow, generator: FakeGenerator
    ) -> None:
        editor = edit(qtbot, window, "my-rash")
        generator.error = UserError("The weights are missing; reinstall DermTutor.")
        click(qtbot, editor.preview.another)
        qtbot.waitUntil(lambda: "weights are missing" in window.banner.text, timeout=LONG)
        assert editor.preview.state.text() == "Could not be drawn"
        generator.error = None
        click(qtbot, editor.preview.another)
        settle(qtbot, window)
        assert not any(tile.is_stale for tile in editor.preview.tiles.values())


class TestTheForm:
    def test_every_key_of_the_model_has_a_field(self, qtbot: QtBot, editor: Editor) -> None:
        schema = desk_of(editor.window())._services.recipes.schema()  # type: ignore[arg-type]
        seen: set[tuple[str, str]] = set()

        def visit_table(table: TableSchema, key: tuple[str | int, ...]) -> None:
            for field in table.fields:
                if field.kind in ("table", "tables", "named"):
                    for inner in field.tables:
                        below = (*key, field.name) if field.kind == "table" else (*key, field.name, 0)
                        visit_table(inner, below)
                elif key or not field.name.startswith("review"):
                    seen.add((table.name, field.name))

        visit_table(schema, ())
        shown: set[tuple[str, str]] = set()
        for addition in _everything(schema):
            root = places(addition, fresh_table(addition))
            editor.form.show_place(root)
            shown |= {(addition.name, name) for name in editor.form.rows}
        assert seen <= shown

    def test_a_range_by_its_boxes_changes_the_text_and_the_drawing(
        self, qtbot: QtBot, window: MainWindow, editor: Editor, generator: FakeGenerator
    ) -> None:
        field = range_of(go(editor, SHAPE), "diameter_mm")
        generator.previews.clear()
        type_into(qtbot, field.high, "44.5")
        settle(qtbot, window)
        assert "diameter_mm = { range = [15, 44.5], severity = 0.3 }" in editor.draft.text
        assert "# Red: plain at 0.3" in editor.draft.text
        assert generator.previews[-1][0] == editor.draft.text
        assert all(tile.has_image and not tile.is_stale for tile in editor.preview.tiles.values())

    def test_a_least_above_the_most_takes_the_most_with_it(self, qtbot: QtBot, editor: Editor) -> None:
        field = range_of(go(editor, SHAPE), "diameter_mm")
        field.low.setValue(50)
        assert editor.draft.value((*SHAPE, "diameter_mm"))["range"] == [50, 50]

    def test_a_handle_is_dragged(self, qtbot: QtBot, editor: Editor) -> None:
        field = range_of(go(editor, SHAPE), "variation")
        slider = field.slider
        left, right = (QPoint(round(slider._x(value)), slider.height() // 2) for value in (0.3, 0.8))
        qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=left)
        qtbot.mouseMove(slider, right)
        qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=right)
        low, high = editor.draft.value((*SHAPE, "variation"))
        assert (low, high) == (0.1, pytest.approx(0.8, abs=0.02))
        assert field.high.value() == high

    def test_terms_texts_numbers_and_words(self, qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
        form = go(editor, COLOUR)
        chromophore = form.rows["chromophore"].field.inputs()[0]
        chromophore.setFocus()
        qtbot.keyClick(chromophore, Qt.Key.Key_Down)
        assert editor.draft.value((*COLOUR, "chromophore")) == "livid"
        form = go(editor, RULE)
        form.rows["livid"].field.inputs()[0].setValue(0.25)  # type: ignore[attr-defined]
        assert editor.draft.value((*RULE, "livid")) == 0.25
        because = form.rows["because"].field.inputs()[0]
        because.setFocus()
        qtbot.keyClicks(because, " Indeed.")
        assert (
            editor.draft.value((*RULE, "because")).endswith("red. Indeed.") or "Indeed." in editor.draft.text
        )
        form = go(editor, ("condition",))
        chips = form.rows["features"].field
        qtbot.mouseClick(chips.inputs()[0], Qt.MouseButton.LeftButton)
        assert editor.draft.value(("condition", "features")) == ["Erythema"]
        settle(qtbot, window)
        assert editor.findings == ()

    def test_the_usual_value_comes_back(self, qtbot: QtBot, editor: Editor) -> None:
        form = go(editor, SHAPE)
        assert form.rows["variation"].reset.isVisible()
        click(qtbot, form.rows["variation"].reset)
        assert editor.draft.value((*SHAPE, "variation")) is None
        assert range_of(form, "variation").high.value() == 0

    def test_another_kind_of_surface_brings_its_own_keys(
        self, qtbot: QtBot, window: MainWindow, editor: Editor
    ) -> None:
        editor._go(("lesion", 0))
        menu = editor.outline.menu()
        assert menu is not None
        next(each for each in menu.actions() if each.text() == "Surface: scale").trigger()
        menu.close()
        assert editor.draft.value(("lesion", 0, "surface", 0, "kind")) == "silver-scale"
        for surface in additions(editor._root, editor.draft.table, editor.outline.place):  # type: ignore[arg-type]
            if surface.title.startswith("Surface"):
                break
        settle(qtbot, window)
        assert editor.findings == ()

    def test_parts_are_added_copied_moved_and_removed(
        self, qtbot: QtBot, window: MainWindow, editor: Editor
    ) -> None:
        editor._go(("lesion", 0))
        click(qtbot, editor.outline.twin)
        assert [each["name"] for each in editor.draft.table["lesion"]] == ["plaque", "lesion-2"]
        assert editor.outline.place is not None
        assert editor.outline.place.key == ("lesion", 1)
        click(qtbot, editor.outline.up)
        assert [each["name"] for each in editor.draft.table["lesion"]] == ["lesion-2", "plaque"]
        settle(qtbot, window)
        assert editor.findings == ()
        click(qtbot, editor.outline.remove)
        assert [each["name"] for each in editor.draft.table["lesion"]] == ["plaque"]
        assert "# Red: plain at 0.3" in editor.draft.text

    def test_every_addition_that_is_offered_can_be_made(self, qtbot: QtBot, editor: Editor) -> None:
        for key in (("lesion", 0), ("condition",), RULE):
            editor._go(key)
            place = editor.outline.place
            assert place is not None
            for wanted in editor._additions(place):
                before = editor.draft.text
                editor.outline.add_wanted.emit(wanted)
                assert editor.draft.is_toml
                assert editor.draft.value(wanted.key) is not None
                assert "# A new recipe" in editor.draft.text
                editor.draft.undo()
                assert editor.draft.text == before

    def test_what_a_field_means_is_told_in_the_models_own_words(self, qtbot: QtBot, editor: Editor) -> None:
        form = go(editor, SHAPE)
        range_of(form, "variation").low.setFocus()
        assert "spreads the sizes of one patient" in form._help.text()
        assert "spreads the sizes" in range_of(form, "variation").low.accessibleDescription()


def _everything(schema: TableSchema) -> list[TableSchema]:
    found = [schema]
    for field in schema.fields:
        for inner in field.tables:
            found += _everything(inner)
    return found


class TestTheText:
    def test_text_and_form_show_the_same_recipe(
        self, qtbot: QtBot, window: MainWindow, editor: Editor
    ) -> None:
        go(editor, SHAPE)
        editor.view.choose(TEXT)
        text = editor.text.toPlainText().replace("variation = [0.1, 0.3]", "variation = [0.2, 0.5]")
        editor.text.setPlainText(text)
        editor.view.choose(FORM)
        assert range_of(editor.form, "variation").high.value() == 0.5
        range_of(editor.form, "variation").high.setValue(0.6)
        editor.view.choose(TEXT)
        assert "variation = [0.2, 0.6]" in editor.text.toPlainText()

    def test_the_line_of_a_mistake_is_marked_and_gone_to(
        self, qtbot: QtBot, window: MainWindow, editor: Editor, generator: FakeGenerator
    ) -> None:
        editor.view.choose(TEXT)
        generator.previews.clear()
        editor.text.setPlainText(editor.draft.text.replace('"plateau"', '"plato"'))
        qtbot.waitUntil(lambda: bool(editor.findings), timeout=LONG)
        settle(qtbot, window)
        line = next(n for n, each in enumerate(editor.draft.text.splitlines(), 1) if "plato" in each)
        assert editor.text.marked_lines == (line,)
        assert editor.strip.isVisible()
        assert f"line {line}" in editor._wrong.text()
        assert generator.previews == []
        assert all(tile.is_stale for tile in editor.preview.tiles.values())
        click(qtbot, editor.go_there)
        assert editor.text.textCursor().blockNumber() + 1 == line
        editor.view.choose(FORM)
        editor.go_to_finding()
        assert editor.outline.place is not None
        assert editor.outline.place.key == ("lesion", 0, "relief")
        assert editor.form.rows["profile"].title.property("role") == "label-wrong"
        profile = editor.form.rows["profile"].field.inputs()[0]
        qtbot.waitUntil(lambda: window.focusWidget() is profile, timeout=LONG)

    def test_what_is_no_toml_stops_the_form_and_not_the_person(
        self, qtbot: QtBot, window: MainWindow, editor: Editor
    ) -> None:
        editor.view.choose(TEXT)
        editor.text.setPlainText(editor.draft.text + "[[[")
        settle(qtbot, window)
        assert not editor._sides.isEnabled()
        assert editor.text.marked_lines == (len(editor.draft.text.splitlines()),)
        assert not editor.save.isEnabled()
        qtbot.keyClick(editor.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, window)
        assert editor._sides.isEnabled()
        assert editor.findings == ()
        assert not editor.draft.is_dirty


class TestHistory:
    def test_undo_and_redo_over_form_and_text(self, qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
        first = editor.draft.text
        field = range_of(go(editor, SHAPE), "variation")
        field.high.setValue(0.7)
        second = editor.draft.text
        editor.view.choose(TEXT)
        editor.text.setPlainText(second.replace("[50, 70]", "[40, 70]"))
        for expected in (second, first):
            click(qtbot, editor.undo)
            assert editor.draft.text == expected
        assert not editor.draft.is_dirty
        assert not editor.undo.isEnabled()
        editor.view.choose(FORM)
        assert field.high.value() == 0.3
        field.high.setFocus()
        qtbot.keyClick(
            field.high, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
        assert editor.draft.text == second

    def test_typing_is_one_step(self, qtbot: QtBot, editor: Editor) -> None:
        before = editor.draft.text
        box = go(editor, ("condition",)).rows["summary"].field.inputs()[0]
        box.setFocus()
        qtbot.keyClicks(box, "abc")
        assert "abc" in editor.draft.text
        qtbot.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert editor.draft.text == before


class TestTheDrawing:
    def test_it_says_what_it_is(self, qtbot: QtBot, editor: Editor) -> None:
        assert editor.preview._made.text() == "Drawn from a recipe, not learned"
        assert editor.preview._version.text() == "Version 1.0"
        assert editor.preview._review.text() == "Unreviewed"

    def test_another_patient_severity_and_a_seed_of_ones_own(
        self, qtbot: QtBot, window: MainWindow, editor: Editor, generator: FakeGenerator
    ) -> None:
        type_into(qtbot, editor.preview.seed, str(2**62 + 1))
        settle(qtbot, window)
        assert generator.previews[-1][1] == 2**62 + 1
        click(qtbot, editor.preview.another)
        settle(qtbot, window)
        assert generator.previews[-1][1] != 2**62 + 1
        editor.preview.severity.choose(2)
        settle(qtbot, window)
        assert generator.previews[-1][2] == 0.9
        type_into(qtbot, editor.preview.seed, "none")
        assert editor.preview.seed.text() == str(generator.previews[-1][1])
        assert not editor.draft.is_dirty

    def test_the_newest_wins_and_what_is_stale_is_dropped(
        self, qtbot: QtBot, window: MainWindow, editor: Editor, generator: FakeGenerator
    ) -> None:
        field = range_of(go(editor, SHAPE), "variation")
        seen: list[str] = []
        editor._studio.drawn.connect(lambda drawn: seen.append(drawn.look.text))
        generator.previews.clear()
        generator.gate = threading.Event()
        field.high.setValue(0.4)
        qtbot.waitUntil(lambda: len(generator.previews) == 1, timeout=LONG)  # it is being drawn
        for step in range(20):
            field.high.setValue(0.5 + step / 100)
        qtbot.wait(200)  # the window lives on
        generator.gate.set()
        settle(qtbot, window)
        assert len(generator.previews) == 2
        assert seen == [editor.draft.text] * 4
        assert "0.69]" in editor.draft.text
        assert str(threading.get_ident()) not in generator.threads

    def test_one_tone_large_and_back_by_key(self, qtbot: QtBot, editor: Editor) -> None:
        tiles = list(editor.preview.tiles.values())
        tiles[2].setFocus()
        for visible in ([False, False, True, False], [True] * 4):
            qtbot.keyClick(tiles[2], Qt.Key.Key_Space)
            assert [tile.isVisible() for tile in tiles] == visible


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
        click(qtbot, editor.save)
        qtbot.waitUntil(lambda: "already" in window.banner.text, timeout=LONG)
        assert editor.draft.is_dirty
        type_into(qtbot, box, "renamed")
        settle(qtbot, window)
        click(qtbot, editor.save)
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
        click(qtbot, editor.back)
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
        click(qtbot, editor.back)
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


def test_every_control_has_a_name_and_a_size(qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
    window.resize(940, 560)
    for key in list(editor.outline._items):
        go(editor, key)
        QApplication.processEvents()
        for control in editor.findChildren(QAbstractButton):
            if control.isVisible():
                assert min(control.width(), control.height()) >= 24, control.text()
                assert control.text() or control.accessibleName()
        for field in editor.form.findChildren(Field):
            for each in field.inputs():
                assert each.accessibleName() or isinstance(each, QAbstractButton)
                assert each.accessibleDescription() or isinstance(each, QAbstractButton)
        area = editor.form.area
        assert area.widget().width() <= area.viewport().width() + 1
    editor.view.choose(TEXT)
    QApplication.processEvents()
    assert window.rect().contains(editor.share.mapTo(window, editor.share.rect().bottomRight()))


def test_by_keys_alone(qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
    editor.outline.tree.setFocus()
    for _ in range(3):
        QTest.keyClick(editor.outline.tree, Qt.Key.Key_Down)
    assert editor.outline.place is not None
    seen = set()
    for _ in range(60):
        focused = window.focusWidget()
        assert focused is not None
        seen.add(focused.accessibleName() or getattr(focused, "text", str)())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"Seed: which patient is drawn", "Drawing on Monk 2", "Parts of the recipe"} <= seen
    QTest.keySequence(editor, QKeySequence("Ctrl+T"))
    assert editor.view.value() == TEXT


def test_tables_that_change_others_show_what_holds_without_them() -> None:
    """Stages and subtypes state by the lesion's name what differs from the recipe's own lesion."""
    size = FieldSchema(
        "diameter_mm", "range", required=False, absent="as in the recipe", high=300.0, unit="mm"
    )
    shape = FieldSchema("shape", "table", required=False, tables=(TableSchema("Shape", "", (size,)),))
    lesion = TableSchema("Lesion", "", (shape,))
    changes = FieldSchema("lesion", "named", required=False, names_of="lesion", tables=(lesion,))
    root = TableSchema(
        "Recipe",
        "",
        (FieldSchema("variant", "tables", required=False, tables=(TableSchema("Variant", "", (changes,)),)),),
    )
    text = TEMPLATE + '\n[[variant]]\nname = "late"\n\n[[variant]]\nname = "early"\n'
    draft = Draft()
    draft.open(text, "x")
    first = places(root, draft.table).children[0]
    wanted = additions(places(root, draft.table), draft.table, first)
    assert [each.title for each in wanted] == ["Changes of plaque", "Variant"]
    changes_of.add(draft, wanted[0])
    draft.change(
        set_value(draft.text, ("variant", 0, "lesion", "plaque", "shape", "diameter_mm"), [3, 4]), "form"
    )
    assert draft.table["variant"] == [
        {"name": "late", "lesion": {"plaque": {"shape": {"diameter_mm": [3, 4]}}}},
        {"name": "early"},
    ]
    assert "# A new recipe" in draft.text
    tree = {place.key: place for place in places(root, draft.table).walk()}
    assert tree["variant", 0, "lesion", "plaque", "shape"].base == ("lesion", 0, "shape")
    changes_of.take_out(draft, tree["variant", 0, "lesion", "plaque"])
    assert "plaque" not in draft.table["variant"][0].get("lesion", {})
    assert "# A new recipe" in draft.text


def test_a_field_schema_that_is_new_gets_a_field_of_its_kind(qtbot: QtBot, editor: Editor) -> None:
    """What is added to the model is in the form without a second list."""
    new = TableSchema(
        "New",
        "``new_mm`` is new.",
        (
            FieldSchema("new_mm", "range", required=False, default=(1.0, 2.0), high=9.0, unit="mm"),
            FieldSchema("new_term", "term", required=True, terms=("a", "b")),
        ),
    )
    editor.form.show_place(places(new, {"new_term": "b"}, ("lesion", 0, "new"), title="New"))
    assert set(editor.form.rows) == {"new_mm", "new_term"}
    assert editor.form.rows["new_mm"].title.text() == "New"

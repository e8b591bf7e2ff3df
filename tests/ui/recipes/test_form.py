"""The form of a recipe: every key has a field, and every field changes the text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from dermtutor.domain.recipe_text import set_value
from dermtutor.domain.recipes import FieldSchema, TableSchema
from dermtutor.ui.recipes import changes as changes_of
from dermtutor.ui.recipes.draft import Draft
from dermtutor.ui.recipes.editor import Editor
from dermtutor.ui.recipes.places import additions, fresh_table, places
from dermtutor.ui.window import MainWindow
from tests.ui.driving import LONG, click, desk_of
from tests.ui.fakes import FakeGenerator
from tests.ui.recipes.driving import (
    COLOUR,
    RULE,
    SHAPE,
    TEMPLATE,
    go,
    range_of,
    settle,
    type_into,
)

# The offscreen platform says this of every widget that is a window of its own and has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


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

    def test_rows_come_one_by_one_and_are_seen_together(self, qtbot: QtBot, editor: Editor) -> None:
        form, area = editor.form, editor.form.area.viewport()
        before = area.grab().toImage()
        assert area.updatesEnabled()
        for key in (COLOUR, RULE, SHAPE):  # as fast as keys come
            editor.outline.tree.setCurrentItem(editor.outline._items[key])
        assert not form.complete
        assert not area.updatesEnabled()
        assert set(form._rows) == set()
        qtbot.waitUntil(lambda: form.complete, timeout=LONG)
        assert area.updatesEnabled()
        assert "diameter_mm" in form.rows
        assert all(row.place[:-1] == SHAPE for row in form.rows.values())
        qtbot.waitUntil(lambda: area.grab().toImage() != before, timeout=LONG)

    def test_marks_and_values_reach_rows_that_were_not_made_yet(self, qtbot: QtBot, editor: Editor) -> None:
        wrong = (*SHAPE, "diameter_mm")
        editor.outline.tree.setCurrentItem(editor.outline._items[SHAPE])
        editor.form.mark({wrong})
        changes_of.set_key(editor.draft, editor.form.place, wrong, [3, 4])  # type: ignore[arg-type]
        assert editor.form.complete
        assert editor.form.rows["diameter_mm"].title.property("role") == "label-wrong"
        assert editor.form.rows["variation"].title.property("role") == "label"
        field = range_of(editor.form, "diameter_mm")
        assert (field.low.value(), field.high.value()) == (3, 4)

    def test_a_range_by_its_boxes_changes_the_text_and_the_drawing(
        self, qtbot: QtBot, window: MainWindow, editor: Editor, generator: FakeGenerator
    ) -> None:
        field = range_of(go(editor, SHAPE), "diameter_mm")
        generator.previews.clear()
        type_into(qtbot, field.high, "44.5")
        settle(qtbot, window)
        assert "diameter_mm = { range = [15, 44.5], severity = 0.3 }" in editor.draft.text
        assert "# Red: plain at 0.3" in editor.draft.text
        assert generator.previews[-1].text == editor.draft.text
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

"""The form: one table of the recipe, a row for every key that the model knows, in dermatology's terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QWidget

from dermtutor.domain.recipes import FieldSchema, Key, in_words
from dermtutor.ui.recipes.chips import ChipsField
from dermtutor.ui.recipes.draft import Draft
from dermtutor.ui.recipes.fields import ChoiceField, Field, NumberField, RangeField, Suggestions
from dermtutor.ui.recipes.places import REVIEW, Place, entry_names, field_help
from dermtutor.ui.recipes.texts import LinesField, TextField
from dermtutor.ui.theme import Theme
from dermtutor.ui.turns import Turns
from dermtutor.ui.widgets.basic import button, clear, column, frame, holder, label, row, scrolled, set_role

Names = Callable[[], Mapping[str, str]]
"""The names of all conditions by id."""

Keys = QKeySequence.StandardKey

_HINT: Final = "Go to a field to read what it means."


@dataclass(slots=True, eq=False)
class _Row:
    """What belongs to one key."""

    field: Field
    title: QLabel
    usual: QLabel
    reset: QPushButton
    help: str
    place: Key


class Form(QWidget):
    """Shows one place of a draft. ``edited`` carries the key and the value, ``unset`` the key that is to go."""

    edited = Signal(object, object)
    unset = Signal(object)
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, theme: Theme, draft: Draft, names: Names) -> None:
        super().__init__()
        self._theme, self._draft, self._names = theme, draft, names
        self._place: Place | None = None
        self._wrong: frozenset[Key] = frozenset()
        self._rows: dict[str, _Row] = {}
        self._building = Turns(self)
        self._title = label("", "heading", wrap=True)
        self._inner = column(gap=12)
        self._inner.setContentsMargins(0, 0, 12, 4)
        self.area = scrolled(holder(self._inner))
        self.area.setProperty("role", "see-through")
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._help = label(_HINT, "small", wrap=True)
        self._help.setMinimumHeight(34)
        self._help.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = column(self._title, self.area, self._help, gap=10)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    @property
    def place(self) -> Place | None:
        """What is shown."""
        return self._place

    @property
    def rows(self) -> Mapping[str, _Row]:
        """All rows by their keys; those that were still to be made are made now."""
        self._building.finish()
        return self._rows

    @property
    def complete(self) -> bool:
        """No row is still to be made."""
        return not self._building.isActive()

    def clear(self) -> None:
        """No recipe."""
        self._place, self._wrong = None, frozenset()
        self._title.setText("")
        self._empty()
        self._let_see(True)

    def show_place(self, place: Place) -> None:
        """Another table, or the same one with other keys or suggestions; the one before stays until it is made."""
        self._place = place
        self._title.setText(place.title)
        self._help.setText(_HINT)
        self._empty()
        self._let_see(False)
        self._building.begin(self._build(place))

    def _empty(self) -> None:
        self._building.drop()
        clear(self._inner)
        self._rows = {}

    def _let_see(self, on: bool) -> None:
        """Lay the rows out and paint them, or leave both."""
        self._inner.setEnabled(on)
        self.area.setUpdatesEnabled(on)

    def _build(self, place: Place) -> Iterator[None]:
        """The rows, one after the other."""
        fields = [each for each in place.schema.fields if each.kind not in ("table", "tables", "named")]
        for schema in fields:
            if place.key or not schema.name.startswith(REVIEW):
                yield
                self._inner.addWidget(self._row(place, schema))
                self._show_values(place, schema.name)
                self._mark(self._rows[schema.name])
        self._inner.addStretch(1)
        self._let_see(True)
        self.area.verticalScrollBar().setValue(0)

    def refresh(self, place: Place) -> None:
        """The values of the draft in the rows that are there; a field that is being typed in stays as it is."""
        self._place = place
        self._title.setText(place.title)
        for name in self.rows:
            self._show_values(place, name)

    def _show_values(self, place: Place, name: str) -> None:
        table, each = self._draft.value(place.key), self._rows[name]
        held = table.get(name) if isinstance(table, Mapping) else None
        each.place = (*place.key, name)
        inherited = self._draft.value((*(place.base or ()), name)) if each.field.schema.absent else None
        each.field.show_value(inherited if held is None else held)
        each.field.setEnabled(not self._draft.read_only)
        optional = not each.field.schema.required
        each.reset.setVisible(optional and held is not None and not self._draft.read_only)
        each.usual.setVisible(optional and held is None)

    def mark(self, keys: set[Key]) -> None:
        """Point out the rows with something wrong in them."""
        self._wrong = frozenset(keys)
        for each in self._rows.values():
            self._mark(each)

    def _mark(self, each: _Row) -> None:
        wrong = any(key[: len(each.place)] == each.place for key in self._wrong)
        role = "label-wrong" if wrong else "label"
        if each.title.property("role") != role:
            set_role(each.title, role)

    def go_to(self, name: str) -> None:
        """Put the keyboard into a field, once the rows have their places."""
        found = self.rows.get(name) or next(iter(self.rows.values()), None)

        def focus() -> None:
            if found in self.rows.values() and found is not None and found.field.inputs():
                self.area.ensureWidgetVisible(found.field, 0, 40)
                found.field.inputs()[0].setFocus(Qt.FocusReason.OtherFocusReason)

        QTimer.singleShot(0, self, focus)

    def _row(self, place: Place, schema: FieldSchema) -> QFrame:
        field = self._field(place, schema)
        title = label(schema.title, "label")
        unit = label(schema.unit, "small")
        has_usual = schema.default is not None
        words = schema.absent or ("usual value" if has_usual else "left out")
        usual = label(words, "small")
        reset = button("Leave out" if words == "left out" else words[:1].upper() + words[1:], "quiet-small")
        reset.setAccessibleName(
            f"{schema.title}: {'leave out' if words == 'left out' else f'back to {words}'}"
        )
        reset.setToolTip(reset.accessibleName())
        key: Key = (*place.key, schema.name)
        field.edited.connect(lambda value, name=schema.name: self._edited(name, value))
        reset.clicked.connect(lambda _=False, name=schema.name: self._unset(name))
        head = row(title, unit, None, usual, reset, gap=8)
        if schema.kind == "range":
            head.addWidget(label("severity", "small"))
        result = frame("clear-frame", head, field, margin=0, gap=4)
        explained = field_help(place.schema, schema.name)
        help_text = (
            f"{schema.title}: {explained}" if explained else f"{schema.title}, in the file “{schema.name}”."
        )
        for each in field.inputs():
            each.installEventFilter(self)
            each.setAccessibleDescription(help_text)
            each.setProperty("help", help_text)
        self._rows[schema.name] = _Row(field, title, usual, reset, help_text, key)
        return result

    def _field(self, place: Place, schema: FieldSchema) -> Field:
        offered = self._offered(place, schema)
        if schema.kind == "range":
            return RangeField(schema, self._theme)
        if schema.kind == "number":
            return NumberField(schema, self._theme)
        if schema.kind == "term":
            terms = place.schema.kinds if schema.name == "kind" and place.schema.kinds else schema.terms
            return ChoiceField(schema, [(term, in_words(term)) for term in terms])
        if schema.kind == "terms":
            return ChipsField(schema, [(term, term) for term in schema.terms])
        if schema.kind == "texts":
            return LinesField(schema) if offered is None else ChipsField(schema, offered)
        return TextField(schema) if offered is None else ChoiceField(schema, offered)

    def _offered(self, place: Place, schema: FieldSchema) -> Suggestions | None:
        """What a text can only be, because it names something else: an earlier lesion, a source, a condition."""
        table = self._draft.table
        if schema.name == "within" and len(place.key) > 1 and isinstance(place.key[1], int):
            earlier = _entries(table, str(place.key[0]))[: place.key[1]]
            names = [str(each.get("name", "")) for each in earlier]
            return [("", "–"), *((name, name) for name in names if name)]
        if schema.name == "leaves_out":
            return [(name, name) for name in entry_names(table, "lesion") if name]
        if schema.name in ("source", "sources"):
            keys = [str(each.get("key", "")) for each in _entries(table, "sources")]
            return [(key, key) for key in keys if key]
        if schema.name == "look_alikes":
            return [(key, name) for key, name in self._names().items() if key != table.get("id")]
        return None

    def _edited(self, name: str, value: Any) -> None:
        key = self.rows[name].place
        if value in ("", []) and not self.rows[name].field.schema.required:
            self.unset.emit(key)
        else:
            self.edited.emit(key, value)

    def _unset(self, name: str) -> None:
        self.unset.emit(self.rows[name].place)
        self.go_to(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The explanation of the field that the keyboard or the mouse is in; and undo, which the draft does."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            for keys, wanted in ((Keys.Undo, self.undo_wanted), (Keys.Redo, self.redo_wanted)):
                if event.matches(keys):
                    wanted.emit()
                    return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            focused = QApplication.focusWidget()
            target = watched if event.type() == QEvent.Type.FocusIn else focused or watched
            told = (target if target.property("help") else watched).property("help")
            if told:
                self._help.setText(str(told))
        return super().eventFilter(watched, event)


def _entries(table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = table.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []

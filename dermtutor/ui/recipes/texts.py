"""The fields for texts: a paragraph, or several, one a line."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from dermtutor.domain.recipes import FieldSchema
from dermtutor.ui.recipes.fields import Field
from dermtutor.ui.widgets.basic import column


class ParagraphBox(QPlainTextEdit):
    """A text of one paragraph, or one a line, as high as it needs to be. Tab goes on; Enter too, unless ``lines``."""

    typed = Signal()

    def __init__(self, name: str, *, lines: bool = False) -> None:
        super().__init__()
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.textChanged.connect(self.typed)
        self._fit()

    def show_text(self, text: str) -> None:
        """Another text; the caret stays where it was as far as it can."""
        if text != self.toPlainText():
            self.blockSignals(True)
            place = self.textCursor().position()
            self.setPlainText(text)
            cursor = self.textCursor()
            cursor.setPosition(min(place, len(text)))
            self.setTextCursor(cursor)
            self.blockSignals(False)
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._lines:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.moveCursor(QTextCursor.MoveOperation.End)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self, *_: object) -> None:
        lines = max(1, round(self.document().size().height()))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 16)


class TextField(Field):
    """A text of one paragraph."""

    def __init__(self, schema: FieldSchema) -> None:
        super().__init__(schema)
        self.box = ParagraphBox(schema.title)
        self.box.typed.connect(lambda: self.edited.emit(self.box.toPlainText().replace("\n", " ")))
        self.setLayout(column(self.box))

    def inputs(self) -> list[QWidget]:
        return [self.box]

    def show_value(self, value: Any) -> None:
        self.box.show_text(str(self.schema.default or "") if value is None else str(value))


class LinesField(Field):
    """Several texts, one a line."""

    def __init__(self, schema: FieldSchema) -> None:
        super().__init__(schema)
        self.box = ParagraphBox(f"{schema.title}, one a line", lines=True)
        self.box.setPlaceholderText("One a line")
        self.box.typed.connect(self._typed)
        self.setLayout(column(self.box))

    def inputs(self) -> list[QWidget]:
        return [self.box]

    def show_value(self, value: Any) -> None:
        wanted = [str(each) for each in value] if isinstance(value, list) else []
        if wanted != self._texts():
            self.box.show_text("\n".join(wanted))

    def _texts(self) -> list[str]:
        return [line.strip() for line in self.box.toPlainText().split("\n") if line.strip()]

    def _typed(self) -> None:
        self.edited.emit(self._texts())

"""The text of the recipe with line numbers; the lines with something wrong are marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from dermtutor.domain.recipes import Finding, Key
from dermtutor.domain.toml_layout import Document
from dermtutor.ui.theme import Theme, font

_TOKENS: Final = (
    (re.compile(r"^\s*\[{1,2}[^\]]*\]{1,2}"), "accent"),
    (re.compile(r"^\s*[A-Za-z0-9_\-.]+(?=\s*=)"), "text"),
    (re.compile(r"\"[^\"]*\"|'[^']*'"), "right"),
    (re.compile(r"#.*$"), "muted"),
)


class _Colours(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        for pattern, token in _TOKENS:
            for found in pattern.finditer(text):
                style = QTextCharFormat()
                style.setForeground(self._theme.color(token))
                self.setFormat(found.start(), found.end() - found.start(), style)


class TextView(QPlainTextEdit):
    """``typed`` when the person changed the text."""

    typed = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: tuple[int, ...] = ()
        self.setFont(font(13))
        self.setUndoRedoEnabled(False)  # the draft keeps the history, for form and text together
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Text of the recipe")
        self._gutter = _Gutter(self)
        self._colours = _Colours(self.document(), theme)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._follow)
        self.textChanged.connect(self.typed)
        theme.changed.connect(self._mark)
        self._make_room()

    @property
    def marked_lines(self) -> tuple[int, ...]:
        """The lines, from 1, with something wrong."""
        return self._lines

    def show_text(self, text: str) -> None:
        """Another text; what is seen and the caret stay where they were as far as they can."""
        if text == self.toPlainText():
            return
        place, top = self.textCursor().position(), self.verticalScrollBar().value()
        self.blockSignals(True)
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(place, len(text)))
        self.setTextCursor(cursor)
        self.blockSignals(False)
        self.verticalScrollBar().setValue(top)
        self._make_room()
        self._mark()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Mark their lines."""
        self._lines = tuple(sorted({each.line for each in findings if each.line is not None}))
        self._mark()
        self._gutter.update()

    def go_to_table(self, key: Key) -> None:
        """Show the lines of a table."""
        line = Document(self.toPlainText()).line_of(key)
        if line is not None:
            self.go_to_line(line)

    def go_to_line(self, line: int) -> None:
        """Put the caret on a line."""
        cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self) -> None:
        marks = []
        for line in self._lines:
            mark = QTextEdit.ExtraSelection()
            mark.format.setBackground(self._theme.color("wrong_soft"))
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            marks.append(mark)
        self.setExtraSelections(marks)

    def gutter_width(self) -> int:
        """Room for the line numbers, in pixels."""
        return 22 + self.fontMetrics().horizontalAdvance("9") * len(str(max(99, self.blockCount())))

    def _make_room(self, *_: object) -> None:
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)

    def _follow(self, area: QRect, scrolled: int) -> None:
        if scrolled:
            self._gutter.scroll(0, scrolled)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_wanted.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._gutter.setGeometry(QRect(inside.left(), inside.top(), self.gutter_width(), inside.height()))

    def paint_gutter(self, painter: QPainter, area: QRect) -> None:
        """The line numbers, those of marked lines in the colour of mistakes."""
        painter.fillRect(area, self._theme.color("raised"))
        painter.setFont(font(12))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        width = self.gutter_width()
        while block.isValid() and top <= area.bottom():
            height = self.blockBoundingRect(block).height()
            number = block.blockNumber() + 1
            wrong = number in self._lines
            painter.setPen(self._theme.color("wrong" if wrong else "muted"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            painter.drawText(QRect(0, round(top), width - 10, round(height)), right, str(number))
            if wrong:
                painter.fillRect(QRect(0, round(top), 4, round(height)), QColor(self._theme.color("wrong")))
            top += height
            block = block.next()


class _Gutter(QWidget):
    def __init__(self, view: TextView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        return QSize(self._view.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_gutter(QPainter(self), event.rect())

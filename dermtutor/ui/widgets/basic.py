"""Labels, buttons, cards and rows in the window's own style."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dermtutor.ui import resources
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.prose import Prose

Item = QWidget | QLayout | int | None
"""In a row or column: a widget, a layout, a fixed gap in pixels, or None for a stretch."""


def label(text: str, role: str = "body", *, wrap: bool = False) -> QLabel:
    """A text in one of the style sheet's roles."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("role", role)
    result.setWordWrap(wrap)
    return result


def prose(text: str, role: str = "body") -> QLabel:
    """A paragraph to read, with wider lines. A figure and its per cent stay on one line."""
    result = Prose()
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("role", role)
    result.setWordWrap(True)
    result.setText(text.replace(" %", "\u00a0%"))
    return result


def plain_tip(text: str) -> str:
    """A tool tip that shows what others wrote as it stands: Qt would take tags in it for HTML, and fetch what they
    name."""
    return f"<span>{escape(text)}</span>" if "<" in text else text


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another rule of the style sheet."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def button(text: str, role: str = "", tip: str = "") -> QPushButton:
    """A push button; ``role`` is empty for the plain kind."""
    result = QPushButton(text)
    result.setProperty("role", role)
    result.setCursor(Qt.CursorShape.PointingHandCursor)
    if tip:
        result.setToolTip(tip)
    return result


def dress(target: QPushButton, name: str, theme: Theme, token: str = "text", size: int = 16) -> None:
    """Give a button an icon that follows the theme."""
    _Dress(target, name, theme, token, size)


class _Dress(QObject):
    """A part of the button, so that the theme forgets it with the button."""

    def __init__(self, target: QPushButton, name: str, theme: Theme, token: str, size: int) -> None:
        super().__init__(target)
        self._target, self._name, self._theme = target, name, theme
        self._token, self._size = token, size
        target.setIconSize(QSize(size, size))
        theme.changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        color = self._theme.color(self._token)
        self._target.setIcon(resources.icon(self._name, color, self._size))


class Icon(QLabel):
    """A drawn sign beside a text; the text says the same, so screen readers skip it."""

    def __init__(self, name: str, theme: Theme, token: str = "text", size: int = 20) -> None:
        super().__init__()
        self._name, self._theme, self._token, self._size = name, theme, token, size
        self.setFixedSize(size, size)
        theme.changed.connect(self._paint)
        self._paint()

    def become(self, name: str, token: str) -> None:
        """Another sign, in another colour."""
        self._name, self._token = name, token
        self._paint()

    def _paint(self) -> None:
        color = self._theme.color(self._token)
        self.setPixmap(resources.pixmap(self._name, color, self._size, self.devicePixelRatioF()))


def fill(layout: QBoxLayout, items: Iterable[Item]) -> None:
    """Add the items to a layout."""
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def row(*items: Item, gap: int = 10) -> QHBoxLayout:
    """Items side by side."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    fill(layout, items)
    return layout


def column(*items: Item, gap: int = 8) -> QVBoxLayout:
    """Items below each other."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    fill(layout, items)
    return layout


def frame(role: str, *items: Item, margin: int = 20, gap: int = 10) -> QFrame:
    """A framed column: a card, a note, a bar."""
    result = QFrame()
    result.setProperty("role", role)
    layout = column(*items, gap=gap)
    layout.setContentsMargins(margin, margin, margin, margin)
    result.setLayout(layout)
    return result


def rule() -> QFrame:
    """A hairline."""
    result = QFrame()
    result.setProperty("role", "rule")
    result.setFixedHeight(1)
    return result


def holder(layout: QBoxLayout, role: str = "see-through") -> QWidget:
    """A plain widget around a layout."""
    result = QWidget()
    result.setProperty("role", role)
    result.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    result.setLayout(layout)
    return result


def scrolled(content: QWidget) -> QScrollArea:
    """Content that scrolls upwards and downwards only, reachable by keyboard."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area


def clear(layout: QBoxLayout) -> None:
    """Remove everything from a layout and delete the widgets."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner, QBoxLayout):
            clear(inner)

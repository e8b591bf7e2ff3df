"""The cases of a set as a grid of thumbnails with their states. Keys: Alt with an arrow moves, A, R, P, Delete."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDropEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dermtutor.domain.case_sets import CaseState, SetCase
from dermtutor.domain.cases import Source
from dermtutor.ui import resources
from dermtutor.ui.sets.model import CASE_ROLE, THUMBNAIL, CaseListModel
from dermtutor.ui.theme import Theme, font
from dermtutor.ui.widgets.plate import paint_plate

_MARGIN: Final = 9
_CELL: Final = QSize(THUMBNAIL + 2 * _MARGIN + 4, THUMBNAIL + 66)
_BADGE: Final = 24
_MADE: Final = {
    Source.LEARNED: "synthetic",
    Source.RECIPE: "synthetic",
    Source.TRANSFER: "composite",
    Source.REAL: "photograph",
}


class CaseGrid(QListView):
    """The signals carry what the key asks for; the page knows what is chosen."""

    accept_wanted = Signal()
    reject_wanted = Signal()
    pin_wanted = Signal()
    take_out_wanted = Signal()
    chosen = Signal()

    def __init__(self, theme: Theme, model: CaseListModel) -> None:
        super().__init__()
        self._cases = model
        self.setModel(model)
        self.setItemDelegate(_CaseDelegate(theme, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setProperty("role", "grid")
        self.setAccessibleName("Cases of the set")
        self.verticalScrollBar().setSingleStep(40)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit())
        theme.changed.connect(self.viewport().update)

    def chosen_rows(self) -> list[int]:
        """The selected rows that are shown, in order."""
        return sorted(each.row() for each in self.selectedIndexes() if not self.isRowHidden(each.row()))

    def choose(self, case_ids: set[str]) -> None:
        """Select these cases; the first becomes the current one."""
        rows = [row for row, case_id in enumerate(self._cases.ids()) if case_id in case_ids]
        picked = self.selectionModel()
        for number, row in enumerate(rows):
            index = self._cases.index(row)
            if not number:
                self.setCurrentIndex(index)
            picked.select(index, picked.SelectionFlag.Select)

    def dropEvent(self, event: QDropEvent) -> None:
        """The model rearranges itself; Qt's own way for lists would remove what it moved."""
        where = event.position().toPoint()
        index = self.indexAt(where)
        row = -1
        if index.isValid():
            after = where.x() > self.visualRect(index).center().x()
            row = index.row() + after
        self._cases.dropMimeData(event.mimeData(), Qt.DropAction.MoveAction, row, 0, QModelIndex())
        event.setDropAction(Qt.DropAction.CopyAction)  # nothing is left for Qt to remove
        event.accept()
        self.viewport().update()
        self.setState(QAbstractItemView.State.NoState)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -self._columns(), Qt.Key.Key_Down: self._columns(),
        }  # fmt: skip
        wanted = {
            Qt.Key.Key_A: self.accept_wanted, Qt.Key.Key_R: self.reject_wanted, Qt.Key.Key_P: self.pin_wanted,
            Qt.Key.Key_Delete: self.take_out_wanted,
        }  # fmt: skip
        if modifiers & Qt.KeyboardModifier.AltModifier and key in steps:
            shown = [row for row in range(self._cases.rowCount()) if not self.isRowHidden(row)]
            self._cases.move(self.chosen_rows(), steps[Qt.Key(key)], shown)
            self.scrollTo(self.currentIndex())
        elif not modifiers and key in wanted:
            wanted[Qt.Key(key)].emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""

    def _columns(self) -> int:
        return max(1, self.viewport().width() // _CELL.width())


class _CaseDelegate(QStyledItemDelegate):
    """Paints one case: its picture, its state, its name and tone."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return _CELL

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        case = index.data(CASE_ROLE)
        if not isinstance(case, SetCase):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = QRectF(QRect(option.rect)).adjusted(2, 2, -2, -2)
        self._paint_ground(painter, cell, option)
        area = QRectF(cell.left() + _MARGIN, cell.top() + _MARGIN, THUMBNAIL, THUMBNAIL)
        self._paint_picture(painter, area, index.data(Qt.ItemDataRole.DecorationRole))
        self._paint_marks(painter, area, case)
        self._paint_words(painter, area, case, str(index.data(Qt.ItemDataRole.DisplayRole)), index.row() + 1)
        painter.restore()

    def _paint_ground(self, painter: QPainter, cell: QRectF, option: QStyleOptionViewItem) -> None:
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            painter.setPen(QPen(self._theme.color("accent"), 1.2) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 11, 11)
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(cell, 12, 12)

    def _paint_picture(self, painter: QPainter, area: QRectF, picture: object) -> None:
        path = QPainterPath()
        path.addRoundedRect(area, 8, 8)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(area, self._theme.color("line"))
        if isinstance(picture, QPixmap):
            painter.drawPixmap(area.toRect(), picture)
        painter.restore()

    def _paint_marks(self, painter: QPainter, area: QRectF, case: SetCase) -> None:
        """State at the top right, by sign and colour; pin at the left; how it was made below, beside a failed check."""
        badge = QRectF(area.right() - _BADGE - 5, area.top() + 5, _BADGE, _BADGE)
        if case.state is not CaseState.DRAFTED:
            accepted = case.state is CaseState.ACCEPTED
            token = "right" if accepted else "wrong"
            self._paint_badge(painter, badge, "check" if accepted else "cross", token)
        if case.pinned:
            self._paint_badge(painter, badge.translated(area.left() - badge.left() + 5, 0), "pin", "text")
        if case.case.flags:
            below = QPointF(badge.left(), area.bottom() - _BADGE - 5)
            self._paint_badge(painter, QRectF(below, badge.size()), "caution", "caution")
        words = _MADE[case.case.spec.source]
        paint_plate(painter, area.bottomLeft() + QPointF(5, -5), words, height=19, padding=6, points=11)

    def _paint_badge(self, painter: QPainter, box: QRectF, name: str, token: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("surface"))
        painter.drawEllipse(box)
        sign = resources.pixmap(name, self._theme.color(token), 16, painter.device().devicePixelRatioF())
        painter.drawPixmap(int(box.center().x() - 8), int(box.center().y() - 8), sign)

    def _paint_words(self, painter: QPainter, area: QRectF, case: SetCase, name: str, number: int) -> None:
        line = QRectF(area.left(), area.bottom() + 6, area.width(), 18)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setFont(font(13, QFont.Weight.Medium))
        painter.setPen(self._theme.color("text"))
        shown = QFontMetricsF(painter.font()).elidedText(name, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, flags, shown)
        line.translate(0, 19)
        tone = case.case.spec.tone
        painter.setPen(QPen(self._theme.color("line_strong"), 1))
        painter.setBrush(QColor(tone.swatch))
        painter.drawEllipse(QRectF(line.left() + 0.5, line.center().y() - 5.5, 11, 11))
        painter.setPen(self._theme.color("muted"))
        painter.setFont(font(12))
        painter.drawText(line.adjusted(17, 0, 0, 0), flags, f"{tone}")
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), str(number))

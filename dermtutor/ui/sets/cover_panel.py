"""What a set covers of conditions and tones, what it lacks, and how far its reviewers agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSpinBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from dermtutor.domain.case_sets import CaseSet, CaseState
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.quiz import BlueprintCell
from dermtutor.domain.set_agreement import agreement_of
from dermtutor.domain.set_cover import coverage
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme, font, ramp_color, readable_on
from dermtutor.ui.widgets.basic import button, column, holder, label, plain_tip, row, rule
from dermtutor.ui.wording import agreement_said, counted

_TONES: Final = MonkTone.all()


class CoverPanel(QWidget):
    """``missing_wanted`` and ``balance_wanted`` carry how many cases every cell is to have."""

    missing_wanted = Signal(int)
    balance_wanted = Signal(int)
    cell_wanted = Signal(str, object)
    """A condition and a MonkTone, to show their cases."""

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self._theme, self._catalogue = theme, catalogue
        self._set: CaseSet | None = None
        self._conditions: list[str] = []
        self.table = QTableWidget(0, len(_TONES))
        self.per_cell = QSpinBox()
        self.per_cell.setRange(1, 50)
        self.per_cell.setFixedWidth(56)
        self.per_cell.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.per_cell.setAccessibleName("Cases of each condition on each tone")
        self.balance = button("Balance my set", "tool", "Make the cases that are missing")
        self._missing = label("", "muted", wrap=True)
        self._balance = holder(
            column(
                row(label("Cases in every cell", "label"), self.per_cell, None, self.balance, gap=8),
                self._missing, gap=6,
            )
        )  # fmt: skip
        self._counts = label("", "body", wrap=True)
        self._agreement = label("", "body", wrap=True)
        self._build()
        self.per_cell.valueChanged.connect(self.missing_wanted)
        self.balance.clicked.connect(lambda: self.balance_wanted.emit(self.per_cell.value()))
        self.table.cellActivated.connect(self._activated)
        theme.changed.connect(self._fill)

    def _build(self) -> None:
        table = self.table
        table.setAccessibleName("Cases by condition and skin tone")
        table.setHorizontalHeaderLabels([str(tone.value) for tone in _TONES])
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setProperty("role", "dense")
        table.setItemDelegate(_CellDelegate(self._theme, table))
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setMinimumSectionSize(18)
        table.horizontalHeader().setHighlightSections(False)
        table.verticalHeader().setDefaultSectionSize(28)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setHighlightSections(False)
        table.verticalHeader().setMaximumWidth(140)
        table.verticalHeader().setFont(font(12, QFont.Weight.Medium))
        table.verticalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        head = row(label("Cover", "heading"), label("accepted and unreviewed cases", "muted"), None, gap=8)
        layout = column(head, table, self._balance, rule(), label("Review", "heading"), self._counts,
                        self._agreement, gap=9)  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_set(self, case_set: CaseSet, seen: CaseSet, *, may_edit: bool) -> None:
        """Another set, or the same with other cases. ``seen`` lacks the verdicts that are withheld from who looks: they
        must not be read off the cells."""
        other = self._set is None or self._set.set_id != case_set.set_id
        self._set = seen
        self._conditions = list(dict.fromkeys(each.case.spec.condition for each in case_set.cases))
        self._conditions.sort(key=lambda name: self._catalogue.described(name).name.lower())
        self._balance.setVisible(may_edit and bool(case_set.cases))
        self._fill()
        self._counts.setText(_counted(case_set))
        self._agreement.setText(agreement_said(agreement_of(case_set)))
        if other:
            cells = [sum(each.values()) for each in coverage(case_set).values()]
            self.per_cell.blockSignals(True)
            self.per_cell.setValue(max(cells, default=1))
            self.per_cell.blockSignals(False)
        if case_set.cases:
            self.missing_wanted.emit(self.per_cell.value())

    def show_missing(self, cells: Sequence[BlueprintCell]) -> None:
        """What balancing would make."""
        count = sum(each.count for each in cells)
        self.balance.setEnabled(count > 0)
        self._missing.setText(
            f"{counted(count, 'case')} missing, in {counted(len(cells), 'cell')}."
            if count
            else "Every condition has that many on every tone."
        )

    def _fill(self) -> None:
        if self._set is None:
            return
        cells = coverage(self._set)
        names = [self._catalogue.described(name).name for name in self._conditions]
        self.table.setRowCount(len(names))
        self.table.setVerticalHeaderLabels(names)
        counts = {cell: sum(n for state, n in states.items() if state is not CaseState.REJECTED)
                  for cell, states in cells.items()}  # fmt: skip
        most = max(counts.values(), default=1) or 1
        for line, name in enumerate(self._conditions):
            self.table.verticalHeaderItem(line).setToolTip(plain_tip(names[line]))
            for place, tone in enumerate(_TONES):
                count = counts.get((name, tone), 0)
                item = QTableWidgetItem(str(count) if count else "–")
                told = f"{names[line]} on {tone}: {counted(count, 'case')}"
                item.setToolTip(plain_tip(told))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
                item.setData(Qt.ItemDataRole.UserRole, count / most)
                self.table.setItem(line, place, item)

    def _activated(self, line: int, place: int) -> None:
        self.cell_wanted.emit(self._conditions[line], _TONES[place])


class _CellDelegate(QStyledItemDelegate):
    """A count on a ground that is the darker, the more cases there are."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
        share = float(index.data(Qt.ItemDataRole.UserRole) or 0)
        ground = ramp_color(self._theme.tokens, share) if share else self._theme.color("raised")
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(self._theme.color("focus"), 2) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(area, 5, 5)
        painter.setPen(readable_on(ground) if share else self._theme.color("muted"))
        painter.setFont(font(12, QFont.Weight.Medium))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()


def _counted(case_set: CaseSet) -> str:
    states = [each.state for each in case_set.cases]
    accepted, rejected = states.count(CaseState.ACCEPTED), states.count(CaseState.REJECTED)
    return (
        f"{accepted} accepted, {rejected} rejected, {states.count(CaseState.DRAFTED)} not reviewed. "
        "Exams ask accepted cases only."
    )

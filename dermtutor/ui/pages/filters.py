"""The filters above the statistics: time, images, mode, set, reviewed only. Only what can differ is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from dermtutor.services.answer_columns import AnswerFilter
from dermtutor.services.statistics import FilterChoices
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import row
from dermtutor.ui.widgets.marks import CheckLine
from dermtutor.ui.widgets.scales import ScaleRow

_SPANS: Final = ((0, "All time"), (90, "90 days"), (30, "30 days"), (7, "7 days"))
_SOURCES: Final = ("", "learned", "recipe", "transfer", "real")
_SOURCE_NAMES: Final = ("All synthetic", "Learned", "Recipe", "Transfer", "Real")
_RARE: Final = ("transfer", "real")
"""Offered only where there are such images."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The state of the filters; ``days`` 0 and empty texts let everything count."""

    days: int = 0
    source: str = ""
    mode: str = ""
    case_set: str = ""
    reviewed_only: bool = False

    def at(self, now: datetime) -> AnswerFilter:
        """The filter as of a moment."""
        return AnswerFilter(
            since=now - timedelta(days=self.days) if self.days else None,
            mode=self.mode or None,
            case_set=self.case_set or None,
            source=self.source or None,
            reviewed_only=self.reviewed_only,
        )


class FilterBar(QWidget):
    """``changed`` whenever the person chooses something else."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.span = ScaleRow(list(_SPANS), theme, "Time that counts")
        self.span.setMaximumWidth(330)
        self.source = ScaleRow(list(enumerate(_SOURCE_NAMES)), theme, "Images that count")
        self.source.setMaximumWidth(460)
        self.mode = _menu("Mode")
        self.case_set = _menu("Set")
        self.reviewed = CheckLine("Reviewed only", theme)
        self.span.choose(0)
        self.source.choose(0)
        self.setLayout(row(self.span, self.source, self.mode, self.case_set, self.reviewed, None, gap=12))
        self.offer(FilterChoices((), (), (), False))
        for signal in (
            self.span.changed, self.source.changed, self.mode.activated, self.case_set.activated, self.reviewed.toggled,
        ):  # fmt: skip
            signal.connect(lambda *_: self.changed.emit())

    def offer(self, choices: FilterChoices) -> None:
        """What there is to choose from. A choice that is made stays."""
        _fill(
            self.mode,
            "All modes",
            choices.modes,
            [name.replace("-", " ").capitalize() for name in choices.modes],
        )
        _fill(self.case_set, "All sets", choices.case_sets, choices.case_sets)
        self.mode.setVisible(len(choices.modes) > 1)
        self.case_set.setVisible(bool(choices.case_sets))
        self.reviewed.setVisible(choices.reviewed or self.reviewed.isChecked())
        for name, segment in zip(_SOURCES, self.source.segments, strict=True):
            segment.setVisible(name not in _RARE or name in choices.sources)

    def chosen(self) -> Chosen:
        """The state of the filters."""
        return Chosen(
            days=self.span.value() or 0,
            source=_SOURCES[self.source.value() or 0],
            mode=str(self.mode.currentData() or ""),
            case_set=str(self.case_set.currentData() or ""),
            reviewed_only=self.reviewed.isChecked(),
        )

    def filter(self) -> AnswerFilter:
        """The filter as of now."""
        return self.chosen().at(datetime.now(UTC))


def _menu(name: str) -> QComboBox:
    menu = QComboBox()
    menu.setAccessibleName(name)
    menu.setMinimumWidth(120)
    return menu


def _fill(menu: QComboBox, everything: str, names: tuple[str, ...], titles: Sequence[str]) -> None:
    wanted = menu.currentData()
    offered = [everything, *titles]
    if [menu.itemText(place) for place in range(menu.count())] != offered:
        menu.clear()
        for text, data in zip(offered, ("", *names), strict=True):
            menu.addItem(text, data)
        menu.setCurrentIndex(max(0, menu.findData(wanted)))

"""A named number: a slider for the hand, a box for the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import column, label, row
from dermtutor.ui.widgets.range_slider import RangeSlider

_BOX_WIDTH: Final = 64


class Amount(QWidget):
    """``changed`` with every new value that the person gives."""

    changed = Signal(float)

    def __init__(
        self, name: str, low: float, high: float, theme: Theme, unit: str = "", *, inline: bool = False
    ) -> None:
        """Whole numbers from ``low`` to ``high``. ``inline`` puts the name beside the slider instead of above it."""
        super().__init__()
        self._low, self._span = low, high - low
        self._slider = RangeSlider(0, 1, theme, single=True)
        self.box = QDoubleSpinBox()
        self.box.setLocale(QLocale.c())
        self.box.setDecimals(0)
        self.box.setRange(low, high)
        self.box.setKeyboardTracking(False)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setFixedWidth(_BOX_WIDTH)
        self.box.setAccessibleName(name)
        self.box.setSuffix(unit)
        self._slider.moved.connect(lambda _, share: self.box.setValue(round(self._low + share * self._span)))
        self.box.valueChanged.connect(self._changed)
        title, both = label(name, "label"), (self._slider, self.box)
        self.setLayout(row(title, *both, gap=8) if inline else column(title, row(*both, gap=8), gap=0))

    def value(self) -> float:
        """The number."""
        return self.box.value()

    def show_value(self, value: float) -> None:
        """Another number, without a signal."""
        self.box.blockSignals(True)
        self.box.setValue(value)
        self.box.blockSignals(False)
        self._show_slider()

    def _changed(self, value: float) -> None:
        self._show_slider()
        self.changed.emit(value)

    def _show_slider(self) -> None:
        share = (self.box.value() - self._low) / self._span
        self._slider.show_values(share, share)

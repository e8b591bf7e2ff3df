"""The fields of the form, one for each kind of key. ``edited`` carries what the key is to hold."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QSizePolicy,
    QWidget,
)

from dermtutor.domain.recipes import FieldSchema
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import column, label, row
from dermtutor.ui.widgets.range_slider import RangeSlider

Suggestions = Sequence[tuple[str, str]]
"""Values with what a person reads for them."""

_BOX_WIDTH = 58


class Field(QWidget):
    """What all fields have in common. A field that a screen reader meets says its title and its unit.

    It is abstract for mypy, which refuses a field that leaves a method out; Qt's metaclass leaves no room for ABCMeta.
    """

    edited = Signal(object)

    def __init__(self, schema: FieldSchema) -> None:
        super().__init__()
        self.schema = schema

    @abstractmethod
    def show_value(self, value: Any) -> None:
        """What the recipe holds, or the usual value where it holds nothing; no signal."""

    @abstractmethod
    def inputs(self) -> list[QWidget]:
        """What takes the keyboard, in order."""


class WheelGuard(QObject):
    """The wheel scrolls the form; it changes a number or a choice only where the person has gone to it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


class NumberBox(QDoubleSpinBox):
    """A number with as many digits as it needs."""

    def __init__(self, schema: FieldSchema, name: str) -> None:
        super().__init__()
        self.setLocale(QLocale.c())  # a point, as in the file
        self.setDecimals(0 if schema.whole else 4)
        self.setRange(schema.low, schema.high)
        if not schema.whole:
            self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(_BOX_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.installEventFilter(WheelGuard(self))

    def textFromValue(self, value: float) -> str:
        text = f"{value:.4f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text


class RangeField(Field):
    """A low and a high number, how far they follow the severity, and a slider with two handles."""

    def __init__(self, schema: FieldSchema, theme: Theme) -> None:
        super().__init__(schema)
        unit = f", {schema.unit}" if schema.unit else ""
        self.low = NumberBox(schema, f"{schema.title}, least{unit}")
        self.high = NumberBox(schema, f"{schema.title}, most{unit}")
        self.slider = RangeSlider(schema.low, schema.high, theme, whole=schema.whole)
        share = FieldSchema("severity", "number", required=False, high=100, whole=True)
        self.severity = NumberBox(share, f"{schema.title}: per cent that follow the severity")
        self.severity.setSuffix(" %")
        self.severity.setToolTip("How far the value follows the severity of the disease instead of chance")
        for box in (self.low, self.high, self.severity):
            box.valueChanged.connect(self._typed)
        self.slider.moved.connect(self._slid)
        layout = row(self.slider, self.low, label("–", "muted"), self.high, self.severity, gap=5)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def inputs(self) -> list[QWidget]:
        return [self.low, self.high, self.severity]

    def show_value(self, value: Any) -> None:
        value = self.schema.default if value is None else value
        share: Any = value.get("severity", 0.0) if isinstance(value, dict) else 0.0
        bounds: Any = value.get("range") if isinstance(value, dict) else value
        pair: Any = bounds if isinstance(bounds, list | tuple) and len(bounds) == 2 else (bounds, bounds)
        low, high = pair
        if not all(isinstance(each, int | float) for each in (low, high, share)):
            return  # what is no range is told by the check
        self._show(float(low), float(high))
        _quietly(self.severity, share * 100)

    def _show(self, low: float, high: float) -> None:
        _quietly(self.low, low)
        _quietly(self.high, high)
        self.slider.show_values(low, high)

    def _slid(self, low: float, high: float) -> None:
        self._show(low, high)
        self._tell()

    def _typed(self, _: float) -> None:
        """A least above the most takes the most with it, and the other way round."""
        low, high = self.low.value(), self.high.value()
        if low > high:
            low, high = (high, high) if self.sender() is self.high else (low, low)
        self._show(low, high)
        self._tell()

    def _tell(self) -> None:
        bounds = [_plain(self.low.value()), _plain(self.high.value())]
        share = self.severity.value() / 100
        self.edited.emit({"range": bounds, "severity": _plain(share)} if share else bounds)


class NumberField(Field):
    """One number."""

    def __init__(self, schema: FieldSchema, theme: Theme) -> None:
        super().__init__(schema)
        self.box = NumberBox(schema, f"{schema.title}{f', {schema.unit}' if schema.unit else ''}")
        self.slider = RangeSlider(schema.low, schema.high, theme, whole=schema.whole, single=True)
        self.box.valueChanged.connect(self._typed)
        self.slider.moved.connect(self._slid)
        layout = row(self.slider, self.box, gap=5)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def inputs(self) -> list[QWidget]:
        return [self.box]

    def show_value(self, value: Any) -> None:
        value = self.schema.default if value is None else value
        if isinstance(value, int | float):
            _quietly(self.box, float(value))
            self.slider.show_values(float(value), float(value))

    def _slid(self, value: float, _: float) -> None:
        _quietly(self.box, value)
        self.edited.emit(_plain(value))

    def _typed(self, value: float) -> None:
        self.slider.show_values(value, value)
        self.edited.emit(_plain(value))


class Picker(QComboBox):
    """A list to choose from, as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.installEventFilter(WheelGuard(self))


class ChoiceField(Field):
    """One of a closed list of terms, or of what the recipe offers, such as the names of its lesions."""

    def __init__(self, schema: FieldSchema, offered: Suggestions) -> None:
        super().__init__(schema)
        self._offered = list(offered)
        self.box = Picker()
        self.box.setAccessibleName(schema.title)
        self.box.activated.connect(self._chosen)
        self.setLayout(column(self.box))

    def inputs(self) -> list[QWidget]:
        return [self.box]

    def show_value(self, value: Any) -> None:
        held = str(self.schema.default or "") if value is None else str(value)
        offered = self._offered
        if held not in [term for term, _ in offered]:
            offered = [(held, held or "–"), *offered]
        self.box.clear()
        for term, words in offered:
            self.box.addItem(words, term)
        self.box.setCurrentIndex([term for term, _ in offered].index(held))

    def _chosen(self, position: int) -> None:
        self.edited.emit(self.box.itemData(position))


def _quietly(box: NumberBox, value: float) -> None:
    if box.value() != value:
        box.blockSignals(True)
        box.setValue(value)
        box.blockSignals(False)


def _plain(value: float) -> float | int:
    """A whole number without its point, others without the noise of binary fractions."""
    value = round(value, 4)
    return int(value) if value == int(value) else value

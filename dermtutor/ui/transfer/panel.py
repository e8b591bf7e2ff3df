"""Beside the photograph: whose permission, which tone, which diseases, and how the chosen lesion lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QLineEdit, QPushButton, QSizePolicy, QWidget

from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.conditions import Condition
from dermtutor.domain.transfer import Placement, Region, RegionKind
from dermtutor.services.transfer import MeasuredTone
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.transfer.amount import Amount
from dermtutor.ui.transfer.sketch import Sketch
from dermtutor.ui.transfer.studio import Opened
from dermtutor.ui.widgets.basic import button, clear, column, dress, frame, holder, label, row, scrolled

WIDTH: Final = 340
_SKIN: Final = "The skin around it"
_BRUSH: Final = "Where I brush"
_LARGEST: Final = 150


class TransferPanel(QWidget):
    """Tells what the person wants; what is shown comes from outside. Sizes and severities are per cent here."""

    add_wanted = Signal(str)
    chosen = Signal(int)
    removed = Signal(int)
    tone_wanted = Signal(object)
    pattern_wanted = Signal(str)
    changed = Signal(str, object)
    """The name of a field of the chosen lesion, and its new value."""
    region_wanted = Signal(object)
    another_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._names: dict[str, str] = {}
        self.lesions: list[QPushButton] = []
        self.setFixedWidth(WIDTH)
        self._build_photograph()
        self._build_tone()
        self._build_diseases()
        self._build_lesion()
        content = column(self._diseases, self._lesion, self._tones, self._permission, None, gap=12)
        content.setContentsMargins(0, 0, 8, 0)
        area = self._area = scrolled(holder(content))
        area.setProperty("role", "see-through")
        area.setAccessibleName("Settings of the transfer")
        layout = column(area)
        self.setLayout(layout)
        self._connect()

    # Building

    def _build_photograph(self) -> None:
        self._file = label("", "muted", wrap=True)
        self.permission = QLineEdit()
        self.permission.setPlaceholderText("Who permits its use?")
        self.permission.setAccessibleName("Who permits the use of this photograph?")
        self.permission.setMaxLength(200)
        self.face = QCheckBox("A face can be seen")
        self.may_leave = QCheckBox("The permission covers passing it on")
        self.may_leave.setToolTip("Otherwise a picture with a face stays out of every export")
        self._permission = frame(
            "card", label("Photograph", "heading"), self._file, self.permission, self.face, self.may_leave,
            margin=16, gap=8,
        )  # fmt: skip

    def _build_tone(self) -> None:
        self._measured = label("", "muted", wrap=True)
        self.tone = QComboBox()
        self.tone.addItem("As photographed", None)
        for tone in MonkTone.all():
            self.tone.addItem(f"This person on {tone}", tone)
        self.tone.setAccessibleName("Skin tone of the person")
        self._simulated = label("Simulated with a model of the skin's pigments", "small", wrap=True)
        self._tones = frame(
            "card",
            label("Skin tone", "heading"),
            self._measured,
            self.tone,
            self._simulated,
            margin=16,
            gap=8,
        )

    def _build_diseases(self) -> None:
        self.condition = QComboBox()
        self.condition.setEditable(True)
        self.condition.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.condition.setAccessibleName("Disease")
        _let_shrink(self.condition)
        finder = self.condition.completer()
        if finder is not None:  # an editable one has it
            finder.setFilterMode(Qt.MatchFlag.MatchContains)
            finder.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.add = button("Add", "primary-small", "Put it on the largest even patch of skin")
        self._hint = label("Or click where it belongs.", "small", wrap=True)
        self._rows = column(gap=4)
        top = row(self.condition, self.add, gap=8)
        top.setStretch(0, 1)
        self._diseases = frame(
            "card", label("Diseases", "heading"), top, self._hint, self._rows, margin=16, gap=8
        )

    def _build_lesion(self) -> None:
        theme = self._theme
        self.where = QComboBox()
        self.where.setAccessibleName("Where the lesion may lie")
        _let_shrink(self.where)
        self.pattern = QComboBox()
        self.pattern.setAccessibleName("How it takes the face")
        _let_shrink(self.pattern)
        self.brush = Amount("Brush", 1, 30, theme, " %")
        self.brush.show_value(6)
        self.unbrush = button("Clear what I brushed", "tool-small")
        self.extent = Amount("Size", 2, _LARGEST, theme, " %")
        self.rotation = Amount("Rotation", 0, 359, theme, "°")
        self.severity = Amount("Severity", 0, 100, theme, " %")
        self.mirrored = QCheckBox("Mirrored")
        self.another = button("Another lesion", "tool", "The same disease with another seed")
        self._name = label("", "heading", wrap=True)
        self._lesion = frame(
            "card", self._name, label("Where", "label"), self.where, self.pattern, self.brush, self.unbrush,
            self.extent, self.rotation, self.severity, row(self.mirrored, None, self.another), margin=16, gap=8,
        )  # fmt: skip

    def _connect(self) -> None:
        self.face.toggled.connect(self._face_toggled)
        self.tone.activated.connect(lambda _: self.tone_wanted.emit(self.tone.currentData()))
        self.add.clicked.connect(lambda: self.add_wanted.emit(self.condition_id()))
        self.extent.changed.connect(lambda value: self.changed.emit("size", value / 100))
        self.rotation.changed.connect(lambda value: self.changed.emit("rotation", value))
        self.severity.changed.connect(lambda value: self.changed.emit("severity", value / 100))
        self.mirrored.clicked.connect(lambda on: self.changed.emit("mirrored", on))
        self.another.clicked.connect(self.another_wanted)
        self.where.activated.connect(lambda _: self._where_chosen())
        self.pattern.activated.connect(lambda _: self.pattern_wanted.emit(self.pattern.currentData()))
        self.unbrush.clicked.connect(lambda: self.region_wanted.emit(Region()))
        self._face_toggled(False)
        self.show_sketch(Sketch())

    # What is shown

    def show_conditions(self, conditions: Iterable[Condition]) -> None:
        """The diseases to choose from; what was chosen stays."""
        was = self.condition.currentText()
        self.condition.clear()
        self._names = {each.id: each.name for each in conditions}
        for condition, name in self._names.items():
            self.condition.addItem(name, condition)
        self.condition.setCurrentIndex(max(0, self.condition.findText(was)))

    def condition_id(self) -> str:
        """The id of the disease that is named; what is no name of one, as it was typed."""
        text = self.condition.currentText().strip()
        found = self.condition.findText(text, Qt.MatchFlag.MatchFixedString)
        return text if found < 0 else str(self.condition.itemData(found))

    def show_photograph(self, opened: Opened) -> None:
        """A new photograph. What was said of the one before does not hold for it."""
        size = f"{opened.full.width} × {opened.full.height} pixels"
        self._file.setText(f"{opened.file.name}, {size}")
        self.permission.clear()
        self.face.setChecked(bool(opened.regions))
        self.may_leave.setChecked(False)
        self._show_places(opened.regions)
        self.show_tone(opened.tone)

    def show_permission(self, said: Photograph) -> None:
        """What was said of this photograph before."""
        self.permission.setText(said.permission)
        self.face.setChecked(said.face)
        self.may_leave.setChecked(said.face and said.may_leave)

    def show_tone(self, tone: MeasuredTone) -> None:
        """What was measured on the photograph as it was taken."""
        self._measured.setText(f"Measured: {tone.in_words}")

    def show_sketch(self, sketch: Sketch) -> None:
        """The lesions, the chosen one's numbers, and the tone."""
        self.tone.setCurrentIndex(0 if sketch.tone is None else sketch.tone.value)
        self._simulated.setVisible(sketch.tone is not None)
        self._show_rows(sketch)
        lesion = sketch.lesion
        self._lesion.setVisible(lesion is not None)
        if lesion is None:
            return
        self._name.setText(self._name_of(lesion))
        self.extent.show_value(round(100 * lesion.size))
        self.rotation.show_value(round(lesion.rotation) % 360)
        self.severity.show_value(round(100 * lesion.severity))
        self.mirrored.setChecked(lesion.mirrored)
        self._show_where(lesion)

    def _name_of(self, placement: Placement) -> str:
        return self._names.get(placement.condition, placement.condition)

    def show_patterns(self, patterns: Sequence[tuple[str, str]], current: str) -> None:
        """The ways in which the chosen lesion's disease takes the face, where anatomy places it."""
        self.pattern.clear()
        for name, title in patterns:
            self.pattern.addItem(title, name)
        self.pattern.setCurrentIndex(self.pattern.findData(current))

    def _show_rows(self, sketch: Sketch) -> None:
        names = [self._name_of(each) for each in sketch.placements]
        if names != [each.text() for each in self.lesions]:  # otherwise the focus stays where it is
            clear(self._rows)
            self.lesions = []
            for number, name in enumerate(names):
                self._rows.addWidget(self._row(number, name))
        for number, each in enumerate(self.lesions):
            each.setChecked(number == sketch.chosen)

    def _row(self, number: int, name: str) -> QWidget:
        choose = button(name, "tool", "Change this lesion")
        choose.setCheckable(True)
        self.lesions.append(choose)
        choose.clicked.connect(lambda: self.chosen.emit(number))
        remove = button("", "quiet", f"Remove {name}")
        remove.setAccessibleName(f"Remove {name}")
        dress(remove, "cross", self._theme)
        remove.clicked.connect(lambda: self.removed.emit(number))
        line = row(choose, remove, gap=4)
        line.setStretch(0, 1)
        return holder(line)

    def _show_places(self, regions: Sequence[str]) -> None:
        self.where.clear()
        self.where.addItem(_SKIN, Region())
        self.where.addItem(_BRUSH, Region(RegionKind.STROKES))
        if regions:
            self.where.addItem("The face, as the disease takes it", Region(RegionKind.FACE))
        for name in regions:
            self.where.addItem(f"Face: {name.replace('-', ' ')}", Region(RegionKind.FACE, parts=(name,)))

    def _show_where(self, lesion: Placement) -> None:
        kinds = [self.where.itemData(number) for number in range(self.where.count())]
        same = [number for number, each in enumerate(kinds) if each.kind is lesion.region.kind]
        exact = [number for number in same if kinds[number].parts == lesion.region.parts]
        self.where.setCurrentIndex((exact or same or [0])[0])
        self._show_brush(lesion.region.kind is RegionKind.STROKES)
        for control in (self.extent, self.rotation, self.mirrored):  # anatomy decides
            control.setVisible(not lesion.pattern)
        self.pattern.setVisible(bool(lesion.pattern))

    def _show_brush(self, on: bool) -> None:
        self.brush.setVisible(on)
        self.unbrush.setVisible(on)

    @property
    def brushing(self) -> bool:
        """The person wants to brush the place."""
        wanted = self.where.currentData()
        return self._lesion.isVisibleTo(self) and wanted is not None and wanted.kind is RegionKind.STROKES

    def complain_of_permission(self) -> None:
        """The permission is still missing."""
        self._area.ensureWidgetVisible(self.permission)
        self.permission.setFocus()

    def _where_chosen(self) -> None:
        wanted: Region = self.where.currentData()
        self._show_brush(wanted.kind is RegionKind.STROKES)
        self.region_wanted.emit(wanted)

    def _face_toggled(self, on: bool) -> None:
        self.may_leave.setEnabled(on)
        if not on:
            self.may_leave.setChecked(False)


def _let_shrink(box: QComboBox) -> None:
    """As wide as there is room, however long its longest entry is."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

"""The drawing that follows the recipe: one patient on four tones at once, and what it has to say of itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLineEdit, QSizePolicy, QWidget

from dermtutor.domain.recipes import RecipeEntry
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.recipes.studio import TONES, DrawnTone
from dermtutor.ui.theme import IMAGE_SURROUND, Theme
from dermtutor.ui.widgets.basic import button, column, label, row
from dermtutor.ui.widgets.plate import paint_plate
from dermtutor.ui.widgets.scales import ScaleRow
from dermtutor.ui.wording import degrees

NOT_LEARNED: Final = "Drawn from a recipe, not learned"
LARGEST_SEED: Final = 2**63 - 1
_SEVERITIES: Final = ((0, "Mild"), (1, "Typical"), (2, "Severe"))
_SHARES: Final = (0.1, 0.5, 0.9)


class ToneTile(QAbstractButton):
    """The drawing on one tone. Pressed, it fills the panel; pressed again, all four are back."""

    def __init__(self, tone: MonkTone, theme: Theme, side: float) -> None:
        """``side`` is where in its room the square lies: 0 left, 1 right, so that two of them meet in the middle."""
        super().__init__()
        self.tone = tone
        self._side = side
        self.alone = False
        self._theme = theme
        self._image = QImage()
        self._stale = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Large, or all four")
        self.setAccessibleName(f"Drawing on {tone}")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(110, 110)

    @property
    def has_image(self) -> bool:
        """Something was drawn."""
        return not self._image.isNull()

    @property
    def is_stale(self) -> bool:
        """What is shown is not what the recipe says now."""
        return self._stale

    def show_image(self, image: QImage, measured_ita: float) -> None:
        """The newest drawing."""
        self._image, self._stale = image, False
        self.setAccessibleDescription(f"{NOT_LEARNED}. ITA {degrees(measured_ita)}")
        self.update()

    def set_stale(self, stale: bool) -> None:
        """Dim a drawing of an earlier text."""
        if stale != self._stale:
            self._stale = stale
            self.update()

    def clear(self) -> None:
        """No drawing."""
        self._image = QImage()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side = min(self.width(), self.height())
        share = 0.5 if self.alone else self._side
        area = QRectF((self.width() - side) * share, (self.height() - side) / 2, side, side)
        shape = QPainterPath()
        shape.addRoundedRect(area, 10, 10)
        painter.setClipPath(shape)
        painter.fillRect(area, QColor(IMAGE_SURROUND))
        if self.has_image:
            painter.setOpacity(0.45 if self._stale else 1.0)
            painter.drawImage(area, self._image)
            painter.setOpacity(1.0)
        corner = area.bottomLeft() + QPointF(8, -8)
        paint_plate(painter, corner, str(self.tone), height=24, padding=8)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 10, 10)


class PreviewPanel(QWidget):
    """``patient_wanted`` carries the seed; ``another_wanted`` asks for a new one."""

    patient_wanted = Signal(object)
    another_wanted = Signal()
    severity_wanted = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.tiles = {tone: ToneTile(tone, theme, 1 - number % 2) for number, tone in enumerate(TONES)}
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for number, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, number // 2, number % 2)
            tile.clicked.connect(lambda _=False, tone=tile.tone: self._enlarge(tone))
        self._large: MonkTone | None = None
        self._made = label(NOT_LEARNED, "pill-accent")
        self._version = label("", "pill")
        self._review = label("", "pill-caution")
        self._variant = label("", "pill")
        self._variant.setToolTip("The variant that this patient has; another patient may have another")
        self.state = label("", "small")
        self.seed = QLineEdit()
        self.seed.setAccessibleName("Seed: which patient is drawn")
        self.seed.setToolTip("Which patient is drawn: the same number draws the same patient")
        self.seed.setFixedWidth(104)
        self.seed.setMaxLength(19)
        self.seed.editingFinished.connect(self._seed_typed)
        self.another = button("Another patient", "tool", "Draw another patient (Ctrl+N)")
        self.another.clicked.connect(self.another_wanted)
        self.severity = ScaleRow(list(_SEVERITIES), theme, "Severity")
        self.severity.choose(1)
        self.severity.changed.connect(lambda step: self.severity_wanted.emit(_SHARES[step]))
        self._build()

    def _build(self) -> None:
        patient = row(label("Patient", "label"), self.seed, self.another, None, gap=8)
        marks = row(self._made, None, self.state, gap=8)
        facts = row(self._version, self._review, self._variant, None, gap=8)
        layout = column(marks, self._grid, facts, patient, self.severity, gap=10)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_patient(self, seed: int) -> None:
        """Which patient is drawn."""
        self.seed.setText(str(seed))

    def say(self, entry: RecipeEntry | None) -> None:
        """The version and review of what is drawn."""
        self._version.setVisible(entry is not None)
        self._review.setVisible(entry is not None)
        if entry is not None:
            self._version.setText(f"Version {entry.version}")
            self._version.setToolTip(f"{entry.id} {entry.drawing}: cases drawn from it carry this")
            words = entry.review_in_words
            self._review.setText(words[:1].upper() + words[1:])

    def begin(self) -> None:
        """A drawing is under way; what is shown stays until it comes."""
        self.state.setText("Drawing …")

    def refuse(self) -> None:
        """The text cannot be drawn: what is shown is older."""
        for tile in self.tiles.values():
            tile.set_stale(True)
        self.state.setText("Mend the recipe to draw it" if self._anything() else "Nothing drawn yet")

    def fail(self) -> None:
        """The drawing did not come; the banner says why."""
        for tile in self.tiles.values():
            tile.set_stale(True)
        self.state.setText("Could not be drawn")

    def show_tone(self, drawn: DrawnTone) -> None:
        """One tone of the newest drawing."""
        self.tiles[drawn.tone].show_image(drawn.image, drawn.measured_ita)
        self._variant.setText(drawn.variant[:1].upper() + drawn.variant[1:])
        self._variant.setVisible(bool(drawn.variant))
        if drawn.tone == TONES[-1]:
            self.state.setText("")

    def empty(self) -> None:
        """Another recipe: nothing of the one before."""
        for tile in self.tiles.values():
            tile.clear()
            tile.set_stale(False)
        self.say(None)
        self._variant.hide()
        self.state.setText("")
        if self._large is not None:
            self._enlarge(self._large)

    def _anything(self) -> bool:
        return any(tile.has_image for tile in self.tiles.values())

    def _enlarge(self, tone: MonkTone) -> None:
        self._large = None if self._large == tone else tone
        for each, tile in self.tiles.items():
            tile.alone = self._large is not None
            tile.setVisible(self._large in (None, each))
        self.tiles[tone].setFocus()

    def _seed_typed(self) -> None:
        text = self.seed.text().strip()
        if text.isascii() and text.isdigit() and int(text) <= LARGEST_SEED:
            self.patient_wanted.emit(int(text))
        else:
            self.patient_wanted.emit(None)

"""The stage: the clinical image on its grey surround, the label that it is synthetic, and what is known of its tone."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dermtutor.domain.cases import Source
from dermtutor.services.presented import PresentedCase
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, label, row
from dermtutor.ui.widgets.image_view import ImageView
from dermtutor.ui.widgets.tone_slider import ToneSlider
from dermtutor.ui.wording import NOT_REVIEWED, degrees

_CREDIT_WIDTH: Final = 64
"""Characters in a line of whom to credit: a licence names whole departments."""


class Swatch(QWidget):
    """A small round patch of a Monk tone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tone = MonkTone(1)
        self.setFixedSize(18, 18)

    def show_tone(self, tone: MonkTone) -> None:
        """Paint another tone."""
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("line_strong"), 1))
        painter.setBrush(QColor(self._tone.swatch))
        painter.drawEllipse(self.rect().adjusted(1, 1, -1, -1))


class Stage(QWidget):
    """Left half of the case page. It only shows; the page decides what may be said."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.view = ImageView(theme)
        self.slider = ToneSlider(theme)
        self._synthetic = label("", "on-image")
        self._synthetic.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over = column(None, row(self._synthetic, None))
        over.setContentsMargins(14, 14, 14, 14)
        self.view.setLayout(over)
        self.zoom_button = button(
            "Zoom  Z", "tool", "Whole image or magnified (Z); the wheel zooms, dragging moves"
        )
        self.outline_button = button("Outline  M", "tool", "The lesion's outline (M)")
        self.outline_button.setCheckable(True)
        dress(self.zoom_button, "zoom", theme)
        dress(self.outline_button, "outline", theme)
        self._swatch = Swatch(theme)
        self._tone = label("", "label")
        self._angles = label("", "muted")
        self._flag = label("", "pill-caution")
        self._review = label("", "pill")
        self._hint = label("", "small")
        self._off = ""
        self._other_tones = True
        self._build()
        self.zoom_button.clicked.connect(self.view.toggle_zoom)
        self.outline_button.toggled.connect(self.view.set_outline_visible)
        self.view.zoom_changed.connect(self._zoomed)

    def _build(self) -> None:
        known = row(
            self._swatch, self._tone, self._angles, None, self.zoom_button, self.outline_button, gap=8
        )
        marks = row(self._review, self._flag, None, self._hint, gap=8)
        layout = column(self.view, known, marks, self.slider, gap=8)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def say_synthetic(self, text: str, credit: str = "") -> None:
        """The label on the image, and who is named for it; it cannot be switched off."""
        self._synthetic.setText("\n".join([text, *wrap(credit, _CREDIT_WIDTH)]))
        self._synthetic.show()

    def say_tone(self, tone: MonkTone, requested: float, measured: float) -> None:
        """Requested and measured skin tone; angles in degrees."""
        self._swatch.show_tone(tone)
        self._tone.setText(str(tone))
        self._off = f"{abs(measured - requested):.1f}° off"
        self._angles.setText(f"ITA requested {degrees(requested)}, measured {degrees(measured)}")

    def say_tone_of(self, case: PresentedCase) -> None:
        """The skin tone of a case. Of a photograph that is a label: nothing was asked for."""
        self.say_tone(case.spec.tone, case.requested_ita, case.measured_ita)
        if case.source is Source.REAL:
            self._angles.setText("as photographed")

    def say_marks(self, reviewed: bool, flags: tuple[str, ...], rejected: bool = False) -> None:
        """Whether the image was reviewed, and the failed checks; how far off a tone is, is said in degrees."""
        words = (
            "Image rejected in review" if rejected else "Image reviewed" if reviewed else "Image not reviewed"
        )
        self._review.setText(words)
        told = "A reviewer of this case set found fault with it" if rejected else NOT_REVIEWED
        self._review.setToolTip("Accepted by a reviewer" if reviewed else told)
        said = [f"skin tone {self._off}" if "tone differs" in flag else flag for flag in flags]
        self._flag.setText(" · ".join(words[:1].upper() + words[1:] for words in said))
        self._flag.setToolTip("; ".join(flags))
        self._flag.setVisible(bool(flags))

    def ask(self, tone: MonkTone, *, other_tones: bool = True) -> None:
        """Before the answer: no outline, and the tones only for orientation; none for what has no other tones."""
        self._other_tones = other_tones
        self.slider.setVisible(other_tones)
        self.slider.begin(tone)
        self.outline_button.setChecked(False)
        self.outline_button.hide()
        self.slider.setEnabled(False)
        self._hint.setText("After the answer: on every tone" if other_tones else "")

    def explain(self, asked: MonkTone, has_outline: bool) -> None:
        """After the answer: the outline and the tones."""
        self.outline_button.setVisible(has_outline)
        self.slider.begin(asked)
        self.slider.setEnabled(self._other_tones)
        self._hint.setText("This lesion on every tone:  [  ]" if self._other_tones else "")

    def say_hint(self, text: str) -> None:
        """A small line under the image, at its right."""
        self._hint.setText(text)

    def withhold_tones(self) -> None:
        """After the answer, but the other tones are still to be asked for."""
        self.slider.setEnabled(False)
        self.say_hint("Not on other tones: the other form asks for them")

    def empty(self) -> None:
        """No case."""
        self.outline_button.setChecked(False)
        self.outline_button.hide()
        self.slider.setEnabled(False)
        self._hint.clear()
        self.view.clear()
        self._synthetic.hide()
        self._tone.clear()
        self._angles.clear()
        self._review.clear()
        self._flag.hide()

    def _zoomed(self, zoom: float) -> None:
        self.zoom_button.setText("Zoom  Z" if zoom <= 1.001 else f"{zoom:.1f} ×  Z")

"""What is due for review: the conditions, each with the skin tones it is due on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.records import ReviewState
from dermtutor.services.reviews import REVIEWED_AT_MOST
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import clear, column, holder, label, row, rule, scrolled
from dermtutor.ui.widgets.stage import Swatch
from dermtutor.ui.wording import counted


class DueCard(QFrame):
    """A card; ``asked`` is how many questions the next review asks."""

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._theme, self._catalogue = theme, catalogue
        self.asked = 0
        self._lead = label("", "muted", wrap=True)
        self._list = column(gap=0)
        area = scrolled(holder(column(self._list, None)))
        area.setProperty("role", "see-through")
        layout = column(label("Due for review", "heading"), self._lead, area, gap=10)
        layout.setStretch(2, 1)
        layout.setContentsMargins(20, 20, 20, 20)
        self.setLayout(layout)
        self.show_due(())

    def show_due(self, due: Sequence[ReviewState]) -> None:
        """The review states that are due, longest first."""
        self.asked = min(len(due), REVIEWED_AT_MOST)
        clear(self._list)
        if not due:
            self._lead.setText(
                "Nothing is due yet. Whatever you answer comes back here, with a new image, when it is about to "
                "be forgotten."
            )
            return
        more = f"; the {REVIEWED_AT_MOST} longest overdue come first" if len(due) > REVIEWED_AT_MOST else ""
        self._lead.setText(f"{counted(len(due), 'pair')} of condition and skin tone{more}.")
        tones: dict[str, list[MonkTone]] = {}
        for state in due:
            tones.setdefault(state.condition, []).append(state.tone)
        for number, (condition, shades) in enumerate(tones.items()):
            if number:
                self._list.addWidget(rule())
            self._list.addWidget(self._line(condition, sorted(shades)))

    def _line(self, condition: str, tones: Sequence[MonkTone]) -> QWidget:
        swatches = []
        for tone in tones:
            swatch = Swatch(self._theme)
            swatch.show_tone(tone)
            swatch.setToolTip(str(tone))
            swatches.append(swatch)
        name = self._catalogue.described(condition).name
        line = row(label(name, "body", wrap=True), *swatches, gap=6)
        line.setStretch(0, 1)
        line.setContentsMargins(0, 9, 8, 9)
        result = holder(line)
        result.setAccessibleName(f"{name}: Monk {', '.join(str(tone.value) for tone in tones)}")
        return result

"""The case that is chosen in a set: its image, its state and verdicts, its stem, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QSpinBox, QWidget

from dermtutor.domain.case_sets import AGES, CaseReview, CaseState, SetCase, Stem
from dermtutor.domain.conditions import Catalogue
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.sets.model import STATE_WORDS, WITHHELD_WORDS
from dermtutor.ui.sets.office import LargeCase
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, holder, label, row, rule, scrolled, set_role
from dermtutor.ui.widgets.flow_layout import wrapped
from dermtutor.ui.widgets.image_view import ImageView
from dermtutor.ui.wording import SOURCE_LABELS, counted, degrees, when

_PILLS: Final = {
    CaseState.DRAFTED: "pill-caution", CaseState.ACCEPTED: "pill-accent", CaseState.REJECTED: "pill-wrong",
}  # fmt: skip
_NO_AGE: Final = AGES[0] - 1


class CasePanel(QWidget):
    """All signals but ``retone_wanted`` (a MonkTone) and ``stem_wanted`` (a Stem) only say what was pressed."""

    accept_wanted = Signal()
    reject_wanted = Signal()
    pin_wanted = Signal()
    take_out_wanted = Signal()
    regenerate_wanted = Signal()
    similar_wanted = Signal()
    retone_wanted = Signal(object)
    stem_wanted = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._shown: SetCase | None = None
        self._draws = False
        self.view = ImageView(theme)
        self.view.setFixedHeight(250)
        self._made = label("", "on-image")
        self._made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._drawing = label("Drawing …", "on-image")
        self._drawing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._drawing.hide()
        over = column(row(None, self._drawing), None, row(self._made, None))
        over.setContentsMargins(10, 10, 10, 10)
        self.view.setLayout(over)
        self._name = label("", "heading", wrap=True)
        self._state = label("", "pill")
        self._facts = label("", "muted", wrap=True)
        self._flags = label("", "caution", wrap=True)
        self.accept = button("Accept", "tool", "Fit for exams (A)")
        self.reject = button("Reject …", "tool", "Not fit, and why (R)")
        self.pin = button("Pin", "tool", "Always asked, never replaced (P)")
        self.regenerate = button("Regenerate", "tool", "Another lesion in its place")
        self.similar = button("Similar", "tool", "A further case that resembles it")
        self.take_out = button("Take out", "tool", "Out of the set (Delete)")
        dress(self.accept, "check", theme, "right")
        dress(self.reject, "cross", theme, "wrong")
        dress(self.pin, "pin", theme)
        self.tone = QComboBox()
        self.tone.setAccessibleName("Put this lesion on another skin tone")
        self.age, self.site, self.history = QSpinBox(), QComboBox(), QPlainTextEdit()
        self.typical = button(
            "Typical history", "tool-small", "The condition's typical history, to be changed"
        )
        self.keep = button("Save the stem", "tool", "Verdicts on the old stem no longer count")
        self._said = label("", "muted", wrap=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        for tone in MonkTone.all():
            self.tone.addItem(_swatch(tone), str(tone), tone)
        self.age.setRange(_NO_AGE, AGES[1])
        self.age.setSpecialValueText("–")
        self.age.setFixedWidth(64)
        self.age.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.age.setAccessibleName("Age in years")
        self.site.setEditable(True)
        self.site.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.site.setAccessibleName("Body site")
        self.history.setAccessibleName("History")
        self.history.setPlaceholderText("A {age}-year-old noticed a spot on the {site}.")
        self.history.setTabChangesFocus(True)
        self.history.setFixedHeight(84)
        self._tools = holder(column(wrapped(self.accept, self.reject, self.pin, self.regenerate, self.similar,
                                            self.take_out, gap=6)))  # fmt: skip
        tones = row(label("On another tone", "label"), self.tone, None, gap=8)
        self._retone = holder(tones)
        told = row(label("Age", "muted"), self.age, 6, label("Site", "muted"), self.site, gap=6)
        told.setStretch(4, 1)
        self._stem = holder(
            column(
                row(label("Stem", "label"), None, self.typical),
                told,
                self.history,
                row(None, self.keep),
                gap=6,
            )
        )
        inside = column(
            self.view, row(self._name, None, self._state, gap=8), self._facts, self._flags, self._tools, self._retone,
            rule(), self._said, rule(), self._stem, None, gap=9,
        )  # fmt: skip
        inside.setContentsMargins(0, 0, 8, 0)
        area = scrolled(holder(inside))
        area.setProperty("role", "see-through")
        area.setAccessibleName("The chosen case")
        self.setLayout(column(area))

    def _connect(self) -> None:
        for pressed, wanted in (
            (self.accept, self.accept_wanted),
            (self.reject, self.reject_wanted),
            (self.pin, self.pin_wanted),
            (self.take_out, self.take_out_wanted),
        ):
            pressed.clicked.connect(wanted)
        self.regenerate.clicked.connect(lambda: self._ask_to_draw(self.regenerate_wanted))
        self.similar.clicked.connect(lambda: self._ask_to_draw(self.similar_wanted))
        self.tone.activated.connect(self._retone_chosen)
        self.typical.clicked.connect(self._put_typical)
        self.keep.clicked.connect(lambda: self.stem_wanted.emit(self.stem()))
        self.age.valueChanged.connect(self._able_stem)
        self.site.editTextChanged.connect(self._able_stem)
        self.history.textChanged.connect(self._able_stem)

    # Showing

    def show_nothing(self, words: str) -> None:
        """No case is chosen."""
        self._shown = None
        self.view.clear()
        self._made.hide()
        self._name.setText(words)
        for each in (self._state, self._flags, self._tools, self._retone, self._stem):
            each.hide()
        self._facts.clear()
        self._said.clear()

    def show_case(self, case: SetCase, chosen: int, withheld: int, *, may_edit: bool) -> None:
        """A case, the first of so many ``chosen``; buttons only where it can be changed.

        ``withheld`` others have judged it, which the case does not show.
        """
        same = self._shown is not None and self._shown.case.case_id == case.case.case_id
        stem_changed = not same or (self._shown is not None and self._shown.stem != case.stem)
        self._shown = case
        spec = case.case.spec
        name = self._catalogue.described(spec.condition).name
        self._name.setText(name if chosen == 1 else f"{counted(chosen, 'case')} chosen")
        self._state.setText((WITHHELD_WORDS if withheld else STATE_WORDS[case.state]).capitalize())
        set_role(self._state, _PILLS[case.state])
        self._state.setVisible(chosen == 1)
        self._facts.setText(_facts(case) if chosen == 1 else "The image is that of the first.")
        self._flags.setText("; ".join(case.case.flags).capitalize())
        self._flags.setVisible(chosen == 1 and bool(case.case.flags))
        self._made.setText(SOURCE_LABELS[spec.source])
        self.pin.setText("Take pin off" if case.pinned else "Pin")
        generated = spec.source.generated and not case.pinned
        self._tools.setVisible(may_edit)
        single = chosen == 1
        for each in (self.regenerate, self.tone):
            each.setEnabled(single and generated)
        self.similar.setEnabled(single and spec.source.generated)
        self.take_out.setEnabled(not case.pinned or not single)
        self._retone.setVisible(may_edit and single)
        self.tone.setCurrentIndex(spec.tone.value - 1)
        self._stem.setVisible(may_edit and single)
        if stem_changed:
            self._show_stem(case)
        told = "" if may_edit or not case.stem.told() else f"{case.stem.told()}\n\n"
        self._said.setText(told + _verdicts(case.reviews, withheld) if single else "")

    def show_image(self, large: LargeCase) -> None:
        """The image of the case shown, unless another one is by now."""
        if self._shown is None or large.case_id != self._shown.case.case_id:
            return
        if large.image is None or large.outline is None:
            self.view.clear()
            self._made.setText("Lost; restore the media folder")
        else:
            self.view.show_case(large.image, large.outline)
            name = self._catalogue.described(self._shown.case.spec.condition).name
            self.view.setAccessibleName(f"{name} on {self._shown.case.spec.tone}, {self._made.text()}")
        self._made.show()

    def show_drawing(self, draws: bool) -> None:
        """An image that was asked for is being drawn, or no longer. No other can be asked for meanwhile; the buttons
        stay enabled, since the focus would go on to the next, which takes the case out."""
        self._draws = draws
        self._drawing.setVisible(draws)

    def stem(self) -> Stem:
        """The stem as it is typed."""
        age = None if self.age.value() == _NO_AGE else self.age.value()
        site = self.site.currentText().strip().lower().replace(" ", "-")
        return Stem(age, site, self.history.toPlainText().strip())

    def _show_stem(self, case: SetCase) -> None:
        sites = self._catalogue.described(case.case.spec.condition).sites
        self.site.clear()
        self.site.addItems(["", *(site.replace("-", " ") for site in sites)])
        self.site.setEditText(case.stem.site.replace("-", " "))
        self.age.setValue(_NO_AGE if case.stem.age is None else case.stem.age)
        self.history.setPlainText(case.stem.history)
        self._able_stem()

    def _ask_to_draw(self, wanted: SignalInstance) -> None:
        if not self._draws:
            wanted.emit()

    def _retone_chosen(self, place: int) -> None:
        if not self._draws:
            self.retone_wanted.emit(self.tone.itemData(place))
        elif self._shown is not None:
            self.tone.setCurrentIndex(self._shown.case.spec.tone.value - 1)

    def _put_typical(self) -> None:
        if self._shown is not None:
            history = self._catalogue.described(self._shown.case.spec.condition).history
            self.history.setPlainText(history)

    def _able_stem(self, *_: object) -> None:
        case = self._shown
        self.keep.setEnabled(case is not None and self.stem() != case.stem)
        known = case is not None and bool(self._catalogue.described(case.case.spec.condition).history)
        self.typical.setEnabled(known)


def _facts(case: SetCase) -> str:
    spec = case.case.spec
    parts = [str(spec.tone), f"severity {spec.severity:.2f}"]
    if spec.source.generated:
        parts.append(
            f"ITA requested {degrees(case.case.requested_ita)}, measured {degrees(case.case.measured_ita)}"
        )
    if case.photograph is not None and case.photograph.credit:
        parts.append(case.photograph.credit)
    return " · ".join(parts)


def _verdicts(reviews: Sequence[CaseReview], withheld: int) -> str:
    """Who said what and when, the newest first, after how many are not told yet."""
    words = {CaseState.ACCEPTED: "accepted", CaseState.REJECTED: "rejected"}
    lines = []
    if withheld:
        judged = "Another reviewer has" if withheld == 1 else f"{withheld} other reviewers have"
        lines.append(f"{judged} judged this case. What was said shows once you have judged it yourself.")
    for review in reversed(reviews):
        did = f" {words[review.state]}" if review.state in words else ""
        reason = f": {review.reason}" if review.reason else ""
        lines.append(f"{review.reviewer}{did}, {when(review.at)}{reason}")
    return (
        "\n".join(lines)
        if lines
        else "Nobody has looked at this case yet; until then it is for practice only."
    )


def _swatch(tone: MonkTone) -> QIcon:
    pixmap = QPixmap(14, 14)
    pixmap.fill(QColor(tone.swatch))
    return QIcon(pixmap)

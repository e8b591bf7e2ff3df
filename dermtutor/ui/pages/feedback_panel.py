"""Feedback beside the image: the verdict at once, then what there is to learn from this case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from dermtutor.domain.conditions import Condition, ToneFinding, Variant
from dermtutor.domain.quiz import Answer
from dermtutor.services.presented import Feedback
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pages.own_words import own_words
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Icon, button, clear, column, frame, holder, label, prose, row, scrolled
from dermtutor.ui.wording import NOT_REVIEWED, sureness

_DARK_FROM = MonkTone(6)
_LOOK_ALIKES: Final = 5
"""How many are told apart here, the most alike; the others are answer options only."""


class FeedbackPanel(QWidget):
    """Shows one ``Feedback``; ``next_wanted`` when the learner goes on."""

    next_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._content = column(gap=14)
        self._content.setContentsMargins(0, 0, 10, 8)
        self._inside = holder(self._content, "clear")
        self._area: QScrollArea = scrolled(self._inside)
        self.next = button("Next case", "primary", "Go on (Enter)")
        self.next.clicked.connect(self.next_wanted)
        self.verdict = ""
        self._waiting: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._add_part)
        layout = column(self._area, self.next, gap=14)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def tell(self, feedback: Feedback, tone: MonkTone, form: str = "") -> None:
        """Fill the panel: the verdict at once, the rest in the next turns of the event loop.

        ``tone`` is the case's, ``form`` the id of the variant that it shows, if known.
        """
        clear(self._content)
        condition = feedback.condition
        self._content.addWidget(self._verdict(feedback))
        self._content.addLayout(_diagnosis(condition))
        self._waiting = [
            partial(self._own_words, feedback),
            partial(self._mistake, feedback),
            partial(self._why, condition),
            partial(self._dermoscopy, condition),
            partial(self._tones, condition, tone),
            partial(self._look_alikes, feedback.look_alikes[:_LOOK_ALIKES]),
            partial(self._forms, condition, form),
            partial(self._last_parts, condition),
        ]
        self._timer.start()
        self.next.setText("See the result" if feedback.over else "Next case")
        self._area.verticalScrollBar().setValue(0)
        self.next.setFocus()

    def _verdict(self, feedback: Feedback) -> QFrame:
        right = feedback.correct
        kind = "verdict-right" if right else "verdict-wrong"
        self.verdict = _verdict(feedback)
        words = label(self.verdict, kind, wrap=True)
        sign = Icon("right" if right else "wrong", self._theme, "right" if right else "wrong", 24)
        sure = label(_said_sure(feedback.answer), "muted")
        result = QFrame()
        result.setProperty("role", kind)
        layout = row(sign, words, sure, gap=12)
        layout.setStretch(1, 1)
        layout.setContentsMargins(16, 12, 16, 12)
        result.setLayout(layout)
        result.setAccessibleName(self.verdict)
        return result

    @property
    def filled(self) -> bool:
        """Everything is there."""
        return not self._waiting

    def _add_part(self) -> None:
        if self._waiting:
            self._waiting.pop(0)()
        else:
            self._timer.stop()

    def _own_words(self, feedback: Feedback) -> None:
        """What the learner said beyond the diagnosis, and why the case came."""
        said = own_words(feedback)
        if said:
            self._section("Your answer", *(prose(text) for text in said))
        if feedback.reason:
            reason = label(feedback.reason, "muted", wrap=True)
            self._content.addWidget(reason)
            self._settle(reason)

    def _mistake(self, feedback: Feedback) -> None:
        chosen = feedback.chosen
        if chosen is not None and chosen.id != feedback.condition.id and chosen.summary:
            self._section(f"You chose {chosen.name.lower()}", prose(chosen.summary))

    def _why(self, condition: Condition) -> None:
        if condition.why:
            self._section("Why", prose(condition.why))

    def _dermoscopy(self, condition: Condition) -> None:
        if condition.dermoscopy is not None:
            seen = condition.dermoscopy
            self._section("Through a dermatoscope", _cited(seen.text, seen.sources, condition))

    def _look_alikes(self, others: Sequence[Condition]) -> None:
        if others:
            self._section("Look-alikes", *(_named(other.name, other.summary) for other in others))

    def _forms(self, condition: Condition, form: str) -> None:
        """A typical history, and the forms; the one of this image comes first."""
        if condition.history:
            self._section("A typical history", prose(condition.history))
        shown = sorted(condition.variants, key=lambda variant: variant.id != form)
        if shown:
            self._section("Forms", *(_form(variant, variant.id == form) for variant in shown))

    def _last_parts(self, condition: Condition) -> None:
        if condition.red_flags:
            self._section("Red flags", *(self._flag(text) for text in condition.red_flags))
        if condition.sources:
            self._section("Sources", *_sources(condition))
        self._content.addStretch(1)

    def _section(self, title: str, *items: QWidget) -> None:
        heading = label(title, "heading")
        self._content.addLayout(column(heading, *items, gap=6))
        self._settle(heading, *items)

    def _settle(self, *added: QWidget) -> None:
        """Give what was added its room now; left to itself the layout would squeeze it in for a moment."""
        for widget in added:
            widget.show()
        room = self._area.viewport().size()
        self._inside.resize(room.width(), max(room.height(), self._content.totalHeightForWidth(room.width())))

    def _tones(self, condition: Condition, tone: MonkTone) -> None:
        """Both findings, the one of the case's own tone first."""
        notes = [("On lighter skin", condition.on_light), ("On darker skin", condition.on_dark)]
        if tone >= _DARK_FROM:
            notes.reverse()
        shown = [_note(title, findings, condition) for title, findings in notes if findings]
        if shown:
            self._section("What changes with skin tone", *shown)

    def _flag(self, text: str) -> QWidget:
        words = label(text, "body", wrap=True)
        layout = row(column(Icon("caution", self._theme, "caution", 18), None), words, gap=10)
        layout.setStretch(1, 1)
        return holder(layout)


def _said_sure(given: Answer | None) -> str:
    if given is None:
        return ""
    said = sureness(given.confidence)
    return said.capitalize() if given.confidence is None else f"Confidence: {said}"


def _verdict(feedback: Feedback) -> str:
    if feedback.answer is None:
        return "Not answered"
    if feedback.correct:
        return "Right – it was none of these" if feedback.none_was_right else "Right"
    chosen = feedback.chosen.name.lower() if feedback.chosen else "none of these"
    missed = ", and it was none of these" if feedback.none_was_right else ""
    return f"Wrong – you chose {chosen}{missed}"


def _diagnosis(condition: Condition) -> QVBoxLayout:
    review = label("Reviewed by a dermatologist" if condition.reviewed else NOT_REVIEWED, "pill-caution")
    if condition.reviewed:
        review.setProperty("role", "pill-accent")
    items: list[QLabel] = [label(condition.name, "title", wrap=True)]
    if condition.summary:
        items.append(prose(condition.summary, "lead"))
    marks: list[QLabel] = [review]
    if condition.own:
        marks.insert(0, label("Your own recipe", "pill"))
    if condition.icd11:
        code = label(f"ICD-11 {condition.icd11}", "pill")
        code.setToolTip(condition.icd11_title)
        marks.insert(0, code)
    return column(*items, row(*marks, None, gap=8), gap=8)


def _note(title: str, findings: Sequence[ToneFinding], condition: Condition) -> QFrame:
    texts = [_cited(finding.text, finding.sources, condition) for finding in findings]
    return frame("note", label(title, "label"), *texts, margin=14, gap=4)


def _cited(text: str, keys: Sequence[str], condition: Condition) -> QLabel:
    """A text with the numbers of its sources in the list at the end."""
    numbers = {reference.key: number for number, reference in enumerate(condition.sources, 1)}
    cited = sorted(numbers[key] for key in keys if key in numbers)
    return prose(f"{text}  [{', '.join(map(str, cited))}]" if cited else text)


def _form(variant: Variant, here: bool) -> QWidget:
    return _named(f"{variant.name} – in this image" if here else variant.name, variant.text)


def _named(name: str, text: str) -> QWidget:
    items = [label(name, "label")]
    if text:
        items.append(prose(text, "muted"))
    return holder(column(*items, gap=2))


def _sources(condition: Condition) -> list[QLabel]:
    texts = (f"{source.title}. {source.detail}".replace("?.", "?") for source in condition.sources)
    return [label(f"{number}.  {text}", "muted", wrap=True) for number, text in enumerate(texts, 1)]

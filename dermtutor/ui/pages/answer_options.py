"""The diagnoses to answer with: one of a few, a ranked few, or found by typing. The same keys choose in each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dermtutor.domain.conditions import Catalogue, Condition
from dermtutor.domain.modes import NONE_OF_THESE, RANKED_AT_MOST, AnswerKind
from dermtutor.domain.quiz import CHOICES_RANGE
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import column, label
from dermtutor.ui.widgets.choices import OptionButton

_INSTRUCTIONS = {
    AnswerKind.SINGLE: "Choose one, or press its number.",
    AnswerKind.TYPED: "Type a diagnosis, then choose it with the arrow keys.",
    AnswerKind.DIFFERENTIAL: f"Choose up to {RANKED_AT_MOST} in order, the likeliest first, or press their numbers.",
}
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
NONE_WORDS = "None of these"


class AnswerOptions(QWidget):
    """``changed`` after every choice."""

    changed = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._kind = AnswerKind.SINGLE
        self._ids: tuple[str, ...] = ()
        self._order: list[str] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText("Name of the diagnosis, or a synonym")
        self.search.setAccessibleName("Diagnosis")
        self.search.textEdited.connect(self._find)
        self.search.installEventFilter(self)
        self._instruction = label("", "muted", wrap=True)
        self._buttons = [OptionButton(number, theme) for number in range(1, CHOICES_RANGE[1] + 1)]
        for position, option in enumerate(self._buttons):
            option.setAutoExclusive(False)
            option.clicked.connect(self._taker(position))
            option.installEventFilter(self)
        self._found = label("", "muted", wrap=True)
        self.setLayout(column(self._instruction, 2, self.search, *self._buttons, self._found, gap=6))

    def ask(self, kind: AnswerKind, choices: Sequence[str]) -> None:
        """A new question; ``choices`` in shown order, empty where the answer is typed."""
        self._kind = kind
        self._order = []
        self._instruction.setText(_INSTRUCTIONS[kind])
        self.search.setVisible(kind is AnswerKind.TYPED)
        self.search.clear()
        self._found.hide()
        self._offer(tuple(choices))
        self.changed.emit()

    @property
    def options(self) -> list[OptionButton]:
        """The options offered now, in shown order."""
        return self._buttons[: len(self._ids)]

    def chosen(self) -> str | None:
        """The diagnosis chosen, the first of a ranked differential."""
        return self._order[0] if self._order else None

    def ranked(self) -> tuple[str, ...]:
        """The differential, likeliest first; empty for other kinds of answer."""
        return tuple(self._order) if self._kind is AnswerKind.DIFFERENTIAL else ()

    def choose(self, number: int) -> None:
        """The option with this number, 1 for the first; a number without an option is ignored."""
        if 1 <= number <= len(self.options):
            self.options[number - 1].setFocus()
            self._take(number - 1)

    def preset(self, chosen: str, ranked: Sequence[str] = ()) -> None:
        """Show an answer that was given before."""
        if self._kind is AnswerKind.TYPED:
            self._offer((chosen,))
            self.search.setText(self._name(chosen))
        self._order = list(ranked) or [chosen]
        self._show_order()

    def take_first(self) -> bool:
        """Choose the first of what was found by typing. False where nothing was."""
        found = self._kind is AnswerKind.TYPED and bool(self.options)
        if found:
            self._go_to(0)
        return found

    def focus_first(self) -> None:
        """Put the keys where an answer begins."""
        if not self.isVisible():
            return
        if self._kind is AnswerKind.TYPED:
            self.search.setFocus()
        elif self.options:
            self.options[0].setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys: from the search line to what it found, from option to option, and back up again."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            by = _STEPS.get(Qt.Key(event.key()))
            if watched is self.search and event.key() == Qt.Key.Key_Down and self.options:
                self._go_to(0)
                return True
            if by is not None and watched in self.options:
                self._go_to(next(n for n, each in enumerate(self.options) if each is watched) + by)
                return True
        return super().eventFilter(watched, event)

    def _go_to(self, position: int) -> None:
        """The keys to an option; where only one is chosen, that is it then."""
        if position < 0 and self._kind is AnswerKind.TYPED:
            self.search.setFocus()
            return
        position %= len(self.options)
        self.options[position].setFocus()
        if self._kind is not AnswerKind.DIFFERENTIAL:
            self._take(position)

    def _taker(self, position: int) -> Callable[[], None]:
        return lambda: self._take(position)

    def _take(self, position: int) -> None:
        """Choose an option; in a differential, add it at the end or take it out again."""
        wanted = self._ids[position]
        if self._kind is not AnswerKind.DIFFERENTIAL:
            self._order = [wanted]
        elif wanted in self._order:
            self._order.remove(wanted)
        elif len(self._order) < RANKED_AT_MOST:
            self._order.append(wanted)
        self._show_order()

    def _show_order(self) -> None:
        ranks = self._kind is AnswerKind.DIFFERENTIAL
        for name, option in zip(self._ids, self._buttons, strict=False):
            option.setChecked(name in self._order)
            option.show_rank(self._order.index(name) + 1 if ranks and name in self._order else 0)
        self.changed.emit()

    def _offer(self, ids: tuple[str, ...]) -> None:
        self._ids = ids[: len(self._buttons)]
        for position, option in enumerate(self._buttons):
            option.setVisible(position < len(self._ids))
            option.setChecked(False)
            option.offer(self._name(self._ids[position]) if position < len(self._ids) else "")

    def _find(self, text: str) -> None:
        """The conditions whose name or a synonym holds what was typed; one that is named whole is chosen at once."""
        found = matching(self._catalogue, text)
        self._order = []
        self._offer(tuple(condition.id for condition in found))
        self._found.setText("" if found or not text.strip() else "No diagnosis here has that name.")
        self._found.setVisible(bool(self._found.text()))
        if found and _named(found[0], text):
            self._order = [found[0].id]
        self._show_order()

    def _name(self, condition: str) -> str:
        return NONE_WORDS if condition == NONE_OF_THESE else self._catalogue.described(condition).name


def matching(catalogue: Catalogue, text: str) -> tuple[Condition, ...]:
    """Conditions one of whose names or synonyms has a word beginning with each word that was typed.

    Where no word begins so, it may stand anywhere. Named whole comes first, then by name.
    """
    typed = text.casefold().split()
    if not typed:
        return ()

    def begun(name: str) -> bool:
        return all(any(word.startswith(part) for word in re.split(r"[\s-]+", name)) for part in typed)

    def held(name: str) -> bool:
        return all(part in name for part in typed)

    for fits in (begun, held):
        found = [c for c in catalogue.nameable if any(fits(name) for name in _names(c))]
        if found:
            return tuple(sorted(found, key=lambda c: (not _named(c, text), c.name)))
    return ()


def _names(condition: Condition) -> list[str]:
    return [name.casefold() for name in (condition.name, *condition.synonyms)]


def _named(condition: Condition, text: str) -> bool:
    return " ".join(text.casefold().split()) in _names(condition)

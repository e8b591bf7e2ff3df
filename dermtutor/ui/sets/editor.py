"""One case set: its cases as a grid, the chosen one beside it, what the set covers, and how a build stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStackedWidget, QWidget

from dermtutor.domain.case_sets import CaseSet, CaseState, SetCase, judged_by_others
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import Mode
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.sets.building import Arrival, BuildState
from dermtutor.ui.sets.case_panel import CasePanel
from dermtutor.ui.sets.cover_panel import CoverPanel
from dermtutor.ui.sets.grid import CaseGrid
from dermtutor.ui.sets.model import CaseListModel, Thumbnails
from dermtutor.ui.sets.office import SetOffice
from dermtutor.ui.sets.progress_strip import ProgressStrip
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, frame, label, row
from dermtutor.ui.widgets.elided import ElidedLabel
from dermtutor.ui.wording import counted

_FILTERS: Final = {
    "All cases": None,
    "To review": CaseState.DRAFTED,
    "Accepted": CaseState.ACCEPTED,
    "Rejected": CaseState.REJECTED,
}
CASE, COVER = range(2)
_EMPTY: Final = "This set has no cases yet. Ask for some: conditions, skin tones, and how many."


class SetEditor(QWidget):
    """``reject_wanted`` and ``take_out_wanted`` carry case ids, so that the page can ask first."""

    back_wanted = Signal()
    builder_wanted = Signal()
    version_wanted = Signal()
    exam_wanted = Signal()
    reject_wanted = Signal(object)
    take_out_wanted = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue, office: SetOffice) -> None:
        super().__init__()
        self._office = office
        self._set: CaseSet | None = None
        self._cell: tuple[str, MonkTone] | None = None
        self._looked_at = ""
        self._next = ""
        self.thumbnails = Thumbnails(office.sets, self.devicePixelRatioF(), self)
        self.model = CaseListModel(catalogue, self.thumbnails, self)
        self.grid = CaseGrid(theme, self.model)
        self.panel = CasePanel(theme, catalogue)
        self.cover = CoverPanel(theme, catalogue)
        self.strip = ProgressStrip(theme)
        self.back = button("Case sets", "quiet", "Back to the list (Escape)")
        dress(self.back, "back", theme, "muted")
        self.title = ElidedLabel("heading")
        self._version = label("", "pill")
        self._frozen = label("Used in an exam: it stays as it is", "pill-caution")
        self.quiz = button("Practise", "tool", "A quiz on this set; cases not reviewed are marked")
        self.exam = button(
            "Exam …", "tool", "An exam on the accepted cases; from then on the set stays as it is"
        )
        self.version = button("New version", "tool", "The next version, which can be changed")
        self.ask = button("Ask for cases …", "primary-small", "Conditions, tones, and how many (Ctrl+B)")
        self.filter = QComboBox()
        self.filter.setAccessibleName("Which cases are shown")
        self.whole = button("Show all", "tool-small")
        self._count = label("", "muted")
        self._hint = label("Order: Alt with arrows, or drag", "small")
        self.tabs = {CASE: button("Case", "tool"), COVER: button("Cover and review", "tool")}
        self._right = QStackedWidget()
        self._empty = label(_EMPTY, "lead", wrap=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        for pill in (self._version, self._frozen):
            pill.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        for words in _FILTERS:
            self.filter.addItem(words)
        for tab in self.tabs.values():
            tab.setCheckable(True)
        use = self.quiz, self.exam, self.version, self.ask
        head = row(self.back, self.title, self._version, self._frozen, None, *use, gap=8)
        tools = row(self.filter, self._count, self.whole, None, self._hint, gap=10)
        left = frame("card", self.strip, tools, self._empty, self.grid, margin=14, gap=8)
        for panel in (self.panel, self.cover):
            self._right.addWidget(panel)
        right = frame("card", row(*self.tabs.values(), None, gap=6), self._right, margin=14, gap=10)
        right.setMinimumWidth(320)
        right.setMaximumWidth(400)
        halves = row(left, right, gap=14)
        halves.setStretch(0, 55)
        halves.setStretch(1, 45)
        whole = column(head, halves, gap=12)
        whole.setStretch(1, 1)
        whole.setContentsMargins(20, 12, 24, 16)
        self.setLayout(whole)
        self.show_tab(CASE)

    def _connect(self) -> None:
        office, grid, panel, cover = self._office, self.grid, self.panel, self.cover
        office.shown.connect(self.show_set)
        office.arrived.connect(self._arrived)
        office.drawing.connect(panel.show_drawing)
        office.resembled.connect(self._resembled)
        office.building.connect(self.strip.show_state)
        office.building.connect(self._build_changed)
        self.strip.pause_wanted.connect(office.pause)
        self.strip.continue_wanted.connect(lambda: office.build(self._set_id()))
        self.strip.give_up_wanted.connect(lambda: office.give_up(self._set_id()))
        self.model.ordered.connect(office.order)
        grid.chosen.connect(self._choice_changed)
        for source in (grid, panel):
            source.accept_wanted.connect(self._accept)
            source.reject_wanted.connect(lambda: self._ask(self.reject_wanted))
            source.pin_wanted.connect(self._pin)
            source.take_out_wanted.connect(lambda: self._ask(self.take_out_wanted))
        panel.regenerate_wanted.connect(lambda: self._with_case(office.regenerate))
        panel.similar_wanted.connect(lambda: self._with_case(office.similar))
        panel.retone_wanted.connect(self._retone)
        panel.stem_wanted.connect(
            lambda stem: self._with_case(lambda case_id: office.edit_stem(case_id, stem))
        )
        cover.missing_wanted.connect(
            lambda n: office.missing(self._set_id(), MonkTone.all(), n, cover.show_missing)
        )
        cover.balance_wanted.connect(lambda n: office.balance(self._set_id(), MonkTone.all(), n))
        cover.cell_wanted.connect(self._show_cell)
        self.filter.currentIndexChanged.connect(lambda _: self._refilter())
        self.whole.clicked.connect(self._show_whole)
        self.back.clicked.connect(self.back_wanted)
        self.ask.clicked.connect(self.builder_wanted)
        self.version.clicked.connect(self.version_wanted)
        self.quiz.clicked.connect(lambda: office.quiz(self._set_id(), Mode.PRACTICE))
        self.exam.clicked.connect(self.exam_wanted)
        for place, tab in self.tabs.items():
            tab.clicked.connect(lambda _=False, place=place: self.show_tab(place))
        QShortcut(QKeySequence("Ctrl+B"), self).activated.connect(self.ask.click)

    # What is shown

    @property
    def case_set(self) -> CaseSet | None:
        """The set as it was last read."""
        return self._set

    @property
    def may_edit(self) -> bool:
        """Whether no exam has used the set yet."""
        return self._set is not None and not self._set.frozen

    def begin(self) -> None:
        """Another set is about to come."""
        self._set = None
        self._cell = None
        self.model.show_cases(())
        self.strip.show_state(None)
        self.filter.setCurrentIndex(0)
        self._choice_changed()

    def show_set(self, case_set: CaseSet) -> None:
        """The set as it is now; what was chosen stays chosen."""
        chosen = set(self._chosen_ids())
        row_before = self.grid.currentIndex().row()
        self._set = case_set
        self.title.setText(case_set.name)
        self._version.setText(f"Version {case_set.version}")
        self._frozen.setVisible(case_set.frozen)
        self.ask.setVisible(not case_set.frozen)
        self.version.setVisible(case_set.frozen)
        self._hint.setVisible(self.may_edit)
        self.model.movable = self.may_edit
        # An exam has used a frozen set: there is nothing left to judge, so that nothing is withheld.
        seen = (
            case_set
            if case_set.frozen
            else replace(case_set, cases=tuple(each.seen_by(self._office.by) for each in case_set.cases))
        )
        pairs = zip(case_set.cases, seen.cases, strict=True)
        self.model.show_cases(seen.cases, frozenset(now.case.case_id for was, now in pairs if was != now))
        self._refilter()
        still = chosen & set(self.model.ids())
        if self._next in self.model.ids():
            self.grid.choose({self._next})
            self._next = ""
        elif chosen and not set(self._chosen_ids()):
            if still:
                self.grid.choose(still)
            elif self.model.cases:  # replaced in its place, or taken out: go on with what stands there now
                place = min(max(row_before, 0), len(self.model.cases) - 1)
                self.grid.setCurrentIndex(self.model.index(place))
        elif not chosen and self.model.cases and not self.grid.currentIndex().isValid():
            self.grid.setCurrentIndex(self.model.index(0))
        self.cover.show_set(case_set, seen, may_edit=self.may_edit)
        self._choice_changed()

    def show_tab(self, place: int) -> None:
        """The case, or cover and review."""
        self._right.setCurrentIndex(place)
        for number, tab in self.tabs.items():
            tab.setChecked(number == place)

    def _arrived(self, arrival: Arrival) -> None:
        self.model.add_cases(arrival.cases)
        self._refilter()
        if not self.grid.currentIndex().isValid():
            self.grid.setCurrentIndex(self.model.index(0))

    def _build_changed(self, state: BuildState | None) -> None:
        if state is not None and state.running:
            self._empty.hide()

    def _refilter(self) -> None:
        wanted = _FILTERS[self.filter.currentText()]
        shown = 0
        for place, each in enumerate(self.model.cases):
            spec = each.case.spec
            fits = (wanted is None or each.state is wanted) and self._cell in (
                None,
                (spec.condition, spec.tone),
            )
            self.grid.setRowHidden(place, not fits)
            shown += fits
        total = len(self.model.cases)
        self._count.setText(
            counted(total, "case") if shown == total else f"{shown} of {counted(total, 'case')}"
        )
        self.whole.setVisible(shown != total)
        self._empty.setVisible(not total)
        cases = () if self._set is None else self._set.cases
        self.quiz.setEnabled(any(each.state is not CaseState.REJECTED for each in cases))
        self.exam.setEnabled(any(each.state is CaseState.ACCEPTED for each in cases))

    def _show_cell(self, condition: str, tone: MonkTone) -> None:
        self._cell = condition, tone
        self._refilter()

    def _show_whole(self) -> None:
        self._cell = None
        self.filter.setCurrentIndex(0)
        self._refilter()

    # What is chosen

    def chosen_cases(self) -> list[SetCase]:
        """The selected cases in order; the current one when none is selected."""
        rows = self.grid.chosen_rows()
        return [self.model.cases[place] for place in rows]

    def _chosen_ids(self) -> list[str]:
        return [each.case.case_id for each in self.chosen_cases()]

    def _set_id(self) -> str:
        return "" if self._set is None else self._set.set_id

    def _choice_changed(self) -> None:
        cases = self.chosen_cases()
        if not cases:
            self._looked_at = ""
            self.panel.show_nothing("Choose a case to look at it.")
            return
        first = cases[0].case.case_id
        self.panel.show_case(cases[0], len(cases), self._judged_by_others(first), may_edit=self.may_edit)
        if first != self._looked_at:
            self._looked_at = first
            self._office.look(cases[0], self.panel.show_image)

    def _judged_by_others(self, case_id: str) -> int:
        """How many verdicts are withheld."""
        if self._set is None or case_id not in self.model.withheld:
            return 0
        case = next(each for each in self._set.cases if each.case.case_id == case_id)
        return judged_by_others(case.reviews, self._office.by)

    def _resembled(self, case_id: str, further: str) -> None:
        """Shows the further case once it is there, unless the person has turned to another meanwhile."""
        self._next = further if self._chosen_ids() == [case_id] else ""

    def _accept(self) -> None:
        if self.may_edit and self._chosen_ids():
            self._office.accept(self._chosen_ids())

    def _pin(self) -> None:
        cases = self.chosen_cases()
        if self.may_edit and cases:
            self._office.pin(self._chosen_ids(), not cases[0].pinned)

    def _retone(self, tone: MonkTone) -> None:
        cases = self.chosen_cases()
        if cases and tone != cases[0].case.spec.tone:
            self._with_case(lambda case_id: self._office.retone(case_id, tone))

    def _with_case(self, work: Callable[[str], None]) -> None:
        ids = self._chosen_ids()
        if self.may_edit and ids:
            work(ids[0])

    def _ask(self, signal: SignalInstance) -> None:
        if self.may_edit and self._chosen_ids():
            signal.emit(self._chosen_ids())

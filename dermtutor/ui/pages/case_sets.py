"""The case sets: their list, one of them, the form that asks for cases, and the questions in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from dermtutor.domain.case_sets import CaseSet, CaseState, SetSummary
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import MINUTES_RANGE, Mode
from dermtutor.domain.quiz import MAX_QUESTIONS
from dermtutor.domain.set_cover import BuildPlan
from dermtutor.domain.set_quiz import askable
from dermtutor.ui.sets.builder import SetBuilderForm
from dermtutor.ui.sets.editor import SetEditor
from dermtutor.ui.sets.index import SetIndex
from dermtutor.ui.sets.office import SetOffice
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.ask import Answers, Ask, Asking
from dermtutor.ui.widgets.basic import column
from dermtutor.ui.wording import counted

SECONDS_A_QUESTION: Final = 90
"""What an exam's time is proposed by."""


class CaseSetsPage(QWidget):
    """``complaint`` carries a UserError for the banner."""

    complaint = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue, office: SetOffice) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._office = office
        self._asking = Asking(self, theme)
        self._open: CaseSet | None = None
        self._may_edit = True
        self.index = SetIndex(theme)
        self.editor = SetEditor(theme, catalogue, office)
        self.builder = SetBuilderForm(theme, catalogue)
        self._stack = QStackedWidget()
        for part in (self.index, self.editor, self.builder):
            self._stack.addWidget(part)
        self.setLayout(column(self._stack))
        self._connect()

    @property
    def question(self) -> Ask | None:
        """What the person is being asked."""
        return self._asking.question

    def _connect(self) -> None:
        index, editor, builder, office = self.index, self.editor, self.builder, self._office
        office.listed.connect(index.show_sets)
        index.new_wanted.connect(self._ask_for_name)
        index.open_wanted.connect(lambda summary: self.open(summary.case_set))
        index.duplicate_wanted.connect(self._ask_to_duplicate)
        index.version_wanted.connect(lambda summary: office.new_version(summary.case_set.set_id, self.open))
        index.rename_wanted.connect(self._ask_to_rename)
        index.remove_wanted.connect(self._ask_to_remove)
        editor.back_wanted.connect(self.show_index)
        editor.builder_wanted.connect(self.show_builder)
        editor.version_wanted.connect(self._new_version)
        editor.exam_wanted.connect(self._ask_for_exam_on_open)
        index.exam_wanted.connect(self._ask_for_exam_on_chosen)
        index.quiz_wanted.connect(lambda summary: office.quiz(summary.case_set.set_id, Mode.PRACTICE))
        editor.reject_wanted.connect(self._ask_for_reason)
        editor.take_out_wanted.connect(self._ask_to_take_out)
        builder.back_wanted.connect(self.show_editor)
        builder.build_wanted.connect(self._begin_build)
        builder.complaint.connect(self.complaint)

    def let_edit(self, may: bool) -> None:
        """Educators make and review sets; others use them, and are not shown what is in them."""
        self._may_edit = may
        self.index.let_edit(may)
        if not may:
            self._stack.setCurrentWidget(self.index)

    def close_work(self) -> None:
        """The window closes: a build pauses, thumbnails stop."""
        self._office.close()
        self.editor.thumbnails.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._office.list_sets()
        if self._open is not None and self._stack.currentWidget() is self.editor:
            self._office.open(self._open.set_id)  # an exam may have used it meanwhile
        if self._stack.currentWidget() is self.index:
            self.index.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stack.currentWidget() is not self.index:
            self.show_editor() if self._stack.currentWidget() is self.builder else self.show_index()
        elif event.key() == Qt.Key.Key_N and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.index.new.click()
        else:
            super().keyPressEvent(event)

    # Going and coming

    def show_index(self) -> None:
        """The list, with what was open chosen."""
        self._stack.setCurrentWidget(self.index)
        self._office.list_sets()
        if self._open is not None:
            self.index.choose(self._open.set_id)
        self.index.table.setFocus()

    def open(self, case_set: CaseSet) -> None:
        """Look at a set; who may not look at its cases finds it chosen in the list."""
        self._open = case_set
        if not self._may_edit:
            self.show_index()
            return
        self.editor.begin()
        self._stack.setCurrentWidget(self.editor)
        self._office.open(case_set.set_id)
        self.editor.grid.setFocus()

    def show_editor(self) -> None:
        """Back from the form."""
        self._stack.setCurrentWidget(self.editor)
        self.editor.grid.setFocus()

    def show_builder(self) -> None:
        """The form, for the open set."""
        case_set = self.editor.case_set or self._open
        if case_set is not None:
            self.builder.begin(case_set.name)
            self._stack.setCurrentWidget(self.builder)

    def _begin_build(self, plan: BuildPlan) -> None:
        if self._open is not None:
            self.show_editor()
            self._office.ask_for(self._open.set_id, plan)

    def _new_version(self) -> None:
        if self._open is not None:
            self._office.new_version(self._open.set_id, self.open)

    # Questions

    def _ask_for_name(self) -> None:
        def create(name: str) -> None:
            self._office.create(name, self._begun)

        words = "Others find the set under this name. You can change it until an exam has used the set."
        answers: Answers = [("Begin the set", "primary-small", create), ("Cancel", "quiet", None)]
        self._asking.ask("A new case set", words, answers, "Name of the set")

    def _begun(self, case_set: CaseSet) -> None:
        """A new set is empty: the next thing is to ask for cases."""
        self.open(case_set)
        self.builder.begin(case_set.name)
        self._stack.setCurrentWidget(self.builder)

    def _ask_to_duplicate(self, summary: SetSummary) -> None:
        def copy(name: str) -> None:
            self._office.duplicate(summary.case_set.set_id, name, self.open)

        words = f"A set of its own with the {counted(summary.total, 'case')} of {summary.case_set.name}."
        answers: Answers = [("Duplicate", "primary-small", copy), ("Cancel", "quiet", None)]
        self._asking.ask("Duplicate the set", words, answers, "Name of the copy")

    def _ask_to_rename(self, summary: SetSummary) -> None:
        def rename(name: str) -> None:
            self._office.rename(summary.case_set.set_id, name)

        answers: Answers = [("Rename", "primary-small", rename), ("Cancel", "quiet", None)]
        self._asking.ask(f"Rename {summary.case_set.name}", "This version of the set.", answers, "New name")

    def _ask_to_remove(self, summary: SetSummary) -> None:
        def remove(_: str) -> None:
            self._office.remove(summary.case_set.set_id)

        answers: Answers = [("Keep it", "primary-small", None), ("Remove", "", remove)]
        words = "Its order, stems and verdicts are deleted, and so are images that nothing else uses."
        self._asking.ask(
            f"Remove {summary.case_set.name}, version {summary.case_set.version}?", words, answers
        )

    def _ask_for_reason(self, case_ids: Sequence[str]) -> None:
        def reject(reason: str) -> None:
            self._office.reject(case_ids, reason)

        single = len(case_ids) == 1
        words = (
            f"The reason stays with {'the' if single else 'each'} case, with your name and the time. It is not shown "
            "before an answer."
        )
        answers: Answers = [("Reject", "primary-small", reject), ("Cancel", "quiet", None)]
        wrong = f"What is wrong with {'it' if single else 'them'}"
        self._asking.ask(f"Reject {counted(len(case_ids), 'case')}", words, answers, wrong)

    def _ask_for_exam_on_open(self) -> None:
        case_set = self.editor.case_set
        if case_set is not None:
            self._ask_for_exam(case_set, len(askable(case_set, Mode.EXAM)))

    def _ask_for_exam_on_chosen(self, summary: SetSummary) -> None:
        self._ask_for_exam(summary.case_set, summary.counts.get(CaseState.ACCEPTED, 0))

    def _ask_for_exam(self, case_set: CaseSet, accepted: int) -> None:
        """How long it takes, and that it is the point from which the set stays as it is."""
        count, set_id = min(accepted, MAX_QUESTIONS), case_set.set_id
        minutes = min(MINUTES_RANGE[1], max(MINUTES_RANGE[0], round(count * SECONDS_A_QUESTION / 60)))
        stays = "" if case_set.frozen else " From then on this version of the set can no longer be changed."
        answers: Answers = [
            (
                f"Begin, {minutes} min",
                "primary-small",
                lambda _: self._office.quiz(set_id, Mode.EXAM, minutes),
            ),
            ("Begin without a clock", "", lambda _: self._office.quiz(set_id, Mode.EXAM)),
            ("Cancel", "quiet", None),
        ]
        words = f"It asks {counted(count, 'accepted case')}, without feedback until it is handed in.{stays}"
        self._asking.ask(f"An exam on {case_set.name}", words, answers)

    def _ask_to_take_out(self, case_ids: Sequence[str]) -> None:
        def take_out(_: str) -> None:
            self._office.take_out(case_ids)

        what = counted(len(case_ids), "case")
        answers: Answers = [("Keep", "primary-small", None), ("Take out", "", take_out)]
        self._asking.ask(
            f"Take {what} out of the set?", "Images that nothing else uses are deleted.", answers
        )

"""The list of case sets with their versions, and what can be done with the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dermtutor.domain.case_sets import CaseState, SetSummary
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, frame, holder, label, row
from dermtutor.ui.widgets.entry_table import Columns, EntryTable
from dermtutor.ui.widgets.flow_layout import wrapped
from dermtutor.ui.wording import counted, when

_LEAD = (
    "Ask for conditions on skin tones, watch the cases come, accept what is right, put them in order, and let others "
    "practise or be examined on them."
)
_TRAINEE = (
    "Sets that educators made: import their file, practise on them, or take one as an exam. Who makes sets needs the "
    "role of an educator: dermtutor records role --learner NAME educator."
)


class SetIndex(QWidget):
    """All signals carry the chosen SetSummary, but ``new_wanted`` and ``import_wanted``."""

    open_wanted = Signal(object)
    duplicate_wanted = Signal(object)
    version_wanted = Signal(object)
    rename_wanted = Signal(object)
    remove_wanted = Signal(object)
    quiz_wanted = Signal(object)
    exam_wanted = Signal(object)
    export_wanted = Signal(object)
    new_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._may_edit = True
        self.table = EntryTable("Case sets", _COLUMNS)
        self.search = self.table.search
        self.search.setFixedWidth(200)
        self.new = button("New case set …", "primary", "Begin a set (Ctrl+N)")
        dress(self.new, "plus", theme, "on_accent")
        self.take = button("Import …", "", "Take in a case-set file of somebody else")
        self.quiz = button("Practise", "tool", "A quiz on the set; cases not reviewed are marked")
        self.exam = button("Exam …", "tool", "An exam on its accepted cases")
        self.open = button("Open", "tool", "Look at its cases (Enter)")
        self.export = button("Export …", "tool", "As a file for others, in print, for learning platforms")
        self.duplicate = button("Duplicate …", "tool", "A set of its own with the same cases")
        self.version = button("New version", "tool", "The next version, which can be changed")
        self.rename = button("Rename …", "tool")
        self.remove = button("Remove …", "tool", "Delete the set and the cases that nothing else uses")
        self._lead = label(_LEAD, "lead", wrap=True)
        self._count = label("", "muted")
        self._about = label("", "muted", wrap=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        head = row(label("Case sets", "title"), None, self.search, self.take, self.new, gap=10)
        change = self.open, self.export, self.duplicate, self.version, self.rename, self.remove
        tools = holder(column(wrapped(self.quiz, self.exam, *change, gap=8)))
        content = column(self._count, tools, self.table, self._about, gap=12)
        content.setStretch(2, 1)
        layout = column(head, self._lead, frame("card", content, margin=20), gap=14)
        layout.setStretch(2, 1)
        layout.setContentsMargins(32, 20, 32, 22)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.new.clicked.connect(self.new_wanted)
        self.take.clicked.connect(self.import_wanted)
        self.table.changed.connect(self._able)
        self.table.itemActivated.connect(
            lambda _: self.table.ask(self.open_wanted if self._may_edit else self.quiz_wanted)
        )
        for pressed, wanted in (
            (self.quiz, self.quiz_wanted),
            (self.exam, self.exam_wanted),
            (self.open, self.open_wanted),
            (self.export, self.export_wanted),
            (self.duplicate, self.duplicate_wanted),
            (self.version, self.version_wanted),
            (self.rename, self.rename_wanted),
            (self.remove, self.remove_wanted),
        ):
            pressed.clicked.connect(lambda _=False, signal=wanted: self.table.ask(signal))

    @property
    def shown(self) -> tuple[SetSummary, ...]:
        """The sets that the search leaves, in order."""
        return self.table.shown

    @property
    def chosen(self) -> SetSummary | None:
        """The set that is selected."""
        return self.table.chosen

    def let_edit(self, may: bool) -> None:
        """Whether sets can be looked at, made and changed, or only be used: their cases name their diagnoses."""
        self._may_edit = may
        self._lead.setText(_LEAD if may else _TRAINEE)
        change = self.open, self.export, self.duplicate, self.version, self.rename, self.remove
        for each in (self.new, *change):
            each.setVisible(may)
        self._able()

    def show_sets(self, found: Sequence[SetSummary]) -> None:
        """Other sets; the chosen one stays chosen."""
        series = {each.case_set.series for each in found}
        self._count.setText(counted(len(series), "set") if found else "No case set yet")
        self.table.show_entries(found)

    def choose(self, set_id: str) -> None:
        """Select a set by its id."""
        self.table.choose(set_id)

    def _able(self) -> None:
        chosen = self.chosen
        free = chosen is not None and not chosen.case_set.frozen
        for each in (self.open, self.duplicate, self.version):
            each.setEnabled(chosen is not None)
        rejected = 0 if chosen is None else chosen.counts.get(CaseState.REJECTED, 0)
        self.quiz.setEnabled(chosen is not None and chosen.total > rejected)
        self.exam.setEnabled(chosen is not None and chosen.counts.get(CaseState.ACCEPTED, 0) > 0)
        self.export.setEnabled(chosen is not None and chosen.total > 0)
        for each in (self.rename, self.remove):
            each.setEnabled(free)
        self._about.setText("" if chosen is None else _about(chosen))


def _cells(each: SetSummary) -> tuple[str, ...]:
    made = each.case_set
    return (
        made.name,
        str(made.version),
        str(each.total),
        str(each.counts.get(CaseState.ACCEPTED, 0)),
        str(each.counts.get(CaseState.REJECTED, 0)),
        made.author,
        "Used in an exam" if made.frozen else f"{each.wanted} to come" if each.wanted else "In work",
    )


def _about(each: SetSummary) -> str:
    made = each.case_set
    begun = f"Begun {when(made.created_at)}."
    if made.used_at is None:
        return begun
    return f"{begun} An exam used it on {when(made.used_at)}, so it stays as it is; make a new version to change it."


_COLUMNS: Final[Columns[SetSummary]] = Columns(
    heads=("Case set", "Version", "Cases", "Accepted", "Rejected", "Made by", "State"),
    wide=(0, 6),
    key=lambda each: each.case_set.set_id,
    searched=lambda each: each.case_set.name,
    cells=_cells,
)

"""The list of recipes: one's own, and those that are shipped; what can be done with the chosen one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from dermtutor.domain.recipes import RecipeEntry
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, frame, label, row
from dermtutor.ui.wording import counted

_HEADS = ("Recipe", "Whose", "Version", "Review")
_LEAD = (
    "A recipe says in dermatology's own words how a disease looks; the program draws patients from it on every skin "
    "tone. Copy one that is similar, change it, and your condition joins the quiz."
)


class Index(QWidget):
    """All signals carry the chosen entry, but those that begin something new."""

    open_wanted = Signal(object)
    copy_wanted = Signal(object)
    share_wanted = Signal(object)
    remove_wanted = Signal(object)
    new_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._entries: Sequence[RecipeEntry] = ()
        self._shown: list[RecipeEntry] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search recipes")
        self.search.setAccessibleName("Search recipes")
        self.search.setFixedWidth(230)
        self.search.textChanged.connect(self._fill)
        self.new = button("New recipe", "primary", "Begin a recipe from a small example (Ctrl+N)")
        self.bring = button("Import a file …", "", "Take a recipe that somebody shared")
        dress(self.new, "plus", theme, "on_accent")
        self.open = button("Open", "tool", "Enter")
        self.copy = button("Make a copy", "tool", "A copy of your own to change")
        self.share = button("Share …", "tool", "Write it to a file for others")
        self.remove = button("Remove …", "tool", "Delete it from your recipes")
        self.table = QTableWidget(0, len(_HEADS))
        self._about = label("", "muted", wrap=True)
        self._count = label("", "muted")
        self._build()
        self._connect()

    def _build(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels(list(_HEADS))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(36)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setAccessibleName("Recipes")
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column_number, mode in enumerate(
            (
                QHeaderView.ResizeMode.Stretch,
                QHeaderView.ResizeMode.ResizeToContents,
                QHeaderView.ResizeMode.ResizeToContents,
                QHeaderView.ResizeMode.Stretch,
            )
        ):
            header.setSectionResizeMode(column_number, mode)
        head = row(label("Recipes", "title"), None, self.bring, self.new, gap=10)
        tools = row(self._count, None, self.search, self.open, self.copy, self.share, self.remove, gap=8)
        content = column(tools, table, self._about, gap=12)
        content.setStretch(1, 1)
        card = frame("card", content, margin=20)
        layout = column(head, label(_LEAD, "lead", wrap=True), card, gap=14)
        layout.setStretch(2, 1)
        layout.setContentsMargins(32, 20, 32, 22)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.new.clicked.connect(self.new_wanted)
        self.bring.clicked.connect(self.import_wanted)
        self.table.itemSelectionChanged.connect(self._able)
        self.table.itemActivated.connect(lambda _: self._ask(self.open_wanted))
        for pressed, wanted in (
            (self.open, self.open_wanted),
            (self.copy, self.copy_wanted),
            (self.share, self.share_wanted),
            (self.remove, self.remove_wanted),
        ):
            pressed.clicked.connect(lambda _=False, signal=wanted: self._ask(signal))

    @property
    def chosen(self) -> RecipeEntry | None:
        """The entry that is selected."""
        number = self.table.currentRow()
        return self._shown[number] if 0 <= number < len(self._shown) else None

    def show_entries(self, entries: Sequence[RecipeEntry]) -> None:
        """Other recipes; the chosen one stays chosen."""
        self._entries = entries
        own = sum(entry.origin == "own" for entry in entries)
        self._count.setText(f"{own} of your own, {counted(len(entries) - own, 'shipped recipe')}")
        self._fill()

    def choose(self, recipe_id: str) -> None:
        """Select a recipe by its id."""
        number = next((n for n, entry in enumerate(self._shown) if entry.id == recipe_id), -1)
        if number >= 0:
            self.table.selectRow(number)

    def _fill(self) -> None:
        before = self.chosen
        words = self.search.text().lower().split()
        self._shown = [e for e in self._entries if all(word in f"{e.name} {e.id}".lower() for word in words)]
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._shown))
        for number, entry in enumerate(self._shown):
            for position, text in enumerate(_cells(entry)):
                self.table.setItem(number, position, QTableWidgetItem(text))
        self.table.blockSignals(False)
        if self._shown:
            self.table.selectRow(0)
        if before is not None:
            self.choose(before.id)
        self._able()

    def _ask(self, wanted: object) -> None:
        entry = self.chosen
        if entry is not None:
            wanted.emit(entry)  # type: ignore[attr-defined]

    def _able(self) -> None:
        entry = self.chosen
        own = entry is not None and entry.origin == "own"
        sound = entry is not None and not entry.findings
        self.open.setEnabled(entry is not None)
        self.open.setText("Look at it" if entry is not None and not own else "Open")
        self.copy.setEnabled(sound)
        self.share.setEnabled(own and sound)
        self.remove.setEnabled(own)
        self._about.setText("" if entry is None else _about(entry))


def _cells(entry: RecipeEntry) -> tuple[str, ...]:
    whose = "Your own" if entry.origin == "own" else "Shipped"
    if entry.findings:
        return entry.name, whose, "–", "Left out until it is mended"
    words = entry.review_in_words
    return entry.name, whose, entry.version, words[:1].upper() + words[1:]


def _about(entry: RecipeEntry) -> str:
    if entry.findings:
        more = f" And {counted(len(entry.findings) - 1, 'more finding')}." if len(entry.findings) > 1 else ""
        return f"{entry.findings[0]}{more}"
    where = (
        str(entry.file)
        if entry.origin == "own"
        else "it comes with the program; a copy of your own can be changed"
    )
    return f"{entry.id} {entry.drawing}: {where}"

"""The list of recipes: one's own, and those that are shipped; what can be done with the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dermtutor.domain.recipes import RecipeEntry
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, frame, label, row
from dermtutor.ui.widgets.entry_table import Columns, EntryTable
from dermtutor.ui.wording import counted

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
        self.table = EntryTable("Recipes", _COLUMNS)
        self.search = self.table.search
        self.search.setFixedWidth(230)
        self.new = button("New recipe", "primary", "Begin a recipe from a small example (Ctrl+N)")
        self.bring = button("Import a file …", "", "Take a recipe that somebody shared")
        dress(self.new, "plus", theme, "on_accent")
        self.open = button("Open", "tool", "Enter")
        self.copy = button("Make a copy", "tool", "A copy of your own to change")
        self.share = button("Share …", "tool", "Write it to a file for others")
        self.remove = button("Remove …", "tool", "Delete it from your recipes")
        self._about = label("", "muted", wrap=True)
        self._count = label("", "muted")
        self._build()
        self._connect()

    def _build(self) -> None:
        head = row(label("Recipes", "title"), None, self.bring, self.new, gap=10)
        tools = row(self._count, None, self.search, self.open, self.copy, self.share, self.remove, gap=8)
        content = column(tools, self.table, self._about, gap=12)
        content.setStretch(1, 1)
        card = frame("card", content, margin=20)
        layout = column(head, label(_LEAD, "lead", wrap=True), card, gap=14)
        layout.setStretch(2, 1)
        layout.setContentsMargins(32, 20, 32, 22)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.new.clicked.connect(self.new_wanted)
        self.bring.clicked.connect(self.import_wanted)
        self.table.changed.connect(self._able)
        self.table.itemActivated.connect(lambda _: self.table.ask(self.open_wanted))
        for pressed, wanted in (
            (self.open, self.open_wanted),
            (self.copy, self.copy_wanted),
            (self.share, self.share_wanted),
            (self.remove, self.remove_wanted),
        ):
            pressed.clicked.connect(lambda _=False, signal=wanted: self.table.ask(signal))

    @property
    def chosen(self) -> RecipeEntry | None:
        """The entry that is selected."""
        return self.table.chosen

    def show_entries(self, entries: Sequence[RecipeEntry]) -> None:
        """Other recipes; the chosen one stays chosen."""
        own = sum(entry.origin == "own" for entry in entries)
        self._count.setText(f"{own} of your own, {counted(len(entries) - own, 'shipped recipe')}")
        self.table.show_entries(entries)

    def choose(self, recipe_id: str) -> None:
        """Select a recipe by its id."""
        self.table.choose(recipe_id)

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


_COLUMNS: Final[Columns[RecipeEntry]] = Columns(
    heads=("Recipe", "Whose", "Version", "Review"),
    wide=(0, 3),
    key=lambda entry: entry.id,
    searched=lambda entry: f"{entry.name} {entry.id}",
    cells=_cells,
)

"""The recipes: the list, the editor, and the questions between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from dermtutor.domain.recipes import RecipeEntry
from dermtutor.ui.recipes.editor import Editor
from dermtutor.ui.recipes.index import Index
from dermtutor.ui.recipes.studio import RecipeStudio
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.ask import Answers, Ask, Asking
from dermtutor.ui.widgets.basic import column

_FILES = "Recipes (*.toml)"


class RecipesPage(QWidget):
    """``told`` carries a sentence for the banner."""

    told = Signal(str)

    def __init__(self, theme: Theme, studio: RecipeStudio) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._studio = studio
        self._asking = Asking(self, theme)
        self.index = Index(theme)
        self.editor = Editor(theme, studio, studio.recipes.schema(), studio.recipes.names)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.index)
        self._stack.addWidget(self.editor)
        self.setLayout(column(self._stack))
        self._connect()

    @property
    def question(self) -> Ask | None:
        """What the person is being asked."""
        return self._asking.question

    def _connect(self) -> None:
        index, editor, studio = self.index, self.editor, self._studio
        studio.listed.connect(index.show_entries)
        index.open_wanted.connect(self.open)
        index.copy_wanted.connect(lambda entry: studio.copy(entry, self._begun))
        index.new_wanted.connect(lambda: studio.begin(self._begun))
        index.import_wanted.connect(self._choose_import)
        index.share_wanted.connect(lambda entry: self._choose_target(entry.id))
        index.remove_wanted.connect(self._ask_to_remove)
        editor.back_wanted.connect(lambda: self.may_leave(self.show_index))
        editor.save_wanted.connect(self.save)
        editor.copy_wanted.connect(self._copy_shown)
        editor.share_wanted.connect(lambda: self._choose_target(editor.draft.was))
        editor.review_wanted.connect(self._ask_for_reviewer)

    @property
    def editing(self) -> bool:
        """The editor is shown."""
        return self._stack.currentWidget() is self.editor

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._studio.list_recipes()
        if not self.editing:
            self.index.table.setFocus()

    # Going and coming

    def show_index(self) -> None:
        """The list, with what was edited chosen."""
        was = self.editor.draft.was
        self.editor.leave()
        self._stack.setCurrentWidget(self.index)
        self._studio.list_recipes()
        self.index.choose(was)
        self.index.table.setFocus()

    def open(self, entry: RecipeEntry) -> None:
        """Edit an own recipe, look at a shipped one."""
        own = entry.origin == "own"
        self._studio.read(entry, lambda text: self._edit(text, entry.id, read_only=not own))

    def _begun(self, text: str) -> None:
        self._edit(text, "")

    def _edit(self, text: str, was: str, *, read_only: bool = False) -> None:
        self._stack.setCurrentWidget(self.editor)
        self.editor.open(text, was, read_only=read_only)

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Whether nothing would be lost. Otherwise it asks, and ``then`` follows when the person wants it."""
        draft = self.editor.draft
        if not self.editing or not draft.is_dirty:
            if self.editing and then == self.show_index:
                then()
            return True

        def drop(_: str) -> None:
            self.discard()
            if then != self.show_index:
                then()

        answers: Answers = [("Keep editing", "primary-small", None), ("Discard", "", drop)]
        words = "It has a mistake, so it cannot be saved yet."
        if not self.editor.findings:
            answers = [("Save", "primary-small", lambda _: self.save(then)), ("Discard", "", drop),
                       ("Keep editing", "quiet", None)]  # fmt: skip
            words = "Nothing of it is kept until it is saved."
        self._asking.ask("This recipe has changes that are not saved", words, answers)
        return False

    def discard(self) -> None:
        """Back to the list without what was not saved."""
        self.editor.draft.forget()
        self.show_index()

    # Files

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Keep the draft among the own recipes."""
        draft = self.editor.draft
        text = draft.text

        def kept(entry: RecipeEntry) -> None:
            draft.mark_kept(text, entry.id)
            self.told.emit("")
            if then is not None and not draft.is_dirty:
                then()

        self._studio.keep(text, draft.file, draft.was, kept)

    def _copy_shown(self) -> None:
        entry = self.editor.entry
        if entry is not None:
            self._studio.copy(entry, self._begun)

    def bring(self, path: Path) -> None:
        """Take a file that somebody shared."""

        def came(entry: RecipeEntry) -> None:
            self._studio.list_recipes()
            self.told.emit(f"{entry.name} is among your recipes now; it is in the quiz as well.")

        self._studio.bring(path, came)

    def share_to(self, recipe_id: str, target: Path) -> None:
        """Write an own recipe to a file."""
        self._studio.share(recipe_id, target, lambda file: self.told.emit(f"The recipe is in {file}."))

    def sign(self, name: str) -> None:
        """Record a named reviewer of the recipe in the editor."""
        draft = self.editor.draft

        def signed(text: str) -> None:
            draft.change(text, "history")
            draft.mark_kept(text, draft.was)

        self._studio.sign(draft.text, name, draft.was, signed)

    def _choose_import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Import a recipe", "", _FILES)
        if chosen:
            self.bring(Path(chosen))

    def _choose_target(self, recipe_id: str) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Share the recipe", f"{recipe_id}.toml", _FILES)
        if chosen:
            self.share_to(recipe_id, Path(chosen))

    # Questions

    def _ask_to_remove(self, entry: RecipeEntry) -> None:
        def remove(_: str) -> None:
            self._studio.remove(entry.id, lambda _: self._studio.list_recipes())

        self._asking.ask(
            f"Remove {entry.name}?",
            "Its file is deleted and it leaves the quiz. Answers to its cases stay in the records.",
            [("Keep it", "primary-small", None), ("Remove", "", remove)],
        )

    def _ask_for_reviewer(self) -> None:
        self._asking.ask(
            "Who has looked at this recipe?",
            "The name of the clinician who judged the drawings and the text as they are now. It is kept in the file "
            "with today's date; any later change makes the recipe unreviewed again.",
            [("Mark as reviewed", "primary-small", self.sign), ("Cancel", "quiet", None)],
            field="Name of the clinician",
        )

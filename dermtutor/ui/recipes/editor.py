"""The editor of one recipe: outline and form, or the text; the drawing beside them; what is wrong below."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from dermtutor.domain.recipes import Finding, Key, RecipeEntry, TableSchema
from dermtutor.ui.recipes import changes
from dermtutor.ui.recipes.draft import Draft
from dermtutor.ui.recipes.form import Form, Names
from dermtutor.ui.recipes.outline import Outline
from dermtutor.ui.recipes.places import Addition, Place, additions, places
from dermtutor.ui.recipes.preview import PreviewPanel
from dermtutor.ui.recipes.studio import DrawnTone, Look, RecipeStudio, Verdict
from dermtutor.ui.recipes.text_view import TextView
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Icon, button, column, dress, frame, holder, label, row
from dermtutor.ui.widgets.scales import ScaleRow

FORM, TEXT = 0, 1
_LARGEST_NEW_SEED: Final = 9_999
"""Seeds that are drawn for a person stay short enough to be told to somebody."""


class Editor(QWidget):
    """Shows one draft. What leaves the recipe, and what needs a question first, leaves by signals."""

    back_wanted = Signal()
    save_wanted = Signal()
    copy_wanted = Signal()
    share_wanted = Signal()
    review_wanted = Signal()

    def __init__(self, theme: Theme, studio: RecipeStudio, schema: TableSchema, names: Names) -> None:
        super().__init__()
        self._theme, self._studio, self._schema = theme, studio, schema
        self.draft = Draft(self)
        self.entry: RecipeEntry | None = None
        self.findings: tuple[Finding, ...] = ()
        self._root: Place | None = None
        self._seed, self._severity = 1, 0.5
        self.form = Form(theme, self.draft, names)
        self.outline = Outline(self._additions)
        self.text = TextView(theme)
        self.preview = PreviewPanel(theme)
        self.view = ScaleRow([(FORM, "Form"), (TEXT, "Text")], theme, "Show the recipe as")
        self._build()
        self._connect()
        self._shortcuts()

    # Building

    def _build(self) -> None:
        self.back = button("Recipes", "quiet", "Back to the list (Alt+Left)")
        dress(self.back, "back", self._theme, "muted")
        self._title = label("", "heading")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._state = label("", "pill")
        self.undo = button("Undo", "quiet", "One step back (Ctrl+Z)")
        self.redo = button("Redo", "quiet", "One step forward again (Ctrl+Shift+Z)")
        self.save = button("Save", "primary-small", "Keep it among your recipes (Ctrl+S)")
        self.copy = button("Make a copy", "primary-small", "A copy of your own to change")
        self.share = button("Share …", "tool", "Write it to a file for others")
        self.review = button(
            "Mark as reviewed …", "tool", "Record that a named clinician looked at it as it is"
        )
        top = row(
            self.back, self._title, self._state, self.undo, self.redo, self.view, self.save, self.copy, gap=8
        )
        top.setStretch(1, 1)
        top.setAlignment(self._state, Qt.AlignmentFlag.AlignVCenter)
        right = column(self.preview, row(self.review, self.share, None, gap=8), gap=12)
        right.setStretch(0, 1)
        self._left = QStackedWidget()
        self._sides = self._form_side()
        self._left.addWidget(self._sides)
        self._left.addWidget(frame("field", self.text, margin=2))
        left = column(self._left, self._findings_strip(), gap=10)
        left.setStretch(0, 1)
        halves = row(holder(left), holder(right), gap=22)
        halves.setStretch(0, 60)
        halves.setStretch(1, 40)
        for half in (halves.itemAt(0), halves.itemAt(1)):
            widget = half.widget() if half is not None else None
            if widget is not None:
                widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        layout = column(top, halves, gap=12)
        layout.setStretch(1, 1)
        layout.setContentsMargins(24, 12, 24, 14)
        self.setLayout(layout)

    def _form_side(self) -> QWidget:
        card = frame("card", self.form, margin=16)
        self.outline.setMinimumWidth(178)
        self.outline.setMaximumWidth(236)
        sides = row(self.outline, card, gap=14)
        sides.setStretch(0, 34)
        sides.setStretch(1, 66)
        return holder(sides)

    def _findings_strip(self) -> QWidget:
        self._wrong = label("", "body", wrap=True)
        self._wrong.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._wrong.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.go_there = button("Go there", "tool", "Go to what is wrong (F8)")
        line = row(Icon("caution", self._theme, "caution", 20), self._wrong, self.go_there, gap=10)
        line.setStretch(1, 1)
        self.strip = frame("note", line, margin=10)
        self.strip.hide()
        return self.strip

    def _connect(self) -> None:
        self.draft.changed.connect(self._changed)
        self.draft.state_changed.connect(self._tell_state)
        self.form.edited.connect(self._edited)
        self.form.unset.connect(lambda key: changes.unset_key(self.draft, key))
        self.text.typed.connect(lambda: self.draft.change(self.text.toPlainText(), "text", "typing"))
        for inputs in (self.form, self.text):
            inputs.undo_wanted.connect(self.draft.undo)
            inputs.redo_wanted.connect(self.draft.redo)
        outline = self.outline
        outline.chosen.connect(self._show_place)
        outline.add_wanted.connect(lambda wanted: self._go(changes.add(self.draft, wanted)))
        outline.copy_wanted.connect(lambda place: self._go(changes.twin(self.draft, place)))
        outline.remove_wanted.connect(lambda place: self._go(changes.take_out(self.draft, place)))
        outline.move_wanted.connect(lambda place, to: self._go(changes.shift(self.draft, place, to)))
        self.preview.another_wanted.connect(self.another_patient)
        self.preview.patient_wanted.connect(self._patient)
        self.preview.severity_wanted.connect(self._severe)
        self._studio.judged.connect(self._judged)
        self._studio.drawn.connect(self._drawn)
        self._studio.not_drawn.connect(self.preview.fail)
        self.view.changed.connect(self._show_view)
        self.go_there.clicked.connect(self.go_to_finding)
        for pressed, wanted in (
            (self.back, self.back_wanted), (self.save, self.save_wanted), (self.copy, self.copy_wanted),
            (self.share, self.share_wanted), (self.review, self.review_wanted),
        ):  # fmt: skip
            pressed.clicked.connect(wanted)
        self.undo.clicked.connect(self.draft.undo)
        self.redo.clicked.connect(self.draft.redo)

    def _shortcuts(self) -> None:
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+S", self.save.click),
            ("Ctrl+Z", self.draft.undo),
            ("Ctrl+Shift+Z", self.draft.redo),
            ("Ctrl+Y", self.draft.redo),
            ("Ctrl+N", self.another_patient),
            ("Ctrl+T", lambda: self.view.choose(TEXT if self.view.value() == FORM else FORM)),
            ("Ctrl+Shift+A", self.outline.offer_additions),
            ("Ctrl+Shift+Up", lambda: self.outline.step(-1)),
            ("Ctrl+Shift+Down", lambda: self.outline.step(1)),
            ("Ctrl+Shift+D", self.outline.twin.click),
            ("Ctrl+Shift+Del", self.outline.remove.click),
            ("F8", self.go_to_finding),
            ("Alt+Left", self.back_wanted.emit),
        ]
        for key, act in keys:
            shortcut = QShortcut(
                QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            shortcut.activated.connect(act)

    # What is shown

    def open(self, text: str, was: str, *, read_only: bool = False) -> None:
        """Another recipe; ``was`` is the id it is kept under, empty for one that is not kept yet."""
        self._clear()
        self.preview.empty()
        self.preview.show_patient(self._seed)
        self.draft.open(text, was, read_only=read_only)
        self.view.choose(FORM if self.draft.is_toml else TEXT)
        self.text.setReadOnly(read_only)
        if self._root is not None:
            self.outline.show_tree(self._root, (), read_only=read_only)
            self.form.show_place(self._root)
        self.outline.tree.setFocus()

    def _clear(self) -> None:
        """Nothing of the recipe before: the next may be no TOML, and then there is no tree to show."""
        self.entry, self.findings, self._root = None, (), None
        self.outline.clear()
        self.form.clear()

    def leave(self) -> None:
        """The recipe is no longer looked at."""
        self._studio.stop()

    def _changed(self, by: str) -> None:
        if by != "text" and (self.view.value() == TEXT or by == "open"):
            self.text.show_text(self.draft.text)
        if self.draft.is_toml:
            chosen: Key = self.outline.place.key if self.outline.place is not None and by != "open" else ()
            self._root = places(self._schema, self.draft.table)
            self.outline.show_tree(self._root, chosen, read_only=self.draft.read_only)
            self._refresh_form(by)
        self._sides.setEnabled(self.draft.is_toml)
        self._look()

    def _refresh_form(self, by: str) -> None:
        place, shown = self.outline.place, self.form.place
        if place is None:
            return
        if by != "open" and shown is not None and shown.key == place.key and shown.schema is place.schema:
            self.form.refresh(place)
        else:
            self.form.show_place(place)

    def _look(self) -> None:
        draft = self.draft
        self.preview.begin()
        self._studio.look(Look(draft.text, draft.file, not draft.read_only, self._seed, self._severity))

    def _judged(self, verdict: Verdict) -> None:
        if verdict.look.text != self.draft.text:
            return
        self.findings, self.entry = verdict.findings, verdict.entry
        if self.findings:
            self.preview.refuse()
        self.preview.say(self.entry or None)
        self._tell_findings(self.findings)
        self._tell_state()

    def _drawn(self, drawn: DrawnTone) -> None:
        self.preview.show_tone(drawn)

    def _tell_findings(self, findings: Sequence[Finding]) -> None:
        self.text.show_findings(findings)
        keys = {finding.key for finding in findings}
        self.outline.mark(keys)
        self.form.mark(keys)
        self.strip.setVisible(bool(findings))
        if findings:
            more = f"  (1 of {len(findings)})" if len(findings) > 1 else ""
            self._wrong.setText(f"{findings[0]}{more}")
            self.strip.setAccessibleName(self._wrong.text())

    def _tell_state(self) -> None:
        draft = self.draft
        text = draft.table.get("condition")
        name = text.get("name") if isinstance(text, dict) else None
        fallback = self.entry.name if self.entry is not None else str(draft.table.get("id", draft.was))
        self._title.setText(str(name or fallback))
        self._title.setToolTip("")
        self._state.setText(
            "Shipped, read-only" if draft.read_only else "Not saved" if draft.is_dirty else "Saved"
        )
        for widget in (self.undo, self.redo, self.save, self.share, self.review):
            widget.setVisible(not draft.read_only)
        self.copy.setVisible(draft.read_only)
        self.undo.setEnabled(draft.can_undo)
        self.redo.setEnabled(draft.can_redo)
        kept = not draft.is_dirty and self.entry is not None
        self.save.setEnabled(draft.is_dirty and not self.findings)
        self.share.setEnabled(kept)
        self.review.setEnabled(kept)

    def _show_view(self, view: object) -> None:
        self._left.setCurrentIndex(TEXT if view == TEXT else FORM)
        if view == TEXT:
            self.text.show_text(self.draft.text)
            place = self.outline.place
            if place is not None and place.key and self.isVisible():
                self.text.go_to_table(place.key)
            self.text.show_findings(self.findings)

    def _show_place(self, place: Place) -> None:
        self.form.show_place(place)
        self.form.mark({finding.key for finding in self.findings})

    # What the person does

    def _edited(self, key: Key, value: object) -> None:
        place = self.form.place
        if place is not None:
            changes.set_key(self.draft, place, key, value)

    def _additions(self, place: Place) -> Sequence[Addition]:
        return additions(self._root, self.draft.table, place) if self._root is not None else ()

    def _go(self, key: Key) -> None:
        """Choose a place after a change of the tree."""
        if self._root is not None:
            self.outline.show_tree(self._root, key, read_only=self.draft.read_only)
            place = self.outline.place
            if place is not None:
                self._show_place(place)

    def go_to_finding(self) -> None:
        """The first thing that is wrong: its line, or its field."""
        if not self.findings:
            return
        finding = self.findings[0]
        if self.view.value() == TEXT or not self.draft.is_toml:
            self.view.choose(TEXT)
            self.text.go_to_line(finding.line or 1)
        else:
            self._go(finding.key)
            place = self.outline.place
            depth = len(place.key) if place is not None else 0
            self.form.go_to(str(finding.key[depth]) if len(finding.key) > depth else "")

    def another_patient(self) -> None:
        """Draw somebody else."""
        self._patient(secrets.randbelow(_LARGEST_NEW_SEED) + 1)

    def _patient(self, seed: int | None) -> None:
        if seed is not None and seed != self._seed:
            self._seed = seed
            self._look()
        self.preview.show_patient(self._seed)

    def _severe(self, severity: float) -> None:
        self._severity = severity
        self._look()

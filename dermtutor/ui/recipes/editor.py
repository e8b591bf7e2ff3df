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
from dermtutor.ui.recipes.findings_strip import FindingsStrip
from dermtutor.ui.recipes.form import Form, Names
from dermtutor.ui.recipes.outline import Outline
from dermtutor.ui.recipes.places import Addition, Place, additions, places
from dermtutor.ui.recipes.preview import PreviewPanel
from dermtutor.ui.recipes.studio import DrawnTone, Look, RecipeStudio, Verdict
from dermtutor.ui.recipes.text_view import TextView
from dermtutor.ui.recipes.toolbar import FORM, TEXT, Toolbar
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, frame, holder, row

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
        self.bar = Toolbar(theme)
        self.strip = FindingsStrip(theme)
        self._build()
        self._connect()
        self._shortcuts()

    # Building

    def _build(self) -> None:
        self.share = button("Share …", "tool", "Write it to a file for others")
        self.review = button(
            "Mark as reviewed …", "tool", "Record that a named clinician looked at it as it is"
        )
        right = column(self.preview, row(self.review, self.share, None, gap=8), gap=12)
        right.setStretch(0, 1)
        self._left = QStackedWidget()
        self._sides = self._form_side()
        self._left.addWidget(self._sides)
        self._left.addWidget(frame("field", self.text, margin=2))
        left = column(self._left, self.strip, gap=10)
        left.setStretch(0, 1)
        halves = row(holder(left), holder(right), gap=22)
        halves.setStretch(0, 60)
        halves.setStretch(1, 40)
        for half in (halves.itemAt(0), halves.itemAt(1)):
            widget = half.widget() if half is not None else None
            if widget is not None:
                widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        layout = column(self.bar, halves, gap=12)
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
        bar = self.bar
        bar.view.changed.connect(self._show_view)
        self.strip.go_there.clicked.connect(self.go_to_finding)
        for pressed, wanted in (
            (bar.back, self.back_wanted), (bar.save, self.save_wanted), (bar.copy, self.copy_wanted),
            (self.share, self.share_wanted), (self.review, self.review_wanted),
        ):  # fmt: skip
            pressed.clicked.connect(wanted)
        bar.undo.clicked.connect(self.draft.undo)
        bar.redo.clicked.connect(self.draft.redo)

    def _shortcuts(self) -> None:
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+S", self.bar.save.click),
            ("Ctrl+Z", self.draft.undo),
            ("Ctrl+Shift+Z", self.draft.redo),
            ("Ctrl+Y", self.draft.redo),
            ("Ctrl+N", self.another_patient),
            ("Ctrl+T", lambda: self.bar.view.choose(TEXT if self.bar.view.value() == FORM else FORM)),
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
        self.bar.view.choose(FORM if self.draft.is_toml else TEXT)
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
        if by != "text" and (self.bar.view.value() == TEXT or by == "open"):
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
        self.strip.show_findings(findings)

    def _tell_state(self) -> None:
        draft = self.draft
        text = draft.table.get("condition")
        name = text.get("name") if isinstance(text, dict) else None
        fallback = self.entry.name if self.entry is not None else str(draft.table.get("id", draft.was))
        self.bar.show_draft(draft, str(name or fallback), sound=not self.findings)
        kept = not draft.is_dirty and self.entry is not None
        for widget in (self.share, self.review):
            widget.setVisible(not draft.read_only)
            widget.setEnabled(kept)

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
        if self.bar.view.value() == TEXT or not self.draft.is_toml:
            self.bar.view.choose(TEXT)
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

"""Case sets that leave and arrive as files: the questions around them, and the work off the window's thread."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from dermtutor.domain.case_sets import SetSummary
from dermtutor.exchange.forms import SUFFIXES, Form
from dermtutor.exchange.service import Exported, Verified
from dermtutor.exchange.sets import SetExchange
from dermtutor.ui.pages.case_sets import CaseSetsPage
from dermtutor.ui.sets.export_dialog import FORMS, ExportDialog
from dermtutor.ui.tasks import Ticket, Worker
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.ask import Answers, Ask
from dermtutor.ui.wording import counted


class SetParcels(QObject):
    """Belongs to the page of case sets. Writing and reading have a worker of their own: a quiz goes on meanwhile."""

    told = Signal(str)
    failed = Signal(object)

    _came = Signal(float)

    def __init__(self, theme: Theme, exchange: SetExchange, page: CaseSetsPage) -> None:
        super().__init__(page)
        self._theme, self._exchange, self._page = theme, exchange, page
        self._worker = Worker("set files", self)
        self._writing: Ticket | None = None
        self.dialog: ExportDialog | None = None
        self.question: Ask | None = None
        self._came.connect(self._show_share, Qt.ConnectionType.QueuedConnection)
        page.index.export_wanted.connect(self.ask_for_form)
        page.index.import_wanted.connect(self.ask_for_file)

    def close(self) -> None:
        """The window closes: what is half written vanishes."""
        self._worker.close()

    def idle(self) -> bool:
        """Nothing is written or read."""
        return self._worker.idle()

    # Leaving

    def ask_for_form(self, summary: SetSummary) -> None:
        """In which form the set is to leave."""
        dialog = ExportDialog(self._page, self._theme, summary.case_set)
        dialog.wanted.connect(self._ask_for_place)
        dialog.stopped.connect(self._stop)
        dialog.destroyed.connect(self._forget_dialog)
        self.dialog = dialog
        dialog.open()

    def _ask_for_place(self, form: Form) -> None:
        if self.dialog is None:
            return
        name = re.sub(r"[^a-z0-9]+", "-", self.dialog.case_set.name.lower()).strip("-") or "case-set"
        kinds = f"{FORMS[form][0]} (*{SUFFIXES[form]})"
        chosen, _ = QFileDialog.getSaveFileName(
            self._page, f"Export as {FORMS[form][0]}", f"{name}{SUFFIXES[form]}", kinds
        )
        if chosen:
            self.send(form, Path(chosen))

    def send(self, form: Form, target: Path) -> None:
        """Write the set of the open dialog. A name without an ending gets the form's."""
        dialog = self.dialog
        if dialog is None:
            return
        target = target if target.suffix else target.with_suffix(SUFFIXES[form])
        set_id = dialog.case_set.set_id
        dialog.begin()
        self._writing = self._worker.submit(
            "export a set",
            lambda cancel: self._exchange.send(set_id, form, target, progress=self._came.emit, cancel=cancel),
            self._sent,
            self._not_sent,
        )

    def _sent(self, made: Exported) -> None:
        self._writing = None
        if self.dialog is not None:
            self.dialog.close()
        files = " and ".join(str(file) for file in made.files)
        self.told.emit(f"{counted(made.cases, 'case')} exported to {files}. {made.left_out}".rstrip())

    def _not_sent(self, error: Exception) -> None:
        self._writing = None
        if self.dialog is not None:
            self.dialog.show_failure()
        self.failed.emit(error)

    def _stop(self) -> None:
        self._worker.drop(self._writing)
        self._writing = None

    def _show_share(self, share: float) -> None:
        if self.dialog is not None and self._writing is not None:
            self.dialog.show_share(share)

    def _forget_dialog(self) -> None:
        self.dialog = None

    # Arriving

    def ask_for_file(self) -> None:
        """Which file to take in."""
        kinds = f"Case sets (*{SUFFIXES[Form.DERMSET]})"
        chosen, _ = QFileDialog.getOpenFileName(self._page, "Import a case set", "", kinds)
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Verify a file; then a person decides whether its set is taken in."""
        self._worker.submit(
            "verify a file", lambda cancel: self._exchange.verify(path), self._ask_to_take, self.failed.emit
        )

    def _ask_to_take(self, verified: Verified) -> None:
        path = verified.imported.path
        take: Answers = [("Take it in", "primary-small", lambda _: self._take(path))]
        name: Answers = [("Name the key …", "", lambda _: self._ask_whose_key(path, verified))]
        unknown = verified.known_as is None and not verified.own
        answers: Answers = [*take, *(name if unknown else ()), ("Cancel", "quiet", None)]
        case_set = verified.imported.case_set
        words = (
            f"Version {case_set.version} by {case_set.author or 'somebody who is not named'}, "
            f"{counted(len(case_set.cases), 'case')}. Every picture is as it was signed.\n\n{verified.signed_by}"
        )
        self._ask(f"Take in {case_set.name}?", words, answers)

    def _ask_whose_key(self, path: Path, verified: Verified) -> None:
        def keep(name: str) -> None:
            self._worker.submit(
                "name a key",
                lambda cancel: self._exchange.name_key(path, name),
                self._ask_to_take,
                self.failed.emit,
            )

        words = (
            f"Let the owner of the key read out its fingerprint. If it is {verified.imported.signer.fingerprint}, "
            "give the key that person’s name."
        )
        answers: Answers = [("Name the key", "primary-small", keep), ("Cancel", "quiet", None)]
        self._ask("Whose key is it?", words, answers, "Name of its owner")

    def _take(self, path: Path) -> None:
        self._worker.submit(
            "take a set in",
            lambda cancel: self._exchange.take(path, cancel=cancel),
            self._taken,
            self.failed.emit,
        )

    def _taken(self, verified: Verified) -> None:
        self.told.emit(f"{verified.imported.case_set.name} is here now.")
        self._page.open(verified.imported.case_set)

    def _ask(self, title: str, words: str, answers: Answers, field: str = "") -> None:
        question = Ask(self._page, self._theme, title, words, answers, field)
        self.question = question
        # By then another question may be open, which this one led to.
        question.finished.connect(lambda _: self._answered(question))
        question.open()

    def _answered(self, question: Ask) -> None:
        if self.question is question:
            self.question = None

"""Nothing on a photograph is lost unasked: the question before it is left, and the draft that outlives a crash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from dermtutor.domain.case_sets import Photograph
from dermtutor.ui.theme import Theme
from dermtutor.ui.transfer.editing import Editing
from dermtutor.ui.transfer.studio import TransferDesk
from dermtutor.ui.widgets.ask import Ask, Asking

_SETTLED_MILLISECONDS: Final = 700
"""After the last of some changes in a row the draft is written."""


class Unsaved(QWidget):
    """``save_wanted`` asks where the picture is to be kept; whoever does that says :meth:`saving`."""

    save_wanted = Signal()

    def __init__(
        self,
        page: QWidget,
        theme: Theme,
        editing: Editing,
        desk: TransferDesk,
        permitted: Callable[[], Photograph],
    ) -> None:
        super().__init__(page)
        self.hide()  # it has no face of its own
        self._editing, self._desk = editing, desk
        self._permitted = permitted
        self._then: Callable[[], object] | None = None
        self._is_saving = False
        self._asking = Asking(page, theme)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MILLISECONDS)
        self._timer.timeout.connect(self.keep_draft)
        editing.changed.connect(self._timer.start)

    @property
    def question(self) -> Ask | None:
        """What the person is being asked."""
        return self._asking.question

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Whether nothing would be lost. Otherwise it asks, and ``then`` follows when the person wants it."""
        photograph = self._editing.photograph
        if photograph is None or not self._editing.history.is_dirty:
            return True
        if self._asking.question is None:
            words = (
                f"What you put on {photograph.file.name} is lost unless it is saved or added to a case set."
            )
            self._asking.ask(
                "This picture is not saved",
                words,
                [
                    ("Save", "primary-small", lambda _: self._save(then)),
                    ("Discard", "", lambda _: self._discard(then)),
                    ("Cancel", "quiet", None),
                ],
            )
        return False

    def saving(self) -> None:
        """The picture is being written."""
        self._is_saving = True

    def settled(self) -> None:
        """It was written: what the person was about to do follows, unless something changed meanwhile."""
        then, self._then, self._is_saving = self._then, None, False
        self.keep_draft()
        if then is not None and not self._editing.history.is_dirty:
            then()

    def failed(self) -> None:
        """It was not written: the person stays."""
        self._then, self._is_saving = None, False

    def keep_draft(self) -> None:
        """Writes down what is not saved, or that nothing is."""
        self._timer.stop()
        photograph = self._editing.photograph
        if photograph is not None and self._editing.history.is_dirty:
            self._desk.keep_draft(photograph, self._editing.now, self._permitted())
        else:
            self._desk.forget_draft()

    def stop(self) -> None:
        """The window closes."""
        self._timer.stop()

    def _save(self, then: Callable[[], object]) -> None:
        self.save_wanted.emit()
        self._then = then if self._is_saving else None

    def _discard(self, then: Callable[[], object]) -> None:
        self._editing.discard()
        self.keep_draft()
        then()

"""Opening the records off the window's thread, and putting a backup in the place of damaged ones."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from dermtutor.errors import UserError
from dermtutor.services.ports import DamagedRecords
from dermtutor.ui.pages.opening import OpeningPage
from dermtutor.ui.services import Services
from dermtutor.ui.tasks import Worker
from dermtutor.ui.wording import BUG

OpenServices = Callable[[], Services]
Restore = Callable[[], object]
"""Puts the newest sound backup in the place of damaged records, which are kept beside it."""


class Opener(QObject):
    """``opened`` carries the services. Until then the page says what happens, and what can be done."""

    opened = Signal(object)
    failed = Signal()

    def __init__(
        self, page: OpeningPage, records: Worker, open_services: OpenServices, restore: Restore | None
    ) -> None:
        super().__init__(page)
        self._page = page
        self._records = records
        self._open_services = open_services
        self._restore = restore
        page.retry_wanted.connect(self.open)
        page.restore_wanted.connect(self._restore_backup)

    def open(self) -> None:
        """Open the records; ``opened`` or ``failed`` follows."""
        self._page.opening()
        self._records.submit(
            "open the records", lambda cancel: self._open_services(), self.opened.emit, self._not_opened
        )

    def _not_opened(self, error: Exception) -> None:
        backup = error.newest_backup if isinstance(error, DamagedRecords) else None
        self._page.failed(
            str(error) if isinstance(error, UserError) else BUG,
            can_restore=backup is not None and self._restore is not None,
        )
        self.failed.emit()

    def _restore_backup(self) -> None:
        restore = self._restore
        if restore is not None:
            self._page.opening()
            self._records.submit(
                "restore a backup", lambda cancel: restore(), lambda _: self.open(), self._not_opened
            )

"""Opening the records off the window's thread, and what to do about damaged ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from dermtutor.errors import UserError
from dermtutor.services.ports_keeping import DamagedRecords
from dermtutor.ui.pages.opening import Offer, OpeningPage
from dermtutor.ui.services import Services
from dermtutor.ui.tasks import Worker
from dermtutor.ui.wording import BUG

OpenServices = Callable[[], Services]


@dataclass(frozen=True, slots=True)
class Recovery:
    """What can be done about damaged records, off the window's thread. Either keeps the damaged file beside the new."""

    restore: Callable[[], object]
    """Puts the newest sound backup in their place."""
    begin_afresh: Callable[[], object]
    """Leaves their place empty, so that opening begins new ones."""


class Opener(QObject):
    """``opened`` carries the services. Until then the page says what happens, and what can be done."""

    opened = Signal(object)
    failed = Signal()

    def __init__(
        self, page: OpeningPage, records: Worker, open_services: OpenServices, recovery: Recovery | None
    ) -> None:
        super().__init__(page)
        self._page = page
        self._records = records
        self._open_services = open_services
        self._recovery = recovery
        self._built: Services | None = None
        page.retry_wanted.connect(self.open)
        if recovery is not None:
            page.restore_wanted.connect(partial(self._recover, "restore a backup", recovery.restore))
            page.fresh_wanted.connect(partial(self._recover, "begin afresh", recovery.begin_afresh))

    def open(self) -> None:
        """Open the records; ``opened`` or ``failed`` follows."""
        self._page.opening()

        def work() -> None:
            self._built = self._open_services()

        self._records.submit(
            "open the records", lambda cancel: work(), lambda _: self._came(), self._not_opened
        )

    def close(self) -> None:
        """Close what came too late to be handed over; called when the worker has ended."""
        built, self._built = self._built, None
        if built is not None:
            built.close()

    def _came(self) -> None:
        built, self._built = self._built, None
        self.opened.emit(built)

    def _not_opened(self, error: Exception) -> None:
        sentence = str(error) if isinstance(error, UserError) else BUG
        self._page.failed(sentence, None if self._recovery is None else _offered(error))
        self.failed.emit()

    def _recover(self, name: str, work: Callable[[], object]) -> None:
        self._page.opening()
        self._records.submit(name, lambda cancel: work(), lambda _: self.open(), self._not_opened)


def _offered(error: Exception) -> Offer | None:
    """A backup takes the place of damaged records; only where there is none, empty ones do."""
    if not isinstance(error, DamagedRecords):
        return None
    return Offer.BACKUP if error.newest_backup is not None else Offer.AFRESH

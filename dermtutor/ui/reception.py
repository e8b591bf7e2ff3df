"""Who sits at the desk: the start page with its learners, what they left, what is due, and their last results."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from dermtutor.domain.learners import Learner
from dermtutor.services.presented import OpenSession
from dermtutor.services.progress import Overview
from dermtutor.ui.pages.start import StartPage
from dermtutor.ui.services import Services
from dermtutor.ui.tasks import Ticket, Worker
from dermtutor.ui.theme import Theme


class _StartFigures(NamedTuple):
    """What the start page says of a learner; ``due`` counts what is due for review."""

    unfinished: OpenSession | None
    due: int
    next_due: datetime | None
    overview: Overview


class Reception(QObject):
    """Owns the start page and knows the learner. All methods are for the window's thread and return at once."""

    learner_changed = Signal(object)

    def __init__(self, services: Services, theme: Theme, records: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._theme = theme
        self._records = records
        self._figures: Ticket | None = None
        self.learner: Learner | None = None

    @cached_property
    def page(self) -> StartPage:
        """Who is learning, and the last results."""
        page = StartPage(self._theme)
        page.learner_chosen.connect(self.choose_learner)
        page.learner_named.connect(self._add_learner)
        return page

    def open(self, last_learner: str | None) -> None:
        """The learner of last time, or the only one."""

        def came(learners: tuple[Learner, ...]) -> None:
            known = next((who for who in learners if who.id == last_learner), None)
            self._show_learners(learners, known or (learners[0] if len(learners) == 1 else None))

        self._records.submit("list learners", lambda cancel: self._services.profiles.learners(), came)

    def choose_learner(self, learner: Learner) -> None:
        """Another learner sits down."""
        self._list_learners(learner)

    def _add_learner(self, name: str) -> None:
        self._records.submit(
            "add a learner", lambda cancel: self._services.profiles.create(name), self._list_learners
        )

    def _list_learners(self, chosen: Learner) -> None:
        self._records.submit(
            "list learners",
            lambda cancel: self._services.profiles.learners(),
            lambda learners: self._show_learners(learners, chosen),
        )

    def _show_learners(self, learners: tuple[Learner, ...], chosen: Learner | None) -> None:
        self.learner = chosen
        self.page.show_learners(learners, chosen)
        self.learner_changed.emit(chosen)
        self.refresh()

    def refresh(self) -> None:
        """Fresh figures of the learner."""
        learner = self.learner
        if learner is None:
            self.page.show_open(None)
            self.page.show_due(0, None)
            self.page.show_overview(None)
            return
        services = self._services

        def load() -> _StartFigures:
            services.exam.hand_in_overdue(learner.id)
            return _StartFigures(
                services.quiz.unfinished(learner.id),
                len(services.reviews.due(learner.id)),
                services.reviews.next_due(learner.id),
                services.progress.overview(learner.id),
            )

        def came(found: _StartFigures) -> None:
            self.page.show_open(found.unfinished)
            self.page.show_due(found.due, found.next_due)
            self.page.show_overview(found.overview)

        self._records.drop(self._figures)
        self._figures = self._records.submit("figures", lambda cancel: load(), came)

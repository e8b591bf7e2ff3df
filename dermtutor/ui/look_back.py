"""Looking back at a finished quiz: its questions one after the other, each with its image and feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Event

from PySide6.QtCore import QObject, Signal

from dermtutor.domain.modes import Mode
from dermtutor.services.presented import Feedback
from dermtutor.ui.services import Services
from dermtutor.ui.shown import NEXT_CASE, ShownCase, Tones, shown
from dermtutor.ui.tasks import Ticket, Worker


class LookBack(QObject):
    """Shows one question at a time. All methods are for the window's thread and return at once."""

    waiting = Signal()
    question_shown = Signal(object, object)
    """A ShownCase and its Feedback."""
    tone_arrived = Signal(object)
    finished = Signal(str)
    """The session, once all was looked at."""
    failed = Signal(object)

    def __init__(self, services: Services, generator: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._generator = generator
        self._tones = Tones(services.quiz, generator, self)
        self._tones.arrived.connect(self.tone_arrived)
        self._session: str | None = None
        self._left: list[int] = []
        self._fetching: Ticket | None = None
        self.current: ShownCase | None = None

    @property
    def active(self) -> bool:
        """Whether a quiz is being looked back at."""
        return self._session is not None

    def begin(self, session_id: str, positions: Sequence[int]) -> None:
        """Show the questions at these positions."""
        self.leave()
        self._session, self._left = session_id, list(positions)
        self._fetch()

    def advance(self) -> None:
        """The next question, or the end."""
        self._tones.drop()
        self._left = self._left[1:]
        if self._left:
            self._fetch()
        else:
            self.finish()

    def finish(self) -> None:
        """Back to the result of the quiz."""
        session = self._session
        self.leave()
        if session is not None:
            self.finished.emit(session)

    def retry(self) -> None:
        """Ask again for a question that could not be shown."""
        self._fetch()

    def leave(self) -> None:
        """Drop whatever is under way."""
        self._tones.drop()
        self._generator.drop(self._fetching)
        self._session, self._left, self._fetching, self.current = None, [], None, None

    def _fetch(self) -> None:
        session, quiz = self._session, self._services.quiz
        if session is None or not self._left:
            return
        position = self._left[0]

        def load(cancel: Event) -> tuple[ShownCase, Feedback]:
            case, feedback = quiz.looked_back(session, position)
            return shown(case), feedback

        self.waiting.emit()
        self._fetching = self._generator.submit(
            "fetch a past case", load, self._fetched, self.failed.emit, priority=NEXT_CASE
        )

    def _fetched(self, found: tuple[ShownCase, Feedback]) -> None:
        self._fetching = None
        self.current, feedback = found
        self.question_shown.emit(self.current, replace(feedback, over=len(self._left) == 1))
        case = self.current.case
        if (
            case.mode is not Mode.FORMS and case.source.generated
        ):  # the other form asks for it on another tone
            self._tones.ask(case.question.case_id)

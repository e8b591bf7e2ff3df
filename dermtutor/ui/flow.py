"""One quiz as the window takes it: which case is shown, which is ready, what is under way.

Answers go through the records worker; whatever may have to generate goes through the generator worker, so that the
network only ever sees one thread. After every answer the next case is fetched and decoded while the feedback is read,
so that going on only swaps pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from dermtutor.domain.modes import Mode
from dermtutor.domain.quiz import QuizPlan
from dermtutor.services.presented import Feedback, PresentedCase, PresentedTone
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pages.question_panel import GivenAnswer
from dermtutor.ui.pictures import Segments, decode, decode_mask, outline
from dermtutor.ui.services import Services
from dermtutor.ui.tasks import Ticket, Worker

AHEAD = 2
"""Cases kept ready beyond the one on screen."""

_NEXT_CASE, _TONES, _AHEAD_OF_NEED = 3, 2, 1


@dataclass(frozen=True, slots=True, eq=False)
class ShownCase:
    """A case decoded for the screen."""

    case: PresentedCase
    image: QImage
    outline: Segments


@dataclass(frozen=True, slots=True, eq=False)
class ShownTone:
    """The lesion of a case on another tone, decoded. Angles in degrees."""

    case_id: str
    tone: MonkTone
    image: QImage
    measured_ita: float
    requested_ita: float
    flags: tuple[str, ...]


class QuizFlow(QObject):
    """Drives one quiz at a time. All methods are for the window's thread and return at once."""

    waiting = Signal()
    case_shown = Signal(object)
    feedback_shown = Signal(object)
    tone_arrived = Signal(object)
    finished = Signal(object)
    """The id of the session."""
    past_shown = Signal(object, object)
    """A ShownCase of a finished quiz, and its Feedback."""
    case_failed = Signal(object)
    answer_failed = Signal(object)

    def __init__(self, services: Services, records: Worker, generator: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._records = records
        self._generator = generator
        self._session: str | None = None
        self._current: ShownCase | None = None
        self._shown_at = datetime.now(UTC)
        self._next: ShownCase | None = None
        self._over = False
        self._wanted = False
        self._past: list[int] = []
        self._starting: Ticket | None = None
        self._fetching: Ticket | None = None
        self._preparing: Ticket | None = None
        self._toning: Ticket | None = None
        self._answering: Ticket | None = None

    @property
    def session_id(self) -> str | None:
        """The quiz under way."""
        return self._session

    @property
    def current(self) -> ShownCase | None:
        """The case on screen."""
        return self._current

    def start(self, learner_id: str, plan: QuizPlan) -> None:
        """Plan a new quiz and show its first case."""
        self.leave()
        self.waiting.emit()
        self._starting = self._records.submit(
            "start a quiz",
            lambda cancel: self._services.quiz.start(learner_id, plan),
            self.resume,
            self.case_failed.emit,
        )

    def resume(self, session_id: str) -> None:
        """Show the next case of a quiz that was left."""
        self.leave()
        self._session = session_id
        self._wanted = True
        self.waiting.emit()
        self._fetch()

    def retry(self) -> None:
        """Ask again for a case that could not be made."""
        if self._past:
            self._fetch_past()
        elif self._session is not None:
            self.resume(self._session)

    def look_back(self, session_id: str, positions: Sequence[int]) -> None:
        """Show questions of a finished quiz with their feedback, one after the other, at these positions."""
        self.leave()
        self._session = session_id
        self._past = list(positions)
        self._fetch_past()

    @property
    def looking_back(self) -> bool:
        """Whether questions of a finished quiz are shown."""
        return bool(self._past)

    def finish_looking(self) -> None:
        """Back to the result of the quiz."""
        self._finish()

    def answer(self, given: GivenAnswer) -> None:
        """Commit the answer; feedback follows once it is kept. A second call before that is ignored."""
        if self._session is None or self._current is None or self._answering is not None:
            return
        session, item, shown_at = self._session, self._current.case.question.item_id, self._shown_at
        answered_at = datetime.now(UTC)
        self._answering = self._records.submit(
            "keep an answer",
            lambda cancel: self._services.quiz.answer(
                session, item, given.chosen, given.confidence, shown_at, answered_at, given.details
            ),
            self._answered,
            self._not_answered,
            lasting=True,
        )

    def advance(self) -> None:
        """Go on to the next case, or to the summary after the last one."""
        self._generator.drop(self._toning)
        self._toning = None
        if self._past:
            self._past.pop(0)
            self._fetch_past()
        elif self._over:
            self._finish()
        elif self._next is not None:
            upcoming, self._next = self._next, None
            self._show(upcoming)
        else:
            self._wanted = True
            self.waiting.emit()
            if self._fetching is None:
                self._fetch()

    def leave(self) -> None:
        """Put the quiz aside; it can be resumed. Whatever is under way for it is dropped."""
        for worker, ticket in (
            (self._records, self._starting),
            (self._records, self._answering),
            (self._generator, self._fetching),
            (self._generator, self._preparing),
            (self._generator, self._toning),
        ):
            worker.drop(ticket)
        self._starting = self._fetching = self._answering = self._preparing = self._toning = None
        self._session, self._current, self._next = None, None, None
        self._over = self._wanted = False
        self._past = []

    def _fetch(self) -> None:
        session = self._session
        if session is None:
            return
        quiz = self._services.quiz

        def load(cancel: Event) -> ShownCase | None:
            case = quiz.next_case(session)
            return None if case is None else shown(case)

        self._generator.drop(self._preparing)
        self._fetching = self._generator.submit(
            "fetch a case", load, self._fetched, self._not_fetched, priority=_NEXT_CASE
        )

    def _fetched(self, case: ShownCase | None) -> None:
        self._fetching = None
        self._next, self._over = case, case is None
        if self._wanted:
            self.advance()

    def _not_fetched(self, error: Exception) -> None:
        self._fetching = None
        if self._wanted:
            self.case_failed.emit(error)

    def _show(self, case: ShownCase) -> None:
        self._wanted = False
        self._current = case
        self._shown_at = datetime.now(UTC)
        self.case_shown.emit(case)
        self._prepare()

    def _prepare(self) -> None:
        """Cases ahead of the one that is asked; a failure is told when its case is asked for."""
        session, quiz = self._session, self._services.quiz
        if session is None:
            return
        self._generator.drop(self._preparing)
        self._preparing = self._generator.submit(
            "prepare cases",
            lambda cancel: quiz.prepare_ahead(session, AHEAD + 1, cancel),
            lambda _: None,
            lambda _: None,
            priority=_AHEAD_OF_NEED,
        )

    def _answered(self, feedback: Feedback) -> None:
        self._answering = None
        self._over = feedback.over
        self.feedback_shown.emit(feedback)
        if not feedback.over:
            self._fetch()
        self._tone()
        if not feedback.over:
            self._prepare()

    def _fetch_past(self) -> None:
        session, quiz = self._session, self._services.quiz
        if session is None:
            return
        if not self._past:
            self._finish()
            return
        position = self._past[0]

        def load(cancel: Event) -> tuple[ShownCase, Feedback]:
            case, feedback = quiz.looked_back(session, position)
            return shown(case), feedback

        self.waiting.emit()
        self._fetching = self._generator.submit(
            "fetch a past case", load, self._past_fetched, self._not_past_fetched, priority=_NEXT_CASE
        )

    def _past_fetched(self, found: tuple[ShownCase, Feedback]) -> None:
        self._fetching = None
        self._current, feedback = found
        self.past_shown.emit(self._current, replace(feedback, over=len(self._past) == 1))
        if self._current.case.mode is not Mode.FORMS:  # the other form asks for this lesion on another tone
            self._tone()

    def _not_past_fetched(self, error: Exception) -> None:
        self._fetching = None
        self.case_failed.emit(error)

    def _not_answered(self, error: Exception) -> None:
        self._answering = None
        self.answer_failed.emit(error)

    def _tone(self) -> None:
        """Ask for this lesion on all tones; each is shown as it comes."""
        if self._current is None:
            return
        case_id, quiz = self._current.case.question.case_id, self._services.quiz

        def stream(cancel: Event, hand_over: Callable[[ShownTone], None]) -> None:
            quiz.tones_of(case_id, cancel, lambda tone: hand_over(_shown_tone(case_id, tone)))

        self._toning = self._generator.stream("tones", stream, self._toned, priority=_TONES)

    def _toned(self, tone: ShownTone) -> None:
        if self._current is not None and tone.case_id == self._current.case.question.case_id:
            self.tone_arrived.emit(tone)

    def _finish(self) -> None:
        session = self._session
        if session is None:
            return
        self.leave()
        self.finished.emit(session)


def shown(case: PresentedCase) -> ShownCase:
    """A case decoded for the screen; for any thread but the window's."""
    return ShownCase(case, decode(case.image_png), outline(decode_mask(case.mask_png)))


def _shown_tone(case_id: str, tone: PresentedTone) -> ShownTone:
    image = decode(tone.image_png)
    return ShownTone(case_id, tone.tone, image, tone.measured_ita, tone.requested_ita, tone.flags)

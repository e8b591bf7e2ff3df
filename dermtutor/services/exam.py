"""Exams and test forms: questions in any order, answers that can be changed until all are handed in together.

What is answered meanwhile is a draft, on the disk at once. A timed exam has a deadline by the computer's clock, kept
when its first question is shown: neither closing the window nor a crash stops the time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from dermtutor.domain.quiz import NO_DETAILS, AnswerDetails, Confidence
from dermtutor.domain.records import AnswerRecord, DraftAnswer, DraftRecord, ItemRecord, SessionRecord
from dermtutor.errors import UserError
from dermtutor.services.ports import Records
from dermtutor.services.presented import PresentedCase
from dermtutor.services.quiz import Quiz

GRACE = timedelta(seconds=2)
"""How late an answer may reach the records that was given in time."""


@dataclass(frozen=True, slots=True)
class ExamState:
    """How an exam stands: one draft for each question in order, and when it ends (UTC; None: it has no time)."""

    session_id: str
    drafts: tuple[DraftRecord, ...]
    deadline: datetime | None

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(draft.answer is not None for draft in self.drafts)

    @property
    def unsure(self) -> int:
        """How many answers do not say how sure the learner is; they are handed in all the same."""
        return sum(draft.answer is not None and draft.answer.confidence is None for draft in self.drafts)

    @property
    def flagged(self) -> int:
        """How many questions are marked to look at again."""
        return sum(draft.flagged for draft in self.drafts)

    def remaining(self, now: datetime) -> timedelta | None:
        """The time left at ``now`` (aware), zero once it is over; None without a time."""
        return None if self.deadline is None else max(timedelta(0), self.deadline - now)


class Exam:
    """The exams of one application. Thread-safe; calls block until done."""

    def __init__(self, quiz: Quiz, records: Records) -> None:
        self._quiz = quiz
        self._records = records

    def state(self, session_id: str) -> ExamState:
        """How the exam stands."""
        kept = {draft.item_id: draft for draft in self._records.drafts(session_id)}
        items = self._records.items(session_id)
        drafts = tuple(kept.get(item.item_id, DraftRecord(item.item_id)) for item in items)
        return ExamState(session_id, drafts, self._records.session(session_id).deadline)

    def case(self, session_id: str, position: int, now: datetime | None = None) -> PresentedCase:
        """The question at a position from 0. The first one that is shown starts the clock."""
        case = self._quiz.case_at(session_id, position)
        session = self._records.session(session_id)
        minutes = session.plan.options.minutes
        if minutes and session.deadline is None:
            begun = (now or datetime.now(UTC)).astimezone(UTC)
            self._records.start_clock(session_id, begun + timedelta(minutes=minutes))
        return case

    def draft(
        self,
        session_id: str,
        item_id: str,
        chosen: str,
        confidence: Confidence | None,
        answered_at: datetime,
        details: AnswerDetails = NO_DETAILS,
    ) -> None:
        """Keeps an answer that can still be changed; without a confidence as long as none is said.

        ``answered_at`` must be aware.

        Raises UserError for a diagnosis that could not be chosen, or once the time is over.
        """
        session, item = self._own(session_id, item_id)
        moment = answered_at.astimezone(UTC)
        if session.deadline is not None and moment > session.deadline + GRACE:
            raise UserError("The time of this exam is over; its answers until then are handed in.")
        self._quiz.marking.marked(session, item, chosen, confidence, (moment, moment), details)
        sure = None if confidence is None else Confidence(confidence)
        answer = DraftAnswer(chosen, sure, moment, details)
        self._records.keep_draft(replace(self._kept(session_id, item_id), answer=answer))

    def flag(self, session_id: str, item_id: str, flagged: bool) -> None:
        """Marks a question to look at again, or takes the mark off."""
        self._own(session_id, item_id)
        self._records.keep_draft(replace(self._kept(session_id, item_id), flagged=flagged))

    def looked_at(self, session_id: str, item_id: str, seconds: float) -> None:
        """Adds to the time that a question was looked at."""
        self._own(session_id, item_id)
        kept = self._kept(session_id, item_id)
        self._records.keep_draft(replace(kept, seconds=kept.seconds + max(0.0, seconds)))

    def hand_in(self, session_id: str, now: datetime | None = None) -> SessionRecord:
        """Marks all drafts and closes the exam, in one transaction; one that is closed already stays as it is."""
        session = self._records.session(session_id)
        if session.closed_at is not None:
            return session
        items = {item.item_id: item for item in self._records.items(session_id)}
        answers = [
            self._answer(session, items[draft.item_id], draft.answer, draft.seconds)
            for draft in self._records.drafts(session_id)
            if draft.answer is not None
        ]
        when = (now or datetime.now(UTC)).astimezone(UTC)
        closed = min(when, session.deadline) if session.deadline else when
        reviews = self._quiz.marking.reviews_after(answers)
        return self._records.hand_in(session_id, answers, reviews, closed)

    def hand_in_overdue(self, learner_id: str, now: datetime | None = None) -> tuple[str, ...]:
        """Hands in the learner's exams whose time ran out while nobody was there. Returns their session ids."""
        moment = now or datetime.now(UTC)
        overdue = [
            session.session_id
            for session in self._records.sessions(learner_id)
            if session.closed_at is None and session.deadline is not None and session.deadline <= moment
        ]
        for session_id in overdue:
            self.hand_in(session_id, moment)
        return tuple(overdue)

    def _answer(
        self, session: SessionRecord, item: ItemRecord, draft: DraftAnswer, seconds: float
    ) -> AnswerRecord:
        """The answer of a draft; ``shown_at`` lies before ``answered_at`` by the time the question was looked at."""
        times = draft.answered_at - timedelta(seconds=seconds), draft.answered_at
        return self._quiz.marking.marked(session, item, draft.chosen, draft.confidence, times, draft.details)

    def _own(self, session_id: str, item_id: str) -> tuple[SessionRecord, ItemRecord]:
        session, item = self._records.session(session_id), self._records.item(item_id)
        if item.session_id != session_id or not session.plan.mode.feedback_at_end:
            raise UserError("This question is not part of the open exam; go on with the next one.")
        return session, item

    def _kept(self, session_id: str, item_id: str) -> DraftRecord:
        drafts = self._records.drafts(session_id)
        return next((draft for draft in drafts if draft.item_id == item_id), DraftRecord(item_id))

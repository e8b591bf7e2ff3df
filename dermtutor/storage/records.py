"""The record port over SQLite: every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dermtutor.domain.learners import Learner
from dermtutor.domain.records import (
    AnswerRecord,
    CaseRecord,
    ItemRecord,
    ReviewState,
    SessionRecord,
)
from dermtutor.errors import UserError
from dermtutor.storage import rows
from dermtutor.storage.schema import (
    AnswerRow,
    CaseRow,
    DraftRow,
    ItemRow,
    LearnerRow,
    SessionRow,
)
from dermtutor.storage.set_work import mark_used
from dermtutor.storage.study_records import StudyRecords, keep_review, session_row
from dermtutor.storage.used_cases import sign_sets

T = TypeVar("T")


class SqlRecords(StudyRecords):
    """Implements ``services.ports.Records``. Thread-safe through the database's own thread."""

    def learners(self) -> tuple[Learner, ...]:
        """All learners by name."""

        def work(session: Session) -> tuple[Learner, ...]:
            found = session.scalars(select(LearnerRow).order_by(LearnerRow.name_key))
            return tuple(rows.learner_of(row) for row in found)

        return self._database.run(work)

    def add_learner(self, learner: Learner) -> None:
        """Raises UserError when the name is taken."""
        self._unique_name(learner.name, lambda session: session.add(rows.learner_row(learner)))

    def rename_learner(self, learner_id: str, name: str) -> None:
        """Raises UserError when the name is taken or the learner unknown."""

        def work(session: Session) -> None:
            learner = session.get(LearnerRow, learner_id)
            if learner is None:
                raise UserError("This learner no longer exists; choose another.")
            sign_sets(session.connection(), learner.name, name)
            learner.name, learner.name_key = name, name.casefold()

        self._unique_name(name, work)

    def change_role(self, learner_id: str, role: str) -> None:
        """Raises UserError when the learner is unknown."""

        def work(session: Session) -> None:
            learner = session.get(LearnerRow, learner_id)
            if learner is None:
                raise UserError("This learner no longer exists; choose another.")
            learner.role = role

        self._database.run(work)

    def add_session(self, session: SessionRecord, items: Sequence[ItemRecord]) -> None:
        """A session with all its planned items. One that is handed in as a whole keeps its case set as it is now."""

        def work(open_session: Session) -> None:
            if open_session.get(LearnerRow, session.learner_id) is None:
                raise UserError("This learner no longer exists; choose another.")
            open_session.add(rows.session_row(session))
            open_session.flush()
            open_session.add_all(rows.item_row(item) for item in items)
            if session.plan.case_set and session.plan.mode.feedback_at_end:
                mark_used(open_session, session.plan.case_set, session.started_at)

        self._database.run(work)

    def session(self, session_id: str) -> SessionRecord:
        """Raises UserError for an unknown one."""
        return self._database.run(lambda session: rows.session_of(session_row(session, session_id)))

    def sessions(self, learner_id: str, limit: int | None = None) -> tuple[SessionRecord, ...]:
        """A learner's sessions, newest first."""
        query = select(SessionRow).where(SessionRow.learner_id == learner_id)
        query = query.order_by(SessionRow.started_at.desc()).limit(limit)
        return self._database.run(
            lambda session: tuple(rows.session_of(row) for row in session.scalars(query))
        )

    def item(self, item_id: str) -> ItemRecord:
        """Raises UserError for an unknown one."""
        return self._item(ItemRow.id == item_id)

    def item_at(self, session_id: str, position: int) -> ItemRecord:
        """The item of a session at a position from 0. Raises UserError for an unknown one."""
        return self._item(and_(ItemRow.session_id == session_id, ItemRow.position == position))

    def items(self, session_id: str) -> tuple[ItemRecord, ...]:
        """All items of a session by position."""
        query = select(ItemRow).where(ItemRow.session_id == session_id).order_by(ItemRow.position)
        return self._database.run(lambda session: tuple(rows.item_of(row) for row in session.scalars(query)))

    def case(self, case_id: str) -> CaseRecord:
        """Raises UserError for an unknown one."""

        def work(session: Session) -> CaseRecord:
            row = session.get(CaseRow, case_id)
            if row is None:
                raise UserError("This case is not in the records; go on with the next one.")
            return rows.case_of(row)

        return self._database.run(work)

    def attach_case(self, item_id: str, case: CaseRecord) -> None:
        """Keeps the case (its newest row wins, what reviewers said of the same image stays) and ties the item to it."""
        tie = update(ItemRow).where(ItemRow.id == item_id)
        tie = tie.values(case_id=case.case_id, spec=case.spec.canonical_json())

        def work(session: Session) -> None:
            rows.keep_case(session, case)
            session.execute(tie)

        self._database.run(work)

    def add_answer(
        self,
        record: AnswerRecord,
        reviews: Sequence[ReviewState] = (),
        upcoming: Sequence[ItemRecord] | None = None,
    ) -> SessionRecord:
        """Commits the answer, the session's new position, the review states and the questions to come together.

        ``upcoming`` replaces the questions from its first position on; None changes none, empty ends the session.
        The last answer closes it. Raises UserError when the item is not the one the session is at.
        """

        def work(session: Session) -> SessionRecord:
            quiz = session_row(session, record.session_id)
            item = session.get(ItemRow, record.answer.item_id)
            if quiz.closed_at is not None or item is None or item.session_id != quiz.id:
                raise UserError("This question is not part of an open quiz; start a new quiz.")
            if item.position != quiz.position or item.case_id != record.spec.spec_id:
                raise UserError("This question was already answered; go on with the next one.")
            session.add(rows.answer_row(record))
            session.execute(delete(DraftRow).where(DraftRow.item_id == item.id))
            quiz.position += 1
            for state in reviews:
                keep_review(session, state)
            if upcoming is not None:
                first = upcoming[0].position if upcoming else quiz.position
                session.execute(
                    delete(ItemRow).where(ItemRow.session_id == quiz.id, ItemRow.position >= first)
                )
                session.add_all(rows.item_row(each) for each in upcoming)
            after = rows.session_of(quiz)
            if after.position == after.total or (upcoming is not None and not upcoming):
                quiz.closed_at = record.answer.answered_at.isoformat()
            return rows.session_of(quiz)

        return self._database.run(work)

    def answers(
        self, learner_id: str | None = None, session_id: str | None = None
    ) -> tuple[AnswerRecord, ...]:
        """Answers in the order they were given, of one learner or one session or both."""
        query = select(AnswerRow, CaseRow.spec).join(CaseRow, AnswerRow.case_id == CaseRow.case_id)
        if learner_id is not None:
            query = query.where(AnswerRow.learner_id == learner_id)
        if session_id is not None:
            query = query.where(AnswerRow.session_id == session_id)
        query = query.order_by(AnswerRow.sequence)
        return self._database.run(
            lambda session: tuple(rows.answer_of(row, spec) for row, spec in session.execute(query))
        )

    def _item(self, which: ColumnElement[bool]) -> ItemRecord:
        def work(session: Session) -> ItemRecord:
            row = session.scalar(select(ItemRow).where(which))
            if row is None:
                raise UserError("This question is not in the records; go on with the next one.")
            return rows.item_of(row)

        return self._database.run(work)

    def _unique_name(self, name: str, work: Callable[[Session], None]) -> None:
        try:
            self._database.run(work)
        except IntegrityError as problem:
            raise UserError(f"Somebody called {name!r} is already here; choose another name.") from problem

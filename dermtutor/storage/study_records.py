"""The part of the record port that exams and spaced repetition need: every method is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from dermtutor.domain.cases import Source
from dermtutor.domain.records import AnswerRecord, DraftRecord, Outcome, ReviewState, SessionRecord
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from dermtutor.storage import rows, study_rows
from dermtutor.storage.database import Database
from dermtutor.storage.schema import AnswerRow, CaseRow, DraftRow, ItemRow, ReviewRow, SessionRow


class StudyRecords:
    """Drafts, the clock, handing in, review states, and what planning needs of the answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start_clock(self, session_id: str, deadline: datetime) -> SessionRecord:
        """Keeps when a timed exam ends; a clock that runs already keeps its end."""

        def work(session: Session) -> SessionRecord:
            quiz = session_row(session, session_id)
            if quiz.deadline is None:
                quiz.deadline = deadline.isoformat()
            return rows.session_of(quiz)

        return self._database.run(work)

    def drafts(self, session_id: str) -> tuple[DraftRecord, ...]:
        """What was answered or marked in an exam that is not handed in, in the order of its questions."""
        query = select(DraftRow).join(ItemRow, DraftRow.item_id == ItemRow.id)
        query = query.where(ItemRow.session_id == session_id).order_by(ItemRow.position)
        return self._database.run(
            lambda session: tuple(study_rows.draft_of(row) for row in session.scalars(query))
        )

    def keep_draft(self, draft: DraftRecord) -> None:
        """Keeps the draft; an earlier one of the same item is replaced. Raises UserError once the exam is over."""

        def work(session: Session) -> None:
            item = session.get(ItemRow, draft.item_id)
            if item is None or session_row(session, item.session_id).closed_at is not None:
                raise UserError("This exam is over; see its result on the start page.")
            fields = study_rows.draft_fields(draft)
            session.execute(
                insert(DraftRow).values(fields).on_conflict_do_update(index_elements=["item_id"], set_=fields)
            )

        self._database.run(work)

    def hand_in(
        self, session_id: str, answers: Sequence[AnswerRecord], reviews: Sequence[ReviewState], when: datetime
    ) -> SessionRecord:
        """Turns an exam's drafts into its answers, with their review states, and closes it, all together.

        An exam that is closed already stays as it is.
        """

        def work(session: Session) -> SessionRecord:
            quiz = session_row(session, session_id)
            if quiz.closed_at is not None:
                return rows.session_of(quiz)
            for each in answers:
                session.add(rows.answer_row(each))
                session.flush()  # the sequence is the order of the questions
            for state in reviews:
                keep_review(session, state)
            of_session = select(ItemRow.id).where(ItemRow.session_id == session_id)
            session.execute(delete(DraftRow).where(DraftRow.item_id.in_(of_session)))
            quiz.position, quiz.closed_at = len(answers), when.isoformat()
            return rows.session_of(quiz)

        return self._database.run(work)

    def review_states(self, learner_id: str) -> tuple[ReviewState, ...]:
        """The learner's review states, the one due first at the front."""
        query = select(ReviewRow).where(ReviewRow.learner_id == learner_id)
        query = query.order_by(ReviewRow.due, ReviewRow.condition, ReviewRow.tone)
        return self._database.run(
            lambda session: tuple(study_rows.review_of(row) for row in session.scalars(query))
        )

    def review_state(self, learner_id: str, condition: str, tone: MonkTone) -> ReviewState | None:
        """The review state of one condition on one tone."""

        def work(session: Session) -> ReviewState | None:
            row = session.get(ReviewRow, (learner_id, condition, tone.value))
            return None if row is None else study_rows.review_of(row)

        return self._database.run(work)

    def outcomes(self, limit: int) -> tuple[Outcome, ...]:
        """The newest answers of all learners on synthetic images, oldest first: photographs are kept apart."""
        severity = func.json_extract(CaseRow.spec, "$.severity")
        options = func.json_array_length(AnswerRow.choices)
        query = select(
            AnswerRow.learner_id, CaseRow.condition, CaseRow.tone, severity, AnswerRow.chosen, AnswerRow.correct,
            options,
        )  # fmt: skip
        query = query.join(CaseRow, AnswerRow.case_id == CaseRow.case_id)
        query = query.where(CaseRow.source != Source.REAL.value)
        query = query.order_by(AnswerRow.sequence.desc()).limit(limit)
        newest = self._database.run(
            lambda session: [study_rows.outcome_of(row) for row in session.execute(query)]
        )
        return tuple(reversed(newest))


def session_row(session: Session, session_id: str) -> SessionRow:
    """Raises UserError for an unknown one."""
    row = session.get(SessionRow, session_id)
    if row is None:
        raise UserError("This quiz is not in the records; start a new one.")
    return row


def keep_review(session: Session, state: ReviewState) -> None:
    """Keeps the state in place of an earlier one."""
    fields = study_rows.review_fields(state)
    keep = insert(ReviewRow).values(fields)
    session.execute(
        keep.on_conflict_do_update(index_elements=["learner_id", "condition", "tone"], set_=fields)
    )

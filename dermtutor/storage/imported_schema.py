"""The tables of imported results: apart from the records of those who learn here, so that the two never mix."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dermtutor.storage.schema import AnswerColumns, Base

_LEARNER = "imported_learners.id"


class ImportedLearnerRow(Base):
    """Who sent results: the pseudonymous id, the name chosen, and the public key that signs them, in hexadecimal."""

    __tablename__ = "imported_learners"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str]
    first_at: Mapped[str]
    newest_at: Mapped[str]


class ImportedFileRow(Base):
    """A file that was imported, by the SHA-256 of its content."""

    __tablename__ = "imported_files"

    sha: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey(_LEARNER))
    imported_at: Mapped[str]


class ImportedSessionRow(Base):
    """A quiz that imported answers belong to."""

    __tablename__ = "imported_sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey(_LEARNER))
    mode: Mapped[str]
    case_set: Mapped[str]


class ImportedCaseRow(Base):
    """A case that imported answers are about; its image may never have been here."""

    __tablename__ = "imported_cases"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    spec: Mapped[str]
    condition: Mapped[str]
    tone: Mapped[int]
    source: Mapped[str]
    reviewed: Mapped[bool]


class ImportedAnswerRow(AnswerColumns, Base):
    """An imported answer."""

    __tablename__ = "imported_answers"
    __table_args__ = (
        CheckConstraint("confidence BETWEEN 1 AND 5", name="ck_imported_answers_confidence"),
        Index("ix_imported_answers_learner", "learner_id"),
    )

    session_id: Mapped[str] = mapped_column(ForeignKey("imported_sessions.id"))
    learner_id: Mapped[str] = mapped_column(ForeignKey(_LEARNER))
    case_id: Mapped[str] = mapped_column(ForeignKey("imported_cases.case_id"))


class ImportedAnswersTokenRow(Base):
    """One row whose token triggers renew whenever an imported answer is altered or removed."""

    __tablename__ = "imported_answers_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str]

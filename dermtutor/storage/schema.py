"""The tables of the record database. Times are ISO 8601 text in UTC; lists and specs are JSON text."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

APPLICATION_ID: Final = 0x4465726D
"""``Derm`` in the file header tells the record database from any other SQLite file."""
FORMAT: Final = 3
"""``user_version``: files of a higher format are refused, never touched."""
HEAD: Final = "r0007"
"""The newest migration. Compared first, because importing Alembic costs a third of a second."""


class Unsound(Exception):
    """A file or a row is not what was written."""


class Base(DeclarativeBase):
    """Declarative base of all tables."""


class LearnerRow(Base):
    """A profile. ``name_key`` is the case-folded name, so that names differ by more than case."""

    __tablename__ = "learners"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    created_at: Mapped[str]


class SessionRow(Base):
    """A quiz; ``position`` is the number of answered items, ``closed_at`` empty while it can be resumed.

    ``mode`` is the plan's, to select by; ``deadline`` is when a timed exam ends. ``abandoned`` is of the first files;
    nothing sets it.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_learner", "learner_id", "started_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    plan: Mapped[str]
    seed: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int]
    started_at: Mapped[str]
    closed_at: Mapped[str | None]
    abandoned: Mapped[bool]
    mode: Mapped[str]
    deadline: Mapped[str | None]


class CaseRow(Base):
    """A generated case, named by the id of its spec, with the hashes of its two files."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("tone BETWEEN 1 AND 10", name="ck_cases_tone"),
        Index("ix_cases_condition_tone", "condition", "tone"),
        Index("ix_cases_reviewed", "case_id", sqlite_where=text("reviewed = 1")),
    )

    case_id: Mapped[str] = mapped_column(primary_key=True)
    spec: Mapped[str]
    condition: Mapped[str]
    tone: Mapped[int]
    source: Mapped[str]
    image_sha: Mapped[str]
    mask_sha: Mapped[str]
    requested_ita: Mapped[float]
    measured_ita: Mapped[float]
    flags: Mapped[str]
    weights: Mapped[str]
    reviewed: Mapped[bool]
    created_at: Mapped[str]


class ItemRow(Base):
    """A planned question of a session with its options in shown order; ``case_id`` once its image exists.

    ``expected`` is the right answer: the condition, or ``none-of-these``; ``kind`` the kind of answer asked for.
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("session_id", "position", name="uq_items_session_position"),
        Index("ix_items_case", "case_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    position: Mapped[int]
    spec: Mapped[str]
    choices: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.case_id"))
    expected: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str]


class DraftRow(Base):
    """An answer before it is committed: in an exam until it is handed in, in reflection the first one.

    ``answer`` is JSON text, empty while only the mark was set.
    """

    __tablename__ = "drafts"

    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), primary_key=True)
    answer: Mapped[str | None]
    flagged: Mapped[bool]
    seconds: Mapped[float]


class ReviewRow(Base):
    """When a learner should see a condition on a tone again; ``card`` is the scheduler's state as JSON text."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_learner_due", "learner_id", "due"),)

    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    condition: Mapped[str] = mapped_column(primary_key=True)
    tone: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due: Mapped[str]
    card: Mapped[str]


class AnswerColumns:
    """The columns of an answer, one's own or an imported one; their tables add what the ids refer to.

    ``sequence`` is the order in which answers were given, or came in. ``confidence`` is empty where it was not said.
    ``ranked``, ``features`` and ``against`` are JSON lists; ``click_x`` and ``click_y`` run from 0 to 1.
    """

    sequence: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    item_id: Mapped[str]
    session_id: Mapped[str]
    learner_id: Mapped[str]
    case_id: Mapped[str]
    choices: Mapped[str]
    chosen: Mapped[str]
    correct: Mapped[bool]
    confidence: Mapped[int | None]
    shown_at: Mapped[str]
    answered_at: Mapped[str]
    digest: Mapped[str]
    mode: Mapped[str]
    kind: Mapped[str]
    expected: Mapped[str]
    ranked: Mapped[str]
    features: Mapped[str]
    against: Mapped[str]
    first_choice: Mapped[str | None]
    first_confidence: Mapped[int | None]
    click_x: Mapped[float | None]
    click_y: Mapped[float | None]
    click_hit: Mapped[bool | None]


class AnswerRow(AnswerColumns, Base):
    """A committed answer, keyed by item and case."""

    __tablename__ = "answers"
    __table_args__ = (
        CheckConstraint("confidence BETWEEN 1 AND 5", name="ck_answers_confidence"),
        Index("ix_answers_learner", "learner_id"),
        Index("ix_answers_session", "session_id"),
        Index("ix_answers_case", "case_id"),
    )

    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), unique=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"))


class AnswersTokenRow(Base):
    """One row whose token triggers renew whenever an answer is altered or removed."""

    __tablename__ = "answers_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str]


class CaseSetRow(Base):
    """A version of a case set. ``used_at`` is when an exam first used it: from then on triggers refuse every change."""

    __tablename__ = "case_sets"
    __table_args__ = (UniqueConstraint("series", "version", name="uq_case_sets_series_version"),)

    set_id: Mapped[str] = mapped_column(primary_key=True)
    series: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[str]
    used_at: Mapped[str | None]


class SetCaseRow(Base):
    """A case in a set at its place, with what is told with it; ``photograph`` is JSON text, None for generated ones."""

    __tablename__ = "set_cases"
    __table_args__ = (Index("ix_set_cases_case", "case_id"),)

    set_id: Mapped[str] = mapped_column(ForeignKey("case_sets.set_id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    position: Mapped[int]
    pinned: Mapped[bool]
    age: Mapped[int | None]
    site: Mapped[str]
    history: Mapped[str]
    photograph: Mapped[str | None]


class CaseReviewRow(Base):
    """What a reviewer said of a case in a set; ``sequence`` is the order in which it was said."""

    __tablename__ = "case_reviews"
    __table_args__ = (
        ForeignKeyConstraint(
            ["set_id", "case_id"],
            ["set_cases.set_id", "set_cases.case_id"],
            name="fk_case_reviews_set_case",
            ondelete="CASCADE",
        ),
        Index("ix_case_reviews_set_case", "set_id", "case_id"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[str]
    case_id: Mapped[str]
    reviewer: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    at: Mapped[str]


class SetWantRow(Base):
    """A case that was asked for and has not been made yet, at the place it will take."""

    __tablename__ = "set_wants"

    set_id: Mapped[str] = mapped_column(ForeignKey("case_sets.set_id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    spec: Mapped[str]

"""The first schema: learners, sessions, cases, items, answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "learners",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False, unique=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("learner_id", sa.String(), sa.ForeignKey("learners.id"), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("closed_at", sa.String(), nullable=True),
        sa.Column("abandoned", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_sessions_learner", "sessions", ["learner_id", "started_at"])
    _create_cases_and_items()
    _create_answers()


def _create_cases_and_items() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(), primary_key=True),
        sa.Column("spec", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("tone", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("image_sha", sa.String(), nullable=False),
        sa.Column("mask_sha", sa.String(), nullable=False),
        sa.Column("requested_ita", sa.Double(), nullable=False),
        sa.Column("measured_ita", sa.Double(), nullable=False),
        sa.Column("flags", sa.String(), nullable=False),
        sa.Column("weights", sa.String(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.CheckConstraint("tone BETWEEN 1 AND 10", name="ck_cases_tone"),
    )
    op.create_index("ix_cases_condition_tone", "cases", ["condition", "tone"])
    op.create_table(
        "items",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("session_id", sa.String(), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("spec", sa.String(), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.case_id"), nullable=True),
        sa.UniqueConstraint("session_id", "position", name="uq_items_session_position"),
    )


def _create_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("item_id", sa.String(), sa.ForeignKey("items.id"), nullable=False, unique=True),
        sa.Column("session_id", sa.String(), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("learner_id", sa.String(), sa.ForeignKey("learners.id"), nullable=False),
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.case_id"), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.String(), nullable=False),
        sa.Column("answered_at", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 1 AND 5", name="ck_answers_confidence"),
    )
    op.create_index("ix_answers_learner", "answers", ["learner_id"])
    op.create_index("ix_answers_session", "answers", ["session_id"])


def downgrade() -> None:
    """There is nothing before the first schema; a backup is the way back."""
    raise NotImplementedError("restore a backup instead")

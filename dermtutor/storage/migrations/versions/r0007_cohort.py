"""Results that other computers sent, apart from the records of those who learn here.

They have a token of their own, which the triggers renew whenever an imported answer is altered or removed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision: str | None = "r0005"
branch_labels: str | None = None
depends_on: str | None = None

_RENEW = "UPDATE imported_answers_token SET token = lower(hex(randomblob(16)))"


def upgrade() -> None:
    """The tables of imported results, the token and its triggers."""
    op.create_table(
        "imported_learners",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("first_at", sa.String(), nullable=False),
        sa.Column("newest_at", sa.String(), nullable=False),
    )
    op.create_table(
        "imported_files",
        sa.Column("sha", sa.String(), primary_key=True),
        sa.Column("learner_id", sa.String(), sa.ForeignKey("imported_learners.id"), nullable=False),
        sa.Column("imported_at", sa.String(), nullable=False),
    )
    op.create_table(
        "imported_sessions",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("learner_id", sa.String(), sa.ForeignKey("imported_learners.id"), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("case_set", sa.String(), nullable=False),
    )
    op.create_table(
        "imported_cases",
        sa.Column("case_id", sa.String(), primary_key=True),
        sa.Column("spec", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("tone", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
    )
    _create_answers()
    op.create_table(
        "imported_answers_token",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False),
    )
    op.execute("INSERT INTO imported_answers_token (id, token) VALUES (1, lower(hex(randomblob(16))))")
    for name, event in (("altered", "UPDATE"), ("removed", "DELETE")):
        op.execute(
            f"CREATE TRIGGER imported_answers_{name} AFTER {event} ON imported_answers BEGIN {_RENEW}; END"
        )


def _create_answers() -> None:
    op.create_table(
        "imported_answers",
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), sa.ForeignKey("imported_sessions.id"), nullable=False),
        sa.Column("learner_id", sa.String(), sa.ForeignKey("imported_learners.id"), nullable=False),
        sa.Column("case_id", sa.String(), sa.ForeignKey("imported_cases.case_id"), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("shown_at", sa.String(), nullable=False),
        sa.Column("answered_at", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("expected", sa.String(), nullable=False),
        sa.Column("ranked", sa.String(), nullable=False),
        sa.Column("features", sa.String(), nullable=False),
        sa.Column("against", sa.String(), nullable=False),
        sa.Column("first_choice", sa.String(), nullable=True),
        sa.Column("first_confidence", sa.Integer(), nullable=True),
        sa.Column("click_x", sa.Double(), nullable=True),
        sa.Column("click_y", sa.Double(), nullable=True),
        sa.Column("click_hit", sa.Boolean(), nullable=True),
        sa.CheckConstraint("confidence BETWEEN 1 AND 5", name="ck_imported_answers_confidence"),
    )
    op.create_index("ix_imported_answers_learner", "imported_answers", ["learner_id"])


def downgrade() -> None:
    """A backup made before the upgrade is the way back."""
    raise NotImplementedError("restore a backup instead")

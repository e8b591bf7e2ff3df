"""Modes, kinds of answers, drafts of exams, and the state of spaced repetition."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision: str | None = "r0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """New columns say of old rows what was true of them: practice, one best answer, the condition expected."""
    op.add_column("sessions", sa.Column("mode", sa.String(), nullable=False, server_default="practice"))
    op.add_column("sessions", sa.Column("deadline", sa.String(), nullable=True))
    op.add_column("items", sa.Column("expected", sa.String(), nullable=False, server_default=""))
    op.add_column("items", sa.Column("kind", sa.String(), nullable=False, server_default="single"))
    op.add_column("items", sa.Column("reason", sa.String(), nullable=False, server_default=""))
    op.execute(  # a damaged row must not keep the file from opening: the check of the records finds it
        "UPDATE items SET expected = COALESCE(json_extract(spec, '$.condition'), '') WHERE json_valid(spec)"
    )
    _add_to_answers()
    op.create_table(
        "drafts",
        sa.Column("item_id", sa.String(), sa.ForeignKey("items.id"), primary_key=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
    )
    op.create_table(
        "reviews",
        sa.Column("learner_id", sa.String(), sa.ForeignKey("learners.id"), primary_key=True),
        sa.Column("condition", sa.String(), primary_key=True),
        sa.Column("tone", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
    )
    op.create_index("ix_reviews_learner_due", "reviews", ["learner_id", "due"])


def _add_to_answers() -> None:
    op.add_column("answers", sa.Column("mode", sa.String(), nullable=False, server_default="practice"))
    op.add_column("answers", sa.Column("kind", sa.String(), nullable=False, server_default="single"))
    op.add_column("answers", sa.Column("expected", sa.String(), nullable=False, server_default=""))
    for name in ("ranked", "features", "against"):
        op.add_column("answers", sa.Column(name, sa.String(), nullable=False, server_default="[]"))
    op.add_column("answers", sa.Column("first_choice", sa.String(), nullable=True))
    op.add_column("answers", sa.Column("first_confidence", sa.Integer(), nullable=True))
    op.add_column("answers", sa.Column("click_x", sa.Double(), nullable=True))
    op.add_column("answers", sa.Column("click_y", sa.Double(), nullable=True))
    op.add_column("answers", sa.Column("click_hit", sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE answers SET expected = "
        "COALESCE((SELECT condition FROM cases WHERE cases.case_id = answers.case_id), '')"
    )


def downgrade() -> None:
    """A backup made before the upgrade is the way back."""
    raise NotImplementedError("restore a backup instead")

"""An answer may say nothing of its confidence: an exam can end before it was said.

SQLite cannot take NOT NULL off a column, so the answers move to a new table; its indexes and triggers are made anew.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision: str | None = "r0003"
branch_labels: str | None = None
depends_on: str | None = None

_RENEW = "UPDATE answers_token SET token = lower(hex(randomblob(16)))"


def upgrade() -> None:
    """Every answer stays as it is, with its place; so the token that tells of changes stays too."""
    columns = _of_the_first_step() + _of_the_modes()
    names = [column.name for column in columns]
    new = op.create_table(
        "answers_new",
        *columns,
        sa.CheckConstraint("confidence BETWEEN 1 AND 5", name="ck_answers_confidence"),
    )
    old = sa.table("answers", *(sa.column(name) for name in names))
    op.execute(new.insert().from_select(names, sa.select(old).order_by(old.c.sequence)))
    op.drop_table("answers")
    op.rename_table("answers_new", "answers")
    op.create_index("ix_answers_learner", "answers", ["learner_id"])
    op.create_index("ix_answers_session", "answers", ["session_id"])
    for name, event in (("altered", "UPDATE"), ("removed", "DELETE")):
        op.execute(f"CREATE TRIGGER answers_{name} AFTER {event} ON answers BEGIN {_RENEW}; END")


def _of_the_first_step() -> list[sa.Column[Any]]:
    return [
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("item_id", sa.String(), sa.ForeignKey("items.id"), nullable=False, unique=True),
        sa.Column("session_id", sa.String(), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("learner_id", sa.String(), sa.ForeignKey("learners.id"), nullable=False),
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.case_id"), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("shown_at", sa.String(), nullable=False),
        sa.Column("answered_at", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
    ]


def _of_the_modes() -> list[sa.Column[Any]]:
    return [
        sa.Column("mode", sa.String(), nullable=False, server_default="practice"),
        sa.Column("kind", sa.String(), nullable=False, server_default="single"),
        sa.Column("expected", sa.String(), nullable=False, server_default=""),
        *(
            sa.Column(name, sa.String(), nullable=False, server_default="[]")
            for name in ("ranked", "features", "against")
        ),
        sa.Column("first_choice", sa.String(), nullable=True),
        sa.Column("first_confidence", sa.Integer(), nullable=True),
        sa.Column("click_x", sa.Double(), nullable=True),
        sa.Column("click_y", sa.Double(), nullable=True),
        sa.Column("click_hit", sa.Boolean(), nullable=True),
    ]


def downgrade() -> None:
    """A backup made before the upgrade is the way back."""
    raise NotImplementedError("restore a backup instead")

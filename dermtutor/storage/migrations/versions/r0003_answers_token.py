"""A token that changes whenever an answer is altered or removed, and an index of the reviewed cases.

What was computed from the answers holds as long as the token does; answers that are only added leave it alone.
A later step that rebuilds ``answers`` must make the triggers anew.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, String, text

revision = "r0003"
down_revision: str | None = "r0002"
branch_labels: str | None = None
depends_on: str | None = None

_RENEW = "UPDATE answers_token SET token = lower(hex(randomblob(16)))"


def upgrade() -> None:
    """The token, and the triggers that renew it."""
    op.create_table(
        "answers_token",
        Column("id", Integer(), primary_key=True),
        Column("token", String(), nullable=False),
    )
    op.execute("INSERT INTO answers_token (id, token) VALUES (1, lower(hex(randomblob(16))))")
    for name, event in (("altered", "UPDATE"), ("removed", "DELETE")):
        op.execute(f"CREATE TRIGGER answers_{name} AFTER {event} ON answers BEGIN {_RENEW}; END")
    op.create_index("ix_cases_reviewed", "cases", ["case_id"], sqlite_where=text("reviewed = 1"))


def downgrade() -> None:
    """A backup made before the upgrade is the way back."""
    raise NotImplementedError("restore a backup instead")

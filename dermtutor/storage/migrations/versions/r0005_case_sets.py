"""Case sets: their versions, cases, reviews, and the cases that were asked for and are still to come.

Triggers keep a version that an exam has used as it was then. They leave names alone (``author``, ``reviewer``), so that
a person's own data can be removed from it all the same.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision: str | None = "r0004"
branch_labels: str | None = None
depends_on: str | None = None

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'an exam has used this case set'); END"
_USED = "WHEN (SELECT used_at FROM case_sets WHERE set_id = {row}.set_id) IS NOT NULL"
_PARTS = {
    "set_cases": "set_id, case_id, position, pinned, age, site, history, photograph",
    "case_reviews": "set_id, case_id, state, reason, at",
    "set_wants": "set_id, position, spec",
}


def upgrade() -> None:
    """The four tables, the triggers, and what finds the users of a case."""
    op.create_table(
        "case_sets",
        sa.Column("set_id", sa.String(), primary_key=True),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("used_at", sa.String(), nullable=True),
        sa.UniqueConstraint("series", "version", name="uq_case_sets_series_version"),
    )
    op.create_table(
        "set_cases",
        sa.Column("set_id", sa.String(), _of_set(), primary_key=True),
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.case_id"), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("history", sa.String(), nullable=False),
        sa.Column("photograph", sa.String(), nullable=True),
    )
    op.create_index("ix_set_cases_case", "set_cases", ["case_id"])
    # Whether anything names a case is looked up before it is removed.
    for table in ("items", "answers"):
        op.create_index(f"ix_{table}_case", table, ["case_id"])
    _create_reviews_and_wants()
    _keep_used_sets()


def _of_set() -> sa.ForeignKey:
    return sa.ForeignKey("case_sets.set_id", ondelete="CASCADE")


def _create_reviews_and_wants() -> None:
    op.create_table(
        "case_reviews",
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("set_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id", "case_id"],
            ["set_cases.set_id", "set_cases.case_id"],
            name="fk_case_reviews_set_case",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_case_reviews_set_case", "case_reviews", ["set_id", "case_id"])
    op.create_table(
        "set_wants",
        sa.Column("set_id", sa.String(), _of_set(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("spec", sa.String(), nullable=False),
    )


def _keep_used_sets() -> None:
    for table, columns in _PARTS.items():
        for name, event, row in (
            ("added", "INSERT", "NEW"),
            ("altered", f"UPDATE OF {columns}", "OLD"),
            ("removed", "DELETE", "OLD"),
        ):
            when = _USED.format(row=row)
            op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {when} {_REFUSE}")
    for name, event in (("altered", "UPDATE OF set_id, series, version, name, created_at, used_at"),
                        ("removed", "DELETE")):  # fmt: skip
        when = "WHEN OLD.used_at IS NOT NULL"
        op.execute(f"CREATE TRIGGER case_sets_{name} BEFORE {event} ON case_sets {when} {_REFUSE}")


def downgrade() -> None:
    """A backup made before the upgrade is the way back."""
    raise NotImplementedError("restore a backup instead")

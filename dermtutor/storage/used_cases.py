"""Which cases and files are still needed, and whose names the case sets bear: for removing things, and persons."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, exists, inspect, select, update
from sqlalchemy.orm import Session

from dermtutor.storage.schema import CaseReviewRow, CaseRow, CaseSetRow, ItemRow, SetCaseRow


def unused(with_sets: bool = True) -> ColumnElement[bool]:
    """Condition on ``cases``: no question and no set names it. ``with_sets`` is False for a file from before sets."""
    by_item = exists().where(ItemRow.case_id == CaseRow.case_id)
    by_set = exists().where(SetCaseRow.case_id == CaseRow.case_id)
    return ~by_item & ~by_set if with_sets else ~by_item


def needed_files(session: Session, files: Collection[str]) -> set[str]:
    """Those of the files that a case names."""
    wanted = list(files)
    images = session.scalars(select(CaseRow.image_sha).where(CaseRow.image_sha.in_(wanted)))
    masks = session.scalars(select(CaseRow.mask_sha).where(CaseRow.mask_sha.in_(wanted)))
    return {*images, *masks}


def has_sets(connection: Connection) -> bool:
    """False for a file from before there were case sets."""
    return inspect(connection).has_table(CaseSetRow.__tablename__)


def signed(name: str) -> tuple[tuple[type[CaseSetRow] | type[CaseReviewRow], ColumnElement[bool]], ...]:
    """The tables of case sets that bear a person's name, with the condition."""
    return (CaseSetRow, CaseSetRow.author == name), (CaseReviewRow, CaseReviewRow.reviewer == name)


def sign_sets(connection: Connection, name: str, new: str) -> None:
    """What a person made and said of case sets bears another name from now on, also in sets that exams have used."""
    for table, theirs in signed(name):
        column = "author" if table is CaseSetRow else "reviewer"
        connection.execute(update(table).where(theirs).values({column: new}))

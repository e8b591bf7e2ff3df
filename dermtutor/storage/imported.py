"""Imported results in the record database, in tables of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Final, cast

from sqlalchemy import Insert, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from dermtutor.domain.records import AnswerRecord
from dermtutor.domain.results import ImportedLearner
from dermtutor.errors import UserError
from dermtutor.services.results import SignedResults
from dermtutor.services.signing import fingerprint
from dermtutor.storage import rows
from dermtutor.storage.database import Database
from dermtutor.storage.imported_schema import (
    ImportedAnswerRow,
    ImportedCaseRow,
    ImportedFileRow,
    ImportedLearnerRow,
    ImportedSessionRow,
)
from dermtutor.storage.schema import AnswerRow, Unsound

_AT_ONCE: Final = 500


class SqlImportedResults:
    """Implements ``services.results.ImportedResults``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, signed: SignedResults, when: datetime) -> int:
        """Keeps the answers that are new, in one transaction, and returns how many there were.

        Raises UserError where the file contradicts what was imported before; nothing of it is kept then.
        """
        return self._database.run(lambda session: _add(session, signed, when))

    def learners(self) -> tuple[ImportedLearner, ...]:
        """Everybody whose results were imported, by name."""
        counted = select(ImportedLearnerRow, func.count(ImportedAnswerRow.sequence))
        counted = counted.outerjoin(ImportedAnswerRow).group_by(ImportedLearnerRow.id)

        def work(session: Session) -> tuple[ImportedLearner, ...]:
            found = [learner_of(row, answers) for row, answers in session.execute(counted)]
            return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.id)))

        return self._database.run(work)


@rows.readable
def learner_of(row: ImportedLearnerRow, answers: int) -> ImportedLearner:
    """Learner of a row."""
    key = fingerprint(bytes.fromhex(row.key))
    first, newest = (datetime.fromisoformat(moment) for moment in (row.first_at, row.newest_at))
    return ImportedLearner(row.id, row.name, key, answers, first, newest)


def answer_of(row: ImportedAnswerRow, spec: str) -> AnswerRecord:
    """Answer of a row, which has the columns of an own one. Raises Unsound for a row that makes no sense."""
    return rows.answer_of(cast("AnswerRow", row), spec)


def sound(row: ImportedAnswerRow, spec: str | None) -> bool:
    """True when the digest, made anew from the row, is the one stored with it."""
    try:
        return spec is not None and answer_of(row, spec).digest == row.digest
    except Unsound:
        return False


def _add(session: Session, signed: SignedResults, when: datetime) -> int:
    results, moment = signed.results, when.isoformat()
    if session.get(ImportedFileRow, signed.sha) is not None:
        return 0
    _keep_learner(session, signed, moment)
    session.execute(
        insert(ImportedFileRow).values(sha=signed.sha, learner_id=results.learner, imported_at=moment)
    )
    _keep_sessions(session, signed)
    known = _known(session, [record.answer.answer_id for record in results.answers], results.learner)
    fresh = [record for record in results.answers if record.answer.answer_id not in known]
    if fresh:
        texts = [record.spec.canonical_json() for record in fresh]
        cases = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        _keep_cases(session, dict(zip(cases, zip(fresh, texts))), results.reviewed)
        answers = [rows.answer_fields(record, case) for record, case in zip(fresh, cases)]
        _insert(session, insert(ImportedAnswerRow), answers)
    return len(fresh)


def _keep_learner(session: Session, signed: SignedResults, moment: str) -> None:
    """A learner keeps the key of the first file: otherwise anybody could add answers to somebody else's."""
    results, written = signed.results, signed.results.written_at.isoformat()
    known = session.get(ImportedLearnerRow, results.learner)
    if known is None:
        session.add(
            ImportedLearnerRow(
                id=results.learner, name=results.name, key=signed.key, first_at=moment, newest_at=written
            )
        )
        session.flush()
        return
    if known.key != signed.key:
        raise UserError(
            f"It is signed by another computer ({signed.fingerprint}) than the earlier results of {known.name}; "
            "if that is meant to be so, remove those first and import it again."
        )
    if written > known.newest_at:
        session.execute(
            update(ImportedLearnerRow)
            .where(ImportedLearnerRow.id == results.learner)
            .values(name=results.name, newest_at=written)
        )


def _keep_sessions(session: Session, signed: SignedResults) -> None:
    who = signed.results.learner
    names = list(signed.results.sessions)
    for start in range(0, len(names), _AT_ONCE):
        asked = ImportedSessionRow.id.in_(names[start : start + _AT_ONCE])
        if session.scalar(select(func.count()).where(asked, ImportedSessionRow.learner_id != who)):
            raise UserError(_OTHERS)
    session.execute(
        upsert(ImportedSessionRow).on_conflict_do_nothing(),
        [
            {"id": name, "learner_id": who, "mode": each.mode.value, "case_set": each.case_set}
            for name, each in signed.results.sessions.items()
        ],
    )


_OTHERS: Final = "It holds answers that were imported as somebody else's; ask for a new export."


def _known(session: Session, answers: list[str], who: str) -> set[str]:
    """Which of the answers are there already."""
    known: set[str] = set()
    for start in range(0, len(answers), _AT_ONCE):
        asked = ImportedAnswerRow.id.in_(answers[start : start + _AT_ONCE])
        for found, owner in session.execute(
            select(ImportedAnswerRow.id, ImportedAnswerRow.learner_id).where(asked)
        ):
            if owner != who:
                raise UserError(_OTHERS)
            known.add(found)
    return known


def _keep_cases(
    session: Session, cases: Mapping[str, tuple[AnswerRecord, str]], reviewed: frozenset[str]
) -> None:
    """``cases`` are, by id, an answer to each and the canonical JSON of its spec."""
    keep = upsert(ImportedCaseRow)
    keep = keep.on_conflict_do_update(
        index_elements=["case_id"],
        set_={"reviewed": func.max(ImportedCaseRow.reviewed, keep.excluded.reviewed)},
    )
    values = [
        {
            "case_id": name,
            "spec": text,
            "condition": record.spec.condition,
            "tone": record.spec.tone.value,
            "source": record.spec.source.value,
            "reviewed": name in reviewed,
        }
        for name, (record, text) in cases.items()
    ]
    _insert(session, keep, values)


def _insert(session: Session, statement: Insert, values: Sequence[Mapping[str, Any]]) -> None:
    """Many rows at once by the driver itself: SQLAlchemy's own way takes four times as long."""
    names = [column.name for column in statement.table.columns if column.name in values[0]]
    text = str(statement.compile(dialect=session.get_bind().dialect, column_keys=names))
    session.connection().exec_driver_sql(text, list(map(itemgetter(*names), values)))

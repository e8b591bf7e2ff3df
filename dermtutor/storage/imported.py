"""Imported results in the record database, in tables of their own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Insert, String, column, func, insert, select, update
from sqlalchemy.dialects import sqlite
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
from dermtutor.storage.schema import Unsound


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


def sound(row: ImportedAnswerRow, spec: str | None) -> bool:
    """True when the digest, made anew from the row, is the one stored with it."""
    try:
        return spec is not None and rows.answer_of(row, spec).digest == row.digest
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
    answers = [record.answer.answer_id for record in results.answers]
    known = _owned(session, ImportedAnswerRow, answers, results.learner)
    fresh = [record for record in results.answers if record.answer.answer_id not in known]
    if fresh:
        texts = [record.spec.canonical_json() for record in fresh]
        cases = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        _keep_cases(session, dict(zip(cases, zip(fresh, texts))), results.reviewed)
        _insert(session, _ANSWERS, [rows.answer_fields(record, case) for record, case in zip(fresh, cases)])
    return len(fresh)


def _keep_learner(session: Session, signed: SignedResults, moment: str) -> None:
    """A learner keeps the key of the first file: otherwise anybody could add answers to somebody else's."""
    results, written = signed.results, signed.results.written_at.isoformat()
    known = session.get(ImportedLearnerRow, results.learner)
    if known is None:
        session.execute(
            insert(ImportedLearnerRow).values(
                id=results.learner, name=results.name, key=signed.key, first_at=moment, newest_at=written
            )
        )
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
    _owned(session, ImportedSessionRow, signed.results.sessions, who)
    values = [
        {"id": name, "learner_id": who, "mode": each.mode.value, "case_set": each.case_set}
        for name, each in signed.results.sessions.items()
    ]
    _insert(session, _NEW_SESSIONS, values)


_OTHERS: Final = "It holds answers that were imported as somebody else's; ask for a new export."


def _owned(
    session: Session, table: type[ImportedAnswerRow | ImportedSessionRow], names: Iterable[str], who: str
) -> set[str]:
    """Which of the ids are there already. Raises UserError where one of them is somebody else's."""
    asked = select(column("value", String)).select_from(func.json_each(json.dumps(list(names))))
    found = session.execute(select(table.id, table.learner_id).where(table.id.in_(asked))).all()
    if any(owner != who for _, owner in found):
        raise UserError(_OTHERS)
    return {name for name, _ in found}


def _keep_cases(
    session: Session, cases: Mapping[str, tuple[AnswerRecord, str]], reviewed: frozenset[str]
) -> None:
    """``cases`` are, by id, an answer to each and the canonical JSON of its spec."""
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
    _insert(session, _CASES, values)


def _insert(session: Session, statement: Insert, values: Sequence[Mapping[str, Any]]) -> None:
    """Many rows at once by the driver itself: SQLAlchemy's own way takes four times as long."""
    if values:
        names = tuple(column.name for column in statement.table.columns if column.name in values[0])
        session.connection().exec_driver_sql(_text(statement, names), list(map(itemgetter(*names), values)))


@cache
def _text(statement: Insert, names: tuple[str, ...]) -> str:
    return str(statement.compile(dialect=sqlite.dialect(), column_keys=names))


def _upserted_cases() -> Insert:
    """Once reviewed, a case stays so."""
    keep = sqlite.insert(ImportedCaseRow)
    return keep.on_conflict_do_update(
        index_elements=["case_id"],
        set_={"reviewed": func.max(ImportedCaseRow.reviewed, keep.excluded.reviewed)},
    )


_ANSWERS: Final = insert(ImportedAnswerRow)
_CASES: Final = _upserted_cases()
_NEW_SESSIONS: Final = sqlite.insert(ImportedSessionRow).on_conflict_do_nothing()

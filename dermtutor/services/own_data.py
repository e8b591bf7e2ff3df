"""A learner's own data: taken away as a file, or deleted with whatever backups hold of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from dermtutor.domain.learners import Learner
from dermtutor.domain.results import ImportedLearner
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.ports_keeping import Forgotten, LearnerData


@dataclass(frozen=True, slots=True)
class Deletion:
    """A finished deletion; from ``done_at`` (UTC) on no backup that could be read holds the learner's data."""

    learner: Learner | ImportedLearner
    forgotten: Forgotten
    done_at: datetime


class OwnData:
    """Exports and deletes. Calls block until done."""

    def __init__(self, data: LearnerData, *tables: AnswerTable) -> None:
        """``tables`` are all that may hold something of the learner."""
        self._data = data
        self._tables = tables

    def export(self, learner: Learner) -> bytes:
        """Everything kept of the learner, as JSON."""
        about = {"exported_at": datetime.now(UTC).isoformat(), "application": "DermTutor"}
        tables = {name: list(rows) for name, rows in self._data.export(learner.id).items()}
        return json.dumps(about | {"tables": tables}, ensure_ascii=False, indent=1).encode()

    def delete(self, learner: Learner) -> Deletion:
        """Removes everything kept of the learner, from the backups too. It cannot be undone."""
        forgotten = self._data.delete(learner.id)
        for table in self._tables:
            table.forget()
        return Deletion(learner, forgotten, datetime.now(UTC))

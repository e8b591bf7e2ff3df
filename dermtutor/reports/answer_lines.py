"""Every answer as a line, keyed by item and case: options are told by id in the order shown, never by their place.

So the lines mean the same however options were shuffled, and can be analysed elsewhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from dermtutor.domain.records import AnswerRecord
from dermtutor.reports import words
from dermtutor.reports.columns import Column, Table, guarded

_BETWEEN = " | "

COLUMNS = (
    Column("item"), Column("case"), Column("learner"), Column("quiz"), Column("mode"), Column("case_set"),
    Column("condition"), Column("tone_monk", "count"), Column("source"), Column("kind"), Column("options_shown"),
    Column("right"), Column("chosen"), Column("correct", "count"), Column("confidence", "count"),
    Column("seconds", "seconds"), Column("answered_at"),
)  # fmt: skip


def answer_lines(
    records: Sequence[AnswerRecord], people: Mapping[str, str], case_sets: Mapping[str, str]
) -> Table:
    """One line an answer; ``people`` are the learners' names by id, ``case_sets`` the set of each quiz by id."""
    rows = tuple(
        (
            each.answer.item_id,
            each.spec.spec_id,
            people.get(each.learner_id, words.DASH),
            each.session_id,
            each.mode.value,
            case_sets.get(each.session_id) or None,
            each.spec.condition,
            each.spec.tone.value,
            each.spec.source.value,
            each.kind.value,
            _BETWEEN.join(each.choices) or None,
            each.right,
            each.answer.chosen,
            int(each.answer.correct),
            None if each.answer.confidence is None else int(each.answer.confidence),
            round(each.answer.seconds, 3),
            each.answer.answered_at.isoformat(timespec="seconds"),
        )
        for each in records
    )
    note = "One line an answer. Options by id, in the order shown; an item is one question, a case one image."
    return Table("answers", "Answers", COLUMNS, rows, note)


def csv_file(table: Table) -> bytes:
    """A table as CSV (UTF-8, comma, RFC 4180), numbers as they are, no text taken for a formula."""
    stream = io.StringIO(newline="")
    writing = csv.writer(stream, lineterminator="\r\n")
    writing.writerow([column.title for column in table.columns])
    for row in table.rows:
        writing.writerow([guarded(value) if isinstance(value, str) else value for value in row])
    return stream.getvalue().encode()

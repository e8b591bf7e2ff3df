"""The statistics of imported results: those of a cohort whose learners work on other computers."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Final, Protocol

from dermtutor.domain.records import AnswerRecord
from dermtutor.domain.results import ImportedLearner
from dermtutor.services.answer_columns import EVERYTHING, AnswerColumns, AnswerFilter, select
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.figures.cohort import detail_of
from dermtutor.services.figures.cohort_values import CohortDetail, ItemAnalysis
from dermtutor.services.figures.items import OfferedOptions, analyse
from dermtutor.services.figures.learner import figures_of
from dermtutor.services.figures.real import comparison_of
from dermtutor.services.figures.values import Figures
from dermtutor.services.ports import Cancelled, CancelToken
from dermtutor.services.ports_answers import AnswerHistory
from dermtutor.services.statistics import FilterChoices, filter_choices

_AT_ONCE: Final = 10_000


class ImportedHistory(AnswerHistory, Protocol):
    """The imported answers."""

    def options(self) -> OfferedOptions:
        """The options of every answer that had some."""
        ...


class ImportedPeople(Protocol):
    """Whose answers were imported."""

    def learners(self) -> tuple[ImportedLearner, ...]:
        """Everybody, by name."""
        ...


@dataclass(frozen=True, slots=True)
class CohortPage:
    """The figures of the imported answers that count; ``people`` are names by id."""

    figures: Figures
    choices: FilterChoices
    detail: CohortDetail
    analysis: ItemAnalysis
    people: dict[str, str]


class Cohort:
    """Thread-safe; calls block until done."""

    def __init__(self, table: AnswerTable, history: ImportedHistory, people: ImportedPeople) -> None:
        self._table, self._history, self._people = table, history, people
        self._lock = threading.Lock()
        self._options: tuple[AnswerColumns, OfferedOptions] | None = None

    def page(self, chosen: AnswerFilter = EVERYTHING, cancel: CancelToken | None = None) -> CohortPage:
        """Everything of the answers that count. Where they are of one case set, its cases are the items.

        Raises Cancelled when the token was set.
        """
        everything = self._table.columns(None, cancel)
        columns = select(everything, chosen)
        offered = self._offered(everything)
        if cancel is not None and cancel.is_set():
            raise Cancelled
        detail = detail_of(columns)
        return CohortPage(
            figures=detail.completing(
                replace(figures_of(columns, cohort=True), real=comparison_of(everything, chosen))
            ),
            choices=filter_choices(everything),
            detail=detail,
            analysis=analyse(columns, offered, single=chosen.case_set is not None),
            people={learner.id: learner.name for learner in self._people.learners()},
        )

    def answers(self, chosen: AnswerFilter = EVERYTHING) -> tuple[AnswerRecord, ...]:
        """The answers that count, in the order they came in."""
        numbers = select(self._table.columns(None), chosen).sequence.tolist()
        found: list[AnswerRecord] = []
        for start in range(0, len(numbers), _AT_ONCE):
            found += self._history.answers_at(numbers[start : start + _AT_ONCE])
        return tuple(found)

    def case_sets(self) -> dict[str, str]:
        """The case set (empty: none) of each quiz, by id."""
        return {session: case_set for session, (_, case_set) in self._history.sessions(None).items()}

    def _offered(self, everything: AnswerColumns) -> OfferedOptions:
        """The options of all answers, read again when the table was, which gives out the same columns until then."""
        with self._lock:
            if self._options is None or self._options[0] is not everything:
                self._options = (everything, self._history.options())
            return self._options[1]

"""The statistics of a learner or of all learners: which answers count, their figures, the cases behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dermtutor.domain.records import AnswerRecord
from dermtutor.services.answer_columns import EVERYTHING, AnswerColumns, AnswerFilter, select
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.figures.cohort import detail_of
from dermtutor.services.figures.cohort_values import CohortDetail
from dermtutor.services.figures.learner import figures_of
from dermtutor.services.figures.real import comparison_of
from dermtutor.services.figures.values import Figures
from dermtutor.services.ports import CancelToken, MediaStore, Records
from dermtutor.services.ports_answers import AnswerHistory

MOST_CASES: Final = 60


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What there is to filter by: only modes, sets and sources that have answers; whether any case was reviewed."""

    modes: tuple[str, ...]
    case_sets: tuple[str, ...]
    sources: tuple[str, ...]
    reviewed: bool


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """The figures of the answers that count, and what they could be filtered by."""

    figures: Figures
    choices: FilterChoices


@dataclass(frozen=True, slots=True)
class AnsweredCase:
    """A case as it was asked and answered. The pictures are PNG files, None where they are no longer kept."""

    record: AnswerRecord
    image_png: bytes | None
    mask_png: bytes | None
    flags: tuple[str, ...]
    reviewed: bool


class Statistics:
    """Thread-safe; calls block until done. A learner id of None means all learners."""

    def __init__(
        self, table: AnswerTable, history: AnswerHistory, records: Records, media: MediaStore
    ) -> None:
        self._table = table
        self._history = history
        self._records = records
        self._media = media

    def page(
        self, learner_id: str | None, chosen: AnswerFilter = EVERYTHING, cancel: CancelToken | None = None
    ) -> StatisticsPage:
        """The figures, and the choices of all answers. Raises Cancelled when the token was set."""
        columns = self._table.columns(learner_id, cancel)
        figures = figures_of(select(columns, chosen), cohort=learner_id is None)
        return StatisticsPage(replace(figures, real=comparison_of(columns, chosen)), filter_choices(columns))

    def read_ahead(self, cancel: CancelToken | None = None) -> None:
        """Reads all answers, so that the figures of all learners come at once when they are asked for."""
        self._table.columns(None, cancel)

    def cohort(self, chosen: AnswerFilter = EVERYTHING, cancel: CancelToken | None = None) -> CohortDetail:
        """Each learner, each condition as an item, and the gap that allows for both."""
        return detail_of(select(self._table.columns(None, cancel), chosen))

    def people(self) -> dict[str, str]:
        """Names of the learners by id."""
        return {learner.id: learner.name for learner in self._records.learners()}

    def cases(
        self, learner_id: str | None, chosen: AnswerFilter, shown: str, called: str, most: int = MOST_CASES
    ) -> tuple[AnsweredCase, ...]:
        """The newest cases of one condition that were answered with another, or with itself."""
        columns = select(self._table.columns(learner_id), chosen)
        known = columns.words.conditions
        if shown not in known or called not in known:
            return ()
        answered = np.where(columns.correct, columns.condition, columns.chosen)
        found = (columns.condition == known.index(shown)) & (answered == known.index(called))
        newest = columns.sequence[found][::-1][:most].tolist()
        return tuple(self._case(record) for record in self._history.answers_at(newest))

    def _case(self, record: AnswerRecord) -> AnsweredCase:
        case = self._records.case(record.spec.spec_id)
        return AnsweredCase(
            record, self._media.get(case.image_sha), self._media.get(case.mask_sha), case.flags, case.reviewed
        )


def filter_choices(columns: AnswerColumns) -> FilterChoices:
    """What these answers could be filtered by."""
    words = columns.words
    return FilterChoices(
        modes=words.modes,
        case_sets=tuple(name for name in words.case_sets if name),
        sources=tuple(sorted(words.sources)),
        reviewed=bool(columns.reviewed.any()),
    )

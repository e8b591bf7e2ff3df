"""A report as a value, and its forms: PDF, spreadsheet, plain data. Its figures are those of the statistics page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.learners import Learner
from dermtutor.domain.statistics import Gap, Proportion
from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.paths import write_atomically
from dermtutor.reports import cohort_tables, tables
from dermtutor.reports.answer_lines import answer_lines, csv_file
from dermtutor.reports.columns import Names, Table
from dermtutor.services.answer_columns import EVERYTHING, AnswerFilter
from dermtutor.services.cohort import Cohort
from dermtutor.services.figures.cohort_values import CohortDetail, ItemAnalysis
from dermtutor.services.figures.values import Figures
from dermtutor.services.statistics import Statistics
from dermtutor.skin.scales import MonkTone

KINDS: Final = ("pdf", "xlsx")
COHORT_KINDS: Final = (*KINDS, "csv")


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says. A cohort's has no ``learner``, but ``detail`` and the names of its ``people`` by id.

    One of imported results has their ``analysis``, too, and where they were asked for the ``answers`` line by line.
    """

    learner: Learner | None
    made_at: datetime
    chosen: AnswerFilter
    figures: Figures
    names: Names
    detail: CohortDetail | None
    people: dict[str, str]
    analysis: ItemAnalysis | None = None
    answers: Table | None = None

    @property
    def title(self) -> str:
        """Whom it is about."""
        if self.learner is not None:
            return self.learner.name
        return "All learners" if self.analysis is None else "Imported results"

    def tables(self) -> Sequence[Table]:
        """Every table, in the order of the page."""
        found = list(tables.all_tables(self.figures, self.names))
        if self.detail is None:
            return found
        return [
            *found,
            cohort_tables.learners(self.detail, self.people),
            cohort_tables.items(self.detail, self.names),
            *([] if self.analysis is None else [cohort_tables.analysed(self.analysis, self.names)]),
        ]

    def sheets(self) -> Sequence[Table]:
        """The tables, and every answer."""
        return [*self.tables(), *([] if self.answers is None else [self.answers])]


class Reporting:
    """Makes reports. Thread-safe; calls block until done."""

    def __init__(self, statistics: Statistics, cohort: Cohort, catalogue: Catalogue) -> None:
        self._statistics = statistics
        self._cohort = cohort
        self._names = Names({condition.id: condition.name for condition in catalogue.nameable})

    def report(
        self, learner: Learner | None, chosen: AnswerFilter = EVERYTHING, *, pseudonyms: bool = False
    ) -> Report:
        """A learner's report, of all learners for None. Raises UserError where no answer counts."""
        who = None if learner is None else learner.id
        figures = self._statistics.page(who, chosen).figures
        if not figures.total.n:
            raise UserError(
                "There are no answers to report on; choose other filters or answer some cases first."
            )
        people = self._statistics.people() if learner is None else {}
        if pseudonyms:
            people = _numbered(people)
        detail = None if learner is not None else self._statistics.cohort(chosen)
        if detail is not None:
            figures = detail.completing(figures)
        return Report(learner, datetime.now(UTC), chosen, figures, self._names, detail, people)

    def cohort_report(
        self, chosen: AnswerFilter = EVERYTHING, *, pseudonyms: bool = False, answers: bool = False
    ) -> Report:
        """The report of the imported results, with every answer where ``answers`` are wanted.

        Raises UserError where no answer counts.
        """
        page = self._cohort.page(chosen)
        if not page.figures.total.n:
            raise UserError("No imported answers count here; import results or choose other filters.")
        people = _numbered(page.people) if pseudonyms else page.people
        lines = None
        if answers:
            lines = answer_lines(self._cohort.answers(chosen), people, self._cohort.case_sets())
        return Report(
            None,
            datetime.now(UTC),
            chosen,
            page.figures,
            self._names,
            page.detail,
            people,
            page.analysis,
            lines,
        )

    def write(self, target: Path, learner: Learner | None, chosen: AnswerFilter = EVERYTHING) -> None:
        """Writes a report as its file's name says: .pdf or .xlsx.

        Raises UserError for another ending, EnvironmentProblem where the file cannot be written.
        """
        kind = _kind(target, KINDS)
        save(self.report(learner, chosen), target, kind)

    def write_cohort(self, target: Path, chosen: AnswerFilter = EVERYTHING) -> None:
        """Writes the report of the imported results as .pdf, or .xlsx or .csv with every answer. Raises as above."""
        kind = _kind(target, COHORT_KINDS)
        save(self.cohort_report(chosen, answers=kind != "pdf"), target, kind)


def _kind(target: Path, kinds: Sequence[str]) -> str:
    kind = target.suffix.lower().lstrip(".")
    if kind not in kinds:
        endings = " or ".join(f".{each}" for each in kinds)
        raise UserError(f"{target.name} names no kind of report; end it in {endings}.")
    return kind


def _numbered(people: Mapping[str, str]) -> dict[str, str]:
    return {person: f"Learner {number}" for number, person in enumerate(sorted(people), 1)}


def save(report: Report, target: Path, kind: str) -> None:
    """Writes the report as ``pdf``, ``xlsx`` or (its answers) ``csv``, whole or not at all.

    The file is its owner's alone. Raises EnvironmentProblem where it cannot be written.
    """
    try:
        write_atomically(target, _content(report, kind))
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise EnvironmentProblem(f"{target} cannot be written ({reason}): name another file.") from problem


def _content(report: Report, kind: str) -> bytes:
    if kind == "xlsx":
        from dermtutor.reports.spreadsheet import spreadsheet

        return spreadsheet(report)
    if kind == "csv":
        assert report.answers is not None
        return csv_file(report.answers)
    from dermtutor.reports.pdf import pdf

    return pdf(report)


def plain(report: Report) -> dict[str, Any]:
    """The report as data for scripts: every figure with n and interval."""
    about = {
        "learner": report.learner.name if report.learner else None,
        "made_at": report.made_at.isoformat(),
        "filter": _plain(report.chosen),
        "figures": _plain(report.figures),
    }
    if report.detail is not None:
        detail = _plain(report.detail)
        for each in detail["learners"]:
            each["learner"] = report.people.get(each["learner"])
        about["cohort"] = detail
    if report.analysis is not None:
        about["items"] = _plain(report.analysis)
    return about


def _plain(value: Any) -> Any:
    if isinstance(value, MonkTone):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        told = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        if isinstance(value, Proportion):
            told |= {"value": value.value, "too_few": value.too_few}
        if isinstance(value, Gap):
            told["verdict"] = value.verdict
        return told
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value

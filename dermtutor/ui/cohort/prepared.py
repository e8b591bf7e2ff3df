"""What the cohort page shows, made off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dermtutor.reports import cohort_tables, tables
from dermtutor.reports.columns import Names, Table
from dermtutor.services.cohort import CohortPage


@dataclass(frozen=True, slots=True)
class PreparedCohort:
    """A page with its tables by name."""

    page: CohortPage
    tables: Mapping[str, Table]


def prepare(page: CohortPage, names: Names) -> PreparedCohort:
    """The page with its tables."""
    figures, detail = page.figures, page.detail
    made = {
        "cells": tables.cells(figures, names),
        "gap": tables.gap(figures),
        "needs": tables.needs(figures),
        "learners": cohort_tables.learners(detail, page.people),
        "items": cohort_tables.items(detail, names),
        "analysis": cohort_tables.analysed(page.analysis, names),
    }
    return PreparedCohort(page, made)

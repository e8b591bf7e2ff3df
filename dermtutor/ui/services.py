"""What the window needs of the application's use cases; the composition root provides it."""

from __future__ import annotations

from typing import Protocol

from dermtutor.domain.conditions import Catalogue
from dermtutor.exchange.sets import SetExchange
from dermtutor.reports.report import Reporting
from dermtutor.services.case_sets import CaseSets
from dermtutor.services.cohort import Cohort
from dermtutor.services.exam import Exam
from dermtutor.services.own_data import OwnData
from dermtutor.services.ports import CaseGenerator
from dermtutor.services.profiles import Profiles
from dermtutor.services.progress import Progress
from dermtutor.services.quiz import Quiz
from dermtutor.services.recipes import Recipes
from dermtutor.services.results import ResultsExchange
from dermtutor.services.reviews import Reviews
from dermtutor.services.statistics import Statistics
from dermtutor.services.transfer import Transfer
from dermtutor.services.transfer_cases import TransferCases
from dermtutor.services.transfer_draft import DraftFile


class Services(Protocol):
    """The open application, without its adapters."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def profiles(self) -> Profiles: ...

    @property
    def quiz(self) -> Quiz: ...

    @property
    def exam(self) -> Exam: ...

    @property
    def reviews(self) -> Reviews: ...

    @property
    def progress(self) -> Progress: ...

    @property
    def recipes(self) -> Recipes: ...

    @property
    def case_sets(self) -> CaseSets: ...

    @property
    def statistics(self) -> Statistics: ...

    @property
    def reporting(self) -> Reporting: ...

    @property
    def results(self) -> ResultsExchange: ...

    @property
    def cohort(self) -> Cohort: ...

    @property
    def own_data(self) -> OwnData: ...

    @property
    def set_exchange(self) -> SetExchange: ...

    @property
    def transfer(self) -> Transfer: ...

    @property
    def transfer_cases(self) -> TransferCases: ...

    @property
    def transfer_draft(self) -> DraftFile: ...

    @property
    def generator(self) -> CaseGenerator: ...

    def close(self) -> None:
        """Close the records. Called once, on the records worker, when the window has closed."""
        ...

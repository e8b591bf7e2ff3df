"""The open application: every use case, wired to its adapters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dermtutor.bootstrap.parts import (
    exchange_of,
    open_catalogue,
    open_generator,
    open_recipe_folder,
    open_transfer,
    recipes_of,
)
from dermtutor.bootstrap.records import open_store
from dermtutor.domain.conditions import Catalogue
from dermtutor.exchange.sets import SetExchange
from dermtutor.paths import Folders
from dermtutor.reports.report import Reporting
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.case_sets import CaseSets
from dermtutor.services.case_supply import CaseSupply
from dermtutor.services.cohort import Cohort
from dermtutor.services.exam import Exam
from dermtutor.services.maintenance import Maintenance
from dermtutor.services.own_data import OwnData
from dermtutor.services.ports import CaseGenerator
from dermtutor.services.profiles import Profiles
from dermtutor.services.progress import Progress
from dermtutor.services.quiz import Quiz
from dermtutor.services.real_images import RealImages
from dermtutor.services.recipes import Recipes
from dermtutor.services.results import ResultsExchange
from dermtutor.services.reviews import Reviews
from dermtutor.services.signing import SigningKey
from dermtutor.services.statistics import Statistics
from dermtutor.services.transfer import Transfer
from dermtutor.services.transfer_cases import TransferCases
from dermtutor.services.transfer_draft import DraftFile


@dataclass(frozen=True, slots=True)
class Services:
    """The open application: its use cases, wired to their adapters. Close it when done."""

    folders: Folders
    catalogue: Catalogue
    generator: CaseGenerator
    profiles: Profiles
    quiz: Quiz
    exam: Exam
    reviews: Reviews
    progress: Progress
    statistics: Statistics
    reporting: Reporting
    own_data: OwnData
    maintenance: Maintenance
    recipes: Recipes
    results: ResultsExchange
    cohort: Cohort
    transfer: Transfer
    transfer_cases: TransferCases
    transfer_draft: DraftFile
    case_sets: CaseSets
    set_exchange: SetExchange
    real_images: RealImages
    close: Callable[[], None]
    """Backs the records up when something changed and closes them. More calls do nothing."""


def build_services(folders: Folders, device: str = "auto") -> Services:
    """Open the records under ``folders`` and wire everything.

    Raises EnvironmentProblem when the folders cannot be written or another instance has the records, and
    DamagedRecords, which names the newest backup, when they cannot be read.
    """
    from dermtutor.storage.results_file import ResultsFile

    folders.create()
    catalogue = open_catalogue()
    recipe_folder = open_recipe_folder(folders, catalogue)
    generator = open_generator(device, recipe_folder.recipes)
    store = open_store(folders)
    records, sets, media = store.records, store.sets, store.media
    own_answers = AnswerTable(store.history, folders.cache)
    imported_answers = AnswerTable(store.imported_history, folders.cache / "imported")
    supply = CaseSupply(generator, records, media)
    quiz = Quiz(catalogue, supply, records, sets)
    statistics = Statistics(own_answers, store.history, records, media)
    cohort = Cohort(imported_answers, store.imported_history, store.imported)
    case_sets = CaseSets(catalogue, sets, supply, media)
    transfer = open_transfer(catalogue, generator)
    results = ResultsExchange(
        records, store.history, ResultsFile(SigningKey(folders.signing_key)), store.imported,
        store.learner_data, imported_answers,
    )  # fmt: skip
    return Services(
        folders=folders,
        catalogue=catalogue,
        generator=generator,
        profiles=Profiles(records),
        quiz=quiz,
        exam=Exam(quiz, records),
        reviews=Reviews(catalogue, records),
        progress=Progress(records, own_answers),
        statistics=statistics,
        reporting=Reporting(statistics, cohort, catalogue),
        own_data=OwnData(store.learner_data, own_answers, imported_answers),
        maintenance=Maintenance(store.keeping),
        recipes=recipes_of(catalogue, recipe_folder, generator),
        results=results,
        cohort=cohort,
        transfer=transfer,
        transfer_cases=TransferCases(transfer, sets, media),
        transfer_draft=DraftFile(folders.transfer_draft),
        case_sets=case_sets,
        set_exchange=SetExchange(exchange_of(folders, catalogue), sets, records, media),
        real_images=RealImages(catalogue, case_sets, sets, media),
        close=store.close,
    )

"""The composition root: the only place that knows every adapter. Nothing heavy is imported before it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermtutor.bootstrap.lazy_generator import Generation, LazyGenerator
from dermtutor.domain.conditions import Catalogue, load_catalogue
from dermtutor.exchange.known_keys import KnownKeys
from dermtutor.exchange.service import CaseExchange
from dermtutor.exchange.sets import SetExchange
from dermtutor.paths import Folders, assets_dir, weights_dir
from dermtutor.reports.report import Reporting
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.case_sets import CaseSets
from dermtutor.services.case_supply import CaseSupply
from dermtutor.services.cohort import Cohort
from dermtutor.services.exam import Exam
from dermtutor.services.maintenance import Maintenance
from dermtutor.services.own_data import OwnData
from dermtutor.services.ports import CaseGenerator, Progress
from dermtutor.services.profiles import Profiles
from dermtutor.services.progress import Progress as ProgressReport
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

if TYPE_CHECKING:
    from dermtutor.generation.recipes import Recipe
    from dermtutor.generation.recipes.own import RecipeFolder


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
    progress: ProgressReport
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


def open_catalogue() -> Catalogue:
    """The shipped conditions whose images can be made."""
    recipes, faces = (
        {file.stem for file in (assets_dir() / folder).glob("*.toml")} for folder in ("recipes", "faces")
    )
    return load_catalogue(assets_dir() / "conditions", recipes, faces)


def open_recipe_folder(folders: Folders, catalogue: Catalogue) -> RecipeFolder:
    """The shipped recipes and the person's own, which join the catalogue. A damaged own one is left out and listed."""
    from dermtutor.generation.recipes.own import RecipeFolder

    taken = [condition.id for condition in catalogue.conditions if not condition.own]
    folder = RecipeFolder(assets_dir() / "recipes", folders.recipes, taken)
    catalogue.replace_own(folder.conditions())
    return folder


def open_recipes(folders: Folders, device: str = "auto") -> Recipes:
    """The recipes without the records: for the command line."""
    catalogue = open_catalogue()
    folder = open_recipe_folder(folders, catalogue)
    return Recipes(catalogue, folder, open_generator(device, folder.recipes), assets_dir() / "templates")


def open_exchange(folders: Folders) -> CaseExchange:
    """Case sets that leave and arrive, with this computer's key and the keys it knows; the records stay closed."""
    catalogue = open_catalogue()
    open_recipe_folder(folders, catalogue)
    return _exchange(folders, catalogue)


def _exchange(folders: Folders, catalogue: Catalogue) -> CaseExchange:
    return CaseExchange(catalogue, SigningKey(folders.signing_key), KnownKeys(folders.known_keys))


def open_generator(device: str = "auto", own: Callable[[], Mapping[str, Recipe]] = dict) -> Generation:
    """The generator on ``auto``, ``cpu``, ``cuda`` or ``mps``; nothing is read before it is needed.

    ``own`` gives the person's own recipes as they are at the time of drawing.
    """

    def build() -> Generation:
        from dermtutor.generation.generator import Generator

        return Generator(weights_dir(), assets_dir() / "recipes", device=device, own=own)

    return LazyGenerator(build)


def open_transfer(catalogue: Catalogue, generator: Generation) -> Transfer:
    """Putting the generator's lesions onto photographs."""
    from dermtutor.generation.faces import FaceFinder, face_regions, load_face_recipes
    from dermtutor.generation.transfer.engine import TransferStudio
    from dermtutor.generation.transfer.on_face import FaceDiseases

    finder, recipes = FaceFinder(weights_dir() / "faces"), load_face_recipes(assets_dir() / "faces")
    faces = FaceDiseases(lambda pixels: face_regions(pixels, finder), recipes)
    return Transfer(catalogue, TransferStudio(generator, faces))


def check_weights() -> tuple[str, tuple[str, ...]]:
    """Name and version of the shipped weights, and in words what differs from their manifest (nothing: empty).

    Raises EnvironmentProblem when there is no manifest to compare with.
    """
    from dermtutor.generation.weights import load_manifest, verify_weights

    title = load_manifest(weights_dir()).title
    return title, tuple(str(each) for each in verify_weights(weights_dir()))


def open_maintenance(folders: Folders) -> tuple[Maintenance, Callable[[], None]]:
    """Checks, backups and restores, also of records too damaged to open; and what closes the records afterwards."""
    from dermtutor.storage.database import Database
    from dermtutor.storage.keeping import SqlRecordKeeping
    from dermtutor.storage.media import MediaFolder

    folders.create()
    database = Database(folders.database, folders.backups)
    return Maintenance(SqlRecordKeeping(database, MediaFolder(folders.media))), database.close


def fill_sample_records(folders: Folders, answers: int, learners: int, progress: Progress) -> None:
    """Fills the records under ``folders`` with made-up answers, to measure with."""
    from dermtutor.storage.database import Database
    from dermtutor.storage.sample import fill

    folders.create()
    database = Database(folders.database, folders.backups)
    try:
        fill(database, answers, learners, [each.id for each in open_catalogue().conditions], progress)
        database.release()  # without the backup that closing makes
    finally:
        database.close()


def build_services(folders: Folders, device: str = "auto") -> Services:
    """Open the records under ``folders`` and wire everything.

    Raises EnvironmentProblem when the folders cannot be written or another instance has the records, and
    DamagedRecords, which names the newest backup, when they cannot be read.
    """
    from dermtutor.storage.case_sets import SqlCaseSets
    from dermtutor.storage.database import Database
    from dermtutor.storage.history import SqlAnswerHistory
    from dermtutor.storage.imported import SqlImportedResults
    from dermtutor.storage.keeping import SqlRecordKeeping
    from dermtutor.storage.media import MediaFolder
    from dermtutor.storage.own_data import SqlLearnerData
    from dermtutor.storage.records import SqlRecords
    from dermtutor.storage.results_file import ResultsFile

    folders.create()
    catalogue = open_catalogue()
    folder = open_recipe_folder(folders, catalogue)
    generator = open_generator(device, folder.recipes)
    database = Database(folders.database, folders.backups)
    try:
        database.open()
    except BaseException:
        database.close()
        raise
    records, media, history = SqlRecords(database), MediaFolder(folders.media), SqlAnswerHistory(database)
    table = AnswerTable(history, folders.cache)
    sent_history, imported = SqlAnswerHistory(database, imported_ones=True), SqlImportedResults(database)
    sent = AnswerTable(sent_history, folders.cache / "imported")
    cohort = Cohort(sent, sent_history, imported)
    data, format_ = SqlLearnerData(database, media), ResultsFile(SigningKey(folders.signing_key))
    statistics = Statistics(table, history, records, media)
    sets, supply = SqlCaseSets(database), CaseSupply(generator, records, media)
    quiz = Quiz(catalogue, supply, records, sets)
    case_sets = CaseSets(catalogue, sets, supply, media)
    transfer = open_transfer(catalogue, generator)
    return Services(
        folders=folders,
        catalogue=catalogue,
        generator=generator,
        profiles=Profiles(records),
        quiz=quiz,
        exam=Exam(quiz, records),
        reviews=Reviews(catalogue, records),
        progress=ProgressReport(records, table),
        statistics=statistics,
        reporting=Reporting(statistics, cohort, catalogue),
        own_data=OwnData(data, table, sent),
        maintenance=Maintenance(SqlRecordKeeping(database, media)),
        recipes=Recipes(catalogue, folder, generator, assets_dir() / "templates"),
        results=ResultsExchange(records, history, format_, imported, data, sent),
        cohort=cohort,
        transfer=transfer,
        transfer_cases=TransferCases(transfer, sets, media),
        transfer_draft=DraftFile(folders.transfer_draft),
        case_sets=case_sets,
        set_exchange=SetExchange(_exchange(folders, catalogue), sets, records, media),
        real_images=RealImages(catalogue, case_sets, sets, media),
        close=database.close,
    )

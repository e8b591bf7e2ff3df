"""The composition root: the only place that knows every adapter. Nothing heavy is imported before it is used."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.conditions import Catalogue, load_catalogue
from dermtutor.paths import Folders, assets_dir, weights_dir
from dermtutor.services.exam import Exam
from dermtutor.services.maintenance import Maintenance
from dermtutor.services.ports import CancelToken, CaseGenerator, GeneratedCase, Progress
from dermtutor.services.profiles import Profiles
from dermtutor.services.progress import Progress as ProgressReport
from dermtutor.services.quiz import Quiz
from dermtutor.services.reviews import Reviews
from dermtutor.skin.scales import MonkTone


class LazyGenerator:
    """A ``CaseGenerator`` that is built when it is first needed, by whichever thread needs it, once.

    Building it reads recipes and manifest, and fails where they are missing: the records must open there all the same.
    """

    def __init__(self, build: Callable[[], CaseGenerator]) -> None:
        self._build = build
        self._built: CaseGenerator | None = None
        self._building = threading.Lock()

    def _generator(self) -> CaseGenerator:
        with self._building:
            if self._built is None:
                self._built = self._build()
            return self._built

    def weights_version(self) -> str:
        """Name and version of the weights."""
        return self._generator().weights_version()

    def recipe_version(self, condition: str) -> str:
        """Version of the recipe of a condition, empty when there is none."""
        return self._generator().recipe_version(condition)

    def device_name(self) -> str:
        """The device in words."""
        return self._generator().device_name()

    def generate(
        self, spec: CaseSpec, cancel: CancelToken | None = None, progress: Progress | None = None
    ) -> GeneratedCase:
        """The case of a spec."""
        return self._generator().generate(spec, cancel, progress)

    def twins(
        self,
        spec: CaseSpec,
        tones: Sequence[MonkTone],
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> tuple[GeneratedCase, ...]:
        """The same lesion on each of the tones."""
        return self._generator().twins(spec, tones, cancel, progress)


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
    maintenance: Maintenance
    close: Callable[[], None]
    """Backs the records up when something changed and closes them. More calls do nothing."""


def open_catalogue() -> Catalogue:
    """The shipped conditions."""
    return load_catalogue(assets_dir() / "conditions")


def open_generator(device: str = "auto") -> CaseGenerator:
    """The generator on ``auto``, ``cpu``, ``cuda`` or ``mps``; nothing is read before it is needed."""

    def build() -> CaseGenerator:
        from dermtutor.generation.generator import Generator

        return Generator(weights_dir(), assets_dir() / "recipes", device=device)

    return LazyGenerator(build)


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


def build_services(folders: Folders, device: str = "auto") -> Services:
    """Open the records under ``folders`` and wire everything.

    Raises EnvironmentProblem when the folders cannot be written or another instance has the records, and
    DamagedRecords, which names the newest backup, when they cannot be read.
    """
    from dermtutor.storage.database import Database
    from dermtutor.storage.keeping import SqlRecordKeeping
    from dermtutor.storage.media import MediaFolder
    from dermtutor.storage.records import SqlRecords

    folders.create()
    catalogue = open_catalogue()
    generator = open_generator(device)
    database = Database(folders.database, folders.backups)
    try:
        database.open()
    except BaseException:
        database.close()
        raise
    records, media = SqlRecords(database), MediaFolder(folders.media)
    quiz = Quiz(catalogue, generator, records, media)
    return Services(
        folders=folders,
        catalogue=catalogue,
        generator=generator,
        profiles=Profiles(records),
        quiz=quiz,
        exam=Exam(quiz, records),
        reviews=Reviews(catalogue, records),
        progress=ProgressReport(records),
        maintenance=Maintenance(SqlRecordKeeping(database, media)),
        close=database.close,
    )

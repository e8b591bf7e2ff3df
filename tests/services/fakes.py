"""A small deterministic generator, and an application desk over a real database in a folder."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.conditions import HEALTHY_SKIN, Catalogue, Condition, ConditionSource
from dermtutor.domain.learners import Learner
from dermtutor.domain.quiz import Confidence, QuizPlan
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.case_sets import CaseSets
from dermtutor.services.case_supply import CaseSupply
from dermtutor.services.cohort import Cohort
from dermtutor.services.exam import Exam
from dermtutor.services.maintenance import Maintenance
from dermtutor.services.ports import Cancelled, CancelToken, CaseChecks, GeneratedCase
from dermtutor.services.ports import Progress as ProgressCallback
from dermtutor.services.presented import Feedback, PresentedCase
from dermtutor.services.profiles import Profiles
from dermtutor.services.progress import Progress
from dermtutor.services.quiz import Quiz
from dermtutor.services.reviews import Reviews
from dermtutor.services.statistics import Statistics
from dermtutor.skin.scales import MonkTone
from dermtutor.storage.case_sets import SqlCaseSets
from dermtutor.storage.database import Database
from dermtutor.storage.history import SqlAnswerHistory
from dermtutor.storage.imported import SqlImportedResults
from dermtutor.storage.keeping import SqlRecordKeeping
from dermtutor.storage.media import MediaFolder
from dermtutor.storage.records import SqlRecords

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@dataclass
class FakeGenerator:
    """Paints a disc whose place depends on the seed and whose skin depends on the tone. Notes how it was called."""

    version: str = "fake-1"
    delay: float = 0.0
    checks: CaseChecks = field(default_factory=lambda: CaseChecks(True, True, True))
    generated: list[str] = field(default_factory=list)
    overlaps: int = 0
    _inside: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def weights_version(self) -> str:
        return self.version

    def recipe_version(self, condition: str) -> str:
        return f"{condition}-1"

    def device_name(self) -> str:
        return "fake"

    def generate(
        self, spec: CaseSpec, cancel: CancelToken | None = None, progress: ProgressCallback | None = None
    ) -> GeneratedCase:
        with self._lock:
            self._inside += 1
            self.overlaps += self._inside > 1
        try:
            time.sleep(self.delay)
            if cancel is not None and cancel.is_set():
                raise Cancelled
            self.generated.append(spec.spec_id)
            return self._paint(spec)
        finally:
            with self._lock:
                self._inside -= 1

    def twins(
        self,
        spec: CaseSpec,
        tones: Sequence[MonkTone],
        cancel: CancelToken | None = None,
        progress: ProgressCallback | None = None,
    ) -> tuple[GeneratedCase, ...]:
        return tuple(self.generate(spec.on_tone(tone), cancel) for tone in tones)

    def similar(self, spec: CaseSpec, seed: int) -> CaseSpec:
        return replace(spec, seed=seed, near=spec.seed)

    def _paint(self, spec: CaseSpec) -> GeneratedCase:
        draw = np.random.default_rng(spec.seed)
        rows, columns = np.mgrid[:32, :32]
        mask = np.hypot(rows - draw.integers(8, 24), columns - draw.integers(8, 24)) < 6
        image = np.full((32, 32, 3), 250 - 20 * spec.tone.value, np.uint8)
        image[mask] = draw.integers(0, 200, 3)
        ita = 80.0 - 15 * spec.tone.value
        shade = (mask * 255).astype(np.uint8)
        return GeneratedCase(spec, image, shade, ita, ita + 0.2, self.checks, "ab" * 32, "fake", self.delay)


def condition(name: str, look_alikes: tuple[str, ...] = (), source: ConditionSource = "learned") -> Condition:
    return Condition(
        id=name,
        name=name.replace("-", " ").capitalize(),
        icd11="XX00",
        icd11_title=name,
        modality="clinical photograph",
        source=source,
        look_alikes=look_alikes,
    )


def small_catalogue() -> Catalogue:
    return Catalogue(
        (
            condition("basal-cell-carcinoma", ("squamous-cell-carcinoma", "melanocytic-naevus", "not-here")),
            condition("squamous-cell-carcinoma", ("basal-cell-carcinoma",)),
            condition("melanocytic-naevus", ("melanoma",)),
            condition("melanoma", ("melanocytic-naevus",)),
            condition("vitiligo", (), "recipe"),
            condition(HEALTHY_SKIN),
        )
    )


def small_plan(questions: int = 4) -> QuizPlan:
    conditions = ("basal-cell-carcinoma", "melanocytic-naevus", "vitiligo")
    return QuizPlan(conditions, (MonkTone(2), MonkTone(5), MonkTone(9)), questions, choices=3)


class Desk:
    """The services over a real database and folder, as the composition root would wire them."""

    def __init__(self, home: Path, generator: FakeGenerator | None = None) -> None:
        self.home = home
        self.generator = generator or FakeGenerator()
        self.database = Database(home / "records.sqlite3", home / "backups")
        self.media = MediaFolder(home / "media")
        self.records = SqlRecords(self.database)
        self.set_store = SqlCaseSets(self.database)
        self.profiles = Profiles(self.records)
        self.supply = CaseSupply(self.generator, self.records, self.media)
        self.quiz = Quiz(small_catalogue(), self.supply, self.records, self.set_store)
        self.sets = CaseSets(small_catalogue(), self.set_store, self.supply, self.media)
        self.history = SqlAnswerHistory(self.database)
        self.table = AnswerTable(self.history, home / "cache")
        self.progress = Progress(self.records, self.table)
        self.statistics = Statistics(self.table, self.history, self.records, self.media)
        self.exam = Exam(self.quiz, self.records)
        self.reviews = Reviews(small_catalogue(), self.records)
        self.maintenance = Maintenance(SqlRecordKeeping(self.database, self.media))

    def learner(self) -> Learner:
        """The first learner, made when there is none."""
        return next(iter(self.profiles.learners()), None) or self.profiles.create("Ada")

    def begin(self, questions: int = 4, seed: int | None = 1) -> str:
        """A new session of the small plan."""
        return self.quiz.start(self.learner().id, small_plan(questions), seed)

    def answer(
        self, session_id: str, right: bool = True, seconds: float = 4.0
    ) -> tuple[PresentedCase, Feedback]:
        """Answers the next question, right or wrong."""
        case = self.quiz.next_case(session_id)
        assert case is not None
        truth = case.spec.condition
        chosen = truth if right else next(name for name in case.question.choices if name != truth)
        end = NOON + timedelta(seconds=seconds)
        return case, self.quiz.answer(
            session_id, case.question.item_id, chosen, Confidence.FAIRLY_SURE, NOON, end
        )

    def close(self) -> None:
        self.database.close()


def no_cohort(desk: Desk) -> Cohort:
    """The cohort of a desk to which nobody has sent results."""
    history = SqlAnswerHistory(desk.database, imported_ones=True)
    table = AnswerTable(history, desk.home / "cache" / "imported")
    return Cohort(table, history, SqlImportedResults(desk.database))

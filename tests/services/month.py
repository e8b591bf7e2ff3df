"""A month of a trainee's work through the real services: 28 days, a gap on dark skin, learning, two forms of twins."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dermtutor.bootstrap import open_catalogue
from dermtutor.domain.learners import Learner
from dermtutor.domain.quiz import Confidence, QuizPlan
from dermtutor.domain.records import AnswerRecord
from dermtutor.reports.report import Report, Reporting
from dermtutor.services.figures.values import Figures
from dermtutor.services.quiz import PresentedCase, Quiz
from dermtutor.skin.scales import MonkTone
from tests.services.asked_again import ask_again
from tests.services.fakes import Desk, FakeGenerator, no_cohort

FIRST_DAY = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
CONDITIONS = (
    "melanoma", "melanocytic-naevus", "basal-cell-carcinoma", "seborrhoeic-keratosis", "plaque-psoriasis",
    "tinea-corporis", "vitiligo", "urticaria",
)  # fmt: skip
TWIN_QUESTIONS = 24


class Trainee:
    """Answers by a known rule: how often right depends on practice, condition and tone."""

    def __init__(self, quiz: Quiz, learner: Learner, seed: int = 1, skill: float = 0.5) -> None:
        self._quiz = quiz
        self._learner = learner
        self._draw = random.Random(seed)
        self._skill = skill
        self._given = 0

    def work(self, days: int = 28, questions: int = 12) -> int:
        """Quizzes on most days, and the same lesions on light and on dark skin a week apart. Returns the answers."""
        for day in range(days):
            if self._draw.random() < 0.8:
                self._take(day, QuizPlan(CONDITIONS, MonkTone.all(), questions), self._draw.randrange(2**40))
            if day == 6:
                light = self._take(day, QuizPlan(CONDITIONS, (MonkTone(2),), TWIN_QUESTIONS), 77)
            if day == 13:
                # No use case asks one learner for a lesion twice; the records can.
                self._answer_all(day, ask_again(self._quiz._records, light, self._learner.id, MonkTone(9)))
        return self._given

    def _take(self, day: int, plan: QuizPlan, seed: int) -> str:
        session = self._quiz.start(self._learner.id, plan, seed)
        self._answer_all(day, session)
        return session

    def _answer_all(self, day: int, session: str) -> None:
        now = FIRST_DAY + timedelta(days=day, minutes=self._draw.randrange(60))
        while (case := self._quiz.next_case(session)) is not None:
            now = self._answer(session, case, now)

    def _answer(self, session: str, case: PresentedCase, now: datetime) -> datetime:
        draw, truth = self._draw, case.spec.condition
        hard = 0.12 * (CONDITIONS.index(truth) % 3)
        chance = self._skill + 0.0012 * self._given - hard - (0.18 if case.spec.tone.value >= 7 else 0.0)
        right = draw.random() < min(0.95, max(0.1, chance))
        wrong = [choice for choice in case.question.choices if choice != truth]
        sure = min(5, max(1, round(draw.gauss(3.8 if right else 2.7, 1.0))))
        seconds = 0.2 if draw.random() < 0.01 else draw.lognormvariate(2.0 + 0.02 * case.spec.tone.value, 0.5)
        later = now + timedelta(seconds=seconds)
        chosen = truth if right else wrong[0] if draw.random() < 0.6 else draw.choice(wrong)
        self._quiz.answer(session, case.question.item_id, chosen, Confidence(sure), now, later)
        self._given += 1
        return later + timedelta(seconds=5)


class Month:
    """The desk after a month, read once for all tests."""

    def __init__(self, home: Path) -> None:
        self.desk = Desk(home, FakeGenerator())
        self.desk.database.run_raw(lambda raw: raw.execute("PRAGMA synchronous=OFF"))
        self.catalogue = open_catalogue()
        quiz = Quiz(self.catalogue, self.desk.supply, self.desk.records, self.desk.set_store)
        self.learner = self.desk.profiles.create("=Ada")
        self.given = Trainee(quiz, self.learner).work(questions=10)
        self.others = [self.desk.profiles.create(f"Learner {number}") for number in range(5)]
        for number, other in enumerate(self.others):
            Trainee(quiz, other, seed=number + 2, skill=0.4 + 0.1 * number).work(days=6, questions=8)
        self.records: tuple[AnswerRecord, ...] = self.desk.records.answers(self.learner.id)
        self.everyone: tuple[AnswerRecord, ...] = self.desk.records.answers()
        self.figures: Figures = self.desk.statistics.page(self.learner.id).figures
        self.reporting = Reporting(self.desk.statistics, no_cohort(self.desk), self.catalogue)

    def report(self, learner: Learner | None) -> Report:
        return self.reporting.report(learner)

"""Desks that send results to each other, and results made up in bulk."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.modes import Mode
from dermtutor.domain.quiz import Answer, Confidence
from dermtutor.domain.records import AnswerRecord
from dermtutor.domain.results import Results, SentSession, results_id
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.results import ResultsExchange
from dermtutor.services.signing import SigningKey
from dermtutor.skin.scales import MonkTone
from dermtutor.storage.history import SqlAnswerHistory
from dermtutor.storage.imported import SqlImportedResults
from dermtutor.storage.own_data import SqlLearnerData
from dermtutor.storage.results_file import ResultsFile
from tests.services.fakes import NOON, Desk, small_catalogue, small_plan


class Post:
    """A desk with what it takes to send and take results."""

    def __init__(self, home: Path) -> None:
        self.desk = Desk(home)
        database = self.desk.database
        self.format = ResultsFile(SigningKey(home / "signing-key.pem"))
        self.history = SqlAnswerHistory(database, imported_ones=True)
        self.table = AnswerTable(self.history, home / "cache" / "imported")
        self.imported = SqlImportedResults(database)
        self.data = SqlLearnerData(database, self.desk.media)
        self.exchange = ResultsExchange(
            self.desk.records, self.desk.history, self.format, self.imported, self.data, self.table
        )

    def work(self, name: str = "Ada Lovelace", answers: int = 4, seed: int = 1) -> None:
        """A quiz of a learner, the second answer of three wrong."""
        known = {learner.name: learner for learner in self.desk.profiles.learners()}
        learner = known.get(name) or self.desk.profiles.create(name)
        session = self.desk.quiz.start(learner.id, small_plan(answers), seed)
        for place in range(answers):
            self.desk.answer(session, right=place % 3 != 1)

    def send(self, target: Path, name: str = "Ada Lovelace", shown: str = "") -> Path:
        """The learner's results in a file."""
        target.write_bytes(self.exchange.export(self.desk.profiles.named(name), shown).content)
        return target


def made_up_results(
    number: int, answers: int, skill: float = 0.7, gap: float = 0.1, cases: int = 0, name: str = ""
) -> Results:
    """A learner's made-up results: a case each, or ``cases`` that all learners share."""
    who, draw = results_id(f"learner {number}"), random.Random(number)
    conditions = [condition.id for condition in small_catalogue().conditions]
    records = []
    for place in range(answers):
        seed = place % cases if cases else draw.randrange(2**63)
        fixed = random.Random(seed)
        condition, tone = fixed.choice(conditions), fixed.randint(1, 10)
        spec = CaseSpec(condition, MonkTone(tone), seed, Source.RECIPE, weights_version="fake-1")
        choices = [condition, *draw.sample([each for each in conditions if each != condition], 3)]
        draw.shuffle(choices)
        right = draw.random() < skill - gap * (tone >= 7)
        chosen = condition if right else draw.choice([each for each in choices if each != condition])
        shown = NOON + timedelta(minutes=place)
        records.append(
            AnswerRecord(
                answer=Answer(
                    answer_id=f"{number:016x}{place:016x}", item_id=f"{number:08x}{place:024x}", chosen=chosen,
                    correct=right, confidence=Confidence(draw.randint(1, 5)), shown_at=shown,
                    answered_at=shown + timedelta(seconds=draw.uniform(2, 20)),
                ),
                session_id=f"{number:016x}{place // 20:016x}", learner_id=who, spec=spec, choices=tuple(choices),
                expected=condition,
            )
        )  # fmt: skip
    sessions = {
        record.session_id: SentSession(Mode.PRACTICE, "Finals" if cases else "") for record in records
    }
    return Results(who, name or f"Learner {number}", NOON, sessions, frozenset(), tuple(records))

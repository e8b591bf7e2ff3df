"""Records of many made-up answers, to measure with: as many learners, quizzes and cases as real ones would have."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.skin.scales import MonkTone
from dermtutor.storage.database import Database

QUESTIONS: Final = 20
_AT_ONCE: Final = 10_000
_BEGUN: Final = datetime(2026, 1, 5, 8, tzinfo=UTC)
_CASES: Final = (
    "INSERT INTO cases (case_id, spec, condition, tone, source, image_sha, mask_sha, requested_ita, "
    "measured_ita, flags, weights, reviewed, created_at) VALUES (?, ?, ?, ?, ?, '', '', 0, 0, '[]', '', ?, '')"
)
_ITEMS: Final = (
    "INSERT INTO items (id, session_id, position, spec, choices, case_id) VALUES (?, ?, ?, ?, ?, ?)"
)
_ANSWERS: Final = (
    "INSERT INTO answers (id, item_id, session_id, learner_id, case_id, choices, chosen, correct, "
    "confidence, shown_at, answered_at, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
)
_SESSIONS: Final = (
    "INSERT INTO sessions (id, learner_id, plan, seed, position, started_at, closed_at, abandoned) "
    "VALUES (?, ?, ?, 0, ?, ?, ?, 0)"
)
_LEARNERS: Final = (
    "INSERT INTO learners (id, name, name_key, role, created_at) VALUES (?, ?, ?, 'trainee', ?)"
)


def fill(
    database: Database,
    answers: int,
    learners: int,
    conditions: Sequence[str],
    progress: Callable[[float], None],
) -> None:
    """Adds that many answers, every one to a case of its own, in one transaction."""

    def work(raw: sqlite3.Connection) -> None:
        raw.execute("BEGIN IMMEDIATE")
        moment = _BEGUN.isoformat()
        raw.executemany(
            _LEARNERS, ((f"{n:032x}", f"Learner {n}", f"learner {n}", moment) for n in range(learners))
        )
        plan = json.dumps(
            {
                "conditions": list(conditions),
                "tones": list(range(1, 11)),
                "questions": QUESTIONS,
                "choices": 4,
                "mode": "practice",
            }
        )
        raw.executemany(
            _SESSIONS,
            (
                (f"{n:032x}", f"{n % learners:032x}", plan, QUESTIONS, moment, moment)
                for n in range(-(-answers // QUESTIONS))
            ),
        )
        rows, done = _rows(answers, learners, conditions), 0
        while some := list(islice(rows, _AT_ONCE)):
            for statement, place in ((_CASES, 0), (_ITEMS, 1), (_ANSWERS, 2)):
                raw.executemany(statement, [row[place] for row in some])
            done += len(some)
            progress(done / answers)
        raw.execute("COMMIT")

    database.run_raw(work)


def _rows(answers: int, learners: int, conditions: Sequence[str]) -> Iterator[tuple[tuple[Any, ...], ...]]:
    draw = random.Random(1)
    for number in range(answers):
        session = number // QUESTIONS
        spec = CaseSpec(
            condition=draw.choice(conditions),
            tone=MonkTone(draw.randint(1, 10)),
            seed=draw.randrange(2**63),
            source=draw.choice((Source.LEARNED, Source.RECIPE)),
        )
        text, case = spec.canonical_json(), f"{draw.getrandbits(256):064x}"
        others = [name for name in draw.sample(conditions, 4) if name != spec.condition]
        choices = [spec.condition, *others[:3]]
        right = draw.random() < 0.7 - 0.01 * spec.tone.value
        chosen = spec.condition if right else choices[draw.randint(1, 3)]
        shown = _BEGUN + timedelta(seconds=20 * number)
        answered = shown + timedelta(seconds=draw.lognormvariate(2.1, 0.5))
        names = f"{number:032x}", f"{session:032x}", f"{session % learners:032x}"
        item, options = f"{number:032x}", json.dumps(choices)
        yield (
            (case, text, spec.condition, spec.tone.value, spec.source.value, draw.random() < 0.01),
            (item, names[1], number % QUESTIONS, text, options, case),
            (names[0], item, names[1], names[2], case, options, chosen, chosen == spec.condition,
             draw.randint(1, 5), shown.isoformat(), answered.isoformat()),
        )  # fmt: skip

"""Columns of answers from a few numbers, for figures at their edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dermtutor.services.answer_columns import AnswerColumns, Words

MARCH = 1_772_500_000_000
"""Milliseconds: early in March 2026."""


def made_up(
    answers: Sequence[tuple[int, int, int, int, int]],
    conditions: int = 3,
    learners: int = 2,
    real: Sequence[bool] = (),
) -> AnswerColumns:
    """Columns of (learner, condition, tone, answered condition, confidence), an hour apart, with twins where lesions
    (the condition) recur for a learner. ``real`` says of each answer whether it was given to a photograph."""
    n = len(answers)
    rows = np.array(answers, np.int64).reshape(n, 5)
    zero = np.zeros(n, np.int64)
    kinds = np.array(real, np.int64) if len(real) else zero
    words = Words(
        tuple(f"learner-{k}" for k in range(learners)), tuple(f"quiz-{k}" for k in range(n // 5 + 1)),
        tuple(f"condition-{k}" for k in range(conditions)), ("practice",), ("",), ("learned", "real"),
    )  # fmt: skip
    arrays = {
        "sequence": np.arange(1, n + 1), "learner": rows[:, 0], "session": np.arange(n) // 5, "mode": zero,
        "case_set": zero, "condition": rows[:, 1], "chosen": rows[:, 3], "tone": rows[:, 2], "source": kinds,
        "correct": rows[:, 1] == rows[:, 3], "confidence": rows[:, 4], "options": zero + 4,
        "answered": MARCH + 3_600_000 * np.arange(n), "taken": 1000 + 37 * np.arange(n), "case": np.arange(n),
        "lesion": rows[:, 1] + 10, "reviewed": zero, "twin": zero,
    }  # fmt: skip
    return AnswerColumns.of(words, arrays).with_twins()

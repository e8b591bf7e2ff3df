"""Rows of exams under way and of spaced repetition to values of the domain and back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Row

from dermtutor.domain.records import DraftRecord, Outcome, ReviewState
from dermtutor.skin.scales import MonkTone
from dermtutor.storage.documents import draft_answer_of, draft_answer_text
from dermtutor.storage.rows import readable
from dermtutor.storage.schema import DraftRow, ReviewRow


def draft_fields(draft: DraftRecord) -> dict[str, str | bool | float | None]:
    """Columns of a draft."""
    return {
        "item_id": draft.item_id,
        "answer": None if draft.answer is None else draft_answer_text(draft.answer),
        "flagged": draft.flagged,
        "seconds": draft.seconds,
    }


@readable
def draft_of(row: DraftRow) -> DraftRecord:
    """Draft of a row."""
    answer = None if row.answer is None else draft_answer_of(row.answer)
    return DraftRecord(row.item_id, answer, row.flagged, row.seconds)


def review_fields(state: ReviewState) -> dict[str, str | int]:
    """Columns of a review state."""
    return {
        "learner_id": state.learner_id,
        "condition": state.condition,
        "tone": state.tone.value,
        "due": state.due.isoformat(),
        "card": state.card,
    }


@readable
def review_of(row: ReviewRow) -> ReviewState:
    """Review state of a row."""
    due = datetime.fromisoformat(row.due)
    return ReviewState(row.learner_id, row.condition, MonkTone(row.tone), due, row.card)


@readable
def outcome_of(row: Row[str, str, int, float, str, bool, int]) -> Outcome:
    """Outcome of the columns learner, condition, tone, severity, chosen, correct, number of options."""
    learner, condition, tone, severity, chosen, correct, options = row
    return Outcome(learner, condition, MonkTone(tone), float(severity), chosen, correct, options)

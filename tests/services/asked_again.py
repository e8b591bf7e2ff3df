"""The questions of a quiz once more: for somebody else, or with the same lesions on another tone."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime

from dermtutor.services.ports import Records
from dermtutor.skin.scales import MonkTone


def ask_again(records: Records, session_id: str, learner_id: str, tone: MonkTone | None = None) -> str:
    """A new session of the learner with the items of another; its id. The original has to be complete or open."""
    original, new = records.session(session_id), uuid.uuid4().hex
    items = [records.item_at(session_id, position) for position in range(original.total)]
    again = [
        replace(
            item, item_id=uuid.uuid4().hex, session_id=new, case_id=None,
            spec=item.spec if tone is None else item.spec.on_tone(tone),
        )
        for item in items
    ]  # fmt: skip
    session = replace(
        original,
        session_id=new,
        learner_id=learner_id,
        position=0,
        started_at=datetime.now(UTC),
        closed_at=None,
    )
    records.add_session(session, again)
    return new

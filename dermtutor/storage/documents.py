"""Values that a column holds whole, as JSON text: quiz plans and drafted answers. Keys without a value take defaults,
so that what an older release wrote reads as it was meant."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dermtutor.domain.modes import AnswerKind, Mode, QuizOptions
from dermtutor.domain.quiz import AnswerDetails, BlueprintCell, Click, Confidence, QuizPlan
from dermtutor.domain.records import DraftAnswer
from dermtutor.skin.scales import MonkTone


def plan_text(plan: QuizPlan) -> str:
    """JSON text of a plan."""
    return json.dumps(
        {
            "conditions": plan.conditions,
            "tones": [tone.value for tone in plan.tones],
            "questions": plan.questions,
            "choices": plan.choices,
            "mode": plan.mode.value,
            "options": asdict(plan.options),
            "blueprint": [[each.condition, each.tone.value, each.count] for each in plan.blueprint],
            "case_set": plan.case_set,
        }
    )


def plan_of(text: str) -> QuizPlan:
    """Plan of its JSON text. Raises ValueError, TypeError, KeyError or UserError when it is not one."""
    plan = json.loads(text)
    options = dict(plan.get("options", {}))
    if "kind" in options:
        options["kind"] = AnswerKind(options["kind"])
    return QuizPlan(
        conditions=tuple(plan["conditions"]),
        tones=tuple(MonkTone(value) for value in plan["tones"]),
        questions=plan["questions"],
        choices=plan["choices"],
        mode=Mode(plan["mode"]),
        options=QuizOptions(**options),
        blueprint=tuple(
            BlueprintCell(condition, MonkTone(tone), count)
            for condition, tone, count in plan.get("blueprint", ())
        ),
        case_set=plan.get("case_set", ""),
    )


def draft_answer_text(answer: DraftAnswer) -> str:
    """JSON text of a drafted answer."""
    fields: dict[str, Any] = asdict(answer) | {"answered_at": answer.answered_at.isoformat()}
    return json.dumps(fields)


def draft_answer_of(text: str) -> DraftAnswer:
    """Drafted answer of its JSON text. Raises ValueError, TypeError or KeyError when it is not one."""
    fields = json.loads(text)
    details = fields["details"]
    sure, first, click = fields["confidence"], details["first_confidence"], details["click"]
    return DraftAnswer(
        chosen=fields["chosen"],
        confidence=None if sure is None else Confidence(sure),
        answered_at=datetime.fromisoformat(fields["answered_at"]),
        details=AnswerDetails(
            ranked=tuple(details["ranked"]),
            features=tuple(details["features"]),
            against=tuple(details["against"]),
            first_choice=details["first_choice"],
            first_confidence=None if first is None else Confidence(first),
            click=None if click is None else Click(**click),
        ),
    )

"""Two forms of one test, counterbalanced: each asks for every condition once, with the skin tones crossed.

Form B shows the very lesions of form A; what was on a lighter tone is on a darker one, and the other way round. A
learner's two sittings therefore pair off, and a difference between tones is not one between lesions.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

from dermtutor.domain.adaptive import History
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.planning import MAX_SEED, plan_item
from dermtutor.domain.quiz import PlannedItem, QuizPlan
from dermtutor.skin.scales import MonkTone


def form_items(plan: QuizPlan, catalogue: Catalogue) -> tuple[PlannedItem, ...]:
    """The questions of form A or B of a plan: the same for whoever chooses these conditions and tones.

    Each form has as many lighter as darker tones, or one more of either. The order of the questions differs between
    the forms; lesion, severity and options of a condition do not. Raises UserError for an unknown condition.
    """
    draw = random.Random(_seed(plan))
    conditions = sorted(plan.conditions)
    draw.shuffle(conditions)
    lighter, darker = _halves(plan.tones, draw)
    items = []
    for place, condition in enumerate(conditions):
        tones = lighter[place % len(lighter)], darker[place % len(darker)]
        first = place % 2
        tone = tones[first] if plan.options.form == "A" else tones[1 - first]
        twin_draw = random.Random(draw.randrange(MAX_SEED))
        seed = twin_draw.randrange(MAX_SEED)
        items.append(
            plan_item(
                plan,
                catalogue,
                twin_draw,
                position=0,
                cell=(condition, tone),
                seed=seed,
                history=History(),
            )
        )
    random.Random(f"{_seed(plan)} {plan.options.form}").shuffle(items)
    return tuple(replace(item, position=position) for position, item in enumerate(items))


def _halves(tones: tuple[MonkTone, ...], draw: random.Random) -> tuple[list[MonkTone], list[MonkTone]]:
    """The lighter and the darker half; of an odd number the middle one belongs to neither."""
    ordered = sorted(tones)
    half = len(ordered) // 2
    lighter, darker = ordered[:half], ordered[-half:]
    draw.shuffle(lighter)
    draw.shuffle(darker)
    return lighter, darker


def _seed(plan: QuizPlan) -> int:
    """The same for both forms and every learner, another for other conditions, tones or kinds of answer."""
    parts = [*sorted(plan.conditions), *(str(tone.value) for tone in sorted(plan.tones)), str(plan.choices)]
    parts += [plan.options.kind.value, str(plan.options.none_of_these)]
    return int.from_bytes(hashlib.sha256("|".join(parts).encode()).digest()[:8], "big") % MAX_SEED

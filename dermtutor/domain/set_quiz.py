"""Quizzes on the cases of a case set: which of them a mode may ask, and in which order."""

from __future__ import annotations

import random

from dermtutor.domain.adaptive import History
from dermtutor.domain.case_sets import CaseSet, CaseState, SetCase
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import DEFAULT_OPTIONS, Mode, QuizOptions
from dermtutor.domain.planning import options_of
from dermtutor.domain.quiz import MAX_QUESTIONS, PlannedItem, QuizPlan
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone


def askable(case_set: CaseSet, mode: Mode) -> tuple[SetCase, ...]:
    """The cases that a mode may ask: an exam those that reviewers accepted, practice also those that nobody has
    reviewed, since it marks them. What a reviewer found fault with is not taught.

    Of one lesion on several tones only one, a pinned one if there is any, since tone twins never meet in a session.
    """
    states = {CaseState.ACCEPTED} if mode.feedback_at_end else {CaseState.ACCEPTED, CaseState.DRAFTED}
    allowed = [each for each in case_set.cases if each.state in states]
    lesions: dict[object, SetCase] = {}
    for each in sorted(allowed, key=lambda case: not case.pinned):
        lesions.setdefault(_lesion(each.case.spec), each)
    kept = {each.case.case_id for each in lesions.values()}
    return tuple(each for each in allowed if each.case.case_id in kept)


def _lesion(spec: CaseSpec) -> object:
    """What the tone twins of a generated lesion share. Every other picture is a lesion of its own."""
    return spec.on_tone(MonkTone(1)) if spec.source.generated else spec


def set_plan(
    case_set: CaseSet,
    mode: Mode,
    questions: int | None = None,
    choices: int = 4,
    options: QuizOptions = DEFAULT_OPTIONS,
) -> QuizPlan:
    """A quiz on a set, of all cases that the mode may ask (at most MAX_QUESTIONS) or so many of them.

    Raises UserError when there are none, or too few.
    """
    asked = askable(case_set, mode)
    _expect_enough(case_set, mode, len(asked), questions or 1)
    return QuizPlan(
        conditions=tuple(dict.fromkeys(each.case.spec.condition for each in asked)),
        tones=tuple(sorted({each.case.spec.tone for each in asked})),
        questions=questions or min(len(asked), MAX_QUESTIONS),
        choices=choices,
        mode=mode,
        options=options,
        case_set=case_set.set_id,
    )


def set_items(
    plan: QuizPlan, case_set: CaseSet, catalogue: Catalogue, seed: int
) -> tuple[tuple[SetCase, PlannedItem], ...]:
    """The questions of a plan on a set, in the set's order; the same for the same arguments.

    Where fewer are asked than there are, pinned cases come first and chance chooses among the others.
    """
    draw = random.Random(seed)
    cases = askable(case_set, plan.mode)
    _expect_enough(case_set, plan.mode, len(cases), plan.questions)
    order = sorted(range(len(cases)), key=lambda place: (not cases[place].pinned, draw.random()))
    planned = []
    for position, place in enumerate(sorted(order[: plan.questions])):
        spec = cases[place].case.spec
        choices, expected = options_of(spec.condition, plan, catalogue, History(), draw, spec.modality)
        planned.append(
            (
                cases[place],
                PlannedItem(
                    position=position,
                    condition=spec.condition,
                    tone=spec.tone,
                    seed=spec.seed,
                    severity=spec.severity,
                    source=spec.source,
                    choices=choices,
                    expected=expected,
                ),
            )
        )
    return tuple(planned)


def _expect_enough(case_set: CaseSet, mode: Mode, there: int, wanted: int) -> None:
    if not case_set.cases:
        raise UserError(f"The case set {case_set.name!r} is empty; build its cases first.")
    if there < wanted:
        accepted = " accepted" if mode.feedback_at_end else " usable"
        advice = (
            "accept more cases" if mode.feedback_at_end else "ask for fewer questions, or for more cases,"
        )
        cases = "case" if there == 1 else "cases"
        raise UserError(
            f"The case set {case_set.name!r} has {there}{accepted} {cases}, not {wanted}; {advice} first."
        )

"""A process that answers question after question and says so, until it is killed.

Usage: python -m tests.storage.answering HOME [exam|reflection]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dermtutor.domain.modes import Mode, QuizOptions
from dermtutor.domain.quiz import Confidence
from tests.services.fakes import Desk, small_plan

EXAM_QUESTIONS = 40


def answer_quizzes(desk: Desk) -> None:
    while True:
        unfinished = desk.quiz.unfinished(desk.learner().id)
        session_id = unfinished.session_id if unfinished else desk.begin(20, seed=None)
        case, feedback = desk.answer(session_id, right=len(desk.generator.generated) % 3 != 0)
        assert feedback.answer is not None
        say(case.question.item_id, feedback.answer.answer_id, feedback.answer.chosen)


def answer_exam(desk: Desk) -> None:
    """One exam, its questions over and over; every answer is told with the end of the exam."""
    unfinished = desk.quiz.unfinished(desk.learner().id)
    plan = replace(small_plan(EXAM_QUESTIONS), mode=Mode.EXAM, options=QuizOptions(minutes=60))
    session_id = unfinished.session_id if unfinished else desk.quiz.start(desk.learner().id, plan)
    position = desk.exam.state(session_id).answered
    while True:
        case = desk.exam.case(session_id, position % EXAM_QUESTIONS)
        chosen = case.question.choices[position % len(case.question.choices)]
        sure = Confidence.HALF if position % 2 else None
        desk.exam.draft(session_id, case.question.item_id, chosen, sure, datetime.now(UTC))
        say(case.question.item_id, str(desk.exam.state(session_id).deadline).replace(" ", "T"), chosen)
        position += 1


def reflect(desk: Desk) -> None:
    """First answers, each told once it is kept, then weighed to another."""
    unfinished = desk.quiz.unfinished(desk.learner().id)
    plan = replace(small_plan(EXAM_QUESTIONS), mode=Mode.REFLECTION)
    session_id = unfinished.session_id if unfinished else desk.quiz.start(desk.learner().id, plan)
    while (case := desk.quiz.next_case(session_id)) is not None:
        item, now, (first, *others) = case.question.item_id, datetime.now(UTC), case.question.choices
        if case.first is None:
            desk.quiz.weigh(session_id, item, first, Confidence.UNSURE, now)
        say(item, first)
        desk.quiz.answer(session_id, item, others[0], Confidence.HALF, now, now)


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    desk = Desk(Path(sys.argv[1]))
    ways = {"exam": answer_exam, "reflection": reflect}
    ways.get(sys.argv[-1], answer_quizzes)(desk)


if __name__ == "__main__":
    main()

"""Takes a whole quiz from a sheet of answers, through the same use cases as the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import AnswerKind
from dermtutor.domain.quiz import AnswerDetails, QuizPlan
from dermtutor.errors import UserError
from dermtutor.services.answer_sheet import SheetAnswer, resolve
from dermtutor.services.exam import Exam
from dermtutor.services.ports import Progress
from dermtutor.services.presented import PresentedCase
from dermtutor.services.quiz import Quiz


@dataclass(frozen=True, slots=True)
class Taken:
    """A quiz that was taken: its session, how many questions were answered and how many of them right."""

    session: str
    asked: int
    correct: int


def take(
    quiz: Quiz,
    exam: Exam,
    catalogue: Catalogue,
    learner_id: str,
    plan: QuizPlan,
    sheet: Sequence[SheetAnswer],
    *,
    seed: int | None = None,
    progress: Progress | None = None,
) -> Taken:
    """Answers a new quiz line by line; a drill may end before the sheet does.

    A line without an answer leaves a question of an exam open. Raises UserError, naming the line, for an answer that
    cannot be given; what was answered before it is kept, and the quiz can be continued.
    """
    session = quiz.start(learner_id, plan, seed)
    for place, line in enumerate(sheet):
        at_end = plan.mode.feedback_at_end
        case = exam.case(session, place) if at_end else quiz.next_case(session)
        if case is None:
            break
        try:
            _give(quiz, exam, catalogue, session, case, line)
        except UserError as problem:
            raise UserError(f"Line {line.line} of the answers: {problem}") from problem
        if progress is not None:
            progress((place + 1) / len(sheet))
    if plan.mode.feedback_at_end:
        exam.hand_in(session)
    summary = quiz.summary(session)
    return Taken(session, summary.score.n, summary.score.k)


def _give(
    quiz: Quiz, exam: Exam, catalogue: Catalogue, session: str, case: PresentedCase, line: SheetAnswer
) -> None:
    question = case.question
    if not line.chosen:
        if case.mode.feedback_at_end:
            return
        raise UserError("an answer is missing; only an exam's questions can be left open.")
    chosen = tuple(resolve(written, question.choices, catalogue) for written in line.chosen)
    ranked = question.kind is AnswerKind.DIFFERENTIAL
    if len(chosen) > 1 and not ranked:
        raise UserError("several diagnoses are named; only a ranked differential takes them.")
    details = AnswerDetails(ranked=chosen if ranked else ())
    now = datetime.now(UTC)
    if case.mode.feedback_at_end:
        exam.looked_at(session, question.item_id, line.seconds)
        exam.draft(session, question.item_id, chosen[0], line.confidence, now, details)
    else:
        shown_at = now - timedelta(seconds=line.seconds)
        quiz.answer(session, question.item_id, chosen[0], line.confidence, shown_at, now, details)

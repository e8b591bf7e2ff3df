"""What a learner said beyond one diagnosis, beside what was so: sentences for the feedback."""

from __future__ import annotations

from collections.abc import Iterable

from dermtutor.domain.features import FeatureScore
from dermtutor.domain.quiz import AnswerDetails
from dermtutor.services.presented import Feedback
from dermtutor.ui.widgets.marks import spelled


def own_words(feedback: Feedback) -> list[str]:
    """One sentence for each thing that was asked beyond the diagnosis."""
    if feedback.answer is None:
        return []
    details = feedback.answer.details
    said = [_rank(feedback, details), _change(feedback, details), _click(details)]
    if feedback.features is not None:
        said += _features(feedback.features)
    if details.against:
        said.append(f"Against it you named {_terms(details.against)}.")
    return [text for text in said if text]


def _rank(feedback: Feedback, details: AnswerDetails) -> str:
    if not details.ranked:
        return ""
    if feedback.condition.id not in details.ranked:
        return "The diagnosis was not in your differential."
    place = details.ranked.index(feedback.condition.id)
    return f"In your differential the diagnosis came {('first', 'second', 'third', 'fourth')[place]}."


def _change(feedback: Feedback, details: AnswerDetails) -> str:
    if details.first_choice is None or feedback.answer is None:
        return ""
    before, after = details.first_choice == feedback.condition.id, feedback.correct
    if details.first_choice == feedback.answer.chosen:
        return "You kept your first answer."
    if after:
        return "You changed your answer, and were right to."
    return "You had it right before you changed your answer." if before else "You changed your answer."


def _click(details: AnswerDetails) -> str:
    if details.click is None:
        return ""
    return (
        "You found the lesion."
        if details.click.hit
        else "Your mark lies beside the lesion: press M for its outline."
    )


def _features(score: FeatureScore) -> list[str]:
    said = []
    if score.shared:
        said.append(f"Typical of it, as you said: {_terms(score.shared)}.")
    if score.others:
        said.append(f"Not among its typical features: {_terms(score.others)}.")
    if score.not_named:
        said.append(f"It may also show {_terms(score.not_named)}.")
    return said


def _terms(terms: Iterable[str]) -> str:
    return ", ".join(spelled(term).lower() for term in terms)

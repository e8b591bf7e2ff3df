"""How far reviewers of a case set agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from dermtutor.domain.agreement import cohen_kappa, krippendorff_alpha
from dermtutor.domain.case_sets import CaseReview, CaseSet, CaseState


@dataclass(frozen=True, slots=True)
class ReviewAgreement:
    """Agreement on the cases that two or more looked at: their number, and how many all of them judged alike.

    ``kappa`` is Cohen's for the two ``reviewers`` who share most cases, ``shared`` so many; ``alpha`` is Krippendorff's
    (nominal) over all reviewers. Both are None where they are undefined, as when every verdict is the same.
    """

    cases: int
    alike: int
    reviewers: tuple[str, str]
    shared: int
    kappa: float | None
    alpha: float | None


def agreement_of(case_set: CaseSet) -> ReviewAgreement | None:
    """The agreement of a set's reviewers, None where no case has two.

    The first verdict of each since the case was last changed counts. It is independent, since nobody sees another's
    before it (``SetCase.seen_by``); a later one may follow another's.
    """
    judged = [first_verdicts(each.reviews) for each in case_set.cases]
    twice = [said for said in judged if len(said) > 1]
    if not twice:
        return None
    pairs = Counter(pair for said in twice for pair in combinations(sorted(said), 2))
    (first, second), shared = min(pairs.items(), key=lambda item: (-item[1], item[0]))
    both = Counter((said[first], said[second]) for said in twice if first in said and second in said)
    verdicts = (CaseState.ACCEPTED, CaseState.REJECTED)
    names = sorted({name for said in twice for name in said})
    ratings = [[_rating(said.get(name)) for said in twice] for name in names]
    return ReviewAgreement(
        cases=len(twice),
        alike=sum(len(set(said.values())) == 1 for said in twice),
        reviewers=(first, second),
        shared=shared,
        kappa=cohen_kappa([[both[one, other] for other in verdicts] for one in verdicts]),
        alpha=krippendorff_alpha(ratings),
    )


def first_verdicts(reviews: Iterable[CaseReview]) -> dict[str, CaseState]:
    """The first verdict of each reviewer since the case was last changed."""
    said: dict[str, CaseState] = {}
    for review in reviews:
        if review.state is CaseState.DRAFTED:
            said.clear()
        else:
            said.setdefault(review.reviewer, review.state)
    return said


def _rating(verdict: CaseState | None) -> float | None:
    return None if verdict is None else float(verdict is CaseState.ACCEPTED)

"""What of a case set may leave this computer: no face and no photograph without permission for it, nothing rejected."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dermtutor.domain.case_sets import CaseSet, CaseState, SetCase
from dermtutor.errors import UserError


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many cases stay behind, each counted once, for the first of these reasons that holds."""

    faces: int = 0
    not_permitted: int = 0
    rejected: int = 0

    @property
    def total(self) -> int:
        """All that stay behind."""
        return self.faces + self.not_permitted + self.rejected

    def __str__(self) -> str:
        """What a person is told, empty where nothing stays behind."""
        reasons = (
            (self.faces, "a face can be recognised"),
            (self.not_permitted, "no permission to pass the photograph on is recorded"),
            (self.rejected, "rejected in review"),
        )
        told = ", ".join(f"{count} ({reason})" for count, reason in reasons if count)
        return f"Left out: {told}." if told else ""


def leaving(case_set: CaseSet, *, teaching: bool) -> tuple[CaseSet, LeftOut]:
    """The set as it may leave, and what stays behind. ``teaching`` leaves out rejected cases, too.

    Raises UserError when nothing is left.
    """
    counts = {"faces": 0, "not_permitted": 0, "rejected": 0}
    kept = []
    for case in case_set.cases:
        reason = _held_back(case, teaching)
        if reason is None:
            kept.append(case)
        else:
            counts[reason] += 1
    left_out = LeftOut(**counts)
    if not kept:
        told = str(left_out) or "It has none."
        raise UserError(f"No case of {case_set.name} can leave; choose another set. {told}")
    return replace(case_set, cases=tuple(kept)), left_out


def _held_back(case: SetCase, teaching: bool) -> str | None:
    photograph = case.photograph
    if photograph is not None and photograph.face and not photograph.may_leave:
        return "faces"
    # A photograph of which nothing is recorded is treated as one that must not leave.
    if photograph is None and not case.case.spec.source.generated:
        return "not_permitted"
    if photograph is not None and not photograph.may_leave:
        return "not_permitted"
    if teaching and case.state is CaseState.REJECTED:
        return "rejected"
    return None

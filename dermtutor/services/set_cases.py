"""What is done with the cases of a set: order, pin, tell, judge, take out, and draw anew."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from dermtutor.domain.case_sets import CaseReview, CaseSet, CaseState, SetCase, Stem
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.planning import MAX_SEED
from dermtutor.errors import UserError
from dermtutor.services.case_supply import CaseSupply
from dermtutor.services.ports import CancelToken, MediaStore
from dermtutor.services.ports_sets import CaseSetStore
from dermtutor.skin.scales import MonkTone


class SetCases:
    """The part of the use cases of case sets that is about single cases."""

    def __init__(self, store: CaseSetStore, supply: CaseSupply, media: MediaStore) -> None:
        self._store = store
        self._supply = supply
        self._media = media

    def get(self, set_id: str) -> CaseSet:
        """The set with its cases. Raises UserError for an unknown one."""
        return self._store.case_set(set_id)

    def order(self, set_id: str, case_ids: Sequence[str]) -> None:
        """Another order of all cases."""
        self._store.keep_order(set_id, case_ids)

    def pin(self, set_id: str, case_ids: Sequence[str], pinned: bool = True) -> None:
        """A pinned case is always asked, and neither replaced nor taken out."""
        self._store.keep_pins(set_id, case_ids, pinned)

    def edit_stem(self, set_id: str, case_id: str, stem: Stem, by: str) -> None:
        """Another stem. Verdicts on the case with the old one no longer count. Raises UserError for an unsound stem."""
        stem.check()
        if self._case(set_id, case_id).stem != stem:
            self._store.keep_stem(set_id, case_id, stem, _said(by, CaseState.DRAFTED, "stem changed"))

    def accept(self, set_id: str, case_ids: Sequence[str], by: str) -> None:
        """The cases may be used in exams."""
        self._store.add_review(set_id, case_ids, _said(by, CaseState.ACCEPTED, ""))

    def reject(self, set_id: str, case_ids: Sequence[str], reason: str, by: str) -> None:
        """The cases stay out of exams. Raises UserError without a reason."""
        if not reason.strip():
            raise UserError("Say why the case is rejected, so that others can learn from it.")
        self._store.add_review(set_id, case_ids, _said(by, CaseState.REJECTED, reason.strip()))

    def take_out(self, set_id: str, case_ids: Sequence[str]) -> None:
        """Takes cases out of the set. Raises UserError when one is pinned."""
        wanted = set(case_ids)
        if any(each.pinned for each in self.get(set_id).cases if each.case.case_id in wanted):
            raise UserError("A pinned case stays in its set; take off its pin first.")
        self._tidy(self._store.remove_cases(set_id, case_ids))

    def regenerate(self, set_id: str, case_id: str, by: str, cancel: CancelToken | None = None) -> SetCase:
        """Another lesion of the same condition, tone, site and severity in its place."""
        old = self._replaceable(set_id, case_id)
        return self._replace(
            set_id, old, replace(old.case.spec, seed=any_seed(), near=None), "regenerated", by, cancel
        )

    def similar(self, set_id: str, case_id: str, by: str, cancel: CancelToken | None = None) -> SetCase:
        """A new lesion that resembles this one, as a further case at the end of the set."""
        old = self._generated(set_id, case_id)
        self._expect_installed(old.case.spec)
        spec = self._supply.similar(old.case.spec, any_seed())
        change = _said(by, CaseState.DRAFTED, "similar to another case")
        made = self._made(spec, SetCase(old.case, old.stem, reviews=(change,)), cancel)
        self._store.add_cases(set_id, [made])
        return made

    def retone(
        self, set_id: str, case_id: str, tone: MonkTone, by: str, cancel: CancelToken | None = None
    ) -> SetCase:
        """The same lesion on another tone, in its place."""
        old = self._replaceable(set_id, case_id)
        self._expect_installed(old.case.spec)
        return self._replace(set_id, old, old.case.spec.on_tone(tone), f"put on {tone}", by, cancel)

    def _replace(
        self, set_id: str, old: SetCase, spec: CaseSpec, how: str, by: str, cancel: CancelToken | None
    ) -> SetCase:
        change = _said(by, CaseState.DRAFTED, how)
        made = self._made(spec, replace(old, reviews=(*old.reviews, change)), cancel)
        self._tidy(self._store.replace_case(set_id, old.case.case_id, made))
        return made

    def _tidy(self, files: Sequence[str]) -> None:
        for sha in files:
            self._media.remove(sha)

    def _made(self, spec: CaseSpec, like: SetCase, cancel: CancelToken | None) -> SetCase:
        ready = self._supply.keep_files(self._supply.make(spec, cancel, urgent=True))
        return replace(like, case=ready.record)

    def _expect_installed(self, spec: CaseSpec) -> None:
        """Raises UserError when the lesion was made by weights or a recipe that are gone."""
        if self._supply.current(spec) != spec:
            raise UserError(
                "The weights or recipe of this case are no longer installed; regenerate it to get a new lesion."
            )

    def _case(self, set_id: str, case_id: str) -> SetCase:
        found = self._store.set_case(set_id, case_id)
        if found is None:
            raise UserError("This case is no longer in the set; choose another.")
        return found

    def _generated(self, set_id: str, case_id: str) -> SetCase:
        found = self._case(set_id, case_id)
        if not found.case.spec.source.generated:
            raise UserError("A photograph cannot be generated anew; choose a generated case.")
        return found

    def _replaceable(self, set_id: str, case_id: str) -> SetCase:
        if self.get(set_id).frozen:
            raise UserError("An exam has used this case set; make a new version and change that.")
        found = self._generated(set_id, case_id)
        if found.pinned:
            raise UserError("A pinned case stays as it is; take off its pin first.")
        return found


def any_seed(chosen: int | None = None) -> int:
    """The seed chosen, or any."""
    return random.SystemRandom().randrange(MAX_SEED) if chosen is None else chosen


def _said(by: str, state: CaseState, reason: str) -> CaseReview:
    return CaseReview(by, state, reason, datetime.now(UTC))

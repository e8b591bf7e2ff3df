"""Case sets as educators make them: begin, build, order, change, review, version."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from dermtutor.domain.case_sets import CaseReview, CaseSet, CaseState, SetCase, SetSummary, Stem
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.planning import MAX_SEED
from dermtutor.domain.quiz import BlueprintCell
from dermtutor.domain.set_cover import MOST_CASES, BuildPlan, Severity, missing_cells, specs_for
from dermtutor.errors import UserError
from dermtutor.services.case_supply import CaseSupply
from dermtutor.services.ports import CancelToken, MediaStore
from dermtutor.services.ports_sets import CaseSetStore
from dermtutor.services.set_builder import SetBuilder
from dermtutor.skin.scales import MonkTone

LONGEST_NAME: Final = 80


class CaseSets:
    """The case sets of one application. Thread-safe; calls block until done.

    ``by`` is the name of who does it; it stays with the set. Whatever would change a set that an exam has used raises
    UserError.
    """

    def __init__(
        self, catalogue: Catalogue, store: CaseSetStore, supply: CaseSupply, media: MediaStore
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._supply = supply
        self._media = media
        self._builder = SetBuilder(store, supply)

    # What there is

    def summaries(self) -> tuple[SetSummary, ...]:
        """All sets without their cases, by name, the newest version of each first."""
        return self._store.summaries()

    def get(self, set_id: str) -> CaseSet:
        """The set with its cases. Raises UserError for an unknown one."""
        return self._store.case_set(set_id)

    def named(self, name: str) -> CaseSet:
        """The newest version of the set of that name or id. Raises UserError, naming the sets there are."""
        wanted = " ".join(name.split()).casefold()
        found = self._store.summaries()
        for summary in found:
            if wanted in (summary.case_set.name.casefold(), summary.case_set.set_id):
                return self._store.case_set(summary.case_set.set_id)
        there = ", ".join(dict.fromkeys(summary.case_set.name for summary in found))
        advice = f"there are: {there}." if there else "build one first."
        raise UserError(f"No case set is called {name!r}; {advice}")

    def image(self, sha: str) -> bytes | None:
        """An image file of a case, None when it is lost."""
        return self._media.get(sha)

    def wanted(self, set_id: str) -> tuple[CaseSpec, ...]:
        """What was asked for and is still to be made."""
        return tuple(spec for _, spec in self._store.wanted(set_id))

    # Sets as wholes

    def create(self, name: str, by: str) -> CaseSet:
        """A new, empty set. Raises UserError for an empty or overlong name, or one that is taken."""
        made = CaseSet(_new_id(), _new_id(), 1, self._free_name(name), by, datetime.now(UTC))
        self._store.add(made)
        return made

    def rename(self, set_id: str, name: str) -> None:
        """Another name for this version. Raises UserError as ``create`` does."""
        self._store.rename(set_id, self._free_name(name, self.get(set_id).series))

    def duplicate(self, set_id: str, name: str, by: str) -> CaseSet:
        """A set of its own with the same cases, stems and verdicts."""
        made = self._copy(set_id, by, name=self._free_name(name), series=_new_id(), version=1)
        self._store.add(made)
        return made

    def new_version(self, set_id: str, by: str) -> CaseSet:
        """The next version of a set, with the same cases, stems and verdicts; it can be changed."""
        series = self.get(set_id).series
        versions = [s.case_set.version for s in self._store.summaries() if s.case_set.series == series]
        made = self._copy(set_id, by, version=max(versions) + 1)
        self._store.add(made)
        return made

    def remove(self, set_id: str) -> None:
        """Removes the set, and the cases and files that nothing else needs."""
        self._tidy(self._store.remove(set_id))

    def _copy(self, set_id: str, by: str, **changed: object) -> CaseSet:
        fresh = {"set_id": _new_id(), "author": by, "created_at": datetime.now(UTC), "used_at": None}
        return replace(self.get(set_id), **fresh | changed)  # type: ignore[arg-type]

    def _free_name(self, name: str, series: str = "") -> str:
        """The name without needless spaces, unless a set of another series has it."""
        sound = " ".join(name.split())
        if not sound or len(sound) > LONGEST_NAME:
            raise UserError(f"Give the case set a name of 1 to {LONGEST_NAME} characters.")
        for summary in self._store.summaries():
            taken = summary.case_set
            if taken.series != series and taken.name.casefold() == sound.casefold():
                raise UserError(f"A case set is called {taken.name!r} already; choose another name.")
        return sound

    # Building

    def ask_for(self, set_id: str, plan: BuildPlan, seed: int | None = None) -> int:
        """Keeps what is to be made; ``build`` makes it. Returns how many cases. The same seed asks for the same."""
        specs = specs_for(plan.cells(), self._catalogue, _seed(seed), plan.sites, plan.severities)
        self._want(set_id, specs)
        return len(specs)

    def missing(
        self, set_id: str, tones: Sequence[MonkTone] | None = None, per_cell: int | None = None
    ) -> tuple[BlueprintCell, ...]:
        """What the set needs to be balanced over its conditions and the tones (None: all)."""
        return missing_cells(self.get(set_id), tones or MonkTone.all(), self.wanted(set_id), per_cell)

    def balance(
        self,
        set_id: str,
        tones: Sequence[MonkTone] | None = None,
        per_cell: int | None = None,
        severities: Sequence[Severity] = tuple(Severity),
        seed: int | None = None,
    ) -> int:
        """Asks for what is missing. Returns how many cases."""
        cells = self.missing(set_id, tones, per_cell)
        specs = specs_for(cells, self._catalogue, _seed(seed), severities=severities)
        self._want(set_id, specs)
        return len(specs)

    def build(
        self,
        set_id: str,
        cancel: CancelToken | None = None,
        came: Callable[[Sequence[SetCase], int], None] | None = None,
    ) -> int:
        """Makes what was asked for. ``came`` gets new cases, and how many are still to come, from a thread of its own.

        Setting the token pauses: what is missing stays asked for, also after a crash. Returns how many were made.
        """
        return self._builder.build(set_id, cancel, came)

    def give_up(self, set_id: str) -> None:
        """Nothing more is to be made; what was made stays."""
        self._store.forget_wanted(set_id)

    def _want(self, set_id: str, specs: Sequence[CaseSpec]) -> None:
        there = len(self.get(set_id).cases) + len(self._store.wanted(set_id))
        if there + len(specs) > MOST_CASES:
            raise UserError(
                f"A set holds at most {MOST_CASES} cases, and this one has {there}; ask for fewer."
            )
        self._store.want(set_id, [self._supply.current(spec) for spec in specs])

    # Its cases

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
            set_id, old, replace(old.case.spec, seed=_seed(), near=None), "regenerated", by, cancel
        )

    def similar(self, set_id: str, case_id: str, by: str, cancel: CancelToken | None = None) -> SetCase:
        """A new lesion that resembles this one, as a further case at the end of the set."""
        old = self._generated(set_id, case_id)
        self._expect_installed(old.case.spec)
        spec = self._supply.similar(old.case.spec, _seed())
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


def _said(by: str, state: CaseState, reason: str) -> CaseReview:
    return CaseReview(by, state, reason, datetime.now(UTC))


def _new_id() -> str:
    return uuid.uuid4().hex


def _seed(chosen: int | None = None) -> int:
    return random.SystemRandom().randrange(MAX_SEED) if chosen is None else chosen

"""Case sets as educators make them: begin, build, order, change, review, version."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from dermtutor.domain.case_sets import CaseSet, SetCase, SetSummary
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.quiz import BlueprintCell
from dermtutor.domain.set_cover import MOST_CASES, BuildPlan, Severity, missing_cells, specs_for
from dermtutor.errors import UserError
from dermtutor.services.case_supply import CaseSupply
from dermtutor.services.ports import CancelToken, MediaStore
from dermtutor.services.ports_sets import CaseSetStore
from dermtutor.services.set_builder import SetBuilder
from dermtutor.services.set_cases import SetCases, any_seed
from dermtutor.skin.scales import MonkTone

LONGEST_NAME: Final = 80


class CaseSets(SetCases):
    """The case sets of one application. Thread-safe; calls block until done.

    ``by`` is the name of who does it; it stays with the set. Whatever would change a set that an exam has used raises
    UserError.
    """

    def __init__(
        self, catalogue: Catalogue, store: CaseSetStore, supply: CaseSupply, media: MediaStore
    ) -> None:
        super().__init__(store, supply, media)
        self._catalogue = catalogue
        self._builder = SetBuilder(store, supply)

    # What there is

    def summaries(self) -> tuple[SetSummary, ...]:
        """All sets without their cases, by name, the newest version of each first."""
        return self._store.summaries()

    def named(self, name: str) -> CaseSet:
        """The newest version of the set of that name, or the set of that id.

        Raises UserError, naming the sets there are, and for a name that a set from elsewhere shares with another.
        """
        wanted = " ".join(name.split()).casefold()
        found = self._store.summaries()
        for summary in found:
            if summary.case_set.set_id == wanted:
                return self._store.case_set(wanted)
        called = [each.case_set for each in found if each.case_set.name.casefold() == wanted]
        if len({each.series for each in called}) > 1:
            which = "; ".join(f"{each.set_id} by {each.author}" for each in called)
            raise UserError(f"Several case sets are called {called[0].name!r}; name one by its id: {which}.")
        if called:
            return self._store.case_set(called[0].set_id)
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
        specs = specs_for(plan.cells(), self._catalogue, any_seed(seed), plan.sites, plan.severities)
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
        specs = specs_for(cells, self._catalogue, any_seed(seed), severities=severities)
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


def _new_id() -> str:
    return uuid.uuid4().hex

"""Case sets over SQLite: every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dermtutor.domain.case_sets import CaseReview, CaseSet, SetCase, SetSummary, Stem
from dermtutor.domain.cases import CaseSpec
from dermtutor.errors import UserError
from dermtutor.storage import set_rows, set_work
from dermtutor.storage.database import Database
from dermtutor.storage.schema import CaseSetRow, SetCaseRow, SetWantRow

T = TypeVar("T")
_USED: Final = "An exam has used this case set, so it stays as it is; make a new version and change that."


class SqlCaseSets:
    """Implements ``services.ports_sets.CaseSetStore``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def summaries(self) -> tuple[SetSummary, ...]:
        """All sets without their cases, by name, the newest version of each first."""

        def work(session: Session) -> tuple[SetSummary, ...]:
            states = set_work.states_of_sets(session)
            wants = select(SetWantRow.set_id, func.count()).group_by(SetWantRow.set_id)
            wanted = {row[0]: row[1] for row in session.execute(wants)}
            found = session.scalars(
                select(CaseSetRow).order_by(
                    func.lower(CaseSetRow.name), CaseSetRow.series, CaseSetRow.version.desc()
                )
            )
            return tuple(
                SetSummary(set_rows.set_of(row), states.get(row.set_id, {}), wanted.get(row.set_id, 0))
                for row in found
            )

        return self._database.run(work)

    def case_set(self, set_id: str) -> CaseSet:
        """The set with its cases in order and their reviews."""
        return self._database.run(
            lambda session: set_rows.set_of(
                set_work.known_set(session, set_id), set_work.cases_of(session, set_id)
            )
        )

    def set_case(self, set_id: str, case_id: str) -> SetCase | None:
        """One case of a set; None when the set does not hold it (any more)."""
        return self._database.run(
            lambda session: next(iter(set_work.cases_of(session, set_id, case_id)), None)
        )

    def add(self, case_set: CaseSet) -> None:
        """A whole set with its cases and reviews, and when it was used."""

        def work(session: Session) -> None:
            here = (CaseSetRow.set_id == case_set.set_id) | (
                (CaseSetRow.series == case_set.series) & (CaseSetRow.version == case_set.version)
            )
            if session.scalar(select(CaseSetRow.name).where(here)) is not None:
                raise UserError(
                    f"Version {case_set.version} of the case set {case_set.name!r} is here already."
                )
            session.add(set_rows.set_row(case_set))
            session.flush()
            set_work.put_cases(session, case_set.set_id, enumerate(case_set.cases))
            if case_set.used_at is not None:
                set_work.mark_used(session, case_set.set_id, case_set.used_at)

        self._database.run(work)

    def rename(self, set_id: str, name: str) -> None:
        """Another name for this version."""

        def work(session: Session) -> None:
            set_work.known_set(session, set_id).name = name

        self._change(work)

    def remove(self, set_id: str) -> tuple[str, ...]:
        """Removes a set, and the cases that nothing else names. Returns the hashes of files that no case needs now."""

        def work(session: Session) -> tuple[str, ...]:
            row = set_work.known_set(session, set_id)
            held = list(session.scalars(select(SetCaseRow.case_id).where(SetCaseRow.set_id == set_id)))
            session.delete(row)
            session.flush()
            return set_work.forget_cases(session, held)

        return self._change(work)

    def add_cases(self, set_id: str, cases: Sequence[SetCase], places: Sequence[int] | None = None) -> None:
        """Further cases: each at the place of the wanted case that it is, which is then made; else at the end."""

        def work(session: Session) -> None:
            set_work.known_set(session, set_id)
            end = set_work.end_of(session, set_id)
            placed = list(zip(places or range(end, end + len(cases)), cases, strict=True))
            set_work.put_cases(session, set_id, placed)
            for place, _ in placed if places else ():
                session.execute(
                    delete(SetWantRow).where(SetWantRow.set_id == set_id, SetWantRow.position == place)
                )

        self._change(work)

    def replace_case(self, set_id: str, case_id: str, new: SetCase) -> tuple[str, ...]:
        """Another case, with its own reviews, in the place of one. Returns the files that no case needs now."""

        def work(session: Session) -> tuple[str, ...]:
            old = set_work.held_case(session, set_id, case_id)
            place = old.position
            if session.get(SetCaseRow, (set_id, new.case.case_id)) is not None:
                raise UserError("This case is in the set already; ask for another.")
            session.delete(old)
            session.flush()
            set_work.put_cases(session, set_id, [(place, new)])
            return set_work.forget_cases(session, [case_id])

        return self._change(work)

    def remove_cases(self, set_id: str, case_ids: Sequence[str]) -> tuple[str, ...]:
        """Takes cases out of the set, and removes those that nothing else names. Returns the files not needed now."""

        def work(session: Session) -> tuple[str, ...]:
            for case_id in case_ids:
                session.delete(set_work.held_case(session, set_id, case_id))
            session.flush()
            return set_work.forget_cases(session, case_ids)

        return self._change(work)

    def keep_order(self, set_id: str, case_ids: Sequence[str]) -> None:
        """Another order: the cases change places among themselves, so that those still wanted keep theirs."""

        def work(session: Session) -> None:
            held = {
                row.case_id: row
                for row in session.scalars(select(SetCaseRow).where(SetCaseRow.set_id == set_id))
            }
            if sorted(case_ids) != sorted(held):
                raise UserError("The set has changed meanwhile; look at its cases and order them again.")
            places = sorted(row.position for row in held.values())
            for place, case_id in zip(places, case_ids, strict=True):
                held[case_id].position = place

        self._change(work)

    def keep_stem(self, set_id: str, case_id: str, stem: Stem, change: CaseReview) -> None:
        """Another stem, and who changed it."""

        def work(session: Session) -> None:
            row = set_work.held_case(session, set_id, case_id)
            row.age, row.site, row.history = stem.age, stem.site, stem.history
            set_work.add_review(session, set_id, case_id, change)

        self._change(work)

    def keep_pins(self, set_id: str, case_ids: Sequence[str], pinned: bool) -> None:
        """Pins cases or takes their pins off."""

        def work(session: Session) -> None:
            for case_id in case_ids:
                set_work.held_case(session, set_id, case_id).pinned = pinned

        self._change(work)

    def add_review(self, set_id: str, case_ids: Sequence[str], review: CaseReview) -> None:
        """One verdict on each of the cases."""

        def work(session: Session) -> None:
            for case_id in case_ids:
                set_work.held_case(session, set_id, case_id)
                set_work.add_review(session, set_id, case_id, review)

        self._change(work)

    def want(self, set_id: str, specs: Sequence[CaseSpec]) -> None:
        """Cases to be made, at the end of the set and of what is wanted already."""

        def work(session: Session) -> None:
            set_work.known_set(session, set_id)
            session.add_all(
                SetWantRow(set_id=set_id, position=place, spec=spec.canonical_json())
                for place, spec in enumerate(specs, set_work.end_of(session, set_id))
            )

        self._change(work)

    def wanted(self, set_id: str) -> tuple[tuple[int, CaseSpec], ...]:
        """What is still to be made, with its place, in order."""
        query = select(SetWantRow).where(SetWantRow.set_id == set_id).order_by(SetWantRow.position)
        return self._database.run(
            lambda session: tuple((row.position, set_work.want_of(row)) for row in session.scalars(query))
        )

    def forget_wanted(self, set_id: str) -> None:
        """Nothing more is to be made."""
        self._change(lambda session: set_work.forget_wanted(session, set_id))

    def mark_used(self, set_id: str, when: datetime) -> None:
        """From now on the set does not change, and nothing more is made for it."""
        self._change(lambda session: set_work.mark_used(session, set_id, when))

    def _change(self, work: Callable[[Session], T]) -> T:
        """What ``work`` returns. A trigger's refusal is told as a sentence."""
        try:
            return self._database.run(work)
        except IntegrityError as problem:
            if "an exam has used" not in str(problem.orig):
                raise
            raise UserError(_USED) from problem

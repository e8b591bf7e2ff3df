"""Making case sets: build and go on, balance, change, review, version."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.domain.case_sets import (
    CaseReview,
    CaseSet,
    CaseState,
    SetCase,
    Stem,
    judged_by_others,
    verdicts,
)
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.modes import Mode
from dermtutor.domain.records import CaseRecord
from dermtutor.domain.set_agreement import agreement_of
from dermtutor.domain.set_cover import BuildPlan, Severity, coverage, missing_cells, specs_for
from dermtutor.domain.set_quiz import set_plan
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import Desk, small_catalogue

THEN = datetime(2026, 3, 4, 12, tzinfo=UTC)
CONDITIONS = ("melanoma", "melanocytic-naevus", "vitiligo")
TONES = tuple(MonkTone(value) for value in (2, 5, 9))


def plan(number: int = 6, **fields: object) -> BuildPlan:
    return replace(BuildPlan(CONDITIONS, TONES, number), **fields)  # type: ignore[arg-type]


@pytest.fixture
def built(desk: Desk) -> CaseSet:
    made = desk.sets.create("Moles", "Ada")
    desk.sets.ask_for(made.set_id, plan(), seed=1)
    desk.sets.build(made.set_id)
    return desk.sets.get(made.set_id)


def ids(case_set: CaseSet) -> list[str]:
    return [each.case.case_id for each in case_set.cases]


def test_a_build_makes_what_was_asked_for_evenly(desk: Desk) -> None:
    made = desk.sets.create("  Moles  and more ", "Ada")
    assert made.name == "Moles and more"
    assert desk.sets.ask_for(made.set_id, plan(18), seed=1) == 18
    left: list[int] = []
    came: list[str] = []

    def note(cases: Sequence[SetCase], still: int) -> None:
        came.extend(each.case.case_id for each in cases)
        left.append(still)

    assert desk.sets.build(made.set_id, came=note) == 18
    case_set = desk.sets.get(made.set_id)
    assert ids(case_set) == came
    assert left[-1] == 0
    assert left == sorted(left, reverse=True)
    assert {sum(of_cell.values()) for of_cell in coverage(case_set).values()} == {2}
    assert all(desk.sets.image(each.case.image_sha) for each in case_set.cases)
    assert len({each.case.spec.seed for each in case_set.cases}) == 18
    assert {each.state for each in case_set.cases} == {CaseState.DRAFTED}
    assert desk.sets.build(made.set_id) == 0
    assert desk.maintenance.check().sound


def test_a_paused_build_goes_on_and_a_given_up_one_does_not(desk: Desk) -> None:
    made = desk.sets.create("Moles", "Ada")
    desk.sets.ask_for(made.set_id, plan(30), seed=1)
    stop = threading.Event()
    first = desk.sets.build(made.set_id, stop, lambda cases, still: stop.set() if still < 25 else None)
    assert 5 < first < 30
    assert len(desk.sets.wanted(made.set_id)) == 30 - first
    assert desk.sets.build(made.set_id) == 30 - first
    again = desk.sets.create("Again", "Ada")
    desk.sets.ask_for(again.set_id, plan(30), seed=1)
    desk.sets.build(again.set_id)
    assert ids(desk.sets.get(again.set_id)) == ids(desk.sets.get(made.set_id))  # the pause changed nothing
    desk.sets.ask_for(again.set_id, plan(5))
    desk.sets.give_up(again.set_id)
    assert desk.sets.build(again.set_id) == 0


def test_a_build_makes_what_is_asked_for_meanwhile(desk: Desk) -> None:
    made = desk.sets.create("Moles", "Ada")
    desk.sets.ask_for(made.set_id, plan(5))
    asked: list[int] = []

    def ask_once(cases: Sequence[SetCase], still: int) -> None:
        if not asked:
            asked.append(desk.sets.ask_for(made.set_id, plan(4)))

    assert desk.sets.build(made.set_id, came=ask_once) == 9
    assert len(desk.sets.get(made.set_id).cases) == 9


def test_trouble_while_building_is_told_and_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk.sets.create("Moles", "Ada")
    desk.sets.ask_for(made.set_id, plan(12), seed=1)
    kept = 0

    def full(content: bytes) -> str:
        nonlocal kept
        kept += 1
        if kept > 8:
            raise UserError("The disk is full.")
        return type(desk.media).put(desk.media, content)

    monkeypatch.setattr(desk.media, "put", full)
    with pytest.raises(UserError, match="disk is full"):
        desk.sets.build(made.set_id)
    monkeypatch.undo()
    there = len(desk.sets.get(made.set_id).cases)
    assert there + len(desk.sets.wanted(made.set_id)) == 12
    desk.sets.build(made.set_id)
    assert len(desk.sets.get(made.set_id).cases) == 12
    assert desk.maintenance.check().sound


def test_balancing_fills_the_cells_that_lag_behind(desk: Desk, built: CaseSet) -> None:
    desk.sets.reject(built.set_id, ids(built)[:1], "Cut off.", "Ada")
    before = desk.sets.missing(built.set_id, TONES, per_cell=2)
    assert sum(cell.count for cell in before) == 18 - 5
    assert desk.sets.balance(built.set_id, TONES, per_cell=2) == 13
    assert desk.sets.missing(built.set_id, TONES, per_cell=2) == ()  # what is wanted counts already
    desk.sets.build(built.set_id)
    usable = Counter(
        (each.case.spec.condition, each.case.spec.tone)
        for each in desk.sets.get(built.set_id).cases
        if each.state is not CaseState.REJECTED
    )
    assert set(usable.values()) == {2}
    assert len(usable) == 9
    assert {cell.tone for cell in desk.sets.missing(built.set_id)} == set(MonkTone.all()) - set(TONES)
    with pytest.raises(UserError, match="empty"):
        desk.sets.missing(desk.sets.create("Empty", "Ada").set_id)


@given(st.integers(1, 60), st.integers(0, 2**40), st.sets(st.sampled_from(Severity), min_size=1))
def test_specs_are_even_and_their_own(number: int, seed: int, severities: set[Severity]) -> None:
    wanted = plan(number, severities=tuple(severities))
    specs = specs_for(wanted.cells(), small_catalogue(), seed, severities=wanted.severities)
    assert len(specs) == number == len({spec.seed for spec in specs})
    cells = Counter((spec.condition, spec.tone) for spec in specs)
    assert max(cells.values()) - min([*cells.values()] if len(cells) == 9 else [0]) <= 1
    assert all(any(s.value[0] <= spec.severity <= s.value[1] for s in severities) for spec in specs)
    assert {spec.source for spec in specs if spec.condition == "vitiligo"} <= {Source.RECIPE}
    assert specs == specs_for(wanted.cells(), small_catalogue(), seed, severities=wanted.severities)


def test_sites_go_to_the_conditions_that_know_them() -> None:
    catalogue = small_catalogue()
    catalogue.conditions = tuple(
        replace(each, sites=("face", "trunk") if each.id == "melanoma" else ("feet",))
        for each in catalogue.conditions
    )
    specs = specs_for(plan(30).cells(), catalogue, 1, sites=("face", "trunk", "scalp"))
    sites = {(spec.condition, spec.site) for spec in specs}
    assert sites == {("melanoma", "face"), ("melanoma", "trunk"), ("vitiligo", "unspecified"),
                     ("melanocytic-naevus", "unspecified")}  # fmt: skip


def test_cases_are_regenerated_resembled_and_retoned_in_place(desk: Desk, built: CaseSet) -> None:
    sets, (first, second, third) = desk.sets, ids(built)[:3]
    sets.edit_stem(built.set_id, first, Stem(30, history="{age} years"), "Ada")
    sets.accept(built.set_id, [first], "Bea")
    new = sets.regenerate(built.set_id, first, "Ada")
    old = built.cases[0].case.spec
    assert replace(new.case.spec, seed=old.seed) == old
    assert new.case.spec.seed != old.seed
    assert (new.stem.age, new.state) == (30, CaseState.DRAFTED)
    assert [review.reason for review in new.reviews] == ["stem changed", "", "regenerated"]
    other = next(tone for tone in TONES if tone != built.cases[1].case.spec.tone)
    twin = sets.retone(built.set_id, second, other, "Ada")
    assert twin.case.spec == built.cases[1].case.spec.on_tone(other)
    alike = sets.similar(built.set_id, third, "Ada")
    assert alike.case.spec.near == built.cases[2].case.spec.seed
    now = sets.get(built.set_id)
    assert ids(now) == [new.case.case_id, twin.case.case_id, *ids(built)[2:], alike.case.case_id]
    assert desk.sets.image(built.cases[0].case.image_sha) is None  # nothing needs it any more
    desk.generator.version = "fake-2"
    with pytest.raises(UserError, match="no longer installed"):
        sets.retone(built.set_id, third, other, "Ada")
    assert sets.regenerate(built.set_id, third, "Ada").case.spec.weights_version == "fake-2"


def test_a_pinned_case_stays(desk: Desk, built: CaseSet) -> None:
    first = ids(built)[0]
    desk.sets.pin(built.set_id, [first])
    with pytest.raises(UserError, match="take off its pin"):
        desk.sets.regenerate(built.set_id, first, "Ada")
    with pytest.raises(UserError, match="take off its pin"):
        desk.sets.take_out(built.set_id, ids(built)[:2])
    desk.sets.pin(built.set_id, [first], False)
    desk.sets.take_out(built.set_id, ids(built)[:2])
    assert ids(desk.sets.get(built.set_id)) == ids(built)[2:]


def test_verdicts_need_a_reason_to_reject(desk: Desk, built: CaseSet) -> None:
    with pytest.raises(UserError, match="Say why"):
        desk.sets.reject(built.set_id, ids(built), "  ", "Ada")
    desk.sets.accept(built.set_id, ids(built), "Ada")
    desk.sets.reject(built.set_id, ids(built)[:1], "Too blurred.", "Bea")
    states = [each.state for each in desk.sets.get(built.set_id).cases]
    assert states == [CaseState.REJECTED, *[CaseState.ACCEPTED] * 5]
    with pytest.raises(UserError, match="is unknown in a history"):
        desk.sets.edit_stem(built.set_id, ids(built)[0], Stem(history="{size}"), "Ada")


def test_copies_and_versions(desk: Desk, built: CaseSet) -> None:
    desk.sets.accept(built.set_id, ids(built), "Ada")
    desk.quiz.start(desk.learner().id, set_plan(desk.sets.get(built.set_id), Mode.EXAM, choices=3))
    with pytest.raises(UserError, match="make a new version"):
        desk.sets.regenerate(built.set_id, ids(built)[0], "Ada")
    second = desk.sets.new_version(built.set_id, "Bea")
    assert (second.version, second.frozen, second.author, ids(second)) == (2, False, "Bea", ids(built))
    assert desk.sets.named("moles").set_id == second.set_id
    desk.sets.regenerate(second.set_id, ids(built)[0], "Bea")
    assert ids(desk.sets.get(built.set_id)) == ids(built)
    assert desk.sets.new_version(built.set_id, "Bea").version == 3
    copy = desk.sets.duplicate(second.set_id, "Other moles", "Bea")
    assert copy.version == 1
    assert copy.series != second.series
    for taken in ("other Moles", "", "x" * 81):
        with pytest.raises(UserError, match="name"):
            desk.sets.rename(second.set_id, taken)
    desk.sets.rename(second.set_id, "MOLES")
    desk.sets.remove(copy.set_id)
    assert {summary.case_set.name for summary in desk.sets.summaries()} == {"Moles", "MOLES"}
    with pytest.raises(UserError, match="there are: "):
        desk.sets.named("Nothing")


def test_a_set_has_a_limit(desk: Desk, built: CaseSet) -> None:
    with pytest.raises(UserError, match="holds at most 2000 cases, and this one has 6"):
        desk.sets.ask_for(built.set_id, plan(1999))
    with pytest.raises(UserError, match="from 1 to 2000"):
        plan(2001)
    with pytest.raises(UserError, match="at least one"):
        plan(conditions=())


def reviewed(*verdicts: str) -> SetCase:
    """A case; each verdict is a reviewer's initial, then + or -, or ! for a change."""
    states = {"+": CaseState.ACCEPTED, "-": CaseState.REJECTED, "!": CaseState.DRAFTED}
    spec = CaseSpec("melanoma", MonkTone(1), len(verdicts), Source.LEARNED)
    record = CaseRecord(spec, "", "", 0, 0, (), "", False, THEN)
    return SetCase(record, reviews=tuple(CaseReview(v[0], states[v[1]], "", THEN) for v in verdicts))


def set_of(*cases: SetCase) -> CaseSet:
    return CaseSet("s", "s", 1, "S", "A", THEN, cases)


def test_agreement_of_two_reviewers() -> None:
    both = [("A+", "B+")] * 20 + [("A+", "B-")] * 5 + [("A-", "B+")] * 10 + [("A-", "B-")] * 15
    found = agreement_of(set_of(*(reviewed(*said) for said in both), reviewed("A+"), reviewed()))
    assert found is not None
    assert (found.cases, found.alike, found.shared, found.reviewers) == (50, 35, 50, ("A", "B"))
    assert found.kappa == pytest.approx(0.4)  # the textbook table of 20, 5, 10, 15
    assert found.alpha == pytest.approx(1 - (99 * 30 / 2) / (55 * 45), abs=1e-9)


def test_agreement_takes_first_verdicts_after_the_last_change() -> None:
    case = reviewed("A+", "B-", "A!", "A-", "B+", "B-")
    found = agreement_of(set_of(case, reviewed("A+", "B+")))
    assert found is not None
    assert (found.cases, found.alike) == (2, 1)
    assert agreement_of(set_of(reviewed("A+", "A-"))) is None
    alike = agreement_of(set_of(reviewed("A+", "B+")))
    assert alike is not None
    assert (alike.kappa, alike.alpha) == (None, None)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("+-!")).map("".join), max_size=8))
def test_nobody_sees_a_verdict_before_giving_one(said: list[str]) -> None:
    case = reviewed(*said)
    standing = verdicts(case.reviews)
    for name in "ABC":
        seen, withheld = case.seen_by(name), judged_by_others(case.reviews, name)
        if name in standing:
            assert (seen, withheld) == (case, 0)
        else:
            assert seen.state is CaseState.DRAFTED
            assert withheld == len(standing)
        if withheld:
            others = {each.reviewer for each in seen.reviews if each.state is not CaseState.DRAFTED}
            assert others <= {name}
            kept = [each for each in case.reviews if each in seen.reviews]
            assert list(seen.reviews) == kept


def test_an_unbalanced_set_counts_no_rejected_case() -> None:
    cells = missing_cells(set_of(reviewed("A-"), reviewed()), [MonkTone(1), MonkTone(2)])
    assert [(cell.tone, cell.count) for cell in cells] == [(MonkTone(2), 1)]

"""Case sets in the records: what is kept, in which order, and that a used set stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from dermtutor.domain.case_sets import CaseReview, CaseSet, CaseState, Photograph, SetCase, Stem, state_of
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.modes import Mode
from dermtutor.domain.quiz import QuizPlan
from dermtutor.domain.records import CaseRecord
from dermtutor.errors import UserError
from dermtutor.services.own_data import OwnData
from dermtutor.skin.scales import MonkTone
from dermtutor.storage.case_sets import SqlCaseSets
from dermtutor.storage.database import Database
from dermtutor.storage.own_data import SqlLearnerData
from tests.services.fakes import Desk

THEN = datetime(2026, 3, 4, 12, tzinfo=UTC)
ACCEPTED = CaseReview("Ada", CaseState.ACCEPTED, "", THEN)
REJECTED = CaseReview("Bea", CaseState.REJECTED, "The border is cut off.", THEN + timedelta(hours=1))
CHANGED = CaseReview("Ada", CaseState.DRAFTED, "stem changed", THEN + timedelta(hours=2))


def spec_of(seed: int) -> CaseSpec:
    return CaseSpec("melanoma", MonkTone(1 + seed % 10), seed, Source.LEARNED, weights_version="fake-1")


def case_of(seed: int, **fields: object) -> SetCase:
    sha = f"{seed:064x}"
    record = CaseRecord(spec_of(seed), sha, sha[::-1], 10.0, 10.5, (), "ab" * 32, False, THEN)
    return replace(SetCase(record), **fields)  # type: ignore[arg-type]


def set_of(*cases: SetCase, set_id: str = "one", version: int = 1) -> CaseSet:
    return CaseSet(set_id, "series", version, "Dark skin", "Ada", THEN, cases)


def ids(case_set: CaseSet) -> list[str]:
    return [each.case.case_id for each in case_set.cases]


FULL = set_of(
    case_of(1, stem=Stem(54, "forearm", "A {age}-year-old with a spot on the {site}."), pinned=True),
    case_of(2, reviews=(ACCEPTED,)),
    case_of(3, reviews=(ACCEPTED, REJECTED)),
    case_of(4, reviews=(REJECTED, CHANGED)),
    case_of(5, photograph=Photograph("ab" * 32, "licence CC BY", "Clinic", True, False)),
)


def test_a_set_comes_back_as_it_was_added(desk: Desk) -> None:
    desk.set_store.add(FULL)
    kept = desk.set_store.case_set("one")
    assert [replace(each, case=FULL.cases[0].case) for each in kept.cases] == [
        replace(each, case=FULL.cases[0].case) for each in FULL.cases
    ]
    assert ids(kept) == ids(FULL)
    assert [each.state for each in kept.cases] == ["drafted", "accepted", "rejected", "drafted", "drafted"]
    assert [each.case.reviewed for each in kept.cases] == [False, True, False, False, False]
    (summary,) = desk.set_store.summaries()
    assert summary.case_set == replace(FULL, cases=())
    assert summary.counts == {CaseState.DRAFTED: 3, CaseState.ACCEPTED: 1, CaseState.REJECTED: 1}
    with pytest.raises(UserError, match="is here already"):
        desk.set_store.add(replace(FULL, set_id="two"))


def test_what_is_wanted_takes_its_place_as_it_comes(desk: Desk) -> None:
    store = desk.set_store
    store.add(set_of(case_of(1)))
    store.want("one", [spec_of(2), spec_of(3), spec_of(4)])
    store.add_cases("one", [case_of(4)], [3])
    store.add_cases("one", [case_of(9)])
    store.add_cases("one", [case_of(2)], [1])
    assert store.wanted("one") == ((2, spec_of(3)),)
    assert store.summaries()[0].wanted == 1
    assert ids(store.case_set("one")) == [case_of(seed).case.case_id for seed in (1, 2, 4, 9)]
    store.add_cases("one", [case_of(4)])
    store.forget_wanted("one")
    assert (len(store.case_set("one").cases), store.wanted("one")) == (4, ())


def test_order_stems_pins_and_verdicts(desk: Desk) -> None:
    store = desk.set_store
    store.add(set_of(*map(case_of, range(4))))
    first, second, third, fourth = ids(store.case_set("one"))
    store.keep_order("one", [fourth, second, first, third])
    store.keep_pins("one", [first, fourth], True)
    store.add_review("one", [first, second], ACCEPTED)
    store.keep_stem("one", first, Stem(3, "nose"), CHANGED)
    store.replace_case("one", second, case_of(7, reviews=(ACCEPTED, CHANGED)))
    store.remove_cases("one", [third])
    kept = store.case_set("one")
    assert ids(kept) == [fourth, case_of(7).case.case_id, first]
    assert [each.pinned for each in kept.cases] == [True, False, True]
    assert kept.cases[2].reviews == (ACCEPTED, CHANGED)
    assert {each.state for each in kept.cases} == {CaseState.DRAFTED}
    with pytest.raises(UserError, match="order them again"):
        store.keep_order("one", [fourth, first])
    with pytest.raises(UserError, match="no longer in the set"):
        store.keep_pins("one", [third], True)
    assert store.set_case("one", third) is None


CHANGES: dict[str, Callable[[SqlCaseSets, str], object]] = {
    "rename": lambda store, _: store.rename("one", "Other"),
    "remove": lambda store, _: store.remove("one"),
    "add": lambda store, _: store.add_cases("one", [case_of(99)]),
    "replace": lambda store, case: store.replace_case("one", case, case_of(99)),
    "take out": lambda store, case: store.remove_cases("one", [case]),
    "order": lambda store, _: store.keep_order("one", ids(store.case_set("one"))[::-1]),
    "stem": lambda store, case: store.keep_stem("one", case, Stem(3), CHANGED),
    "pin": lambda store, case: store.keep_pins("one", [case], False),
    "review": lambda store, case: store.add_review("one", [case], ACCEPTED),
    "want": lambda store, _: store.want("one", [spec_of(50)]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_set_that_an_exam_used_stays_as_it_is(desk: Desk, change: str) -> None:
    desk.set_store.add(FULL)
    desk.set_store.mark_used("one", THEN)
    before = desk.set_store.case_set("one")
    with pytest.raises(UserError, match="make a new version"):
        CHANGES[change](desk.set_store, ids(before)[0])
    assert desk.set_store.case_set("one") == before
    assert before.used_at == THEN


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_sets SET used_at = NULL",
        "DELETE FROM case_sets",
        "UPDATE set_cases SET pinned = 0",
        "DELETE FROM set_cases",
        "UPDATE case_reviews SET state = 'accepted'",
        "DELETE FROM case_reviews",
        "INSERT INTO set_wants VALUES ('one', 9, '{}')",
    ],
)
def test_the_database_itself_keeps_a_used_set(desk: Desk, statement: str) -> None:
    desk.set_store.add(replace(FULL, used_at=THEN))
    with pytest.raises(IntegrityError, match="an exam has used this case set"):
        desk.database.run(lambda session: session.execute(text(statement)))


def test_starting_an_exam_is_the_use(desk: Desk) -> None:
    desk.set_store.add(FULL)
    desk.set_store.want("one", [spec_of(50)])
    plan = QuizPlan(("melanoma",), (MonkTone(3),), 1, choices=2, case_set="one")
    practice = desk.quiz.start(desk.learner().id, plan)
    assert not desk.set_store.case_set("one").frozen
    exam = desk.quiz.start(desk.learner().id, replace(plan, mode=Mode.EXAM))
    assert desk.set_store.case_set("one").used_at == desk.records.session(exam).started_at
    assert desk.set_store.wanted("one") == ()
    assert set(desk.history.sessions(None).values()) == {("practice", "Dark skin"), ("exam", "Dark skin")}
    assert desk.records.session(practice).plan == plan


def test_what_is_taken_out_goes_unless_something_needs_it(desk: Desk) -> None:
    store = desk.set_store
    first, second, third = (case_of(seed) for seed in range(1, 4))
    store.add(set_of(first, second, third))
    store.add(set_of(third, set_id="two", version=2))
    assert store.remove_cases("one", [first.case.case_id, third.case.case_id]) == tuple(
        sorted((first.case.image_sha, first.case.mask_sha))
    )
    assert second.case.image_sha in store.replace_case("one", second.case.case_id, case_of(5))
    assert desk.maintenance.check().counts["cases"] == 2


def test_removing_a_set_leaves_what_others_need(desk: Desk) -> None:
    store = desk.set_store
    shared, alone = case_of(1), case_of(2)
    store.add(set_of(shared, alone))
    store.add(set_of(shared, set_id="two", version=2))
    assert store.remove("one") == tuple(sorted((alone.case.image_sha, alone.case.mask_sha)))
    assert ids(store.case_set("two")) == [shared.case.case_id]
    with pytest.raises(UserError, match="no longer in the records"):
        store.case_set("one")
    assert desk.maintenance.check().counts["cases"] == 1


def test_a_name_goes_with_its_owner(desk: Desk) -> None:
    ada = desk.learner()
    desk.set_store.add(replace(FULL, used_at=THEN))
    desk.profiles.rename(ada, "Ada King")
    kept = desk.set_store.case_set("one")
    assert (kept.author, kept.cases[1].reviews[0].reviewer) == ("Ada King", "Ada King")
    backup = desk.maintenance.backup_now()
    own = OwnData(SqlLearnerData(desk.database, desk.media), desk.table)
    assert b"The border" not in own.export(desk.learner())
    assert b"Dark skin" in own.export(desk.learner())
    own.delete(desk.learner())
    kept = desk.set_store.case_set("one")
    assert kept.author.startswith("former member ")
    assert {r.reviewer for each in kept.cases for r in each.reviews} == {"Bea", kept.author}
    assert len(kept.cases) == 5
    desk.database.release()
    for file in (desk.database.path, backup.path):
        assert b"Ada King" not in file.read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE set_cases SET position = 1 WHERE position = 0",
        "UPDATE set_cases SET photograph = '{}' WHERE position = 0",
        "UPDATE case_sets SET created_at = 'yesterday'",
        "UPDATE case_reviews SET state = 'perhaps' WHERE sequence = 1",
        "INSERT INTO set_wants VALUES ('one', 9, '{}')",
    ],
)
def test_the_check_finds_damaged_sets(desk: Desk, change: str) -> None:
    desk.set_store.add(FULL)
    assert "altered case sets" not in desk.maintenance.check().damage
    desk.database.run(lambda session: session.execute(text(change)))
    assert desk.maintenance.check().damage["altered case sets"] == 1


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(CaseState)), max_size=8))
def test_the_state_is_that_of_the_verdicts_since_the_last_change(said: list[tuple[str, CaseState]]) -> None:
    reviews = [CaseReview(who, state, "why", THEN) for who, state in said]
    last = max((i for i, (_, state) in enumerate(said) if state is CaseState.DRAFTED), default=-1)
    standing = dict(said[last + 1 :])
    expected = (
        CaseState.REJECTED
        if CaseState.REJECTED in standing.values()
        else CaseState.ACCEPTED
        if standing
        else CaseState.DRAFTED
    )
    assert state_of(reviews) is expected


@settings(max_examples=25)
@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_any_order_is_kept(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], gone: set[int]
) -> None:
    home = tmp_path_factory.mktemp("sets")
    database = Database(home / "records.sqlite3", home / "backups")
    try:
        store = SqlCaseSets(database)
        store.add(set_of(*map(case_of, range(6))))
        every = ids(store.case_set("one"))
        store.remove_cases("one", [every[i] for i in gone])
        wanted = [every[i] for i in order if i not in gone]
        store.keep_order("one", wanted)
        assert ids(store.case_set("one")) == wanted
    finally:
        database.close()

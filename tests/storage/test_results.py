"""Results leave as a signed file and come in whole or not at all; imported answers stay apart from own ones."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermtutor.domain.cases import CaseSpec, Modality, Source
from dermtutor.domain.quiz import AnswerDetails, Click, Confidence
from dermtutor.domain.results import MOST_ANSWERS, pseudonym, results_id
from dermtutor.errors import UserError
from dermtutor.services.own_data import OwnData
from dermtutor.services.signing import SigningKey
from dermtutor.skin.scales import MonkTone
from dermtutor.storage.checked_columns import NotResults
from dermtutor.storage.results_file import MOST_BYTES, MOST_UNPACKED, ResultsFile
from dermtutor.storage.results_reading import results_of
from tests.services.fakes import small_plan
from tests.storage.sending import Post, made_up_results

Opened = Callable[[str], Post]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Opened]:
    """Computers by name, each with a home folder of its own."""
    opened: list[Post] = []

    def at(name: str) -> Post:
        opened.append(Post(tmp_path / name))
        return opened[-1]

    yield at
    for each in opened:
        each.desk.close()


@pytest.fixture
def sent(post: Opened, tmp_path: Path) -> tuple[Post, Post, Path]:
    """Ada's computer, the educator's, and Ada's results in a file."""
    ada, educator = post("ada"), post("educator")
    ada.work()
    return ada, educator, ada.send(tmp_path / "ada.dermresults")


def document_of(content: bytes) -> Any:
    return json.loads(zlib.decompress(content.split(b"\n", 2)[2]))


def signed(document: Any, key: SigningKey, version: int = 1) -> bytes:
    """A file of any document, properly signed."""
    packed = zlib.compress(json.dumps(document).encode())
    signature = key.sign(f"DermTutor results {version}", packed)
    return b"DermTutor results %d\n%s %s\n%s" % (
        version, signature.key.hex().encode(), signature.value.hex().encode(), packed
    )  # fmt: skip


# Sending and taking


def test_what_is_imported_is_what_was_answered(sent: tuple[Post, Post, Path]) -> None:
    ada, educator, file = sent
    report = educator.exchange.take([file])
    assert (report.new, report.refused) == (4, ())
    given = ada.desk.records.answers()
    who = results_id(ada.desk.learner().id)
    kept = educator.history.answers_at([1, 2, 3, 4])
    assert kept == tuple(replace(record, learner_id=who) for record in given)
    columns = educator.table.columns()
    assert columns.words.modes == ("practice",)
    assert columns.correct.tolist() == [True, False, True, True]


def test_importing_twice_adds_nothing_and_a_later_file_only_what_is_new(
    sent: tuple[Post, Post, Path], tmp_path: Path
) -> None:
    ada, educator, file = sent
    assert [educator.exchange.take([file]).new for _ in range(2)] == [4, 0]
    again = ada.send(tmp_path / "again.dermresults", shown="A. L.")
    assert educator.exchange.take([again]).new == 0
    ada.work(answers=3, seed=9)
    later = ada.send(tmp_path / "later.dermresults", shown="Ada")
    (imported,) = educator.exchange.take([later]).imported
    assert (imported.answers, imported.new) == (7, 3)
    (learner,) = educator.exchange.learners()
    assert (learner.name, learner.answers) == ("Ada", 7)
    educator.exchange.take([file])
    assert educator.exchange.learners() == (learner,)
    assert len(educator.table.columns()) == 7


def test_no_name_leaves_unless_it_was_chosen(sent: tuple[Post, Post, Path], tmp_path: Path) -> None:
    ada, educator, file = sent
    learner = ada.desk.learner()
    text = json.dumps(document_of(file.read_bytes()))
    assert "Lovelace" not in text
    assert learner.id not in text
    educator.exchange.take([file])
    assert educator.exchange.learners()[0].name == pseudonym(results_id(learner.id))
    chosen = ada.send(tmp_path / "named.dermresults", shown="  Ada   Lovelace ")
    assert document_of(chosen.read_bytes())["name"] == "Ada Lovelace"
    for unsound in ("x" * 81, "a\x00b"):
        with pytest.raises(UserError, match="at most 80 letters"):
            ada.send(tmp_path / "no.dermresults", shown=unsound)


def test_own_statistics_never_hold_imported_answers(sent: tuple[Post, Post, Path]) -> None:
    _, educator, file = sent
    educator.work("Eve", answers=2)
    before = educator.desk.statistics.page(None)
    educator.exchange.take([file])
    assert educator.desk.statistics.page(None) == before
    assert len(educator.desk.records.answers()) == 2
    assert [learner.name for learner in educator.desk.profiles.learners()] == ["Eve"]
    assert len(educator.desk.records.outcomes(100)) == 2


def test_a_learner_without_answers_has_nothing_to_send(post: Opened, tmp_path: Path) -> None:
    ada = post("ada")
    ada.desk.profiles.create("Ada")
    with pytest.raises(UserError, match="no answers to send"):
        ada.send(tmp_path / "none.dermresults", "Ada")


def test_another_computer_cannot_add_to_a_learners_results(sent: tuple[Post, Post, Path]) -> None:
    ada, educator, file = sent
    educator.exchange.take([file])
    results = ada.format.read(file.read_bytes()).results
    fresh = replace(results.answers[0], answer=replace(results.answers[0].answer, answer_id="f" * 32))
    forged = file.with_name("forged.dermresults")
    forged.write_bytes(educator.format.written(replace(results, answers=(fresh,))))
    (refused,) = educator.exchange.take([forged]).refused
    assert "signed by another computer" in refused.reason
    other = replace(results, learner="0" * 64, name="Somebody else")
    other = replace(other, answers=tuple(replace(each, learner_id="0" * 64) for each in results.answers))
    forged.write_bytes(educator.format.written(other))
    (refused,) = educator.exchange.take([forged]).refused
    assert "somebody else's" in refused.reason
    assert [learner.answers for learner in educator.exchange.learners()] == [4]


# Files that are refused


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda content: b"", "It is no file of results"),
        (lambda content: b"PK\x03\x04" + content, "It is no file of results"),
        (lambda content: content[:40], "altered or cut short"),
        (lambda content: content[:-1], "altered or cut short"),
        (lambda content: content + b"\n", "altered or cut short"),
        (lambda content: content[:300] + bytes([content[300] ^ 1]) + content[301:], "altered or cut short"),
        (lambda content: content.replace(b"results 1", b"results 2", 1), "newer DermTutor"),
        (lambda content: content.replace(b"results 1", b"results 0", 1), "altered or cut short"),
        (lambda content: content + bytes(MOST_BYTES), "larger than results can be"),
    ],
)
def test_a_file_that_is_off_is_refused_whole(
    sent: tuple[Post, Post, Path], spoil: Callable[[bytes], bytes], sentence: str
) -> None:
    _, educator, file = sent
    bad = file.with_name("bad.dermresults")
    bad.write_bytes(spoil(file.read_bytes()))
    report = educator.exchange.take([bad, file.with_name("missing.dermresults"), file])
    assert sentence in report.refused[0].reason
    assert report.refused[0].reason.count(".") - report.refused[0].reason.count(".derm") == 1
    assert "cannot be read" in report.refused[1].reason
    assert report.new == 4


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    key = SigningKey(tmp_path / "key.pem")
    packing = zlib.compressobj(9)
    packed = (
        b"".join(packing.compress(bytes(2**20)) for _ in range((MOST_UNPACKED >> 20) + 1)) + packing.flush()
    )
    signature = key.sign("DermTutor results 1", packed)
    head = b"DermTutor results 1\n%s %s\n" % (
        signature.key.hex().encode(),
        signature.value.hex().encode(),
    )
    with pytest.raises(UserError, match="too large or unfinished"):
        ResultsFile(key).read(head + packed)


def test_what_fails_half_way_keeps_nothing(
    sent: tuple[Post, Post, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, educator, file = sent
    educator.exchange.learners()

    def fail(*_: object) -> None:
        raise UserError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr("dermtutor.storage.imported._insert", fail)
        assert [each.reason for each in educator.exchange.take([file]).refused] == ["The disk is full."]
    assert educator.exchange.learners() == ()
    counts = educator.desk.maintenance.check().counts
    assert (counts["imported learners"], counts["imported answers"]) == (0, 0)
    assert educator.exchange.take([file]).new == 4


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inside:
        yield from leaves(each, (*path, name))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8)
    | st.sampled_from(["", "0" * 32, "f" * 64, "melanoma", "2026-03-04T12:00:00", "\ud800", "../x", "practice"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(data=st.data())
def test_whatever_stands_in_the_document_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    document = _document(tmp_path)
    path = data.draw(st.sampled_from(sorted(leaves(document), key=repr)))
    changed = replaced(document, path, data.draw(ANYTHING))
    try:
        results = results_of(changed)
    except NotResults:
        return
    assert results.learner == changed["learner"]
    assert all(record.learner_id == results.learner for record in results.answers)
    for record in results.answers:
        assert record.answer.correct == (record.answer.chosen == record.right)
        json.dumps(record.digest).encode()
        results.name.encode()


def _document(folder: Path) -> Any:
    """Three answers; one tells all that an answer can, and one case all that a case can."""
    results = made_up_results(1, 3)
    plain, full, last = results.answers
    details = AnswerDetails(
        ("melanoma", "urticaria"),
        ("scale",),
        ("pustules",),
        "melanoma",
        Confidence(2),
        Click(0.5, 0.25, True),
    )
    full = replace(full, answer=replace(full.answer, details=details))
    spec = replace(
        last.spec,
        source=Source.TRANSFER,
        origin="a" * 64,
        near=7,
        modality=Modality.DERMOSCOPY,
        truncation=0.5,
    )
    told = replace(results, answers=(plain, full, replace(last, spec=spec)))
    return document_of(ResultsFile(SigningKey(folder / "key.pem")).written(told))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    content=st.binary(max_size=400),
    start=st.sampled_from([b"", b"DermTutor results 1\n", b"DermTutor results 7\n"]),
)
def test_no_bytes_are_more_than_refused(tmp_path: Path, start: bytes, content: bytes) -> None:
    with pytest.raises(UserError):
        ResultsFile(SigningKey(tmp_path / "key.pem")).read(start + content)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(place=st.integers(0, 10_000), change=st.integers(1, 255), cut=st.booleans())
def test_no_altered_or_shortened_file_is_read(tmp_path: Path, place: int, change: int, cut: bool) -> None:
    format_ = ResultsFile(SigningKey(tmp_path / "key.pem"))
    content = bytearray(format_.written(made_up_results(1, 3)))
    place %= len(content)
    if cut:
        del content[place:]
    else:
        content[place] ^= change
    with pytest.raises(UserError):
        format_.read(bytes(content))


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (("answers", 0, "correct"), None, "a truth is none"),
        (("answers", 0, "chosen"), "healthy-skin-2", "not among its options"),
        (("answers", 0, "case"), "0" * 64, "missing or of the wrong kind"),
        (("answers", 0, "session"), "0" * 32, "missing or of the wrong kind"),
        (("answers", 0, "shown_at"), "2026-03-04T12:00:00", "not in UTC"),
        (("answers",), [], "no answer"),
        (("answers",), [{}] * (MOST_ANSWERS + 1), "more than 100000"),
        (("name",), "two\nlines", "cannot be printed"),
        (("learner",), "Ada", "an id is none"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, path: tuple[Any, ...], value: Any, why: str) -> None:
    with pytest.raises(NotResults, match=why):
        results_of(replaced(_document(tmp_path), path, value))


def test_an_answer_that_comes_twice_and_a_false_mark_are_refused(tmp_path: Path) -> None:
    document = _document(tmp_path)
    with pytest.raises(NotResults, match="comes twice"):
        results_of(replaced(document, ("answers",), [document["answers"][0]] * 2))
    mark = document["answers"][0]["correct"]
    with pytest.raises(NotResults, match="marked as it is not"):
        results_of(replaced(document, ("answers", 0, "correct"), not mark))


def test_a_signed_file_that_makes_no_sense_is_one_sentence(tmp_path: Path) -> None:
    key = SigningKey(tmp_path / "key.pem")
    with pytest.raises(UserError, match=r"^Its content makes no sense \(.*\); ask for a new export\.$"):
        ResultsFile(key).read(signed([[[[]]]], key))


# What else knows them


def test_the_check_finds_altered_imported_answers(sent: tuple[Post, Post, Path]) -> None:
    _, educator, file = sent
    educator.exchange.take([file])
    report = educator.desk.maintenance.check()
    assert report.sound
    assert (report.counts["imported learners"], report.counts["imported answers"]) == (1, 4)
    educator.desk.database.run_raw(lambda raw: raw.execute("UPDATE imported_answers SET confidence = 1"))
    assert educator.desk.maintenance.check().damage == {"altered imported answers": 4}


def test_altered_or_removed_answers_are_read_anew(sent: tuple[Post, Post, Path]) -> None:
    _, educator, file = sent
    educator.exchange.take([file])
    assert len(educator.table.columns()) == 4
    educator.desk.database.run_raw(
        lambda raw: raw.execute("UPDATE imported_answers SET correct = 0, chosen = 'none-of-these'")
    )
    assert not educator.table.columns().correct.any()


def test_removing_a_learners_results_leaves_nothing_of_them(
    sent: tuple[Post, Post, Path], tmp_path: Path
) -> None:
    ada, educator, file = sent
    bea = ada.desk.profiles.create("Bea")
    ada.desk.answer(ada.desk.quiz.start(bea.id, small_plan(1), 3))
    educator.exchange.take([ada.send(tmp_path / "named.dermresults", shown="Ada Lovelace")])
    educator.exchange.take([ada.send(tmp_path / "bea.dermresults", "Bea", shown="Bea Potter")])
    backup = educator.desk.maintenance.backup_now()
    done = educator.exchange.remove(educator.exchange.named("ada lovelace"))
    assert done.forgotten.rows["imported_answers"] == 4
    assert done.forgotten.backups == 1
    assert [learner.name for learner in educator.exchange.learners()] == ["Bea Potter"]
    assert len(educator.table.columns()) == 1
    assert educator.desk.maintenance.check().sound
    educator.desk.database.release()
    for path in (educator.desk.database.path, backup.path):
        content = path.read_bytes()
        assert b"Ada Lovelace" not in content
        assert results_id(ada.desk.profiles.named("Ada Lovelace").id).encode() not in content
        assert b"Bea Potter" in content
    assert educator.exchange.take([file]).new == 4
    with pytest.raises(UserError, match="there are: Bea Potter, Learner"):
        educator.exchange.named("Zoe")


def test_deleting_ones_own_data_takes_the_imported_results_along(post: Opened, tmp_path: Path) -> None:
    both = post("both")
    both.work()
    both.exchange.take([both.send(tmp_path / "own.dermresults")])
    own = OwnData(both.data, both.desk.table, both.table)
    tables = json.loads(own.export(both.desk.learner()))["tables"]
    assert [len(tables[name]) for name in ("imported_learners", "imported_answers")] == [1, 4]
    own.delete(both.desk.learner())
    assert both.exchange.learners() == ()
    assert len(both.table.columns()) == 0


def test_a_file_is_known_by_its_content(sent: tuple[Post, Post, Path]) -> None:
    _, educator, file = sent
    content = file.read_bytes()
    assert educator.format.read(content).sha == hashlib.sha256(content).hexdigest()


def test_a_case_travels_with_all_that_determines_it(tmp_path: Path) -> None:
    spec = CaseSpec(
        "melanoma", MonkTone(8), 2**63 - 1, Source.LEARNED, "back", 0.25, 512, "weights 1", "", "", 7,
        Modality.DERMOSCOPY, 0.5,
    )  # fmt: skip
    results = made_up_results(1, 1)
    record = results.answers[0]
    record = replace(
        record, spec=spec, choices=("melanoma", "vitiligo"), expected="melanoma",
        answer=replace(record.answer, chosen="melanoma", correct=True, confidence=None),
    )  # fmt: skip
    format_ = ResultsFile(SigningKey(tmp_path / "key.pem"))
    assert format_.read(format_.written(replace(results, answers=(record,)))).results.answers == (record,)

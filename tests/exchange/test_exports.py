"""What leaves and what stays behind; data sets, Moodle XML and GIFT read back as their readers read them."""

from __future__ import annotations

import base64
import csv
import io
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dermtutor.domain.case_sets import CaseSet, Stem
from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import Catalogue
from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.exchange.dataset import COLUMNS, dataset_files
from dermtutor.exchange.forms import SUFFIXES, Form
from dermtutor.exchange.leaving import LeftOut
from dermtutor.exchange.moodle import gift, moodle_xml
from dermtutor.exchange.questions import Sheet
from dermtutor.exchange.service import CaseExchange
from dermtutor.services.encoding import encode_case
from dermtutor.services.image_words import SOURCE_LABELS, SOURCE_WITHHELD
from dermtutor.services.ports import Cancelled
from tests.exchange.making import Shelf, made_case, made_set, rejected, with_photographs
from tests.exchange.readers import Page, Read, read_gift, read_moodle
from tests.provenance import read_provenance
from tests.services.fakes import FakeGenerator


def _contents(file: Path) -> bytes:
    """The bytes of a file, of an archive those of what is in it."""
    if not zipfile.is_zipfile(file):
        return file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("form", list(Form))
def test_faces_and_what_may_not_leave_stay_behind_and_are_told(
    exchange: CaseExchange, shelf: Shelf, case_set: CaseSet, tmp_path: Path, form: Form
) -> None:
    whole = with_photographs(shelf, case_set)
    target = tmp_path / f"out{SUFFIXES[form]}"
    made = exchange.export_set(whole, shelf.get, form, target)
    assert made.cases == 6
    assert str(made.left_out) == (
        "Left out: 1 (a face can be recognised), 2 (no permission to pass the photograph on is recorded)."
    )
    assert list(made.files) == ([target, tmp_path / "out-key.pdf"] if form is Form.PDF else [target])
    written = b"".join(_contents(file) for file in made.files)
    for case in whole.cases[5:8]:
        assert case.case.case_id[:24].encode() not in written
    assert (whole.cases[8].case.case_id[:24].encode() in written) == (form is not Form.PDF)


def test_a_face_leaves_when_the_permission_covers_that(
    exchange: CaseExchange, shelf: Shelf, case_set: CaseSet, tmp_path: Path
) -> None:
    whole = with_photographs(shelf, case_set)
    face = whole.cases[5]
    assert face.photograph is not None
    permitted = replace(face, photograph=replace(face.photograph, may_leave=True))
    alone = replace(whole, cases=(permitted,))
    made = exchange.export_set(alone, shelf.get, Form.DERMSET, tmp_path / "face.dermset")
    assert made.cases == 1
    with pytest.raises(UserError, match="a face can be recognised"):
        exchange.export_set(replace(whole, cases=(face,)), shelf.get, Form.DERMSET, tmp_path / "held.dermset")


def test_rejected_cases_are_not_taught_but_travel_with_their_set(
    exchange: CaseExchange, shelf: Shelf, tmp_path: Path
) -> None:
    case_set = made_set(shelf, 3)
    case_set = replace(case_set, cases=(*case_set.cases, rejected(made_case(shelf, 3))))
    taught = exchange.export_set(case_set, shelf.get, Form.MOODLE, tmp_path / "a.xml")
    assert (taught.cases, taught.left_out.rejected) == (3, 1)
    exchange.export_set(case_set, shelf.get, Form.DERMSET, tmp_path / "a.dermset")
    assert exchange.verify(tmp_path / "a.dermset").imported.case_set == case_set


def test_a_set_of_which_nothing_may_leave_is_refused(
    exchange: CaseExchange, shelf: Shelf, tmp_path: Path
) -> None:
    nothing = replace(made_set(shelf, 1), cases=(rejected(made_case(shelf, 0)),))
    with pytest.raises(UserError, match=r"No case .* 1 \(rejected in review\)"):
        exchange.export_set(nothing, shelf.get, Form.GIFT, tmp_path / "x.txt")
    assert not list(tmp_path.glob("x*"))


def test_whose_key_it_was_is_said_as_far_as_it_is_known(
    exchange: CaseExchange, catalogue: Catalogue, shelf: Shelf, case_set: CaseSet, tmp_path: Path
) -> None:
    path = tmp_path / "set.dermset"
    exchange.export_set(case_set, shelf.get, Form.DERMSET, path)
    assert exchange.verify(path).signed_by == "Signed on this computer as Ada Example."
    other = CaseExchange(catalogue, type(exchange._key)(tmp_path / "other.pem"), exchange.known)
    assert "says to be Ada Example" in other.verify(path).signed_by
    assert "unknown" in other.verify(path).signed_by
    other.known.remember(other.verify(path).imported.signer.public_key, "Ada of the clinic")
    assert other.verify(path).signed_by == "Signed by Ada of the clinic, whose key is known here."
    assert not (tmp_path / "other.pem").exists()


def test_a_failed_export_leaves_the_file_as_it_was(
    exchange: CaseExchange, shelf: Shelf, case_set: CaseSet, tmp_path: Path
) -> None:
    target = tmp_path / "x.dermset"
    target.write_bytes(b"before")
    stop = threading.Event()
    seen: list[float] = []

    def progress(share: float) -> None:
        seen.append(share)
        if len(seen) == 4:
            stop.set()

    with pytest.raises(Cancelled):
        exchange.export_set(case_set, shelf.get, Form.DERMSET, target, progress=progress, cancel=stop)
    assert seen == sorted(seen)
    with pytest.raises(UserError, match="missing or damaged"):
        exchange.export_set(case_set, Shelf().get, Form.DERMSET, target)
    assert target.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir() if each.name != "home"] == ["x.dermset"]


def test_a_wrong_name_or_place_is_said(
    exchange: CaseExchange, shelf: Shelf, case_set: CaseSet, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=r"name it set\.xml"):
        exchange.export_set(case_set, shelf.get, Form.MOODLE, tmp_path / "set.zip")
    with pytest.raises(EnvironmentProblem, match="name another"):
        exchange.export_set(case_set, shelf.get, Form.MOODLE, tmp_path / "none" / "set.xml")


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.ANKI])
def test_the_same_set_gives_the_same_bytes(
    exchange: CaseExchange, shelf: Shelf, case_set: CaseSet, tmp_path: Path, form: Form
) -> None:
    shas = [
        list(exchange.export_set(case_set, shelf.get, form, tmp_path / f"{n}{SUFFIXES[form]}").files.values())
        for n in (1, 2)
    ]
    assert shas[0] == shas[1]


def test_a_data_set_holds_images_as_they_are_and_a_row_for_each(
    exchange: CaseExchange, shelf: Shelf, case_set: CaseSet, tmp_path: Path
) -> None:
    case = case_set.cases[0]
    spec = replace(case.case.spec, site='=HYPERLINK("x")')
    odd = replace(case, case=replace(case.case, spec=spec))
    case_set = replace(case_set, cases=(odd, *case_set.cases[1:]), name="*Week* | 1")
    exchange.export_set(case_set, shelf.get, Form.DATASET, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("cases.csv").decode())))
        card = archive.read("README.md").decode()
        for row, each in zip(rows, case_set.cases, strict=True):
            assert archive.read(row["image"]) == shelf.files[each.case.image_sha]
            assert archive.read(row["mask"]) == shelf.files[each.case.mask_sha]
            assert int(row["seed"]) == each.case.spec.seed
        assert len(archive.namelist()) == 2 + 2 * len(rows)
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["site"] == '\'=HYPERLINK("x")'
    assert float(rows[9 % len(rows)]["ita_measured"]) < 80
    assert card.startswith("# \\*Week\\* \\| 1\n")
    for promised in ("Not for diagnosis", "trainedAlgorithmicMedia", "share a `seed`", "| Melanoma | "):
        assert promised in card


def _check_question(read: Read, sheet: Sheet, number: int, picture: bytes) -> None:
    question = sheet.questions[number]
    page = Page(read.text)
    assert len(page.images) == 1
    assert "Case" not in page.text
    assert [Page(f"<p>{text}</p>").text for _, text in read.answers] == [
        each.name for each in question.options
    ]
    assert [share for share, _ in read.answers] == [
        float(each == question.right) for each in question.options
    ]
    assert sum(share for share, _ in read.answers) == 1
    assert question.right.name in Page(read.feedback).text
    assert question.right.name.lower() not in str(page.images[0]).lower()
    assert picture == sheet.picture(question)


def test_moodle_reads_every_question_with_its_image(sheet: Sheet) -> None:
    questions = read_moodle(b"".join(moodle_xml(sheet)))
    assert len(questions) == len(sheet.questions)
    for number, read in enumerate(questions):
        (name,) = read.files
        assert f"@@PLUGINFILE@@/{name}" in read.text
        _check_question(read, sheet, number, read.files[name])


def test_gift_is_read_with_its_images(sheet: Sheet) -> None:
    questions = read_gift(b"".join(gift(sheet)))
    assert len(questions) == len(sheet.questions)
    for number, read in enumerate(questions):
        source = str(Page(read.text).images[0]["src"])
        assert source.startswith("data:image/png;base64,")
        _check_question(read, sheet, number, base64.b64decode(source.partition(",")[2], validate=True))


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_stem_breaks_a_format(catalogue: Catalogue, history: str) -> None:
    shelf = Shelf()
    case = replace(made_case(shelf, 0), stem=Stem(history=history))
    sheet = Sheet(replace(made_set(shelf, 1), cases=(case,), name=history or "x"), catalogue, shelf.get)
    for read in (read_moodle(b"".join(moodle_xml(sheet))), read_gift(b"".join(gift(sheet)))):
        assert len(read) == 1
        assert len(Page(read[0].text).images) == 1
        assert len(read[0].answers) == 4


def test_options_are_look_alikes_and_stay_the_same_in_another_order(
    shelf: Shelf, case_set: CaseSet, catalogue: Catalogue
) -> None:
    first = Sheet(case_set, catalogue, shelf.get)
    turned = Sheet(replace(case_set, cases=case_set.cases[::-1]), catalogue, shelf.get)
    by_id = {each.item_id: each.options for each in turned.questions}
    for question in first.questions:
        assert by_id[question.item_id] == question.options
        assert question.right in question.options
        assert len(set(question.options)) == 4
        alike = {each.id for each in catalogue.look_alikes(question.right.id)}
        assert len({each.id for each in question.options} & alike) >= min(3, len(alike))


def test_a_condition_nobody_knows_here_can_still_be_asked(shelf: Shelf, catalogue: Catalogue) -> None:
    case = made_case(shelf, 1, condition="rash-of-somebody")
    sheet = Sheet(replace(made_set(shelf, 1), cases=(case,)), catalogue, shelf.get)
    assert sheet.questions[0].right.name == "Rash of somebody"
    assert sheet.questions[0].right in sheet.questions[0].options


def test_an_exported_picture_shows_its_label_and_tells_no_diagnosis(sheet: Sheet, shelf: Shelf) -> None:
    question = sheet.questions[0]
    png = sheet.picture(question)
    original = np.asarray(Image.open(io.BytesIO(shelf.files[question.case.case.image_sha])))
    shown = np.asarray(Image.open(io.BytesIO(png)))
    side = original.shape[0]
    left = (shown.shape[1] - side) // 2
    assert shown.shape[1] == 240
    assert np.array_equal(shown[:side, left : left + side], original)
    strip = shown[side:]
    assert strip.shape[0] > 10
    assert strip.max() > 200 > 60 > strip.min()
    told = read_provenance(png)
    assert told["DigitalSourceType"].endswith("trainedAlgorithmicMedia")
    assert told["SpecId"] == question.case_id
    assert "melanoma" not in " ".join(told.values()).lower()
    outlined = np.asarray(Image.open(io.BytesIO(sheet.picture(question, answered=True))))
    assert not np.array_equal(outlined, shown)


def test_photographs_name_whom_they_are_owed_to(
    shelf: Shelf, case_set: CaseSet, catalogue: Catalogue
) -> None:
    whole = with_photographs(shelf, case_set)
    label = Sheet(whole, catalogue, shelf.get).questions[-1].label
    assert label == (
        "Synthetic disease on a photograph of healthy skin. Not for diagnosis. Clinic of Example"
    )


def test_a_drawn_lesion_says_so_and_after_the_answer_by_which_recipe(
    shelf: Shelf, catalogue: Catalogue
) -> None:
    case = made_case(shelf, 1, Source.RECIPE, "urticaria")
    drawn = replace(FakeGenerator().generate(case.case.spec), recipe_review="reviewed by A. Example, Leeds")
    record = replace(case.case, image_sha=shelf.put(encode_case(drawn).png))
    case_set = replace(made_set(shelf, 1), cases=(replace(case, case=record),))
    sheet = Sheet(case_set, catalogue, shelf.get)
    (question,) = sheet.questions
    told = "recipe urticaria-1, reviewed by A. Example, Leeds"
    assert question.label == f"{SOURCE_LABELS[Source.RECIPE]}. Not for diagnosis."
    assert question.answered_label == f"{SOURCE_LABELS[Source.RECIPE]} ({told}). Not for diagnosis."
    assert dict(question.explanation)["Image"].endswith(f" R{told[1:]}.")
    assert read_provenance(sheet.picture(question))["Comment"] == question.label
    assert read_provenance(sheet.picture(question, answered=True))["Comment"] == question.answered_label
    card = dict(dataset_files(case_set, catalogue, shelf.get, LeftOut()))["README.md"].decode()
    assert f"recipes: `urticaria {told.removeprefix('recipe ')}`." in card


def test_how_a_lesion_was_made_is_said_before_the_answer_only_where_it_strikes_no_option_out(
    shelf: Shelf, catalogue: Catalogue
) -> None:
    cases = tuple(made_case(shelf, place, Source.LEARNED, "melanoma") for place in range(12))
    sheet = Sheet(replace(made_set(shelf, 1), cases=cases), catalogue, shelf.get)
    seen = set()
    for question in sheet.questions:
        alike = len({catalogue.get(option.id).image_source for option in question.options}) == 1
        words = SOURCE_LABELS[Source.LEARNED] if alike else SOURCE_WITHHELD
        assert question.label == f"{words}. Not for diagnosis."
        assert question.answered_label == f"{SOURCE_LABELS[Source.LEARNED]}. Not for diagnosis."
        seen.add(alike)
    assert seen == {True, False}

"""Licensed photographs as cases: what is read, what is kept of it, and the one sentence that refuses the whole."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dermtutor.domain.case_sets import CaseState
from dermtutor.domain.cases import Source
from dermtutor.domain.modes import Mode
from dermtutor.domain.photograph_list import COLUMNS, read_list
from dermtutor.domain.set_quiz import set_plan
from dermtutor.errors import UserError
from dermtutor.services.answer_columns import AnswerFilter
from dermtutor.services.real_images import ESTIMATED, MOST_PIXELS, RealImages, import_photographs
from dermtutor.skin.scales import FitzpatrickType, MonkTone
from tests.provenance import read_provenance
from tests.services.fakes import Desk, small_catalogue
from tests.services.photograph_folder import LINE, make_folder, picture, write_list


def test_photographs_become_cases_with_their_credit(desk: Desk, tmp_path: Path) -> None:
    lines = [
        LINE | {"site": "Upper limb", "age": "34", "patient": "p1", "export": "yes"},
        LINE | {"file": "two.png", "condition": "Basal cell carcinoma", "tone": "", "fitzpatrick": "V"},
        LINE | {"file": "three.jpg", "patient": "p1"},
    ]
    folder = make_folder(tmp_path / "photographs", lines)
    shares: list[float] = []
    done = import_photographs(folder, small_catalogue(), desk.media, progress=shares.append)
    first, second, third = done.cases
    spec = first.case.spec
    assert (spec.condition, spec.tone, spec.source) == ("vitiligo", MonkTone(8), Source.REAL)
    assert (spec.site, first.stem.site, first.stem.age, spec.size) == ("upper-limb", "upper-limb", 34, 96)
    assert first.photograph is not None
    assert (first.photograph.permission, first.photograph.credit) == ("CC BY 4.0", "A. Author")
    assert first.photograph.may_leave
    assert spec.origin == first.photograph.sha
    assert first.case.flags == ()
    assert first.case.requested_ita == first.case.measured_ita
    assert second.photograph is not None
    assert not second.photograph.may_leave
    assert second.case.spec.condition == "basal-cell-carcinoma"
    assert second.case.flags == (f"{ESTIMATED} (labelled Fitzpatrick V)",)
    assert 6 <= second.case.spec.tone.value <= 8  # the colour of the skin that was painted
    assert third.case.spec.seed == spec.seed  # the same patient
    assert third.case.case_id != first.case.case_id
    assert [(each.file, each.credit, each.licence) for each in done.credits] == [
        (line["file"], "A. Author", "CC BY 4.0") for line in lines
    ]
    assert shares[-1] == 1.0
    png = desk.media.get(first.case.image_sha)
    assert png is not None
    told = read_provenance(png)
    assert (told["Credit"], told["Licence"]) == ("A. Author", "CC BY 4.0")
    assert told["Description"].startswith("Photograph of a patient")
    assert told["DigitalSourceType"].endswith("digitalCapture")
    mask = desk.media.get(first.case.mask_sha)
    assert mask is not None
    with Image.open(io.BytesIO(mask)) as shape:
        assert shape.getextrema() == (0, 0)


def test_a_photograph_is_turned_upright_made_smaller_and_loses_its_metadata(
    desk: Desk, tmp_path: Path
) -> None:
    folder = make_folder(tmp_path / "photographs", [LINE])
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Secret camera"
    picture(1, 2400, 1200).save(folder / "one.jpg", exif=exif)
    (case,) = import_photographs(folder, small_catalogue(), desk.media).cases
    png = desk.media.get(case.case.image_sha)
    assert png is not None
    with Image.open(io.BytesIO(png)) as image:
        assert image.size == (MOST_PIXELS // 2, MOST_PIXELS)
        assert not image.getexif()
    assert b"Secret camera" not in png


REFUSED = {
    "no list": (None, "no photographs.csv in"),
    "no such file": ([LINE, LINE | {"file": "gone.jpg"}], "Line 3 of photographs.csv, gone.jpg: there is no such file"),
    "out of the folder": ([LINE | {"file": "../a.jpg"}], "Line 2 of photographs.csv, ../a.jpg: this name leads out"),
    "absolute": ([LINE | {"file": "/etc/passwd"}], "leads out of the folder"),
    "another system's": ([LINE | {"file": "C:\\one.jpg"}], "leads out of the folder"),
    "unknown condition": ([LINE | {"condition": "melanomma"}], "one.jpg: No condition is called 'melanomma'; did you"),
    "none of these": ([LINE | {"condition": "none of these"}], "is no condition"),
    "no licence": ([LINE | {"licence": ""}], "Line 2 of photographs.csv has no licence"),
    "no tone at all": ([LINE | {"tone": ""}], "neither a Monk tone nor a Fitzpatrick type"),
    "tone": ([LINE | {"tone": "11"}], "'11' is no Monk tone"),
    "type": ([LINE | {"fitzpatrick": "VII"}], "'VII' is no Fitzpatrick type"),
    "age": ([LINE | {"age": "-3"}], "'-3' is no age"),
    "export": ([LINE | {"export": "perhaps"}], "write yes, no or nothing"),
    "twice": ([LINE, LINE], "Line 3 of photographs.csv lists one.jpg again, after line 2"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_whatever_is_off_refuses_the_whole_import(desk: Desk, tmp_path: Path, what: str) -> None:
    lines, sentence = REFUSED[what]
    folder = make_folder(tmp_path / "photographs", [LINE])
    (folder / "photographs.csv").unlink()
    if lines is not None:
        write_list(folder, lines)
    with pytest.raises(UserError) as told:
        import_photographs(folder, small_catalogue(), desk.media)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)
    assert list(desk.media.names()) == []


def test_a_damaged_or_repeated_photograph_refuses_the_whole_import(desk: Desk, tmp_path: Path) -> None:
    lines = [LINE, LINE | {"file": "two.jpg"}]
    folder = make_folder(tmp_path / "photographs", lines)
    whole = (folder / "one.jpg").read_bytes()
    (folder / "two.jpg").write_bytes(whole)
    with pytest.raises(
        UserError, match=r"Line 3 of photographs\.csv, two\.jpg: the same photograph as line 2"
    ):
        import_photographs(folder, small_catalogue(), desk.media)
    (folder / "two.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match=r"Line 3 of photographs\.csv: two\.jpg is damaged"):
        import_photographs(folder, small_catalogue(), desk.media)
    (folder / "two.jpg").unlink()
    (folder / "two.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    picture(9).save(tmp_path / "elsewhere.jpg")
    with pytest.raises(UserError, match="this link leads out"):
        import_photographs(folder, small_catalogue(), desk.media)
    assert list(desk.media.names()) == []


def test_a_list_with_other_columns_or_another_encoding(desk: Desk, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "photographs", [LINE])
    path = write_list(folder, [LINE], [*LINE, "diagnosis"])
    with pytest.raises(UserError, match="a column 'diagnosis' of no meaning"):
        import_photographs(folder, small_catalogue(), desk.media)
    path.write_text("file,condition,tone,licence\none.jpg,vitiligo,3,CC0\n")
    with pytest.raises(UserError, match="lacks the column credit"):
        import_photographs(folder, small_catalogue(), desk.media)
    path.write_bytes("file,condition,tone,licence,credit\none.jpg,vitiligo,3,CC0,Müller\n".encode("latin-1"))
    with pytest.raises(UserError, match="no text in UTF-8"):
        import_photographs(folder, small_catalogue(), desk.media)
    path.write_text(
        "\ufefffile,condition,fitzpatrick,licence,credit\none.jpg,vitiligo,4,CC0,Müller\n", "utf-8"
    )
    (case,) = import_photographs(folder, small_catalogue(), desk.media).cases
    assert case.photograph is not None
    assert case.photograph.credit == "Müller"


@given(st.text(max_size=200))
def test_any_text_is_a_list_or_refused_in_one_sentence(text: str) -> None:
    for whole in (text, ",".join(COLUMNS) + "\n" + text):
        refused = ""
        try:
            assert all(each.tone or each.fitzpatrick for each in read_list(whole, "photographs.csv"))
        except UserError as told:
            refused = str(told)
        assert len(refused.splitlines()) <= 1


def test_labels_keep_their_own_scale() -> None:
    heads = "file,condition,tone,fitzpatrick,licence,credit\n"
    (line,) = read_list(heads + "a.jpg,vitiligo,Monk 3,iv,CC0,me\n", "list.csv")
    assert (line.tone, line.fitzpatrick) == (MonkTone(3), FitzpatrickType.IV)


def test_a_set_of_photographs_is_asked_and_counted_apart(desk: Desk, tmp_path: Path) -> None:
    lines = [
        LINE | {"file": f"{number}.png", "condition": condition, "tone": str(tone)}
        for number, (condition, tone) in enumerate(
            (("vitiligo", 2), ("melanocytic-naevus", 9), ("vitiligo", 8), ("basal-cell-carcinoma", 3))
        )
    ]
    folder = make_folder(tmp_path / "photographs", lines)
    real = RealImages(small_catalogue(), desk.sets, desk.set_store, desk.media)
    made, named = real.make_set(folder, "Ward photographs", "Eva", accept=True)
    assert [each.state for each in made.cases] == [CaseState.ACCEPTED] * 4
    assert len(named) == 4
    with pytest.raises(UserError, match="called 'Ward photographs' already"):
        real.make_set(folder, "Ward photographs", "Eva")
    learner = desk.learner().id
    session = desk.quiz.start(
        learner, set_plan(desk.sets.named("Ward photographs"), Mode.PRACTICE, choices=3)
    )
    for right in (True, False, True, True):
        shown, _ = desk.answer(session, right)
        assert shown.source is Source.REAL
        assert read_provenance(shown.image_png)["Credit"] == "A. Author"
        with pytest.raises(UserError, match="own skin tone only"):
            desk.quiz.tones_of(shown.question.case_id)
    synthetic = desk.begin(6)
    for _ in range(6):
        desk.answer(synthetic)
    assert desk.progress.overview(learner).total.n == 6
    assert len(desk.records.outcomes(100)) == 6
    page = desk.statistics.page(learner)
    assert (page.figures.total.k, page.figures.total.n) == (6, 6)
    assert page.choices.sources == ("learned", "real", "recipe")
    own = desk.statistics.page(learner, AnswerFilter(source="real", case_set="Ward photographs"))
    assert (own.figures.total.k, own.figures.total.n) == (3, 4)
    assert page.figures.real is not None
    assert (page.figures.real.real.n, page.figures.real.synthetic.n) == (4, 6)
    assert desk.maintenance.check().sound


def test_an_import_that_fails_leaves_no_set(desk: Desk, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "photographs", [LINE])
    (folder / "one.jpg").write_bytes(b"GIF89a")
    real = RealImages(small_catalogue(), desk.sets, desk.set_store, desk.media)
    with pytest.raises(UserError, match="no photograph that can be read"):
        real.make_set(folder, "Ward photographs", "Eva")
    assert desk.sets.summaries() == ()

"""QTI packages against the content models of their versions, and their scoring carried out.

1EdTech's schema files come with no package that tests could install. What is checked here is what they demand of the
elements that are used (QTI 2.1: imsqti_v2p1.xsd, final release of 2012; QTI 3.0: Assessment, Section and Item
Information Model, final release of 2022): names, order and number of children, which attributes and which values of
them, unique identifiers, and that every reference leads somewhere.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
import qti_convert

from dermtutor.domain.case_sets import Stem
from dermtutor.domain.conditions import Catalogue
from dermtutor.exchange.qti import QTI_3, QTI_21, Version, qti_package
from dermtutor.exchange.questions import Sheet
from dermtutor.exchange.saving import write_archive
from tests.exchange.making import Shelf, made_case, made_set

# Children as a regular expression over their names, each followed by a blank; then the attributes: all of these, and no
# others.
BLOCKS = "(p )*"
INLINE = "(strong |em |br |img )*"
MODEL = {
    "assessment-item": (
        "(response-declaration )*(outcome-declaration )*(item-body )?(response-processing )?(modal-feedback )*",
        {"identifier", "title", "adaptive", "time-dependent"},
    ),
    "response-declaration": ("(correct-response )?", {"identifier", "cardinality", "base-type"}),
    "correct-response": ("(value )+", set()),
    "outcome-declaration": ("(default-value )?", {"identifier", "cardinality", "base-type"}),
    "default-value": ("(value )+", set()),
    "value": ("", set()),
    "item-body": (f"{BLOCKS}(choice-interaction )+{BLOCKS}", set()),
    "choice-interaction": ("(prompt )?(simple-choice )+", {"response-identifier", "max-choices", "shuffle"}),
    "prompt": (INLINE, set()),
    "simple-choice": (INLINE, {"identifier"}),
    "response-processing": ("(response-condition |set-outcome-value )*", set()),
    "response-condition": ("response-if (response-else-if )*(response-else )?", set()),
    "response-if": ("match (set-outcome-value )*", set()),
    "match": ("variable correct ", set()),
    "variable": ("", {"identifier"}),
    "correct": ("", {"identifier"}),
    "base-value": ("", {"base-type"}),
    "set-outcome-value": ("(variable |base-value )", {"identifier"}),
    "modal-feedback": (f"(content-body |{BLOCKS})", {"outcome-identifier", "show-hide", "identifier"}),
    "content-body": (BLOCKS, set()),
    "assessment-test": ("(test-part )+", {"identifier", "title"}),
    "test-part": ("(assessment-section )+", {"identifier", "navigation-mode", "submission-mode"}),
    "assessment-section": ("(assessment-item-ref )*", {"identifier", "title", "visible"}),
    "assessment-item-ref": ("", {"identifier", "href"}),
    "p": (INLINE, set()),
    "strong": (INLINE, set()),
    "em": (INLINE, set()),
    "br": ("", set()),
    "img": ("", {"src", "alt"}),
}
NAME, TRUTH = r"[A-Za-z_][\w.-]*", "true|false"
VALUES = {
    "identifier": NAME, "response-identifier": NAME, "outcome-identifier": NAME, "title": ".+", "alt": ".+",
    "adaptive": TRUTH, "time-dependent": TRUTH, "shuffle": TRUTH, "visible": TRUTH, "max-choices": r"\d+",
    "cardinality": "single|multiple|ordered|record", "show-hide": "show|hide",
    "base-type": "identifier|boolean|integer|float|string|point|pair|directedPair|duration|file|uri",
    "navigation-mode": "linear|nonlinear", "submission-mode": "individual|simultaneous",
    "href": r"[\w./-]+", "src": r"[\w./-]+",
}  # fmt: skip
OF_ROOTS = {
    "{http://www.w3.org/XML/1998/namespace}lang", "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
}  # fmt: skip
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
VERSIONS = pytest.mark.parametrize("version", [QTI_3, QTI_21], ids=["3.0", "2.1"])


def _package(sheet: Sheet, version: Version) -> dict[str, bytes]:
    buffer = io.BytesIO()
    write_archive(buffer, qti_package(sheet, version))
    with zipfile.ZipFile(buffer) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _check(element: Element, version: Version) -> None:
    """One element and all below it against the model."""
    words = {version.name(each): each for each in MODEL} | {
        each: each for each in ("p", "strong", "em", "br", "img")
    }
    names = {}
    for child in element.iter():
        space, _, local = child.tag.removeprefix("{").partition("}")
        assert space == version.items
        names[child] = words[local]
    for each, name in names.items():
        children, attributes = MODEL[name]
        assert re.fullmatch(children, "".join(f"{names[child]} " for child in each)), name
        expected = {version.attribute(word): VALUES[word] for word in attributes}
        assert set(each.attrib) - (OF_ROOTS if each is element else set()) == set(expected), name
        for attribute, form in expected.items():
            assert re.fullmatch(form, each.attrib[attribute]), (name, attribute)


def _score(item: Element, version: Version, chosen: str) -> dict[str, str | None]:
    """The outcomes after an answer, by the item's own processing."""

    def found(words: str) -> list[Element]:
        return list(item.iter(f"{{{version.items}}}{version.name(words)}"))

    def value(expression: Element) -> str | None:
        if expression.tag.endswith(version.name("base-value")):
            return expression.text
        name = expression.get("identifier")
        return chosen if name == "RESPONSE" else outcomes[str(name)]

    def run(setting: Element) -> None:
        outcomes[str(setting.get("identifier"))] = value(setting[0])

    outcomes: dict[str, str | None] = {}
    for declaration in found("outcome-declaration"):
        default = declaration.find(f".//{{{version.items}}}{version.name('value')}")
        outcomes[str(declaration.get("identifier"))] = None if default is None else default.text
    (right,) = [each.text for each in found("correct-response")[0]]
    for step in found("response-processing")[0]:
        if step.tag.endswith(version.name("response-condition")):
            match, *settings = step[0]
            if (chosen == right) == bool(match.tag.endswith("match")):
                for setting in settings:
                    run(setting)
        else:
            run(step)
    return outcomes


@VERSIONS
def test_every_file_is_as_its_version_demands(sheet: Sheet, version: Version) -> None:
    files = _package(sheet, version)
    for name, content in files.items():
        if name.endswith(".xml") and name != "imsmanifest.xml":
            _check(ElementTree.fromstring(content), version)


@VERSIONS
def test_the_manifest_names_every_file_once_and_every_reference_leads_somewhere(
    sheet: Sheet, version: Version
) -> None:
    files = _package(sheet, version)
    space = {"c": version.packages}
    manifest = ElementTree.fromstring(files["imsmanifest.xml"])
    assert [each.tag.rpartition("}")[2] for each in manifest] == ["metadata", "organizations", "resources"]
    resources = manifest.findall("c:resources/c:resource", space)
    identifiers = [str(each.get("identifier")) for each in resources]
    assert len(set(identifiers)) == len(identifiers)
    assert all(IDENTIFIER.fullmatch(each) for each in identifiers)
    assert {str(each.get("href")) for each in resources} == set(files) - {"imsmanifest.xml"}
    for resource in resources:
        assert [each.get("href") for each in resource.findall("c:file", space)] == [resource.get("href")]
        for dependency in resource.findall("c:dependency", space):
            assert dependency.get("identifierref") in identifiers
    by_href = {str(each.get("href")): str(each.get("identifier")) for each in resources}
    references = list(
        ElementTree.fromstring(files["test.xml"]).iter(
            f"{{{version.items}}}{version.name('assessment-item-ref')}"
        )
    )
    assert [by_href[str(each.get("href"))] for each in references] == [
        each.get("identifier") for each in references
    ]
    for name, content in files.items():
        for image in (
            ElementTree.fromstring(content).iter(f"{{{version.items}}}img")
            if "/case" in name and name.endswith("xml")
            else ()
        ):
            assert f"items/{image.get('src')}" in files


@VERSIONS
def test_the_right_answer_and_no_other_scores_and_each_is_explained(sheet: Sheet, version: Version) -> None:
    files = _package(sheet, version)
    for question in sheet.questions:
        item = ElementTree.fromstring(files[f"items/case-{question.number:04}.xml"])
        choices = list(item.iter(f"{{{version.items}}}{version.name('simple-choice')}"))
        for choice, option in zip(choices, question.options, strict=True):
            outcomes = _score(item, version, str(choice.get("identifier")))
            assert choice.text == option.name
            assert (outcomes["SCORE"] == "1") == (option == question.right)
            assert outcomes["FEEDBACK"] == "explanation"
        (feedback,) = item.iter(f"{{{version.items}}}{version.name('modal-feedback')}")
        assert question.right.name in "".join(feedback.itertext())


@VERSIONS
def test_an_odd_stem_stays_text(catalogue: Catalogue, version: Version) -> None:
    shelf = Shelf()
    case = replace(made_case(shelf, 0), stem=Stem(history="<qti-x>&amp;]]>\x07\nsecond line \ud7ff"))
    sheet = Sheet(replace(made_set(shelf, 1), cases=(case,)), catalogue, shelf.get)
    item = ElementTree.fromstring(_package(sheet, version)["items/case-0001.xml"])
    _check(item, version)
    assert "<qti-x>&amp;]]>" in "".join(item.itertext())


def _plain(content: bytes) -> list[tuple[str, list[tuple[str, str]], str]]:
    """Elements in order with their attributes and texts, without the addresses of schemas."""
    return [
        (
            each.tag.rpartition("}")[2],
            sorted((name, value) for name, value in each.attrib.items() if "schemaLocation" not in name),
            (each.text or "").strip(),
        )
        for each in ElementTree.fromstring(content).iter()
    ]


def test_another_programs_converter_makes_our_2_1_of_our_3_0(sheet: Sheet, tmp_path: Path) -> None:
    for version, name in ((QTI_3, "three.zip"), (QTI_21, "two.zip")):
        with (tmp_path / name).open("wb") as stream:
            write_archive(stream, qti_package(sheet, version))
    made = qti_convert.downgrade_package(str(tmp_path / "three.zip"), str(tmp_path / "converted.zip"))
    assert made.warnings == []
    with zipfile.ZipFile(tmp_path / "two.zip") as ours, zipfile.ZipFile(tmp_path / "converted.zip") as theirs:
        assert sorted(ours.namelist()) == sorted(theirs.namelist())
        for name in ours.namelist():
            if name.endswith(".xml"):
                assert _plain(ours.read(name)) == _plain(theirs.read(name))
            else:
                assert ours.read(name) == theirs.read(name)

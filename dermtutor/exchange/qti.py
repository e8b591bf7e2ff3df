"""QTI packages of 1EdTech, versions 3.0 and 2.1: a test, its items with their images, and the manifest.

Both versions have one structure; 3.0 spells elements and attributes with hyphens and a prefix, wraps the text of
feedback, and has other namespaces (QTI 3.0 Assessment, Section and Item Information Model; QTI 2.1 Assessment Test,
Section, and Item Information Model).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from dermtutor.exchange.markup import explanation_markup, image_markup, lines, printable
from dermtutor.exchange.questions import PROMPT, Question, Sheet

_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Version:
    """How one version of QTI names things.

    The namespaces of items and of packages with their schemas, what the manifest says of itself, and the ending of the
    types of its resources.
    """

    items: str
    items_schema: str
    packages: str
    packages_schema: str
    schema: str
    schema_version: str
    kind: str
    hyphens: bool
    """``qti-item-body``, not ``itemBody``."""

    def name(self, words: str) -> str:
        """An element by its words: ``item-body`` becomes ``qti-item-body`` or ``itemBody``."""
        return f"qti-{words}" if self.hyphens else self.attribute(words)

    def attribute(self, words: str) -> str:
        """An attribute by its words: ``max-choices`` or ``maxChoices``."""
        first, *rest = words.split("-")
        return words if self.hyphens else first + "".join(word.capitalize() for word in rest)


_XSD: Final = "http://www.imsglobal.org/xsd/"
_PURL: Final = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/"
QTI_3: Final = Version(
    f"{_XSD}imsqtiasi_v3p0", f"{_PURL}imsqti_asiv3p0_v1p0.xsd",
    f"{_XSD}qti/qtiv3p0/imscp_v1p1", f"{_PURL}imsqtiv3p0_imscpv1p2_v1p0.xsd",
    "QTI Package", "3.0.0", "xmlv3p0", hyphens=True,
)  # fmt: skip
QTI_21: Final = Version(
    f"{_XSD}imsqti_v2p1", f"{_XSD}qti/qtiv2p1/imsqti_v2p1.xsd",
    f"{_XSD}imscp_v1p1", f"{_XSD}qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
    "QTIv2.1 Package", "1.0.0", "xmlv2p1", hyphens=False,
)  # fmt: skip


def qti_package(sheet: Sheet, version: Version) -> Iterator[tuple[str, bytes]]:
    """The files of the package by path, the manifest first."""
    yield "imsmanifest.xml", _manifest(sheet, version)
    yield "test.xml", _test(sheet, version)
    for question in sheet.questions:
        yield _item_path(question), _item(question, version)
        yield _image_path(question), sheet.picture(question)


def _item_path(question: Question) -> str:
    return f"items/case-{question.number:04}.xml"


def _image_path(question: Question) -> str:
    return f"items/images/case-{question.number:04}.png"


def _identifier(question: Question) -> str:
    """By the case, not by its place: answers can be joined whatever the order was."""
    return f"item-{question.item_id}"


def _item(question: Question, version: Version) -> bytes:
    item = _root("assessment-item", version, identifier=_identifier(question))
    item.set("title", f"Case {question.number}")
    item.set("xml:lang", "en")
    item.set("adaptive", "false")
    item.set(version.attribute("time-dependent"), "false")
    _declare(item, question, version)
    _ask(_add(item, version, "item-body"), question, version)
    _processing(item, version)
    _explain(item, question, version)
    return _written(item)


def _option(number: int) -> str:
    """The identifier of an option, counted from 0."""
    return f"option-{number + 1}"


def _declare(item: Element, question: Question, version: Version) -> None:
    """The response with the right answer, and the outcomes."""
    response = _add(
        item, version, "response-declaration", identifier="RESPONSE", cardinality="single", base_type="identifier"
    )  # fmt: skip
    right = _option(question.options.index(question.right))
    _add(_add(response, version, "correct-response"), version, "value").text = right
    for name, kind, value in (
        ("SCORE", "float", "0"),
        ("MAXSCORE", "float", "1"),
        ("FEEDBACK", "identifier", ""),
    ):
        outcome = _add(
            item, version, "outcome-declaration", identifier=name, cardinality="single", base_type=kind
        )
        if value:
            _add(_add(outcome, version, "default-value"), version, "value").text = value


def _ask(body: Element, question: Question, version: Version) -> None:
    """Stem, picture, note and options."""
    if question.stem:
        _append(body, f"<p>{lines(question.stem)}</p>")
    _append(body, image_markup(question, f"images/case-{question.number:04}.png"))
    if question.note:
        _append(body, f"<p><em>{lines(question.note)}</em></p>")
    choice = _add(
        body, version, "choice-interaction", response_identifier="RESPONSE", shuffle="true", max_choices="1"
    )
    _add(choice, version, "prompt").text = PROMPT
    for number, option in enumerate(question.options):
        _add(choice, version, "simple-choice", identifier=_option(number)).text = printable(option.name)


def _explain(item: Element, question: Question, version: Version) -> None:
    """The explanation, to be shown after any answer."""
    feedback = _add(
        item, version, "modal-feedback", outcome_identifier="FEEDBACK", show_hide="show", identifier="explanation"
    )  # fmt: skip
    content = _add(feedback, version, "content-body") if version.hyphens else feedback
    _append(content, explanation_markup(question))


def _processing(item: Element, version: Version) -> None:
    """One mark for the right answer; the explanation after any."""
    processing = _add(item, version, "response-processing")
    condition = _add(processing, version, "response-condition")
    when_right = _add(condition, version, "response-if")
    match = _add(when_right, version, "match")
    _add(match, version, "variable", identifier="RESPONSE")
    _add(match, version, "correct", identifier="RESPONSE")
    score = _add(when_right, version, "set-outcome-value", identifier="SCORE")
    _add(score, version, "variable", identifier="MAXSCORE")
    told = _add(processing, version, "set-outcome-value", identifier="FEEDBACK")
    _add(told, version, "base-value", base_type="identifier").text = "explanation"


def _test(sheet: Sheet, version: Version) -> bytes:
    test = _root("assessment-test", version, identifier="case-set")
    test.set("title", printable(sheet.title))
    part = _add(
        test,
        version,
        "test-part",
        identifier="part",
        navigation_mode="nonlinear",
        submission_mode="individual",
    )
    section = _add(
        part, version, "assessment-section", identifier="cases", title=printable(sheet.title), visible="true"
    )
    for question in sheet.questions:
        _add(
            section,
            version,
            "assessment-item-ref",
            identifier=_identifier(question),
            href=_item_path(question),
        )
    return _written(test)


def _manifest(sheet: Sheet, version: Version) -> bytes:
    manifest = Element(
        "manifest",
        {
            "xmlns": version.packages,
            "xmlns:xsi": _XSI,
            "xsi:schemaLocation": f"{version.packages} {version.packages_schema}",
            "identifier": f"set-{sheet.case_set.set_id}",
        },
    )
    metadata = SubElement(manifest, "metadata")
    SubElement(metadata, "schema").text = version.schema
    SubElement(metadata, "schemaversion").text = version.schema_version
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    kind = f"imsqti_test_{version.kind}"
    test = _resource(resources, "case-set-test", kind, "test.xml")
    for question in sheet.questions:
        SubElement(test, "dependency", identifierref=_identifier(question))
    for question in sheet.questions:
        path = _item_path(question)
        item = _resource(resources, _identifier(question), f"imsqti_item_{version.kind}", path)
        SubElement(item, "dependency", identifierref=f"image-{question.item_id}")
        _resource(resources, f"image-{question.item_id}", "webcontent", _image_path(question))
    return _written(manifest)


def _resource(resources: Element, identifier: str, kind: str, path: str) -> Element:
    resource = SubElement(resources, "resource", identifier=identifier, type=kind, href=path)
    SubElement(resource, "file", href=path)
    return resource


def _root(words: str, version: Version, identifier: str) -> Element:
    return Element(
        version.name(words),
        {
            "xmlns": version.items,
            "xmlns:xsi": _XSI,
            "xsi:schemaLocation": f"{version.items} {version.items_schema}",
            "identifier": identifier,
        },
    )


def _add(parent: Element, version: Version, words: str, **attributes: str) -> Element:
    named = {version.attribute(name.replace("_", "-")): value for name, value in attributes.items()}
    return SubElement(parent, version.name(words), named)


def _append(parent: Element, markup: str) -> None:
    parent.extend(ElementTree.fromstring(f"<div>{printable(markup)}</div>"))


def _written(root: Element) -> bytes:
    ElementTree.indent(root, space=" ")
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content

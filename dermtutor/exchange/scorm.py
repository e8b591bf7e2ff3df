"""A SCORM 1.2 package: pages that play in a browser and report every answer to the learning platform.

The pages are those in ``assets/scorm``; what is written here is the manifest (SCORM 1.2, The Content Aggregation Model)
and the cases as a script, since a page opened from a disk may read no other file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dermtutor.exchange.markup import printable
from dermtutor.exchange.questions import Question, Sheet
from dermtutor.paths import assets_dir

_PAGES: Final = ("index.html", "quiz.css", "quiz.js", "lms.js")
_PACKAGES: Final = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
_ADL: Final = "http://www.adlnet.org/xsd/adlcp_rootv1p2"


def scorm_package(sheet: Sheet) -> Iterator[tuple[str, bytes]]:
    """The files of the package by path, the manifest first."""
    pictures = [name for question in sheet.questions for name in _pictures(sheet, question).values()]
    yield "imsmanifest.xml", _manifest(sheet, [*_PAGES, "cases.js", *pictures])
    for name in _PAGES:
        yield name, (assets_dir() / "scorm" / name).read_bytes()
    cases = {
        "title": sheet.title,
        "cases": [_case(question, _pictures(sheet, question)) for question in sheet.questions],
    }
    yield "cases.js", f"window.DERMTUTOR_CASES = {json.dumps(cases, sort_keys=True)};\n".encode()
    for question in sheet.questions:
        for kind, name in _pictures(sheet, question).items():
            yield name, sheet.picture(question, answered=kind == "outlined")


def _pictures(sheet: Sheet, question: Question) -> dict[str, str]:
    """The paths of a case's pictures; the one with the outline is for after the answer."""
    number = f"{question.number:04}"
    names = {"image": f"images/case-{number}.png"}
    return names | ({"outlined": f"images/outline-{number}.png"} if sheet.has_outline(question) else {})


def _case(question: Question, pictures: dict[str, str]) -> dict[str, Any]:
    return {
        "id": question.item_id,
        "stem": question.stem,
        "note": question.note,
        "alternative": question.alternative_text(),
        "alternativeAfter": question.alternative_text(answered=True),
        "options": [option.name for option in question.options],
        "right": question.options.index(question.right),
        "explanation": question.explanation,
        "image": pictures["image"],
        "outlined": pictures.get("outlined", ""),
    }


def _manifest(sheet: Sheet, files: list[str]) -> bytes:
    manifest = Element(
        "manifest",
        {
            "xmlns": _PACKAGES,
            "xmlns:adlcp": _ADL,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_PACKAGES} imscp_rootv1p1p2.xsd {_ADL} adlcp_rootv1p2.xsd",
            "identifier": f"set-{sheet.case_set.set_id}",
            "version": "1.0",
        },
    )
    metadata = SubElement(manifest, "metadata")
    SubElement(metadata, "schema").text = "ADL SCORM"
    SubElement(metadata, "schemaversion").text = "1.2"
    organizations = SubElement(manifest, "organizations", default="set")
    organization = SubElement(organizations, "organization", identifier="set")
    SubElement(organization, "title").text = printable(sheet.title)
    item = SubElement(organization, "item", identifier="cases", identifierref="page", isvisible="true")
    SubElement(item, "title").text = printable(sheet.title)
    resources = SubElement(manifest, "resources")
    page = SubElement(
        resources,
        "resource",
        {"identifier": "page", "type": "webcontent", "adlcp:scormtype": "sco", "href": "index.html"},
    )
    for name in files:
        SubElement(page, "file", href=name)
    indent(manifest, space=" ")
    content: bytes = tostring(manifest, encoding="utf-8", xml_declaration=True)
    return content

"""A case set of painted cases, and a place for their pictures."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dermtutor.domain.case_sets import CaseReview, CaseSet, CaseState, Photograph, SetCase, Stem
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.records import CaseRecord
from dermtutor.exchange.dermset import write_dermset
from dermtutor.services.encoding import encode_case
from dermtutor.services.signing import SigningKey
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import FakeGenerator

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
CONDITIONS = ("melanoma", "urticaria", "basal-cell-carcinoma", "vitiligo", "plaque-psoriasis", "healthy-skin")
STEMS = (
    Stem(45, "trunk", "For {age} years of life no rash; now one on the {site}."),
    Stem(),
    Stem(history="=cmd|' /C calc'!A0 <b>{x}</b> ~ # { } & Δ"),
    Stem(age=8, site="upper-limb"),
)


class Shelf:
    """Pictures by hash, in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        sha = hashlib.sha256(content).hexdigest()
        self.files[sha] = content
        return sha

    def get(self, sha: str) -> bytes | None:
        return self.files.get(sha)


def made_case(shelf: Shelf, place: int, source: Source | None = None, condition: str = "") -> SetCase:
    """A case, reviewed or not by its place."""
    source = source or (Source.LEARNED, Source.RECIPE)[place % 2]
    spec = CaseSpec(
        condition or CONDITIONS[place % len(CONDITIONS)], MonkTone(1 + place % 10), 100 + place, source,
        severity=0.25, size=32, weights_version="fake-1",
        recipe_version="urticaria-1" if source is Source.RECIPE else "",
        origin="" if source.generated else "0f" * 32,
    )  # fmt: skip
    made = FakeGenerator().generate(spec)
    files = encode_case(made)
    record = CaseRecord(
        spec=spec,
        image_sha=shelf.put(files.png),
        mask_sha=shelf.put(files.mask_png),
        requested_ita=made.requested_ita,
        measured_ita=made.measured_ita,
        flags=("skin tone out of tolerance",) if place % 3 == 0 else (),
        weights=made.weights,
        reviewed=place % 2 == 0,
        created_at=NOON,
    )
    accepted = (CaseReview("Reviewer A", CaseState.ACCEPTED, "", NOON),) if place % 2 == 0 else ()
    return SetCase(record, STEMS[place % len(STEMS)], pinned=place == 1, reviews=accepted)


def made_set(shelf: Shelf, cases: int = 4) -> CaseSet:
    return CaseSet(
        "set-1", "series-1", 2, "First week: all tones", "Ada Example", NOON,
        tuple(made_case(shelf, place) for place in range(cases)),
    )  # fmt: skip


def with_photographs(shelf: Shelf, case_set: CaseSet) -> CaseSet:
    """The set with a face, a photograph that may not leave, one of which nothing is known, and one that may leave."""
    added = []
    told = (
        Photograph("a" * 64, "written consent", face=True, may_leave=False),
        Photograph("b" * 64, "for this clinic only", may_leave=False),
        None,
        Photograph("c" * 64, "CC BY 4.0", credit="Clinic of Example"),
    )
    for number, photograph in enumerate(told):
        source = Source.REAL if number == 2 else Source.TRANSFER
        added.append(replace(made_case(shelf, 10 + number, source), photograph=photograph))
    return replace(case_set, cases=(*case_set.cases, *added))


def rejected(case: SetCase) -> SetCase:
    return replace(case, reviews=(CaseReview("Reviewer B", CaseState.REJECTED, "two lesions", NOON),))


def write(case_set: CaseSet, shelf: Shelf, folder: Path, name: str = "set.dermset") -> Path:
    """The set as a signed file."""
    path = folder / name
    with path.open("wb") as stream:
        write_dermset(case_set, shelf.get, SigningKey(folder / "home" / "key"), "Ada Example", stream)
    return path

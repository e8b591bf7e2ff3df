"""The description in a case-set file: the set, its cases with stems, reviews and provenance, and who signed it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Final

from dermtutor.domain.case_sets import AGES, CaseReview, CaseSet, CaseState, Photograph, SetCase, Stem
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.records import CaseRecord
from dermtutor.exchange.container import Newer, Unsound
from dermtutor.exchange.fields import Fields, canonical, moment_text, parsed
from dermtutor.services.encoding import DIGITAL_SOURCE_TYPES
from dermtutor.services.signing import fingerprint

FORMAT: Final = "dermset"
VERSION: Final = 1
MAX_CASES: Final = 5000
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_CONDITION: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_MAX_SEED: Final = 2**63 - 1
_LINE, _TEXT = 200, 4000


@dataclass(frozen=True, slots=True)
class Signer:
    """Who says to have signed, and the public key (32 bytes) that proves only that it was one and the same holder."""

    name: str
    public_key: bytes

    @property
    def fingerprint(self) -> str:
        """The key as people compare it."""
        return fingerprint(self.public_key)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a case-set file says. ``sizes`` gives the bytes of every image and mask by its SHA-256."""

    case_set: CaseSet
    signer: Signer
    sizes: dict[str, int]


def manifest_bytes(manifest: Manifest) -> bytes:
    """The description as canonical JSON; the same set gives the same bytes.

    Raises Unsound where it would not be read back equal: a text too long, a number out of range.
    """
    case_set, signer = manifest.case_set, manifest.signer
    try:
        content = canonical(
            {
                "format": FORMAT,
                "version": VERSION,
                "set": _set_table(case_set),
                "cases": [_case_table(case) for case in case_set.cases],
                "files": [{"sha256": sha, "bytes": size} for sha, size in manifest.sizes.items()],
                "signer": {"name": signer.name, "public_key": signer.public_key.hex()},
            }
        )
    except ValueError as problem:
        raise Unsound("one of its values cannot be written") from problem
    read_manifest(content)
    return content


def read_manifest(content: bytes) -> Manifest:
    """The description that the bytes hold. Raises Unsound, also for one of a later version."""
    fields = parsed(content)
    if fields["format"] != FORMAT:
        raise Unsound("it is not a case-set file")
    if fields.whole("version", 1, 10**6) > VERSION:
        raise Newer("a newer DermTutor wrote it")
    fields.only("format", "version", "set", "cases", "files", "signer")
    signer = fields.table("signer")
    signer.only("name", "public_key")
    sizes = {}
    for file in fields.tables("files", 2 * MAX_CASES):
        file.only("sha256", "bytes")
        sizes[file.sha("sha256")] = file.whole("bytes", 1, 2**31)
    cases = tuple(_case(each) for each in fields.tables("cases", MAX_CASES))
    if len({case.case.case_id for case in cases}) != len(cases):
        raise Unsound("it holds a case twice")
    named = dict.fromkeys(sha for case in cases for sha in pictures_of(case))
    if list(sizes) != list(named):
        raise Unsound("it does not list exactly the pictures of its cases")
    key = bytes.fromhex(signer.matching("public_key", _KEY))
    return Manifest(
        _set(fields.table("set"), cases), Signer(signer.line("name", _LINE, empty=False), key), sizes
    )


def pictures_of(case: SetCase) -> tuple[str, ...]:
    """The hashes of a case's image and of its mask, where it has one."""
    return tuple(sha for sha in (case.case.image_sha, case.case.mask_sha) if sha)


def _set_table(case_set: CaseSet) -> dict[str, Any]:
    return {
        "set_id": case_set.set_id,
        "series": case_set.series,
        "version": case_set.version,
        "name": case_set.name,
        "author": case_set.author,
        "created_at": moment_text(case_set.created_at),
        "used_at": moment_text(case_set.used_at) if case_set.used_at else None,
    }


def _set(fields: Fields, cases: tuple[SetCase, ...]) -> CaseSet:
    fields.only("set_id", "series", "version", "name", "author", "created_at", "used_at")
    return CaseSet(
        set_id=fields.matching("set_id", _ID),
        series=fields.matching("series", _ID),
        version=fields.whole("version", 1, 10**6),
        name=fields.line("name", _LINE, empty=False),
        author=fields.line("author", _LINE),
        created_at=fields.moment("created_at"),
        cases=cases,
        used_at=None if fields["used_at"] is None else fields.moment("used_at"),
    )


def _case_table(each: SetCase) -> dict[str, Any]:
    record = each.case
    spec = record.spec
    return {
        "spec": json.loads(spec.canonical_json()),
        "spec_id": spec.spec_id,
        "digital_source_type": DIGITAL_SOURCE_TYPES[spec.source],
        "image": record.image_sha,
        "mask": record.mask_sha,
        "requested_ita": float(record.requested_ita),
        "measured_ita": float(record.measured_ita),
        "flags": list(record.flags),
        "weights": record.weights,
        "reviewed": record.reviewed,
        "created_at": moment_text(record.created_at),
        "stem": asdict(each.stem),
        "pinned": each.pinned,
        "reviews": [
            {
                "reviewer": review.reviewer,
                "state": review.state.value,
                "reason": review.reason,
                "at": moment_text(review.at),
            }
            for review in each.reviews
        ],
        "photograph": asdict(each.photograph) if each.photograph else None,
    }


def _case(fields: Fields) -> SetCase:
    fields.only(
        "spec", "spec_id", "digital_source_type", "image", "mask", "requested_ita", "measured_ita", "flags",
        "weights", "reviewed", "created_at", "stem", "pinned", "reviews", "photograph",
    )  # fmt: skip
    spec = _spec(fields.table("spec"))
    if (
        fields["spec_id"] != spec.spec_id
        or fields["digital_source_type"] != DIGITAL_SOURCE_TYPES[spec.source]
    ):
        raise Unsound("a case is not what its id or its source says")
    record = CaseRecord(
        spec=spec,
        image_sha=fields.sha("image"),
        mask_sha=fields.sha("mask", empty=True),
        requested_ita=fields.number("requested_ita", -180, 180),
        measured_ita=fields.number("measured_ita", -180, 180),
        flags=fields.texts("flags", 20, _LINE),
        weights=fields.line("weights", _LINE),
        reviewed=fields.flag("reviewed"),
        created_at=fields.moment("created_at"),
    )
    photograph = None if fields["photograph"] is None else _photograph(fields.table("photograph"))
    return SetCase(
        case=record,
        stem=_stem(fields.table("stem")),
        pinned=fields.flag("pinned"),
        reviews=tuple(_review(each) for each in fields.tables("reviews", 100)),
        photograph=photograph,
    )


def _spec(fields: Fields) -> CaseSpec:
    """The spec whose canonical JSON the table is. Fields that only some specs have are a text or a number."""
    if len(fields.matching("condition", _CONDITION)) > _LINE:
        raise Unsound("a condition's id is too long")
    fields.whole("tone", 1, 10)
    fields.whole("seed", 0, _MAX_SEED)
    _one_of(fields["source"], Source)
    fields.number("severity", 0, 1)
    fields.whole("size", 1, 2**15)
    for name in set(fields) - {"condition", "tone", "seed", "source", "severity", "size"}:
        if name == "truncation":
            fields.number(name, 0, 1)
        elif isinstance(fields[name], str):
            fields.line(name, _LINE)
        else:
            fields.whole(name, 0, _MAX_SEED)
    text = canonical(dict(fields)).decode()
    try:
        spec = CaseSpec.from_json(text)
        if json.loads(spec.canonical_json()) != dict(fields):
            raise ValueError(text)
    except (TypeError, ValueError, KeyError) as problem:
        raise Unsound("a case is described in a way that is unknown here") from problem
    return spec


def _stem(fields: Fields) -> Stem:
    fields.only("age", "site", "history")
    age = None if fields["age"] is None else fields.whole("age", *AGES)
    return Stem(age, fields.line("site", _LINE), fields.text("history", _TEXT))


def _review(fields: Fields) -> CaseReview:
    fields.only("reviewer", "state", "reason", "at")
    state = CaseState(_one_of(fields["state"], CaseState))
    return CaseReview(
        fields.line("reviewer", _LINE, empty=False),
        state,
        fields.text("reason", _TEXT, empty=state is not CaseState.REJECTED),
        fields.moment("at"),
    )


def _photograph(fields: Fields) -> Photograph:
    fields.only("sha", "permission", "credit", "face", "may_leave")
    return Photograph(
        fields.sha("sha"),
        fields.text("permission", _TEXT),
        fields.text("credit", _TEXT),
        fields.flag("face"),
        fields.flag("may_leave"),
    )


def _one_of(value: object, allowed: Any) -> str:
    if value not in tuple(allowed):
        raise Unsound(f"{str(value)[:40]!r} is none of {', '.join(allowed)}")
    return str(value)

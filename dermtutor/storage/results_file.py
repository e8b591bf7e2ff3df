"""The file a learner's results travel in (``.dermresults``): a signed, compressed JSON document.

Two lines of text come first: the format with its version, then the signer's public key and the signature of everything
after them, in hexadecimal. The signature is checked before anything is unpacked, the size before anything is parsed,
and every value before anything is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from typing import Any, Final

from dermtutor import __version__
from dermtutor.domain.quiz import NO_DETAILS, AnswerDetails
from dermtutor.domain.records import AnswerRecord
from dermtutor.domain.results import Results
from dermtutor.errors import UserError
from dermtutor.services.results import SignedResults
from dermtutor.services.signing import Signature, SigningKey, WrongSignature, fingerprint, verify
from dermtutor.storage.checked_columns import NotResults
from dermtutor.storage.results_reading import results_of

VERSION: Final = 1
MOST_BYTES: Final = 32 * 2**20
"""Of a file."""
MOST_UNPACKED: Final = 96 * 2**20
_NAME: Final = "DermTutor results"
_FIRST: Final = re.compile(rb"DermTutor results ([0-9]{1,6})")
_SECOND: Final = re.compile(rb"([0-9a-f]{64}) ([0-9a-f]{128})")
_LONGEST_LINE: Final = 256


class ResultsFile:
    """Implements ``services.results.ResultsFormat``."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def written(self, results: Results) -> bytes:
        """The file of the results, signed by this computer."""
        text = json.dumps(_document(results), ensure_ascii=False, separators=(",", ":"))
        packed = zlib.compress(text.encode(), 6)
        signature = self._key.sign(_purpose(VERSION), packed)
        return b"%s %d\n%s %s\n%s" % (
            _NAME.encode(),
            VERSION,
            signature.key.hex().encode(),
            signature.value.hex().encode(),
            packed,
        )

    def read(self, content: bytes) -> SignedResults:
        """What a file says, once all of it is verified. Raises UserError, one sentence, for anything that is off."""
        if len(content) > MOST_BYTES:
            raise UserError(
                f"It is larger than results can be ({MOST_BYTES >> 20} MB); ask for a new export."
            )
        version, rest = _version(content)
        if version > VERSION:
            raise UserError("It was written by a newer DermTutor; install the newest release to import it.")
        second, newline, packed = rest.partition(b"\n")
        matched = _SECOND.fullmatch(second)
        if not newline or matched is None:
            raise _altered()
        signature = Signature(*(bytes.fromhex(part.decode()) for part in matched.groups()))
        try:
            verify(signature, _purpose(version), packed)
        except WrongSignature as problem:
            raise _altered() from problem
        try:
            results = results_of(_unpacked(packed))
        except NotResults as problem:
            raise UserError(f"Its content makes no sense ({problem}); ask for a new export.") from problem
        return SignedResults(
            results, signature.key.hex(), fingerprint(signature.key), hashlib.sha256(content).hexdigest()
        )


def _purpose(version: int) -> str:
    return f"{_NAME} {version}"


def _version(content: bytes) -> tuple[int, bytes]:
    first, newline, _ = content[:_LONGEST_LINE].partition(b"\n")
    matched = _FIRST.fullmatch(first)
    if not newline or matched is None:
        raise UserError("It is no file of results; choose one whose name ends in .dermresults.")
    return int(matched[1]), content[len(first) + 1 :]


def _altered() -> UserError:
    return UserError("It was altered or cut short after it was written; ask for a new export.")


def _unpacked(packed: bytes) -> Any:
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(packed, MOST_UNPACKED)
    except zlib.error as problem:
        raise NotResults("it cannot be unpacked") from problem
    if unpacking.unconsumed_tail or not unpacking.eof or unpacking.unused_data:
        raise NotResults("it unpacks to something too large or unfinished")
    try:
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as problem:
        raise NotResults("it is no JSON text") from problem


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _document(results: Results) -> dict[str, Any]:
    cases = {record.spec.spec_id: record.spec for record in results.answers}
    return {
        "application": f"DermTutor {__version__}",
        "learner": results.learner,
        "name": results.name,
        "written_at": results.written_at.isoformat(),
        "sessions": {
            name: {"mode": session.mode.value, "case_set": session.case_set}
            for name, session in results.sessions.items()
        },
        "cases": {
            name: {"spec": json.loads(spec.canonical_json()), "reviewed": name in results.reviewed}
            for name, spec in cases.items()
        },
        "answers": [_answer(record) for record in results.answers],
    }


def _answer(record: AnswerRecord) -> dict[str, Any]:
    answer = record.answer
    fields: dict[str, Any] = {
        "id": answer.answer_id,
        "item": answer.item_id,
        "session": record.session_id,
        "case": record.spec.spec_id,
        "kind": record.kind.value,
        "choices": record.choices,
        "expected": record.right,
        "chosen": answer.chosen,
        "correct": answer.correct,
        "confidence": None if answer.confidence is None else int(answer.confidence),
        "shown_at": answer.shown_at.isoformat(),
        "answered_at": answer.answered_at.isoformat(),
    }
    return fields if answer.details == NO_DETAILS else fields | {"details": _details(answer.details)}


def _details(details: AnswerDetails) -> dict[str, Any]:
    click = details.click
    return {
        "ranked": details.ranked,
        "features": details.features,
        "against": details.against,
        "first_choice": details.first_choice,
        "first_confidence": None if details.first_confidence is None else int(details.first_confidence),
        "click": None if click is None else {"x": click.x, "y": click.y, "hit": click.hit},
    }

"""Reads the document inside a file of results. Nothing is taken on trust: a signed file can still be a hostile one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dermtutor.domain.cases import CaseSpec, Modality, Source
from dermtutor.domain.modes import RANKED_AT_MOST, AnswerKind, Mode
from dermtutor.domain.quiz import CHOICES_RANGE, NO_DETAILS, Answer, AnswerDetails, Click, Confidence
from dermtutor.domain.records import AnswerRecord
from dermtutor.domain.results import LONGEST_NAME, MOST_ANSWERS, Results, SentSession
from dermtutor.skin.scales import MonkTone

_ID: Final = re.compile(r"[0-9a-f]{32}")
_SHA: Final = re.compile(r"[0-9a-f]{64}")
_TERM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_LONGEST_TEXT: Final = 200
_MOST_FEATURES: Final = 48
_SPEC: Final = {
    "condition", "tone", "seed", "source", "site", "severity", "size", "weights_version", "recipe_version"
}  # fmt: skip
_SOMETIMES: Final = {"origin", "near", "modality", "truncation"}
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class NotResults(ValueError):
    """The document is not what a file of results holds; the message says what is wrong in a few words."""


def results_of(document: Any) -> Results:
    """The results a parsed document says. Raises NotResults unless every value of it makes sense."""
    try:
        return _Reader(_table(document)).results()
    except (KeyError, TypeError, ValueError, OverflowError) as problem:
        if isinstance(problem, NotResults):
            raise
        raise NotResults("a value is missing or of the wrong kind") from problem


class _Reader:
    """The parts refer to each other: answers to cases and sessions."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._learner = _matching(document["learner"], _SHA)
        self._sessions = {
            _matching(name, _ID): SentSession(Mode(each["mode"]), _text(each["case_set"]))
            for name, each in _table(document["sessions"]).items()
        }
        self._cases = dict(self._read_cases())
        self._reviewed = frozenset(
            name for name, each in document["cases"].items() if _truth(each["reviewed"])
        )

    def results(self) -> Results:
        answers = self._document["answers"]
        if not isinstance(answers, list) or len(answers) > MOST_ANSWERS:
            raise NotResults(f"more than {MOST_ANSWERS} answers")
        read = tuple(self._answer(_table(each)) for each in answers)
        for what in ({each.answer.answer_id for each in read}, {each.answer.item_id for each in read}):
            if len(what) != len(read):
                raise NotResults("an answer comes twice")
        if not read:
            raise NotResults("it holds no answer")
        return Results(
            learner=self._learner,
            name=_name(self._document["name"]),
            written_at=_moment(self._document["written_at"]),
            sessions=self._sessions,
            reviewed=self._reviewed,
            answers=read,
        )

    def _read_cases(self) -> Iterator[tuple[str, CaseSpec]]:
        for name, each in _table(self._document["cases"]).items():
            spec = _spec(_table(each["spec"]))
            if spec.spec_id != name:
                raise NotResults("a case is not the one it is called")
            yield name, spec

    def _answer(self, each: dict[str, Any]) -> AnswerRecord:
        session, kind = _matching(each["session"], _ID), AnswerKind(each["kind"])
        choices = _terms(each["choices"], CHOICES_RANGE[1] + 1)
        expected, chosen = _matching(each["expected"], _TERM), _matching(each["chosen"], _TERM)
        if kind is not AnswerKind.TYPED and not {expected, chosen} <= set(choices):
            raise NotResults("an answer was not among its options")
        correct = _truth(each["correct"])
        if correct != (chosen == expected):
            raise NotResults("an answer is marked as it is not")
        shown_at, answered_at = _moment(each["shown_at"]), _moment(each["answered_at"])
        answer = Answer(
            answer_id=_matching(each["id"], _ID),
            item_id=_matching(each["item"], _ID),
            chosen=chosen,
            correct=correct,
            confidence=_confidence(each["confidence"]),
            shown_at=shown_at,
            answered_at=answered_at,
            details=_details(_table(each["details"])) if "details" in each else NO_DETAILS,
        )
        return AnswerRecord(
            answer=answer,
            session_id=session,
            learner_id=self._learner,
            spec=self._cases[each["case"]],
            choices=choices,
            mode=self._sessions[session].mode,
            kind=kind,
            expected=expected,
        )


def _spec(fields: dict[str, Any]) -> CaseSpec:
    if not _SPEC <= set(fields) <= _SPEC | _SOMETIMES:
        raise NotResults("a case has other fields than this release knows")
    return CaseSpec(
        condition=_matching(fields["condition"], _TERM),
        tone=MonkTone(_whole(fields["tone"], 1, 10)),
        seed=_whole(fields["seed"], 0, 2**63 - 1),
        source=Source(fields["source"]),
        site=_text(fields["site"]),
        severity=_number(fields["severity"], 0, 1),
        size=_whole(fields["size"], 1, 8192),
        weights_version=_text(fields["weights_version"]),
        recipe_version=_text(fields["recipe_version"]),
        origin=_matching(fields["origin"], _SHA) if "origin" in fields else "",
        near=_whole(fields["near"], 0, 2**63 - 1) if "near" in fields else None,
        modality=Modality(fields.get("modality", Modality.CLINICAL)),
        truncation=_number(fields.get("truncation", 1.0), 0, 1),
    )


def _details(fields: dict[str, Any]) -> AnswerDetails:
    click = fields["click"]
    return AnswerDetails(
        ranked=_terms(fields["ranked"], RANKED_AT_MOST),
        features=_texts(fields["features"]),
        against=_texts(fields["against"]),
        first_choice=None if fields["first_choice"] is None else _matching(fields["first_choice"], _TERM),
        first_confidence=_confidence(fields["first_confidence"]),
        click=None if click is None else _click(_table(click)),
    )


def _confidence(value: Any) -> Confidence | None:
    return None if value is None else Confidence(_whole(value, 1, 5))


def _click(fields: dict[str, Any]) -> Click:
    return Click(_number(fields["x"], 0, 1), _number(fields["y"], 0, 1), _truth(fields["hit"]))


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotResults("a list stands where names should")
    return value


def _matching(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise NotResults("an id is none")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or not (value.isprintable() or not value):
        raise NotResults("a text is too long or cannot be printed")
    return value


def _name(value: Any) -> str:
    name = _text(value)
    if not 1 <= len(name) <= LONGEST_NAME or name != " ".join(name.split()):
        raise NotResults("the name is none")
    return name


def _terms(values: Any, most: int) -> tuple[str, ...]:
    if not isinstance(values, list) or len(values) > most or len(set(values)) != len(values):
        raise NotResults("options come twice, or too many of them")
    return tuple(_matching(each, _TERM) for each in values)


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or len(values) > _MOST_FEATURES:
        raise NotResults("too many features")
    return tuple(_text(each) for each in values)


def _whole(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise NotResults("a number is out of range")
    return value


def _number(value: Any, low: float, high: float) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or not low <= value <= high:
        raise NotResults("a number is out of range")
    return value  # type: ignore[no-any-return]  # as it was written: 1 and 1.0 make different cases


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise NotResults("a truth is none")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.utcoffset() != timedelta(0) or not _EARLIEST <= moment < _LATEST:
        raise NotResults("a time is not in UTC, or not of this age")
    return moment.astimezone(UTC)

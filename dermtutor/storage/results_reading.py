"""Reads the document inside a file of results. Nothing is taken on trust: a signed file can still be a hostile one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from dermtutor.domain.cases import CaseSpec, Modality, Source
from dermtutor.domain.modes import RANKED_AT_MOST, AnswerKind, Mode
from dermtutor.domain.quiz import CHOICES_RANGE, NO_DETAILS, Answer, AnswerDetails, Click
from dermtutor.domain.records import AnswerRecord
from dermtutor.domain.results import LONGEST_NAME, MOST_ANSWERS, Results, SentSession
from dermtutor.skin.scales import MonkTone
from dermtutor.storage import checked_columns as check
from dermtutor.storage.checked_columns import NotResults, column

_ID_DIGITS: Final = 32
_SHA_DIGITS: Final = 64
_MOST_FEATURES: Final = 48
_MOST_SEED: Final = 2**63 - 1
_SPEC: Final = {
    "condition", "tone", "seed", "source", "site", "severity", "size", "weights_version", "recipe_version"
}  # fmt: skip
_SOMETIMES: Final = {"origin", "near", "modality", "truncation"}
_TONES: Final = {tone.value: tone for tone in MonkTone.all()}


def results_of(document: Any) -> Results:
    """The results a parsed document says. Raises NotResults unless every value of it makes sense."""
    try:
        check.tables([document])
        return _Reader(document).results()
    except (KeyError, TypeError, ValueError, OverflowError) as problem:
        if isinstance(problem, NotResults):
            raise
        raise NotResults("a value is missing or of the wrong kind") from problem


class _Reader:
    """The parts refer to each other: answers to cases and sessions."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        (self._learner,) = check.ids([document["learner"]], _SHA_DIGITS)
        self._sessions = _sessions(document["sessions"])
        self._cases = _cases(document["cases"])
        reviewed = check.truths(column(document["cases"].values(), "reviewed"))
        self._reviewed = frozenset(name for name, true in zip(document["cases"], reviewed) if true)

    def results(self) -> Results:
        answers = self._document["answers"]
        if not isinstance(answers, list) or len(answers) > MOST_ANSWERS:
            raise NotResults(f"more than {MOST_ANSWERS} answers")
        if not answers:
            raise NotResults("it holds no answer")
        check.tables(answers)
        (written_at,) = check.moments([self._document["written_at"]])
        return Results(
            learner=self._learner,
            name=_name(self._document["name"]),
            written_at=written_at,
            sessions=self._sessions,
            reviewed=self._reviewed,
            answers=tuple(self._answers(answers)),
        )

    def _answers(self, rows: Sequence[dict[str, Any]]) -> Iterable[AnswerRecord]:
        asked = zip(
            check.ids(column(rows, "session"), _ID_DIGITS),
            column(rows, "case"),
            check.options(column(rows, "choices"), CHOICES_RANGE[1] + 1),
            check.words(column(rows, "kind"), AnswerKind),
            column(rows, "expected"),
        )
        for answer, (session, case, choices, kind, expected) in zip(_given(rows), asked):
            if kind is not AnswerKind.TYPED and (expected not in choices or answer.chosen not in choices):
                raise NotResults("an answer was not among its options")
            yield AnswerRecord(
                answer=answer,
                session_id=session,
                learner_id=self._learner,
                spec=self._cases[case],
                choices=choices,
                mode=self._sessions[session].mode,
                kind=kind,
                expected=expected,
            )


def _given(rows: Sequence[dict[str, Any]]) -> Iterable[Answer]:
    """What was answered, without what was asked."""
    names, items = check.ids(column(rows, "id"), _ID_DIGITS), check.ids(column(rows, "item"), _ID_DIGITS)
    if len(set(names)) != len(rows) or len(set(items)) != len(rows):
        raise NotResults("an answer comes twice")
    chosen, expected = column(rows, "chosen"), column(rows, "expected")
    check.terms(chosen)
    check.terms(expected)
    correct = check.truths(column(rows, "correct"))
    if correct != [one == other for one, other in zip(chosen, expected)]:
        raise NotResults("an answer is marked as it is not")
    confidence = check.confidences(column(rows, "confidence"))
    shown_at, answered_at = (check.moments(column(rows, name)) for name in ("shown_at", "answered_at"))
    details = [_details(each["details"]) if "details" in each else NO_DETAILS for each in rows]
    return map(Answer, names, items, chosen, correct, confidence, shown_at, answered_at, details)


def _sessions(named: Any) -> dict[str, SentSession]:
    check.tables([named])
    rows = list(named.values())
    check.tables(rows)
    case_sets = column(rows, "case_set")
    check.texts(case_sets)
    modes = check.words(column(rows, "mode"), Mode)
    return dict(zip(check.ids(list(named), _ID_DIGITS), map(SentSession, modes, case_sets)))


def _cases(named: Any) -> dict[str, CaseSpec]:
    check.tables([named])
    check.tables(named.values())
    rows = column(named.values(), "spec")
    check.tables(rows)
    if not all(_SPEC <= fields <= _SPEC | _SOMETIMES for fields in set(map(frozenset, rows))):
        raise NotResults("a case has other fields than this release knows")
    cases = dict(zip(named, _specs(rows)))
    if any(spec.spec_id != name for name, spec in cases.items()):
        raise NotResults("a case is not the one it is called")
    return cases


def _specs(rows: Sequence[dict[str, Any]]) -> Iterable[CaseSpec]:
    said = {name: [each[name] for each in rows if name in each] for name in _SOMETIMES}
    check.ids(said["origin"], _SHA_DIGITS)
    check.wholes(said["near"], 0, _MOST_SEED)
    check.numbers(said["truncation"], 0, 1)
    conditions, sites = column(rows, "condition"), column(rows, "site")
    weights, recipes = column(rows, "weights_version"), column(rows, "recipe_version")
    check.terms(conditions)
    for each in (sites, weights, recipes):
        check.texts(each)
    return map(
        CaseSpec,
        conditions,
        map(_TONES.__getitem__, check.wholes(column(rows, "tone"), 1, 10)),
        check.wholes(column(rows, "seed"), 0, _MOST_SEED),
        check.words(column(rows, "source"), Source),
        sites,
        check.numbers(column(rows, "severity"), 0, 1),
        check.wholes(column(rows, "size"), 1, 8192),
        weights,
        recipes,
        [each.get("origin", "") for each in rows],
        [each.get("near") for each in rows],
        check.words([each.get("modality", Modality.CLINICAL) for each in rows], Modality),
        [each.get("truncation", 1.0) for each in rows],
    )


def _details(fields: Any) -> AnswerDetails:
    check.tables([fields])
    click, first = fields["click"], fields["first_choice"]
    (ranked,) = check.options([fields["ranked"]], RANKED_AT_MOST)
    if first is not None:
        check.terms([first])
    (confidence,) = check.confidences([fields["first_confidence"]])
    return AnswerDetails(
        ranked=ranked,
        features=_findings(fields["features"]),
        against=_findings(fields["against"]),
        first_choice=first,
        first_confidence=confidence,
        click=None if click is None else _click(click),
    )


def _click(fields: Any) -> Click:
    check.tables([fields])
    x, y = check.numbers([fields["x"], fields["y"]], 0, 1)
    (hit,) = check.truths([fields["hit"]])
    return Click(x, y, hit)


def _findings(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or len(values) > _MOST_FEATURES:
        raise NotResults("too many features")
    check.texts(values)
    return tuple(values)


def _name(value: Any) -> str:
    check.texts([value])
    name = str(value)
    if not 1 <= len(name) <= LONGEST_NAME or name != " ".join(name.split()):
        raise NotResults("the name is none")
    return name

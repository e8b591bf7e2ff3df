"""A case set as questions: stems in words, options, labels, explanations. Every teaching format is made of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from dermtutor.domain.adaptive import History
from dermtutor.domain.case_sets import CaseSet, CaseState, SetCase
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.conditions import Catalogue, Condition, ToneFinding
from dermtutor.domain.planning import plan_item
from dermtutor.domain.quiz import QuizPlan
from dermtutor.errors import UserError
from dermtutor.exchange.pictures import labelled, text_of
from dermtutor.services.encoding import STATEMENTS
from dermtutor.services.image_words import recipe_told, review_in, source_label

Media = Callable[[str], bytes | None]
"""The PNG file of a SHA-256, or None where there is none."""
PROMPT: Final = "What is the diagnosis?"
NOT_FOR_DIAGNOSIS: Final = "For teaching. Not for diagnosis."
NOT_REVIEWED: Final = "This case was not reviewed: for practice only."
TEXT_NOT_REVIEWED: Final = "No dermatologist has reviewed this explanation."
IMAGE: Final = "Image"
"""The heading of what the image is, in an explanation."""
_CHOICES: Final = 4
_CREDIT: Final = 120
_SHORTLY: Final = "Not for diagnosis."


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: a condition's id and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """One case as a question. ``number`` counts from 1 in the set's order, ``options`` are in shown order.

    ``label`` is in the image's pixels; after the answer, when more can be said of how it was made, it is
    ``answered_label``. ``note`` is empty or says that nobody reviewed the case. ``explanation`` are headings
    with their texts, for after the answer.
    """

    number: int
    case: SetCase
    stem: str
    options: tuple[Option, ...]
    right: Option
    label: str
    answered_label: str
    note: str
    explanation: tuple[tuple[str, str], ...]

    @property
    def case_id(self) -> str:
        """The id of its spec, by which answers are counted whatever the order was."""
        return self.case.case.case_id

    @property
    def item_id(self) -> str:
        """The same, short enough for every format: 24 hexadecimal digits."""
        return self.case_id[:24]

    def alternative_text(self, *, answered: bool = False) -> str:
        """What a screen reader says of the image: before the answer nothing that gives it away."""
        return f"Image of case {self.number}. {self.answered_label if answered else self.label}"


class Sheet:
    """The questions of a set, with their pictures."""

    def __init__(self, case_set: CaseSet, catalogue: Catalogue, media: Media) -> None:
        self.case_set = case_set
        self.title = case_set.name
        self._media = media
        known = _with_strangers(catalogue, case_set)
        self.questions = tuple(
            _question(number, case, case_set, known, self._recipe_review(case))
            for number, case in enumerate(case_set.cases, 1)
        )

    def picture(self, question: Question, *, answered: bool = False) -> bytes:
        """A PNG file with the label in its pixels, for after the answer with the lesion's outline and the whole label.

        Raises UserError when the picture is missing or damaged.
        """
        record = question.case.case
        mask = self._file(record.mask_sha) if answered and self.has_outline(question) else None
        image = self._file(record.image_sha)
        label = question.answered_label if answered else question.label
        return labelled(image, label, record.spec.source, question.case_id, mask)

    def has_outline(self, question: Question) -> bool:
        """Whether there is a lesion to outline."""
        return bool(question.case.case.mask_sha) and question.right.id != "healthy-skin"

    def _recipe_review(self, case: SetCase) -> str:
        """Who reviewed the recipe, as its image says; empty for other images, and for one that is missing."""
        drawn = case.case.spec.source is Source.RECIPE
        png = self._media(case.case.image_sha) if drawn else None
        return "" if png is None else review_in(text_of(png, "Recipe"))

    def _file(self, sha: str) -> bytes:
        content = self._media(sha)
        if content is None:
            raise UserError(
                f"A picture of {self.title} is missing or damaged; check the records with dermtutor records check."
            )
        return content


def _with_strangers(catalogue: Catalogue, case_set: CaseSet) -> Catalogue:
    """The catalogue, and a stand-in for each condition of the set that is not known here."""
    names = dict.fromkeys(case.case.spec.condition for case in case_set.cases)
    return Catalogue(
        (*catalogue.conditions, *(catalogue.described(name) for name in names if name not in catalogue))
    )


def _question(
    number: int, case: SetCase, case_set: CaseSet, catalogue: Catalogue, recipe_review: str
) -> Question:
    spec = case.case.spec
    condition = catalogue.get(spec.condition)
    options = tuple(Option(name, catalogue.get(name).name) for name in _options(case, case_set, catalogue))
    credit = case.photograph.credit if case.photograph else ""
    label, answered = (
        source_label(
            spec.source,
            [option.id for option in options],
            catalogue,
            answered=after,
            recipe_version=spec.recipe_version,
            recipe_review=recipe_review,
            modality=spec.modality,
        )
        + f". {_SHORTLY}"
        + (f" {_shortened(credit)}" if credit else "")
        for after in (False, True)
    )
    image = " ".join(filter(None, (STATEMENTS[spec.source], _recipe(spec, recipe_review), credit)))
    return Question(
        number=number,
        case=case,
        stem=case.stem.told(),
        options=options,
        right=Option(condition.id, condition.name),
        label=label,
        answered_label=answered,
        note="" if case.state is CaseState.ACCEPTED else NOT_REVIEWED,
        explanation=_explanation(condition, catalogue, image),
    )


def _recipe(spec: CaseSpec, review: str) -> str:
    """A sentence on the recipe that drew the lesion, empty where none did."""
    told = recipe_told(spec.recipe_version, review) if spec.source is Source.RECIPE else ""
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _options(case: SetCase, case_set: CaseSet, catalogue: Catalogue) -> Sequence[str]:
    """The options as a quiz would offer them, look-alikes first, drawn by the case's id: the same in every export."""
    spec = case.case.spec
    conditions = tuple(dict.fromkeys(each.case.spec.condition for each in case_set.cases))
    possible = {each.id for each in catalogue.conditions if each.id != "healthy-skin"} | set(conditions)
    plan = QuizPlan(conditions, (spec.tone,), 1, choices=max(2, min(_CHOICES, len(possible))))
    draw = random.Random(case.case.case_id)
    item = plan_item(
        plan, catalogue, draw, position=0, cell=(spec.condition, spec.tone), seed=spec.seed, history=History()
    )
    return item.choices


def _explanation(condition: Condition, catalogue: Catalogue, image: str) -> tuple[tuple[str, str], ...]:
    cited = {key for finding in (*condition.on_light, *condition.on_dark) for key in finding.sources}
    parts = (
        ("", condition.summary),
        ("Why", condition.why),
        ("On lighter skin", _said(condition.on_light)),
        ("On darker skin", _said(condition.on_dark)),
        ("Look-alikes", ", ".join(each.name for each in catalogue.look_alikes(condition.id))),
        ("Red flags", "; ".join(condition.red_flags)),
        (
            "Sources",
            "; ".join(f"{each.title}. {each.detail}" for each in condition.sources if each.key in cited),
        ),
        (IMAGE, image),
        ("", "" if condition.reviewed or not condition.why else TEXT_NOT_REVIEWED),
    )
    return tuple((heading, text) for heading, text in parts if text)


def _shortened(credit: str) -> str:
    """A credit that fits below an image; the whole stands with the explanation."""
    line = " ".join(credit.split())
    return line if len(line) <= _CREDIT else f"{line[: _CREDIT - 1]}…"


def _said(findings: Sequence[ToneFinding]) -> str:
    return " ".join(finding.text for finding in findings)

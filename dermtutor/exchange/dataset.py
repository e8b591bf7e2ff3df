"""A set for training algorithms: images and masks as they are, ``cases.csv``, and a card that says what they are."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from dermtutor.domain.case_sets import CaseSet, CaseState, SetCase
from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import Catalogue
from dermtutor.errors import UserError
from dermtutor.exchange.leaving import LeftOut
from dermtutor.exchange.pictures import text_of
from dermtutor.exchange.questions import Media
from dermtutor.reports.columns import guarded
from dermtutor.services.encoding import DIGITAL_SOURCE_TYPES, STATEMENTS

COLUMNS: Final = (
    "image", "mask", "condition", "source", "tone_monk", "ita_requested", "ita_measured", "site", "severity", "seed",
    "spec_id",
)  # fmt: skip


def dataset_files(
    case_set: CaseSet, catalogue: Catalogue, media: Media, left_out: LeftOut
) -> Iterator[tuple[str, bytes]]:
    """Every file by its path. Images carry their provenance as before and no label in pixels, which would be learned.

    Raises UserError when a picture is missing or damaged.
    """
    yield "README.md", data_card(case_set, catalogue, media, left_out).encode()
    yield "cases.csv", _table(case_set).encode()
    for case in case_set.cases:
        for folder, sha in (("images", case.case.image_sha), ("masks", case.case.mask_sha)):
            if sha:
                yield f"{folder}/{case.case.case_id}.png", _file(case_set, media, sha)


def _table(case_set: CaseSet) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for case in case_set.cases:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in _row(case)])
    return text.getvalue()


def _row(case: SetCase) -> list[str | int | float]:
    record, spec = case.case, case.case.spec
    return [
        f"images/{record.case_id}.png",
        f"masks/{record.case_id}.png" if record.mask_sha else "",
        spec.condition,
        spec.source.value,
        spec.tone.value,
        round(record.requested_ita, 2),
        round(record.measured_ita, 2),
        spec.site,
        spec.severity,
        spec.seed,
        record.case_id,
    ]


def data_card(case_set: CaseSet, catalogue: Catalogue, media: Media, left_out: LeftOut) -> str:
    """What somebody has to know before they train with the images, as Markdown."""
    specs = [case.case.spec for case in case_set.cases]
    sources = sorted({spec.source for spec in specs})
    states = Counter(case.state for case in case_set.cases)
    flagged = sum(bool(case.case.flags) for case in case_set.cases)
    credited = sorted({case.photograph.credit for case in case_set.cases if case.photograph} - {""})
    parts = [
        f"# {_cell(case_set.name)}",
        f"{len(specs)} dermatological images with lesion masks, version {case_set.version} of a case set by "
        f"{_cell(case_set.author) or 'an unnamed author'}, begun on {case_set.created_at:%Y-%m-%d}.",
        "## What the images are",
        *(f"- **{source.value}**: {STATEMENTS[source]} IPTC: `{DIGITAL_SOURCE_TYPES[source]}`" for source in sources),
        f"- Made with: {_listed({spec.weights_version for spec in specs})}; "
        f"recipes: {_recipes(case_set, media)}.",
        f"- Review: {states[CaseState.ACCEPTED]} accepted by a reviewer, {states[CaseState.DRAFTED]} not reviewed.",
        f"- {flagged} failed a check of their own, for example of skin tone; they are not left out.",
        *([str(left_out)] if left_out.total else []),
        *(f"- Photograph: {_cell(credit)}" for credit in credited),
        "## Files",
        "`cases.csv` names each image in `images/` and its mask in `masks/` (8 bits: 0 outside the lesion, 255 inside, "
        "soft edge between). `tone_monk` is the Monk tone that was asked for; `ita_requested` and `ita_measured` are "
        "individual typology angles in degrees, measured on the healthy skin of the finished image. Every PNG file "
        "states its source and its specification.",
        "## Cases by condition and Monk tone",
        _counts(case_set, catalogue),
        "## Before you train",
        "- Not for diagnosis. Figures on these images say nothing about patients: test on real photographs.",
        "- Lesions repeat the limits of the generator and the recipes; rare forms may be missing or wrong.",
        "- Tone twins (one lesion on several tones) share a `seed`: keep them on one side of a split.",
        "- Never mix these images unmarked with photographs of patients.",
    ]  # fmt: skip
    return "\n\n".join(parts).replace("\n\n- ", "\n- ") + "\n"


def _counts(case_set: CaseSet, catalogue: Catalogue) -> str:
    cells = Counter((case.case.spec.condition, case.case.spec.tone.value) for case in case_set.cases)
    tones = sorted({tone for _, tone in cells})
    rows: Mapping[str, str] = {name: catalogue.described(name).name for name, _ in sorted(cells)}
    lines = [
        f"| condition | {' | '.join(map(str, tones))} | all |",
        "|---|" + "---:|" * (len(tones) + 1),
        *(
            f"| {_cell(title)} | {' | '.join(str(cells[name, tone] or '–') for tone in tones)} "
            f"| {sum(cells[name, tone] for tone in tones)} |"
            for name, title in rows.items()
        ),
    ]
    return "\n".join(lines)


def _recipes(case_set: CaseSet, media: Media) -> str:
    """Every recipe by condition, version and state of review, as the images say themselves."""
    drawn = {each.case.image_sha for each in case_set.cases if each.case.spec.source is Source.RECIPE}
    return _listed({text_of(png, "Recipe") for png in map(media, sorted(drawn)) if png is not None})


def _listed(versions: set[str]) -> str:
    return ", ".join(f"`{version}`" for version in sorted(versions) if version) or "none"


def _cell(text: str) -> str:
    """One line without Markdown's own signs."""
    return "".join(
        f"\\{letter}" if letter in "\\`*_{}[]<>#|!" else letter for letter in " ".join(text.split())
    )


def _file(case_set: CaseSet, media: Media, sha: str) -> bytes:
    content = media(sha)
    if content is None:
        raise UserError(
            f"A picture of {case_set.name} is missing or damaged; check the records with dermtutor records check."
        )
    return content

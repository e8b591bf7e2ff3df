"""The model card: every figure from the evaluation, nothing typed by hand."""

from __future__ import annotations

from typing import Any

from dermtutor.generation.weights import Manifest

_CARD = """# Model card: {title}

Written by `{command}`. Do not edit: run the command again.

## What it is

A class-conditional generator (a projected GAN) that draws skin lesions at {resolution} px in one canonical skin tone,
with a lesion mask. Conditions: {conditions}. Weights: `{file}`, {size} bytes, SHA-256 `{sha256}`, licence {licence}.

**Intended use.** Teaching people to recognise skin disease, with a label on every picture that says it is synthetic.
**Not for** diagnosis, for deciding anything about a patient, or as the only evidence that an algorithm works.

## Data

{attribution}

{data}. Patients are split: none of a held-out patient's photographs was trained on. Labelled skin types are nearly all
Fitzpatrick I to III. What was left out by eye, and why, is in `dermtutor/training/pad_ufes_20_curation.csv`.

## What is simulated

- **Skin tone.** The network learned one tone. Monk 1 to 10 are computed from it with an optical model of melanin,
  haemoglobin and surface light. No photograph of very dark skin was available for training or checking.
- **Healthy skin** was learned from photographs of lesions whose lesion was replaced by skin of the same photograph.
- **Squamous-cell carcinomas** were partly learned from cut-out lesions set on such skin.
- **Pen lines** of surgeons were taken out of photographs by colour and thinness; what lies below them was guessed.
- **Straight lines** along rows and columns, which the network tends to draw, are taken out of every picture that is
  shown; the figures below are of such pictures.
- **Blotches** in pictures of healthy skin, remembered from the lesions it once had, are made as faint as mottling.
- **Colours** that skin cannot have are taken out where a lesion is shown on a tone: green pigment, violet scale.
- **The mask** was learned from a segmentation network trained on approximate masks.
- Diseases that the application draws from recipes use only this network's healthy skin.

No dermatologist has reviewed these pictures.

## How it was trained

{training}

## Figures

{quick}{counts} Feature spaces are ImageNet networks that the discriminator did not use. Intervals are 95 %,
over halves of the held-out patients.

{spaces}

A classifier names the real lesions of held-out patients (balanced accuracy over {classes} conditions, chance {chance}):

{disease}

The share of each condition's held-out photographs that it names, trained on photographs and on generated pictures:

{named}

Within a condition: spread of the features, generated over training photographs (1 is as varied), and how many training
photographs have a generated picture among their three nearest (coverage) or lie between generated pictures (recall):

{within}

## On photographs

{on_photographs}

{on_photographs_by_class}

## Copies

Nearest training photograph, distance in feature space (smaller is more alike; held-out photographs for comparison):

{memory}

Highest correlation of thumbnails with any training photograph, over mirrored, turned and cropped ones (1 is a copy):

{copies}

## Tone

{tone_cases} random learned cases over all ten tones: measured minus requested ITA in degrees, and colour difference
(CIEDE2000) of the skin from the colour of its tone:

{tone}

{tones}

## Drawn lesions
Can a lesion that was drawn from a recipe be told from a learned one? A classifier that has seen neither kind of picture
of a condition names its pictures (space A). Balanced accuracy, 0.5 being chance: {origin:.3f}. Named drawn, by
condition (lower is better):

{drawn}

Learned pictures that are named drawn. Drawn lesions lie on the healthy skin of this list: as far as that is named
drawn, the skin is told apart and not the drawing.

{learned}

## Limits

The figures above are the limits: compare each with its photograph row. Squamous-cell carcinoma and melanoma had the
fewest photographs. Lower-risk, audited is the claim about privacy, not "no risk": see the nearest-photograph table.
"""


def model_card(manifest: Manifest, figures: dict[str, Any], command: str) -> str:
    """The card as Markdown."""
    spaces, tone = figures["spaces"], figures["tone"]
    classes = next(iter(spaces.values()))["by_class"]
    overall = {key: value for key, value in tone.items() if key not in ("cases", "by_tone")}
    names, learned = tuple(figures["origin"]["drawn"]), figures["origin"]["learned"]
    return _CARD.format(
        title=manifest.title,
        command=command,
        resolution=manifest.resolution,
        conditions=", ".join(manifest.conditions),
        file=manifest.file,
        size=manifest.size,
        sha256=manifest.sha256,
        licence=manifest.licence,
        attribution=manifest.attribution,
        data=manifest.training.get("data", ""),
        training=_list(manifest.training),
        quick="**Quick run: too few pictures to judge the weights by.** " if figures["quick"] else "",
        counts=_counts(figures),
        spaces=_table(spaces, _REALISM),
        classes=len(classes),
        chance=f"{1 / len(classes):.3f}",
        disease=_table({name: space["right_disease"] for name, space in spaces.items()}, _DISEASE),
        named=_by_class(
            {name: space["right_disease"]["by_class"] for name, space in spaces.items()},
            ("real_to_real", "generated_to_real"),
        ),
        within=_by_class(
            {name: space["by_class"] for name, space in spaces.items()}, ("spread", "recall", "coverage")
        ),
        on_photographs=_on_photographs(figures["transfer"]),
        on_photographs_by_class=_by_class(
            {name: space["by_class"] for name, space in figures["transfer"]["spaces"].items()},
            ("transferred", "generated"),
        ),
        memory=_table({name: space["nearest_training"] for name, space in spaces.items()}, _NEAREST),
        copies=_list(figures["copies"]),
        tone_cases=tone["cases"],
        tone=_list(overall),
        tones=_by_class({"": tone["by_tone"]}, tuple(next(iter(tone["by_tone"].values()))), "Monk"),
        origin=figures["origin"]["balanced_accuracy"],
        learned=_table({"named drawn": learned}, tuple(zip(learned, learned, strict=True))),
        drawn=_table({"named drawn": figures["origin"]["drawn"]}, tuple(zip(names, names, strict=True))),
    )


def _counts(figures: dict[str, Any]) -> str:
    counts, split = figures["pictures"], figures["split"]
    which = "validation and test patients" if split == "both" else f"{split} patients"
    return (
        f"{counts['generated']} generated pictures, {counts['training']} training photographs, "
        f"{counts['held_out']} photographs of {counts['held_out_patients']} {which}."
    )


def _on_photographs(found: dict[str, Any]) -> str:
    words = (
        f"The lesions of {found['pictures']} generated pictures were put on photographs of {found['patients']} "
        "held-out patients whose own lesion had been taken out. A classifier that learned from training photographs "
        "names both; the share named rightly, with 95 % intervals over halves of those patients:"
    )
    return f"{words}\n\n{_table(found['spaces'], _ON_PHOTOGRAPHS)}"


_ON_PHOTOGRAPHS = (
    ("on photographs", "transferred_named_rightly"),
    ("as generated", "generated_named_rightly"),
    ("difference", "difference"),
    ("both given the same name", "same_name"),
)
_REALISM = (
    ("KID, generated", "kid"),
    ("KID, training photographs (floor)", "kid_floor_training_photographs"),
    ("KID, blurred photographs (ceiling)", "kid_ceiling_blurred_photographs"),
    ("KID within a condition, generated", "kid_within_condition"),
    ("KID within a condition, training photographs (floor)", "kid_within_condition_floor"),
    ("KID within a condition, other conditions (ceiling)", "kid_within_condition_of_other_conditions"),
    ("precision", "precision"),
    ("density", "density"),
    ("recall", "recall"),
    ("recall, training photographs", "recall_of_training_photographs"),
    ("coverage", "coverage"),
    ("coverage, training photographs", "coverage_of_training_photographs"),
)
_DISEASE = (
    ("trained on photographs", "real_to_real"),
    ("trained on generated pictures", "generated_to_real"),
    ("trained on both", "both_to_real"),
    ("trained on photographs, names generated pictures", "real_to_generated"),
)
_NEAREST = (
    ("held-out photographs, median", "held_out_median"),
    ("generated, median", "generated_median"),
    ("held-out photographs, closest 1 %", "held_out_1_percent"),
    ("generated, closest 1 %", "generated_1_percent"),
    ("generated pictures closer than every held-out photograph", "generated_closer_than_every_held_out"),
    ("the same, if they were like held-out photographs", "closer_by_chance"),
)


def _by_class(
    spaces: dict[str, dict[str, dict[str, Any]]], keys: tuple[str, ...], first: str = "condition"
) -> str:
    """A line for each condition, a column for each space and key."""
    heads = [f"{key.replace('_', ' ')} {name}".strip() for name in spaces for key in keys]
    lines = [f"| {first} |" + "".join(f" {head} |" for head in heads), "|---|" + "---|" * len(heads)]
    for condition in next(iter(spaces.values())):
        cells = (space[condition][key] for space in spaces.values() for key in keys)
        lines.append(f"| {condition} |" + "".join(f" {cell:.3f} |" for cell in cells))
    return "\n".join(lines)


def _table(columns: dict[str, dict[str, Any]], rows: tuple[tuple[str, str], ...]) -> str:
    lines = ["| |" + "".join(f" {name} |" for name in columns), "|---|" + "---|" * len(columns)]
    for title, key in rows:
        cells = (_with_interval(column, key) for column in columns.values())
        lines.append(f"| {title} |" + "".join(f" {cell} |" for cell in cells))
    return "\n".join(lines)


def _with_interval(column: dict[str, Any], key: str) -> str:
    interval = column.get(f"{key}_interval")
    return f"{column[key]:.3f}" + (f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")


def _list(facts: dict[str, Any]) -> str:
    return "\n".join(f"- {key.replace('_', ' ')}: {_text(value)}" for key, value in facts.items())


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_text(each)}" for key, each in value.items())
    return str(value)

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
Fitzpatrick I to III.

## What is simulated

- **Skin tone.** The network learned one tone. Monk 1 to 10 are computed from it with an optical model of melanin,
  haemoglobin and surface light. No photograph of very dark skin was available for training or checking.
- **Healthy skin** was quilted from lesion-free skin beside lesions, often sun-damaged.
- **The mask** was learned from a segmentation network trained on approximate masks.
- Diseases that the application draws from recipes use only this network's healthy skin.

No dermatologist has reviewed these pictures.

## How it was trained

{training}

## Figures

{quick}{counts} Feature spaces are ImageNet networks that the discriminator did not use.

{spaces}

A classifier names the real lesions of held-out patients (balanced accuracy over {classes} conditions):

{disease}

Feature spread within a class, generated over training photographs (1 is as varied as the photographs):

{spread}

Nearest training photograph, distance in feature space (smaller is more alike; held-out photographs for comparison):

{memory}

Tone, {tone_cases} random learned cases over all ten tones, measured minus requested ITA in degrees:

{tone}

Can a lesion that was drawn from a recipe be told from a learned one? A classifier that has seen neither kind of picture
of a condition names its pictures (space A). Balanced accuracy, 0.5 being chance: {origin:.3f}. Named drawn, by
condition (lower is better):

{drawn}

## Limits

The figures above are the limits: compare each with its photograph row. Squamous-cell carcinoma and melanoma had the
fewest photographs. Lower-risk, audited is the claim about privacy, not "no risk": see the nearest-photograph table.
"""


def model_card(manifest: Manifest, figures: dict[str, Any], command: str) -> str:
    """The card as Markdown."""
    spaces = figures["spaces"]
    counts = figures["pictures"]
    names = tuple(figures["origin"]["drawn"])
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
        counts=(
            f"{counts['generated']} generated pictures, {counts['training']} training photographs, "
            f"{counts['held_out']} photographs of held-out patients."
        ),
        spaces=_table(
            spaces,
            (
                ("KID, generated", "kid"),
                ("KID, training photographs (floor)", "kid_floor_training_photographs"),
                ("KID, blurred photographs (ceiling)", "kid_ceiling_blurred_photographs"),
                ("precision", "precision"),
                ("density", "density"),
                ("recall", "recall"),
                ("recall, training photographs", "recall_of_training_photographs"),
                ("coverage", "coverage"),
                ("coverage, training photographs", "coverage_of_training_photographs"),
            ),
        ),
        classes=len(manifest.conditions) - 1,
        disease=_table(
            {name: space["right_disease"] for name, space in spaces.items()},
            (
                ("trained on photographs", "real_to_real"),
                ("trained on generated pictures", "generated_to_real"),
                ("trained on both", "both_to_real"),
                ("trained on photographs, names generated pictures", "real_to_generated"),
            ),
        ),
        spread=_table(
            {name: space["spread_within_class"] for name, space in spaces.items()},
            tuple((name, name) for name in next(iter(spaces.values()))["spread_within_class"]),
        ),
        memory=_table(
            {name: space["nearest_training"] for name, space in spaces.items()},
            (
                ("held-out photographs, median", "held_out_median"),
                ("generated, median", "generated_median"),
                ("held-out photographs, closest 1 %", "held_out_1_percent"),
                ("generated, closest 1 %", "generated_1_percent"),
                (
                    "generated pictures closer than every held-out photograph",
                    "generated_closer_than_every_held_out",
                ),
            ),
        ),
        tone_cases=figures["tone"]["cases"],
        tone=_list({key: value for key, value in figures["tone"].items() if key != "cases"}),
        origin=figures["origin"]["balanced_accuracy"],
        drawn=_table({"named drawn": figures["origin"]["drawn"]}, tuple(zip(names, names, strict=True))),
    )


def _table(columns: dict[str, dict[str, Any]], rows: tuple[tuple[str, str], ...]) -> str:
    lines = ["| |" + "".join(f" {name} |" for name in columns), "|---|" + "---|" * len(columns)]
    for title, key in rows:
        lines.append(f"| {title} |" + "".join(f" {column[key]:.3f} |" for column in columns.values()))
    return "\n".join(lines)


def _list(facts: dict[str, Any]) -> str:
    return "\n".join(f"- {key.replace('_', ' ')}: {_text(value)}" for key, value in facts.items())


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_text(each)}" for key, each in value.items())
    return str(value)

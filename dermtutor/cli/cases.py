"""What ``generate`` and ``twins`` share: their options, the spec they ask for, the facts they answer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from dermtutor.bootstrap import open_catalogue, open_generator, open_recipe_folder
from dermtutor.cli.common import MAX_SEED, Command, Context
from dermtutor.domain.cases import CaseSpec, Modality, Source
from dermtutor.domain.conditions import Catalogue
from dermtutor.services.case_supply import as_installed, flags_of
from dermtutor.services.ports import CaseGenerator, GeneratedCase
from dermtutor.services.recipes import left_out
from dermtutor.settings import DEVICES
from dermtutor.skin.scales import MonkTone

if TYPE_CHECKING:
    from dermtutor.generation.recipes import Recipe

device_option = click.option(
    "--device", type=click.Choice(DEVICES), default="auto", show_default=True, help="Where to compute."
)


class CaseOptions(TypedDict):
    """What ``case_options`` pass on, all but the device."""

    condition: str
    seed: int
    site: str
    severity: float
    size: int
    modality: str
    truncation: float


def case_options(command: Command) -> Command:
    """Adds the options that describe a case, all but its tone."""
    options = (
        click.option("--condition", required=True, metavar="ID", help="As listed by dermtutor conditions."),
        click.option(
            "--seed", type=click.IntRange(0, MAX_SEED), default=0, show_default=True, help="Which case."
        ),
        click.option("--site", default="unspecified", show_default=True, help="Body site."),
        click.option(
            "--severity", type=click.FloatRange(0.0, 1.0), default=0.5, show_default=True, help="0 to 1."
        ),
        click.option(
            "--size", type=click.IntRange(64, 1024), default=256, show_default=True, help="Side in pixels."
        ),
        click.option(
            "--modality", type=click.Choice([each.value for each in Modality]), default=Modality.CLINICAL.value,
            show_default=True, help="As the eye sees it, or through a dermatoscope.",
        ),
        click.option(
            "--truncation", type=click.FloatRange(0.0, 1.0), default=1.0, show_default=True,
            help="Learned lesions: 1 for all their variety, less for more typical ones.",
        ),
        device_option,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def named_conditions(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Ids of a list and of named groups, each once, in the order named."""
    groups = {
        "all": catalogue.quizzable(),
        "learned": catalogue.learned(),
        "recipes": catalogue.recipes(),
    }
    named: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        named += [c.id for c in groups[part]] if part in groups else [catalogue.get(part).id]
    return tuple(dict.fromkeys(named))


def open_conditions(context: Context) -> tuple[Catalogue, Callable[[], Mapping[str, Recipe]]]:
    """The catalogue with the person's own recipes, and what gives those. A damaged one is told on stderr, once."""
    catalogue = open_catalogue()
    folder = open_recipe_folder(context.folders, catalogue)
    problem = left_out(folder.own())
    if problem is not None:
        click.echo(problem, err=True)
    return catalogue, folder.recipes


def asked_for(
    context: Context, device: str, tone: MonkTone, **case: Unpack[CaseOptions]
) -> tuple[CaseGenerator, CaseSpec]:
    """The generator, which knows the person's own recipes, and the spec. Raises UserError for an unknown condition."""
    catalogue, own = open_conditions(context)
    generator = open_generator(device, own)
    return generator, wanted_spec(catalogue, generator, tone=tone, **case)


def wanted_spec(
    catalogue: Catalogue,
    generator: CaseGenerator,
    condition: str,
    tone: MonkTone,
    *,
    seed: int,
    site: str,
    severity: float,
    size: int,
    modality: str = Modality.CLINICAL,
    truncation: float = 1.0,
) -> CaseSpec:
    """The spec of a case with the versions installed here. Raises UserError for an unknown condition."""
    spec = CaseSpec(
        condition=condition,
        tone=tone,
        seed=seed,
        source=catalogue.get(condition).image_source,
        site=site,
        severity=severity,
        size=size,
        modality=Modality(modality),
        truncation=truncation,
    )
    return as_installed(spec, generator)


def facts(case: GeneratedCase, file: Path) -> dict[str, object]:
    """What is known of a case, as JSON holds it. Angles in degrees, ``flags`` the failed checks in words."""
    height, width = case.image.shape[:2]
    return {
        "spec_id": case.spec.spec_id,
        "condition": case.spec.condition,
        "tone": case.spec.tone.value,
        "seed": case.spec.seed,
        "source": case.spec.source.value,
        "modality": case.spec.modality.value,
        "width": width,
        "height": height,
        "ita_requested": round(case.requested_ita, 2),
        "ita_measured": round(case.measured_ita, 2),
        "seconds": round(case.seconds, 4),
        "device": case.device,
        "weights": case.weights,
        "flags": list(flags_of(case.checks)),
        "file": str(file),
    } | _drawn(case)


def _drawn(case: GeneratedCase) -> dict[str, object]:
    """What there is to say of the recipe that a lesion was drawn from."""
    if case.spec.source is not Source.RECIPE:
        return {}
    return {
        "recipe": case.spec.recipe_version,
        "recipe_review": case.recipe_review,
        "variant": case.variant,
    }


def told(case: GeneratedCase, file: Path) -> str:
    """One line about a case for a terminal."""
    angles = f"ITA {case.measured_ita:.1f}° of {case.requested_ita:.1f}°"
    flags = "".join(f"; {flag}" for flag in flags_of(case.checks))
    name = f"{case.spec.condition} ({case.variant})" if case.variant else case.spec.condition
    return f"{file}: {name} on {case.spec.tone}, {angles}, {case.seconds:.2f} s on {case.device}{flags}"

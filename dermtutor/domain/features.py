"""The morphology terms of SkinCon: which to offer beside a question, and how a learner's choice compares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dermtutor.domain.conditions import Catalogue

SKINCON: Final = (
    "Vesicle", "Papule", "Macule", "Plaque", "Abscess", "Pustule", "Bulla", "Patch", "Nodule", "Ulcer", "Crust",
    "Erosion", "Excoriation", "Atrophy", "Exudate", "Purpura/Petechiae", "Fissure", "Induration", "Xerosis",
    "Telangiectasia", "Scale", "Scar", "Friable", "Sclerosis", "Pedunculated", "Exophytic/Fungating",
    "Warty/Papillomatous", "Dome-shaped", "Flat topped", "Brown(Hyperpigmentation)", "Translucent",
    "White(Hypopigmentation)", "Purple", "Yellow", "Black", "Erythema", "Comedo", "Lichenification", "Blue",
    "Umbilicated", "Poikiloderma", "Salmon", "Wheal", "Acuminate", "Burrow", "Gray", "Pigmented", "Cyst",
)  # fmt: skip
"""The 48 descriptors of Daneshjou et al., SkinCon (NeurIPS Datasets and Benchmarks 2022), in their order."""

OFFERED_AT_MOST: Final = 14


@dataclass(frozen=True, slots=True)
class FeatureScore:
    """A learner's features against those the condition typically has: named by both, by one, by the other.

    A case need not show every typical feature, so that this is told and not marked.
    """

    shared: tuple[str, ...]
    others: tuple[str, ...]
    not_named: tuple[str, ...]


def offered_features(catalogue: Catalogue, condition: str, choices: Sequence[str]) -> tuple[str, ...]:
    """The terms beside a question, in SkinCon's order: the condition's and those of the other options in turn.

    Without options the look-alikes stand in for them. At most OFFERED_AT_MOST, every one of the condition's among
    them.
    """
    named = [name for name in choices if name in catalogue and name != condition]
    others = named or [other.id for other in catalogue.look_alikes(condition)]
    pools = [catalogue.get(name).features for name in others]
    wanted = list(catalogue.described(condition).features)
    for place in range(max((len(pool) for pool in pools), default=0)):
        wanted += [pool[place] for pool in pools if place < len(pool)]
    chosen = set(list(dict.fromkeys(wanted))[:OFFERED_AT_MOST])
    return tuple(term for term in SKINCON if term in chosen)


def feature_score(chosen: Iterable[str], typical: Sequence[str]) -> FeatureScore:
    """Compares chosen with typical features, each in the given order."""
    said = tuple(dict.fromkeys(chosen))
    return FeatureScore(
        shared=tuple(term for term in said if term in typical),
        others=tuple(term for term in said if term not in typical),
        not_named=tuple(term for term in typical if term not in said),
    )

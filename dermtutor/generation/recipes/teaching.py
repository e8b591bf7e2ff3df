"""What a trainee reads about a condition that exists only as somebody's own recipe; shipped ones have files for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

# SkinCon's vocabulary (Daneshjou et al., NeurIPS 2022).
Feature: TypeAlias = Literal[
    "Vesicle", "Papule", "Macule", "Plaque", "Abscess", "Pustule", "Bulla", "Patch", "Nodule", "Ulcer", "Crust",
    "Erosion", "Excoriation", "Atrophy", "Exudate", "Purpura/Petechiae", "Fissure", "Induration", "Xerosis",
    "Telangiectasia", "Scale", "Scar", "Friable", "Sclerosis", "Pedunculated", "Exophytic/Fungating",
    "Warty/Papillomatous", "Dome-shaped", "Flat topped", "Brown(Hyperpigmentation)", "Translucent",
    "White(Hypopigmentation)", "Purple", "Yellow", "Black", "Erythema", "Comedo", "Lichenification", "Blue",
    "Umbilicated", "Poikiloderma", "Salmon", "Wheal", "Acuminate", "Burrow", "Gray", "Pigmented", "Cyst",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToneNote:
    """What the condition looks like on lighter or on darker skin. ``sources`` names keys under [[sources]]."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Teaching:
    """What trainees read and choose from.

    ``name`` is what the quiz calls the condition, ``icd11`` its code with the official ``icd11_title``.
    ``look_alikes`` are ids of conditions, the most alike first: they become the wrong options. ``features`` are
    SkinCon's terms. ``summary`` says what the condition is, ``why`` what decides the diagnosis; ``on_light`` and
    ``on_dark`` what changes with skin tone, each finding with its sources; ``red_flags`` what must not be missed.
    """

    name: str
    summary: str
    why: str = ""
    icd11: str = ""
    icd11_title: str = ""
    synonyms: tuple[str, ...] = ()
    look_alikes: tuple[str, ...] = ()
    features: tuple[Feature, ...] = ()
    sites: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    on_light: tuple[ToneNote, ...] = ()
    on_dark: tuple[ToneNote, ...] = ()

"""From a case specification to a checked picture: learned or drawn lesion, on the requested tone. Imports no torch."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.domain.cases import UNSPECIFIED, CaseSpec, Modality, Source
from dermtutor.domain.recipes import DrawRequest
from dermtutor.errors import UserError
from dermtutor.generation.recipes import Recipe, draw_on_tones, load_recipes, read_recipe
from dermtutor.generation.recipes.fingerprint import drawing_version, review_holds
from dermtutor.generation.recipes.variants import variant_of
from dermtutor.generation.torch_library import preload_torch
from dermtutor.generation.weights import Manifest, load_manifest
from dermtutor.services.ports import Cancelled, CancelToken, CaseChecks, GeneratedCase, Progress
from dermtutor.skin.measure import measure_tone
from dermtutor.skin.retone import Retoner
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import requested_ita

if TYPE_CHECKING:
    from dermtutor.generation.learned import LearnedLesions

HEALTHY = "healthy-skin"
TONE_TOLERANCE = 1.0
"""Degrees of ITA by which the measured tone may miss the requested one before the case is flagged."""
SIZES = (64, 1024)
"""Smallest and largest side of a picture, in pixels."""

# A picture whose green channel varies less than this (standard deviation, bytes) shows nothing.
_BLANK_BELOW = 1.5
# The ground of a drawn lesion is typical skin: without truncation some is burnt out or has small naevi, which would be
# taken for a sign of the disease; with much of it the skin of all cases is alike.
_GROUND_TRUNCATION = 0.8
# How many seeds are looked at for one that draws a given variant; the rarest has a share of a hundredth or so.
_TRIES = 1000
# A lesion covers at least and at most these shares of the picture.
_LESION_SHARES = (0.002, 0.9)


class Generator:
    """Makes cases from specs; the first one loads torch and the weights. One thread at a time works, others wait."""

    def __init__(
        self,
        weights_dir: Path,
        recipes_dir: Path,
        device: str = "auto",
        own: Callable[[], Mapping[str, Recipe]] = dict,
    ) -> None:
        """``own`` gives the person's own recipes as they are now; a shipped recipe goes before one of the same id."""
        self._weights_dir = weights_dir
        self._wanted_device = device
        self._shipped: dict[str, Recipe] = load_recipes(recipes_dir)
        self._own = own
        self._manifest: Manifest = load_manifest(weights_dir)
        self._network: LearnedLesions | None = None
        self._working = threading.RLock()

    def weights_version(self) -> str:
        """Name and version of the weights; loads no torch."""
        return self._manifest.title

    def recipe_version(self, condition: str) -> str:
        """Version of a condition's recipe with a hash of what it draws, or an empty text."""
        recipe = self._recipe(condition)
        return "" if recipe is None else drawing_version(recipe)

    def device_name(self) -> str:
        """The device in words; loads torch."""
        return self._learned().device.name

    def generate(
        self, spec: CaseSpec, cancel: CancelToken | None = None, progress: Progress | None = None
    ) -> GeneratedCase:
        """The case of a spec. Raises UserError for a condition that cannot be generated, Cancelled on request."""
        return self.twins(spec, (spec.tone,), cancel, progress)[0]

    def twins(
        self,
        spec: CaseSpec,
        tones: Sequence[MonkTone],
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> tuple[GeneratedCase, ...]:
        """The same lesion on each of the tones."""
        self._check(spec)
        cases: list[GeneratedCase] = []
        with self._working:
            started = time.perf_counter()
            recipe = self._recipe(spec.condition) if spec.source is Source.RECIPE else None
            pictures = self._on_tones(spec, tones)
            for i, tone in enumerate(tones):
                if cancel is not None and cancel.is_set():
                    raise Cancelled
                image, mask = next(pictures)
                now = time.perf_counter()
                cases.append(self._case(spec.on_tone(tone), image, mask, now - started, recipe))
                started = now
                if progress is not None:
                    progress((i + 1) / len(tones))
        return tuple(cases)

    def similar(self, spec: CaseSpec, seed: int) -> CaseSpec:
        """A new lesion that resembles that of a spec: a learned one by its latent, a drawn one in the same variant."""
        if spec.source is not Source.RECIPE:
            return replace(spec, seed=seed, near=spec.seed if spec.near is None else spec.near)
        recipe = self._recipe(spec.condition)
        if recipe is None:
            raise UserError(f"The recipe of {spec.condition} is gone; ask for a case of another condition.")
        draw, wanted = random.Random(seed), variant_of(recipe, spec.seed).name
        seeds = (draw.randrange(2**63) for _ in range(_TRIES))
        return replace(
            spec, seed=next((each for each in seeds if variant_of(recipe, each).name == wanted), seed)
        )

    def preview(self, wanted: DrawRequest, cancel: CancelToken | None = None) -> Iterator[GeneratedCase]:
        """What the text of a recipe draws, one tone after the other; the text belongs to no folder.

        Raises RecipeRefused for a text that is no recipe, Cancelled when the token was set.
        """
        recipe = read_recipe(wanted.text, "recipe", None)
        version = drawing_version(recipe)
        spec = CaseSpec(recipe.id, wanted.tones[0], wanted.seed, Source.RECIPE, UNSPECIFIED, wanted.severity,
                        wanted.size, self.weights_version(), version)  # fmt: skip
        self._check_numbers(spec)
        with self._working:
            skin = _resized(self._ground(wanted.seed, UNSPECIFIED), wanted.size)
            drawn = draw_on_tones(recipe, skin, wanted.seed, wanted.severity, wanted.tones)
            for tone in wanted.tones:
                if cancel is not None and cancel.is_set():
                    raise Cancelled
                started = time.perf_counter()
                lesion = next(drawn)
                seconds = time.perf_counter() - started
                yield self._case(spec.on_tone(tone), lesion.image_u8, lesion.mask_u8, seconds, recipe)

    def lesion_recipe(self, condition: str) -> Recipe | None:
        """The recipe of a condition, or None when it is not drawn from one."""
        return self._recipe(condition)

    def canonical_lesion(
        self, condition: str, seed: int, severity: float
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """A learned lesion in canonical tone (n, n, 3) uint8 and its mask (n, n) uint8, as the network draws it.

        Raises UserError for a condition that the weights do not know.
        """
        if condition not in self._manifest.conditions:
            raise UserError(f"{condition} is not among what the weights draw; choose another condition.")
        with self._working:
            picture = self._learned().picture(condition, seed, severity)
        return picture.image, picture.mask

    def weights_hash(self) -> str:
        """SHA-256 of the weights that draw learned lesions, and the skin of all others."""
        return self._manifest.sha256

    def _recipe(self, condition: str) -> Recipe | None:
        return self._shipped.get(condition) or self._own().get(condition)

    def _check(self, spec: CaseSpec) -> None:
        learned = spec.source is Source.LEARNED
        clinical = spec.modality is Modality.CLINICAL
        known = _class_of(spec) in self._manifest.conditions
        if not (known if learned else clinical and self._recipe(spec.condition)):
            raise UserError(
                f"{spec.condition} cannot be generated as a {spec.source} {spec.modality} case; "
                "choose a condition from the list of conditions."
            )
        self._check_numbers(spec)

    @staticmethod
    def _check_numbers(spec: CaseSpec) -> None:
        if not 0 <= spec.severity <= 1:
            raise UserError(f"Severity is a number from 0 to 1, not {spec.severity:g}.")
        if not 0 <= spec.truncation <= 1:
            raise UserError(f"Truncation is a number from 0 to 1, not {spec.truncation:g}.")
        if not SIZES[0] <= spec.size <= SIZES[1]:
            raise UserError(f"A picture's side is {SIZES[0]} to {SIZES[1]} pixels, not {spec.size}.")

    def _on_tones(
        self, spec: CaseSpec, tones: Sequence[MonkTone]
    ) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
        if spec.source is Source.RECIPE:
            recipe = self._recipe(spec.condition)
            if recipe is None or spec.recipe_version not in ("", drawing_version(recipe)):
                raise UserError(f"The recipe of {spec.condition} is another one by now; ask for a new case.")
            skin = self._ground(spec.seed, spec.site)
            for drawn in draw_on_tones(recipe, _resized(skin, spec.size), spec.seed, spec.severity, tones):
                yield drawn.image_u8, drawn.mask_u8
            return
        name = _class_of(spec)
        canonical = self._learned().picture(
            name, spec.seed, spec.severity, site=spec.site, near=spec.near, truncation=spec.truncation
        )
        mask = _resized(canonical.mask, spec.size)
        retoner = Retoner.of_picture(_resized(canonical.image, spec.size), mask)
        for tone in tones:
            yield retoner.render(tone), mask

    def _ground(self, seed: int, site: str) -> NDArray[np.uint8]:
        """The healthy skin under a drawn lesion, in canonical tone."""
        return self._learned().picture(HEALTHY, seed, 0.5, site=site, truncation=_GROUND_TRUNCATION).image

    def _learned(self) -> LearnedLesions:
        with self._working:
            if self._network is None:
                preload_torch()
                from dermtutor.generation.device import choose_device
                from dermtutor.generation.learned import LearnedLesions

                device = choose_device(self._wanted_device)
                self._network = LearnedLesions(self._weights_dir, self._manifest, device)
            return self._network

    def _case(
        self,
        spec: CaseSpec,
        image: NDArray[np.uint8],
        mask: NDArray[np.uint8],
        seconds: float,
        recipe: Recipe | None,
    ) -> GeneratedCase:
        measured = measure_tone(image, mask)
        wanted = requested_ita(spec.tone)
        lowest, highest = _LESION_SHARES
        covered = float(mask.mean()) / 255
        checks = CaseChecks(
            tone_within_tolerance=measured.is_reliable and abs(measured.ita - wanted) <= TONE_TOLERANCE,
            not_blank=float(image[..., 1].std()) >= _BLANK_BELOW,
            lesion_visible_size=spec.condition == HEALTHY or lowest <= covered <= highest,
        )
        return GeneratedCase(
            spec=spec,
            image=image,
            mask=mask,
            requested_ita=wanted,
            measured_ita=measured.ita,
            checks=checks,
            weights=self._manifest.sha256,
            device=self._learned().device.name,
            seconds=seconds,
            variant="" if recipe is None else variant_of(recipe, spec.seed).name,
            recipe_review="" if recipe is None else _review(recipe),
        )


def _class_of(spec: CaseSpec) -> str:
    """The network's class of a learned case: dermoscopy has classes of its own."""
    return spec.condition if spec.modality is Modality.CLINICAL else f"{spec.condition}-{spec.modality}"


def _review(recipe: Recipe) -> str:
    return f"reviewed by {recipe.reviewed_by}" if review_holds(recipe) else "not reviewed"


def _resized(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    if image.shape[0] == side:
        return image
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.LANCZOS))

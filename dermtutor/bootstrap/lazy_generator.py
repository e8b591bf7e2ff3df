"""The generator, built only when somebody needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.recipes import DrawRequest
from dermtutor.services.ports import CancelToken, CaseGenerator, GeneratedCase, Progress
from dermtutor.services.recipes import RecipeDrawing
from dermtutor.skin.scales import MonkTone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dermtutor.generation.recipes import Recipe


class Generation(CaseGenerator, RecipeDrawing, Protocol):
    """What the generator can do: make cases, draw recipes that belong to no folder yet, give lesions without skin."""

    def lesion_recipe(self, condition: str) -> Recipe | None:
        """The recipe of a condition."""
        ...

    def canonical_lesion(
        self, condition: str, seed: int, severity: float
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """A learned lesion in canonical tone, and its mask."""
        ...

    def weights_hash(self) -> str:
        """SHA-256 of the weights in use."""
        ...


class LazyGenerator:
    """A ``CaseGenerator`` that is built when it is first needed, by whichever thread needs it, once.

    Building it reads recipes and manifest, and fails where they are missing: the records must open there all the same.
    """

    def __init__(self, build: Callable[[], Generation]) -> None:
        self._build = build
        self._built: Generation | None = None
        self._building = threading.Lock()

    def _generator(self) -> Generation:
        with self._building:
            if self._built is None:
                self._built = self._build()
            return self._built

    def weights_version(self) -> str:
        """Name and version of the weights."""
        return self._generator().weights_version()

    def recipe_version(self, condition: str) -> str:
        """Version of the recipe of a condition, empty when there is none."""
        return self._generator().recipe_version(condition)

    def device_name(self) -> str:
        """The device in words."""
        return self._generator().device_name()

    def generate(
        self, spec: CaseSpec, cancel: CancelToken | None = None, progress: Progress | None = None
    ) -> GeneratedCase:
        """The case of a spec."""
        return self._generator().generate(spec, cancel, progress)

    def twins(
        self,
        spec: CaseSpec,
        tones: Sequence[MonkTone],
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> tuple[GeneratedCase, ...]:
        """The same lesion on each of the tones."""
        return self._generator().twins(spec, tones, cancel, progress)

    def similar(self, spec: CaseSpec, seed: int) -> CaseSpec:
        """The spec of a new lesion that resembles another."""
        return self._generator().similar(spec, seed)

    def preview(self, wanted: DrawRequest, cancel: CancelToken | None = None) -> Iterator[GeneratedCase]:
        """What the text of a recipe draws."""
        return self._generator().preview(wanted, cancel)

    def lesion_recipe(self, condition: str) -> Recipe | None:
        """The recipe of a condition."""
        return self._generator().lesion_recipe(condition)

    def canonical_lesion(
        self, condition: str, seed: int, severity: float
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """A learned lesion in canonical tone, and its mask."""
        return self._generator().canonical_lesion(condition, seed, severity)

    def weights_hash(self) -> str:
        """SHA-256 of the weights in use."""
        return self._generator().weights_hash()

"""Case specifications: everything that determines one generated image."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from dermtutor.domain.canonical import plain, quoted
from dermtutor.skin.scales import MonkTone

UNSPECIFIED: Final = "unspecified"
"""The body site of a case that tells none."""


class Source(StrEnum):
    """Where the lesion of an image comes from; said to the user with every image."""

    LEARNED = "learned"
    RECIPE = "recipe"
    TRANSFER = "transfer"
    """A generated lesion on a photograph of healthy skin."""
    REAL = "real"
    """A photograph of a patient, imported with its licence. Never called synthetic, and counted apart everywhere."""

    @property
    def generated(self) -> bool:
        """Whether a spec and weights alone make the image again."""
        return self in (Source.LEARNED, Source.RECIPE)


class Modality(StrEnum):
    """How skin is photographed: as the eye sees it, or through a dermatoscope."""

    CLINICAL = "clinical"
    DERMOSCOPY = "dermoscopy"


@dataclass(frozen=True, slots=True)
class CaseSpec:
    """What to generate. Two equal specs give the same image with the same weights.

    ``severity`` is 0 to 1 (0.5 typical), ``seed`` any whole number from 0 to 2**63-1, ``size`` the side in
    pixels, ``site`` a body-site id or ``"unspecified"``, ``recipe_version`` empty for a learned lesion.
    ``near`` is the seed of another lesion that this one resembles: they share their latent for the most part. None for
    a lesion of its own.
    ``truncation`` is 1 for the whole variety that a network learned, less for lesions nearer to the typical one of
    their condition, 0 for that one.
    ``origin`` is empty for a generated image; otherwise the SHA-256 of what the image was made from: the photograph
    file, or the saved plan of a transfer.
    """

    condition: str
    tone: MonkTone
    seed: int
    source: Source
    site: str = UNSPECIFIED
    severity: float = 0.5
    size: int = 256
    weights_version: str = ""
    recipe_version: str = ""
    origin: str = ""
    near: int | None = None
    modality: Modality = Modality.CLINICAL
    truncation: float = 1.0

    def canonical_json(self) -> str:
        """Key-sorted JSON without spaces; the text that ``spec_id`` hashes."""
        # Some are left out where they say nothing, so that the ids of cases made before there were others stay.
        return "".join(
            (
                f'{{"condition":{quoted(self.condition)}',
                f',"modality":{quoted(self.modality.value)}'
                if self.modality is not Modality.CLINICAL
                else "",
                f',"near":{self.near}' if self.near is not None else "",
                f',"origin":{quoted(self.origin)}' if self.origin else "",
                f',"recipe_version":{quoted(self.recipe_version)},"seed":{self.seed}',
                f',"severity":{plain(self.severity)},"site":{quoted(self.site)},"size":{self.size}',
                f',"source":{quoted(self.source.value)},"tone":{self.tone.value}',
                f',"truncation":{plain(self.truncation)}' if self.truncation != 1 else "",
                f',"weights_version":{quoted(self.weights_version)}}}',
            )
        )

    @property
    def spec_id(self) -> str:
        """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The spec whose canonical JSON ``text`` is."""
        fields = json.loads(text)
        modality = Modality(fields.get("modality", Modality.CLINICAL))
        known = {"tone": MonkTone(fields["tone"]), "source": Source(fields["source"]), "modality": modality}
        return cls(**fields | known)

    def on_tone(self, tone: MonkTone) -> Self:
        """The tone twin: the same lesion on another tone."""
        return replace(self, tone=tone)

"""PNG files that say what they are: synthetic, from which spec, with which weights."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from dermtutor.domain.cases import CaseSpec, Modality, Source
from dermtutor.domain.transfer import TransferPlan
from dermtutor.services.ports import GeneratedCase

_IPTC: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
DIGITAL_SOURCE_TYPES: Final = {
    Source.LEARNED: _IPTC + "trainedAlgorithmicMedia",
    # Skin from the network, lesion drawn by a recipe on top of it.
    Source.RECIPE: _IPTC + "compositeWithTrainedAlgorithmicMedia",
    Source.TRANSFER: _IPTC + "compositeWithTrainedAlgorithmicMedia",
    Source.REAL: _IPTC + "digitalCapture",
}
STATEMENTS: Final = {
    Source.LEARNED: "Synthetic image. It shows no patient and is not for diagnosis. "
    "Skin and lesion were made by a trained generator.",
    Source.RECIPE: "Synthetic image. It shows no patient and is not for diagnosis. "
    "The lesion was drawn from a recipe on skin made by a trained generator.",
    Source.TRANSFER: "Composite: a synthetic disease on a photograph of healthy skin. Not for diagnosis.",
    Source.REAL: "Photograph of a patient, used by licence. Not for diagnosis.",
}
_COMPRESS_LEVEL: Final = 1
CLICK_MARGIN: Final = 0.015
"""How far beside the lesion a click still counts, as a share of the image's side: a finger is no needle."""
_INSIDE: Final = 127
_XMP_KEY: Final = "XML:com.adobe.xmp"


@dataclass(frozen=True, slots=True)
class EncodedCase:
    """The files of a case: an RGB PNG and a greyscale PNG of the mask (0 outside, 255 inside)."""

    png: bytes
    mask_png: bytes


def encode_case(case: GeneratedCase) -> EncodedCase:
    """PNG files of a case, both with its provenance in their text. The same case gives the same bytes."""
    text = _provenance_text(case)
    return EncodedCase(_png(case.image, text), _png(case.mask, text))


def encode_transfer(
    image: NDArray[np.uint8],
    mask: NDArray[np.uint8],
    spec: CaseSpec,
    plan: TransferPlan,
    weights: str,
    measured_ita: float,
) -> EncodedCase:
    """PNG files of lesions on a photograph: ``image`` (H, W, 3) and ``mask`` (H, W) uint8. Nothing of the photograph's
    metadata is in them, but its hash, who permitted its use, and the plan that makes the image again.
    """
    entries = {
        "Spec": spec.canonical_json(),
        "SpecId": spec.spec_id,
        "Weights": weights,
        "MeasuredITA": f"{measured_ita:.2f}",
        "Plan": plan.canonical_json(),
        "PhotographSHA256": plan.photograph.sha,
        "Permission": plan.photograph.permission,
    }
    if plan.photograph.credit:
        entries["Credit"] = plan.photograph.credit
    if plan.tone is not None:
        entries["Retoned"] = f"The person was brought to {plan.tone} with a model of the skin's pigments."
    text = _text(Source.TRANSFER, entries)
    return EncodedCase(_png(image, text), _png(mask, text))


def encode_photograph(
    pixels: NDArray[np.uint8], spec: CaseSpec, ita: float, entries: Mapping[str, str]
) -> EncodedCase:
    """PNG files of a photograph (H, W, 3) uint8 and of its mask, which is empty: nobody drew one.

    ``ita`` is what was measured on the whole picture, in degrees; ``entries`` name credit and licence. The metadata of
    the photograph's own file is gone.
    """
    known = {"Spec": spec.canonical_json(), "SpecId": spec.spec_id, "MeasuredITA": f"{ita:.2f}"}
    text = _text(spec.source, known | dict(entries))
    return EncodedCase(_png(pixels, text), _png(np.zeros(pixels.shape[:2], np.uint8), text))


def encode_picture(image: NDArray[np.uint8], source: Source, entries: Mapping[str, str]) -> bytes:
    """A PNG file of any picture made of cases, (H, W, 3) uint8: it says that it is synthetic, and ``entries``."""
    return _png(image, _text(source, entries))


def hits_lesion(mask_png: bytes, x: float, y: float) -> bool:
    """Whether a click lies on the lesion of a mask file, or no farther from it than CLICK_MARGIN of the image's side.

    ``x`` and ``y`` run from 0 to 1, from the left and top edge. Without a lesion no click hits.
    """
    with Image.open(io.BytesIO(mask_png), formats=["PNG"]) as image:
        mask = np.asarray(image.convert("L"))
    rows, columns = np.nonzero(mask > _INSIDE)
    if not rows.size:
        return False
    height, width = mask.shape
    distance = np.hypot((columns + 0.5) - x * width, (rows + 0.5) - y * height).min()
    return bool(distance <= CLICK_MARGIN * max(height, width))


def _provenance_text(case: GeneratedCase) -> PngImagePlugin.PngInfo:
    entries = {
        "Spec": case.spec.canonical_json(),
        "SpecId": case.spec.spec_id,
        "Weights": case.weights,
        "RequestedITA": f"{case.requested_ita:.2f}",
        "MeasuredITA": f"{case.measured_ita:.2f}",
    }
    if case.spec.modality is Modality.DERMOSCOPY:
        entries["Modality"] = "Imitates a photograph through a dermatoscope."
    if case.spec.source is Source.RECIPE:
        version = f"{case.spec.condition} {case.spec.recipe_version}".strip()
        entries["Recipe"] = f"{version}, {case.recipe_review}" if case.recipe_review else version
        entries["Variant"] = case.variant
    return _text(case.spec.source, entries)


def _text(source: Source, entries: Mapping[str, str]) -> PngImagePlugin.PngInfo:
    said = {
        "Software": "DermTutor",
        "Description": STATEMENTS[source],
        "DigitalSourceType": DIGITAL_SOURCE_TYPES[source],
    }
    text = PngImagePlugin.PngInfo()
    for key, value in (said | dict(entries)).items():
        text.add_text(key, value)
    text.add_itxt(_XMP_KEY, _xmp(source))
    return text


def _xmp(source: Source) -> str:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="DermTutor" '
        f'Iptc4xmpExt:DigitalSourceType="{DIGITAL_SOURCE_TYPES[source]}"/>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )


def _png(pixels: NDArray[np.uint8], text: PngImagePlugin.PngInfo) -> bytes:
    # Filtered photographs hardly repeat themselves: without the search for repetitions they are quicker and smaller.
    strategy = zlib.Z_HUFFMAN_ONLY if pixels.ndim == 3 else zlib.Z_DEFAULT_STRATEGY
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(
        buffer, "PNG", compress_level=_COMPRESS_LEVEL, compress_type=strategy, pnginfo=text
    )
    return buffer.getvalue()

"""Pictures that come and go: checked before they are believed, labelled where a format would lose the label."""

from __future__ import annotations

import io
import struct
import warnings
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dermtutor.domain.cases import Source
from dermtutor.exchange.container import Unsound
from dermtutor.paths import assets_dir
from dermtutor.services.encoding import DIGITAL_SOURCE_TYPES, encode_picture
from dermtutor.services.recipe_sheet import wrapped

MAX_PIXELS: Final = 40_000_000
_INSIDE: Final = 127
_SMALLEST: Final = 12
"""Height in pixels below which the label could not be read."""
_NARROWEST: Final = 240
"""Width in pixels that the label needs; a narrower image gets a grey surround at its sides."""
_SURROUND: Final = 119
_GROUND: Final = (29, 28, 26)
_INK: Final = (255, 255, 255)
_START: Final = b"\x89PNG\r\n\x1a\n"
_END: Final = b"\x00\x00\x00\x00IEND\xaeB`\x82"


def checked_size(content: bytes, mode: str, source: Source) -> tuple[int, int]:
    """Width and height of a PNG file that decodes without complaint, in ``RGB`` for an image and ``L`` for a mask.

    Raises Unsound for anything else: another format, bytes behind its end, more than 40 megapixels (read from the
    header, before anything is unpacked), or an image that does not say of itself what ``source`` it is.
    """
    if len(content) < 45 or not content.startswith(_START) or not content.endswith(_END):
        raise Unsound("one of its pictures is not a whole PNG file")
    width, height = struct.unpack_from(
        ">2I", content, len(_START) + 8
    )  # the first chunk is always the header
    if width * height > MAX_PIXELS:
        raise Unsound("one of its pictures is too large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
                if image.size != (width, height) or image.mode != mode or getattr(image, "n_frames", 1) != 1:
                    raise Unsound("one of its pictures has colours of another kind")
                image.load()
                said = getattr(image, "text", {}).get("DigitalSourceType")
    except Unsound:
        raise
    # Pillow raises many kinds of errors for a crafted file; whichever it is, the picture is refused.
    except Exception as problem:
        raise Unsound("one of its pictures is damaged") from problem
    if source is not Source.REAL and said != DIGITAL_SOURCE_TYPES[source]:
        raise Unsound("one of its pictures does not say that it is synthetic")
    return width, height


def labelled(png: bytes, label: str, source: Source, case_id: str, mask_png: bytes | None = None) -> bytes:
    """A PNG file with ``label`` in pixels, in a strip below the image; with a mask also the lesion's outline.

    The strip hides nothing of the image. The file says what ``source`` it is of; of the spec only its id stays, so that
    nothing in the file names the diagnosis.
    """
    image = _opened(png, "RGB")
    pixels = np.asarray(image)
    if mask_png is not None:
        pixels = _outlined(pixels, np.asarray(_opened(mask_png, "L")) > _INSIDE)
    if (beside := _NARROWEST - image.width) > 0:
        sides = ((0, 0), (beside // 2, beside - beside // 2), (0, 0))
        pixels = np.pad(pixels, sides, constant_values=_SURROUND)
    width = pixels.shape[1]
    size = max(_SMALLEST, width // 24)
    font = ImageFont.truetype(str(assets_dir() / "fonts" / "Inter-Medium.otf"), size)
    lines = wrapped(label, font, width - size)
    step = round(size * 1.35)
    strip = Image.new("RGB", (width, step * len(lines) + size // 2 + 2), _GROUND)
    draw = ImageDraw.Draw(strip)
    for number, line in enumerate(lines):
        draw.text((size // 2, size // 4 + number * step), line, _INK, font)
    whole = np.vstack([pixels, np.asarray(strip)])
    return encode_picture(whole, source, {"SpecId": case_id, "Comment": label})


def text_of(png: bytes, name: str) -> str:
    """An entry that a PNG file holds before its pixels, empty where it has none or is no PNG file."""
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            return str(image.info.get(name, ""))
    except (OSError, SyntaxError, ValueError):
        return ""


def _opened(png: bytes, mode: str) -> Image.Image:
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        return image.convert(mode)


def _outlined(pixels: NDArray[np.uint8], inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """White on dark around the lesion, as the window draws it: seen on every skin."""
    line = _grown(inside) & ~inside
    shadow = _grown(_grown(inside)) & ~inside & ~line
    drawn = pixels.copy()
    drawn[shadow] = _GROUND
    drawn[line] = 255
    return drawn


def _grown(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The region and the pixels beside it."""
    padded = np.pad(inside, 1)
    return padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]

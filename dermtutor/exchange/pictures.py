"""Pictures that come and go: checked before they are believed, and labelled where a format would lose the label."""

from __future__ import annotations

import io
import struct
import warnings
from typing import Final

from PIL import Image

from dermtutor.domain.cases import Source
from dermtutor.exchange.container import Unsound
from dermtutor.services.encoding import DIGITAL_SOURCE_TYPES

MAX_PIXELS: Final = 40_000_000
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

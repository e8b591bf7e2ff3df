"""What an image file says of itself, as any other program reads it."""

from __future__ import annotations

import io

from PIL import Image


def read_provenance(png: bytes) -> dict[str, str]:
    """The text entries of a PNG file by name."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        image.load()
        return {str(key): str(value) for key, value in getattr(image, "text", {}).items()}

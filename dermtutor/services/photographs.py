"""Reads a photograph that a person chose: formats named, sizes bounded before decoding, upright, without metadata."""

from __future__ import annotations

import contextlib
import hashlib
import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, PngImagePlugin

from dermtutor.errors import EnvironmentProblem, UserError

MAX_PIXELS: Final = 40_000_000
MAX_BYTES: Final = 200_000_000
SMALLEST_SIDE: Final = 64
SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".heic", ".heif")
"""Endings of the file names of photographs that can be read."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_HEIF_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1")
_PNG_BIT_DEPTH: Final = 24
_SRGB: Final = ImageCms.createProfile("sRGB")

# What Pillow and pi-heif raise on damaged files, the metadata included.
_DAMAGED: Final = (OSError, SyntaxError, ValueError, struct.error, EOFError, KeyError, TypeError, IndexError)


@dataclass(frozen=True, slots=True, eq=False)
class PhotographFile:
    """A photograph as it is worked with: ``pixels`` (H, W, 3) uint8 sRGB, upright; ``sha`` of the file it came from."""

    sha: str
    pixels: NDArray[np.uint8]

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])


def read_photograph(path: Path) -> PhotographFile:
    """The photograph of a file. Raises UserError in one sentence for anything that cannot be used as one."""
    name = path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"{name} is larger than 200 MB; choose a smaller file.")
        content = path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise EnvironmentProblem(f"{path} cannot be read ({reason}); choose another photograph.") from problem
    return decode_photograph(content, name)


def decode_photograph(content: bytes, name: str) -> PhotographFile:
    """The photograph of a file's content; ``name`` is what messages call it. Raises UserError."""
    image = _opened(content, name)
    _check_size(image.size, name)
    if getattr(image, "n_frames", 1) > 1 and image.format == "PNG":
        raise UserError(f"{name} is animated; choose a single photograph.")
    _check_mode(image, content, name)
    try:
        image.load()
        upright = _upright(image)
        pixels = np.array(_in_srgb(upright, image.info.get("icc_profile")))
    except _DAMAGED as problem:
        raise UserError(f"{name} is damaged or cut short; choose another copy of it.") from problem
    return PhotographFile(hashlib.sha256(content).hexdigest(), pixels)


def _opened(content: bytes, name: str) -> Image.Image:
    """The image with its header read and nothing decoded. The reader is chosen by content, never by the name."""
    stream = io.BytesIO(content)
    try:
        if content.startswith(_PNG):
            return PngImagePlugin.PngImageFile(stream)
        if content.startswith(b"\xff\xd8\xff"):
            return JpegImagePlugin.JpegImageFile(stream)
    except _DAMAGED as problem:
        raise UserError(f"{name} is damaged or cut short; choose another copy of it.") from problem
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return _opened_heif(content, name)
    raise UserError(f"{name} is no photograph that can be read; choose a JPEG, PNG or HEIC file.")


def _opened_heif(content: bytes, name: str) -> Image.Image:
    import pi_heif  # only when such a photograph comes

    try:
        frames = pi_heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)
        if len(frames) > 1:
            raise UserError(f"{name} holds several pictures; save the one you want as JPEG and choose that.")
        _check_size(frames.size, name)
        image: Image.Image = frames.to_pillow()
    except _DAMAGED as problem:
        raise UserError(f"{name} is damaged or cut short; choose another copy of it.") from problem
    return image


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise UserError(f"{name} has {width} × {height} pixels; choose one of at most 40 megapixels.")
    if min(size) < SMALLEST_SIDE:
        raise UserError(f"{name} has only {width} × {height} pixels; choose a larger photograph.")


def _check_mode(image: Image.Image, content: bytes, name: str) -> None:
    deep = content.startswith(_PNG) and content[_PNG_BIT_DEPTH] == 16
    if deep or image.mode.startswith(("I", "F")):
        raise UserError(f"{name} has 16 bits a channel; save it as a JPEG, or as a PNG with 8 bits.")
    if image.mode in ("CMYK", "YCCK"):
        raise UserError(f"{name} is in the print colours CMYK; save it in RGB and choose that file.")
    if image.mode in ("1", "L", "LA"):
        raise UserError(f"{name} is black and white; choose a photograph in colour.")
    if image.mode not in ("RGB", "RGBA", "P"):
        raise UserError(f"{name} has colours of the kind {image.mode}; save it in RGB and choose that file.")


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says. Damaged EXIF says nothing."""
    with contextlib.suppress(*_DAMAGED):
        return ImageOps.exif_transpose(image)
    return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB pixels in sRGB: phones photograph in wider colour spaces, which would look like paler skin."""
    plain = image.convert("RGB")
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, *_DAMAGED):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(plain, source, _SRGB, outputMode="RGB") or plain
    return plain


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """Width and height in pixels with a longer side of at most ``longest``, in the same proportion."""
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def shrunk(photograph: PhotographFile, longest: int) -> PhotographFile:
    """The photograph with a longer side of at most so many pixels; itself when it has no more."""
    size = fitted(photograph.width, photograph.height, longest)
    if size == (photograph.width, photograph.height):
        return photograph
    smaller = Image.fromarray(photograph.pixels).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return PhotographFile(photograph.sha, np.array(smaller))

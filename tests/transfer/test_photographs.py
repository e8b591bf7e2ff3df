"""Photographs are read upright and without metadata; what cannot be one is refused in one sentence."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.services.photographs import decode_photograph, read_photograph
from tests.transfer.pictures import png_of, skin_photograph


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def with_header(width: int, height: int) -> bytes:
    """A PNG file that says it is of a size, with next to nothing in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_png_keeps_its_pixels() -> None:
    pixels = skin_photograph()
    assert np.array_equal(decode_photograph(png_of(pixels), "a.png").pixels, pixels)


def test_a_photograph_held_sideways_is_turned_upright_and_loses_its_metadata(tmp_path: Path) -> None:
    image = Image.fromarray(skin_photograph(100, 160))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    file = tmp_path / "held.jpg"
    file.write_bytes(saved(image, "JPEG", exif=exif, quality=95))
    read = read_photograph(file)
    assert (read.width, read.height) == (100, 160)
    assert len(read.sha) == 64


def test_a_wide_colour_space_is_converted() -> None:
    from PIL import ImageCms

    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.fromarray(skin_photograph())
    plain = decode_photograph(saved(image, "PNG"), "a").pixels
    assert (
        np.abs(decode_photograph(saved(image, "PNG", icc_profile=lab), "a").pixels.astype(int) - plain).max()
        <= 1
    )


def test_a_damaged_colour_profile_is_left_aside() -> None:
    content = saved(Image.fromarray(skin_photograph()), "JPEG", icc_profile=b"no profile")
    assert decode_photograph(content, "a.jpg").pixels.shape == (240, 320, 3)


def test_heic_is_read_upright() -> None:
    read = read_photograph(Path(__file__).parent / "held.heic")
    assert (read.width, read.height) == (72, 96)
    assert np.abs(read.pixels.mean(axis=(0, 1)) - (180, 138, 109)).max() < 12


def test_a_damaged_heic_is_refused() -> None:
    with pytest.raises(UserError, match="damaged"):
        decode_photograph(b"\0\0\0\x18ftypheic" + b"\0" * 40, "phone.heic")


def grey() -> bytes:
    return saved(Image.new("L", (90, 90), 128), "PNG")


def sixteen_bits() -> bytes:
    return saved(Image.fromarray(np.full((90, 90), 40_000, np.uint16)), "PNG")


def animated() -> bytes:
    frames = [Image.new("RGB", (90, 90), (shade, 100, 100)) for shade in (10, 200)]
    return saved(frames[0], "PNG", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no photograph"),
        (b"GIF89a" + b"\0" * 50, "JPEG, PNG or HEIC"),
        (b"%PDF-1.7 something", "no photograph"),
        (png_of(skin_photograph())[:3000], "damaged"),
        (saved(Image.fromarray(skin_photograph()), "JPEG")[:2000], "damaged"),
        (with_header(20_000, 20_000), "40 megapixels"),
        (with_header(2**31 - 1, 2**31 - 1), "40 megapixels"),
        (with_header(30, 3000), "larger photograph"),
        (saved(Image.new("CMYK", (90, 90)), "JPEG"), "CMYK"),
        (sixteen_bits(), "16 bits"),
        (grey(), "black and white"),
        (animated(), "animated"),
    ],
)
def test_what_is_no_photograph_is_refused_in_one_sentence(content: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words) as refused:
        decode_photograph(content, "chosen.jpg")
    said = str(refused.value)
    assert said.startswith("chosen.jpg")
    assert said.endswith(".")
    assert said.count(". ") == 0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"gone\.png"):
        read_photograph(tmp_path / "gone.png")


SOUND = (png_of(skin_photograph(70, 80)), saved(Image.fromarray(skin_photograph(70, 80)), "JPEG"))


@given(st.sampled_from(SOUND), st.integers(0, 6000), st.binary(min_size=1, max_size=6))
def test_damage_anywhere_is_refused_or_harmless(content: bytes, place: int, damage: bytes) -> None:
    place %= len(content)
    damaged = content[:place] + damage + content[place + len(damage) :]
    try:
        read = decode_photograph(damaged, "a.png")
    except UserError:
        return
    assert read.pixels.dtype == np.uint8
    assert read.pixels.ndim == 3

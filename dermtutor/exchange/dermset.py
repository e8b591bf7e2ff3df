"""Case-set files (``.dermset``): written signed, read whole or not at all.

Layout: ``manifest.json``, ``signature`` (Ed25519 over the manifest's bytes, in hexadecimal digits), then every
image and mask once, named by its SHA-256, in the order of the cases. The manifest names the key, so the signature
covers it, and it names the hash of every picture.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from dermtutor.domain.case_sets import CaseSet
from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.exchange.container import Entry, Newer, Unsound, content_of, read_container, write_container
from dermtutor.exchange.manifest import (
    FORMAT,
    VERSION,
    Manifest,
    Signer,
    manifest_bytes,
    pictures_of,
    read_manifest,
)
from dermtutor.exchange.pictures import checked_size
from dermtutor.services.signing import Signature, SigningKey, WrongSignature, verify

MANIFEST, SIGNATURE, SUFFIX = "manifest.json", "signature", ".png"
_PURPOSE: Final = f"{FORMAT} {VERSION}"
_SIGNATURE_TEXT: Final = re.compile(rb"[0-9a-f]{128}")
_MAX_PIXELS: Final = 4 * 10**9
"""Of all pictures together: it bounds the time reading takes. 1,000 cases of 1024 by 1024 pixels are half of it."""
Media = Callable[[str], bytes | None]
"""The PNG file of a SHA-256, or None where there is none."""


@dataclass(frozen=True, slots=True)
class ImportedSet:
    """A case-set file that was verified completely. ``sizes`` are the bytes of its pictures by SHA-256."""

    path: Path
    case_set: CaseSet
    signer: Signer
    sizes: dict[str, int]
    entries: dict[str, Entry]

    def media(self, sha: str) -> bytes:
        """A picture's PNG file. Raises UserError when the file changed since it was verified."""
        try:
            with self.path.open("rb") as stream:
                return content_of(stream, self.entries[sha + SUFFIX])
        except (Unsound, OSError, KeyError) as problem:
            raise _refused(self.path, problem) from problem

    def pictures(self) -> Iterator[tuple[str, bytes]]:
        """Every picture once, by its SHA-256."""
        return ((sha, self.media(sha)) for sha in self.sizes)


def write_dermset(case_set: CaseSet, media: Media, key: SigningKey, signer: str, stream: BinaryIO) -> None:
    """Writes and signs the set as it is given. Equal sets signed by one key give equal bytes.

    Raises UserError when a picture is missing or a file would be refused where it arrives.
    """
    try:
        sizes = {sha: len(_picture(media, sha)) for case in case_set.cases for sha in pictures_of(case)}
        manifest = manifest_bytes(Manifest(case_set, Signer(signer, key.public_key()), sizes))
        _check_pictures(case_set, lambda sha: _picture(media, sha))
        write_container(stream, _entries(manifest, key.sign(_PURPOSE, manifest).value, sizes, media))
    except Unsound as problem:
        raise UserError(f"{case_set.name} cannot be written as a case-set file: {problem}.") from problem


def read_dermset(path: Path) -> ImportedSet:
    """The set in a file, after every byte of it was verified. Nothing is unpacked or kept.

    Raises UserError with one sentence for anything that is not exactly as a DermTutor wrote and signed it.
    """
    try:
        with path.open("rb") as stream:
            return _read(path, stream)
    except (Unsound, OSError) as problem:
        raise _refused(path, problem) from problem


def _read(path: Path, stream: BinaryIO) -> ImportedSet:
    entries = read_container(stream)
    if [entry.name for entry in entries[:2]] != [MANIFEST, SIGNATURE]:
        raise Unsound("it is not a case-set file")
    description = content_of(stream, entries[0])
    manifest = read_manifest(description)
    signature = content_of(stream, entries[1])
    try:
        if not _SIGNATURE_TEXT.fullmatch(signature):
            raise WrongSignature("it is not written as a signature")
        value = bytes.fromhex(signature.decode())
        verify(Signature(manifest.signer.public_key, value), _PURPOSE, description)
    except WrongSignature as problem:
        raise Unsound("its signature does not hold, so it was changed after it was signed") from problem
    present = {entry.name: entry for entry in entries[2:]}
    expected = [sha + SUFFIX for sha in manifest.sizes]
    if missing := set(expected) - set(present):
        raise Unsound("a picture is missing" if len(missing) == 1 else f"{len(missing)} pictures are missing")
    if list(present) != expected:
        raise Unsound("it holds files that it does not describe")
    for sha, size in manifest.sizes.items():
        if (present[sha + SUFFIX].sha256, present[sha + SUFFIX].size) != (sha, size):
            raise Unsound("a picture is not the one that was signed")
    _check_pictures(manifest.case_set, lambda sha: content_of(stream, present[sha + SUFFIX]))
    return ImportedSet(path, manifest.case_set, manifest.signer, manifest.sizes, present)


def _entries(
    manifest: bytes, signature: bytes, sizes: dict[str, int], media: Media
) -> Iterator[tuple[str, bytes]]:
    yield MANIFEST, manifest
    yield SIGNATURE, signature.hex().encode()
    for sha in sizes:
        yield sha + SUFFIX, _picture(media, sha)


def _check_pictures(case_set: CaseSet, picture: Callable[[str], bytes]) -> None:
    pixels = 0
    for case in case_set.cases:
        source = case.case.spec.source
        size = checked_size(picture(case.case.image_sha), "RGB", source)
        if case.case.mask_sha and checked_size(picture(case.case.mask_sha), "L", source) != size:
            raise Unsound("a mask is not as large as its image")
        pixels += 2 * size[0] * size[1]
        if pixels > _MAX_PIXELS:
            raise Unsound("its pictures are too many and too large")


def _picture(media: Media, sha: str) -> bytes:
    content = media(sha)
    if content is None:
        raise Unsound("one of its pictures is missing or damaged; check the records")
    return content


def _refused(path: Path, problem: Exception) -> UserError:
    if isinstance(problem, OSError):
        reason = problem.strerror or str(problem)
        return EnvironmentProblem(f"{path} cannot be read ({reason}); choose another file.")
    advice = "update this one" if isinstance(problem, Newer) else "ask for the file once more"
    return UserError(f"{path.name} was not taken, since {problem}; {advice}.")

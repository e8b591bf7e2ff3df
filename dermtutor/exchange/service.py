"""Exporting a case set in any format, and verifying a case-set file: what the command line and the window use."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dermtutor.domain.case_sets import CaseSet
from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import Catalogue
from dermtutor.errors import UserError
from dermtutor.exchange.dermset import ImportedSet, read_dermset, write_dermset
from dermtutor.exchange.forms import SUFFIXES, Form
from dermtutor.exchange.known_keys import KnownKeys
from dermtutor.exchange.leaving import LeftOut, leaving
from dermtutor.exchange.manifest import pictures_of
from dermtutor.exchange.questions import Media
from dermtutor.exchange.saving import saved
from dermtutor.services.ports import Cancelled, CancelToken, Progress
from dermtutor.services.signing import SigningKey


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the files, each with its SHA-256, how many cases are in them, and what stayed behind."""

    form: Form
    files: Mapping[Path, str]
    cases: int
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class Verified:
    """A sound case-set file. ``known_as`` is the name of its key here, None where it is unknown; ``own`` is our key."""

    imported: ImportedSet
    known_as: str | None
    own: bool

    @property
    def signed_by(self) -> str:
        """Who signed it, in words that promise no more than is known."""
        signer = self.imported.signer
        if self.own:
            return f"Signed on this computer as {signer.name}."
        if self.known_as is not None:
            return f"Signed by {self.known_as}, whose key is known here."
        return (
            f"Signed by somebody who says to be {signer.name}; the key {signer.fingerprint} is unknown here. "
            "Compare it with its owner before you trust it."
        )


class CaseExchange:
    """Thread-safe; calls block until done, so a window makes them elsewhere than on its own thread."""

    def __init__(self, catalogue: Catalogue, key: SigningKey, known: KnownKeys) -> None:
        self._catalogue = catalogue
        self._key = key
        self.known = known

    def export_set(
        self,
        case_set: CaseSet,
        media: Media,
        form: Form,
        target: Path,
        *,
        signer: str = "",
        progress: Progress | None = None,
        cancel: CancelToken | None = None,
    ) -> Exported:
        """Writes the set; a file appears whole or not at all. ``media`` gives the PNG file of a SHA-256.

        ``signer`` is the name in a case-set file, the set's author without it. Raises UserError when nothing may leave
        or a picture is missing, EnvironmentProblem when the file cannot be written, Cancelled when the token was set.
        """
        going, left_out = leaving(case_set, teaching=form is not Form.DERMSET)
        watched = _watched(media, _fetches(going, form), progress, cancel)
        targets = self._targets(form, target)
        with saved(*targets) as drafts:
            if form is Form.DERMSET:
                with drafts[0].open("wb") as stream:
                    write_dermset(going, watched, self._key, signer or case_set.author or "unnamed", stream)
            else:
                # Only now: what prints and packs takes a while to import.
                from dermtutor.exchange.writing import write_form

                write_form(form, going, self._catalogue, watched, left_out, drafts)
            files = {file: _sha(draft) for file, draft in zip(targets, drafts, strict=True)}
        return Exported(form, files, len(going.cases), left_out)

    def verify(self, path: Path) -> Verified:
        """The set in a file, verified completely. Raises UserError with one sentence for anything that is off."""
        imported = read_dermset(path)
        key = imported.signer.public_key
        own = self._key.exists and self._key.public_key() == key
        return Verified(imported, self.known.name_of(key), own)

    def _targets(self, form: Form, target: Path) -> tuple[Path, ...]:
        if target.suffix.lower() != SUFFIXES[form]:
            raise UserError(
                f"A file of this kind is named *{SUFFIXES[form]}; name it {target.stem}{SUFFIXES[form]}."
            )
        return (target, target.with_stem(f"{target.stem}-key")) if form is Form.PDF else (target,)


def _watched(media: Media, fetches: int, progress: Progress | None, cancel: CancelToken | None) -> Media:
    """The pictures, of which each one fetched moves the progress and looks whether to stop."""
    done = 0

    def fetch(sha: str) -> bytes | None:
        nonlocal done
        if cancel is not None and cancel.is_set():
            raise Cancelled
        done += 1
        if progress is not None:
            progress(min(1.0, done / fetches))
        return media(sha)

    return fetch


def _fetches(case_set: CaseSet, form: Form) -> int:
    """About how many pictures will be fetched."""
    pictures = sum(len(pictures_of(case)) for case in case_set.cases)
    drawn = sum(
        case.case.spec.source is Source.RECIPE for case in case_set.cases
    )  # to see who reviewed the recipe
    both = len(case_set.cases) + pictures + drawn  # each image, and once more with its mask
    many = {
        Form.DERMSET: 3 * pictures,
        Form.DATASET: pictures + drawn,
        Form.SCORM: both,
        Form.ANKI: both,
        Form.PDF: both,
    }
    return many.get(form, len(case_set.cases) + drawn)


def _sha(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

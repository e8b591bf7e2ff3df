"""Imports licensed photographs of patients as cases: a folder of files and a list of what they show.

The whole import is refused when one line or file is off: every photograph is read before the first is kept. What is
kept is upright, at most MOST_PIXELS a side, without the file's metadata, and says in its own file that it is a
photograph, whose, and by which licence it is used.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.domain.case_sets import CaseReview, CaseSet, CaseState, Photograph, SetCase, Stem
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import NONE_OF_THESE
from dermtutor.domain.photograph_list import ListedPhotograph, off, read_list
from dermtutor.domain.records import CaseRecord
from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.services.answer_sheet import resolve
from dermtutor.services.case_sets import CaseSets
from dermtutor.services.encoding import encode_photograph
from dermtutor.services.photographs import fitted, read_photograph
from dermtutor.services.ports import MediaStore, Progress
from dermtutor.services.ports_sets import CaseSetStore
from dermtutor.skin.measure import measure_tone
from dermtutor.skin.scales import FitzpatrickType, MonkTone
from dermtutor.skin.tones import photographed_tone

LIST_NAME: Final = "photographs.csv"
"""What the list in the folder is called, unless another is named."""
MOST_PIXELS: Final = 1_600
UNSPECIFIED: Final = "unspecified"
"""The body site of a photograph whose list names none."""
MAX_LIST_BYTES: Final = 2_000_000
ESTIMATED: Final = "skin tone estimated from the photograph"


@dataclass(frozen=True, slots=True)
class Credit:
    """One line of the credits: which file, who is named, by which licence."""

    file: str
    credit: str
    licence: str


@dataclass(frozen=True, slots=True)
class ImportedPhotographs:
    """What an import made: the cases in the order of the list, and the credits beside them."""

    cases: tuple[SetCase, ...]
    credits: tuple[Credit, ...]


class RealImages:
    """Makes case sets of photographs. Thread-safe; calls block until done."""

    def __init__(self, catalogue: Catalogue, sets: CaseSets, store: CaseSetStore, media: MediaStore) -> None:
        self._catalogue = catalogue
        self._sets = sets
        self._store = store
        self._media = media

    def make_set(
        self,
        folder: Path,
        name: str,
        by: str,
        *,
        list_file: Path | None = None,
        accept: bool = False,
        progress: Progress | None = None,
    ) -> tuple[CaseSet, tuple[Credit, ...]]:
        """A new set of all photographs of a folder's list, and their credits. ``by`` is who brings them.

        ``accept`` also accepts every case on that person's word, so that exams may ask them. Raises UserError as
        ``import_photographs`` and ``CaseSets.create`` do; no set is left then.
        """
        made = self._sets.create(name, by)
        try:
            found = import_photographs(folder, self._catalogue, self._media, list_file, progress)
            verdict = CaseReview(by, CaseState.ACCEPTED, "imported with its label", datetime.now(UTC))
            reviews = (verdict,) if accept else ()
            self._store.add_cases(made.set_id, [replace(each, reviews=reviews) for each in found.cases])
        except BaseException:
            self._sets.remove(made.set_id)
            raise
        return self._sets.get(made.set_id), found.credits


def import_photographs(
    folder: Path,
    catalogue: Catalogue,
    media: MediaStore,
    list_file: Path | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> ImportedPhotographs:
    """Reads all photographs of a list, then keeps them as cases that belong to no set yet.

    Raises UserError in one sentence that names line and file, before anything is kept.
    """
    path = list_file or folder / LIST_NAME
    listed = read_list(_text(path), path.name)
    seen: dict[str, ListedPhotograph] = {}
    specs = []
    for place, each in enumerate(listed):
        spec, sha, _ = _read(folder, each, path.name, catalogue)
        if sha in seen:
            raise off(each, path.name, f"the same photograph as line {seen[sha].line}; keep one.")
        seen[sha] = each
        specs.append(spec)
        if progress is not None:
            progress((place + 1) / len(listed) / 2)
    made_at = (now or datetime.now(UTC)).astimezone(UTC)
    cases = []
    for place, (each, spec) in enumerate(zip(listed, specs, strict=True)):
        again, sha, pixels = _read(folder, each, path.name, catalogue)
        if again != spec:
            raise off(each, path.name, "the file changed while it was read; import again.")
        cases.append(_kept(each, spec, sha, pixels, media, made_at))
        if progress is not None:
            progress(0.5 + (place + 1) / len(listed) / 2)
    return ImportedPhotographs(
        tuple(cases), tuple(Credit(each.file, each.credit, each.licence) for each in listed)
    )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_LIST_BYTES:
            raise UserError(f"{path.name} is larger than 2 MB; split the list.")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise UserError(f"{path.name} is no text in UTF-8; save it as CSV in UTF-8.") from None
    except FileNotFoundError:
        raise UserError(
            f"There is no {path.name} in {path.parent}; name the folder of the photographs and their list."
        ) from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise EnvironmentProblem(f"{path} cannot be read ({reason}); choose another list.") from problem


def _read(
    folder: Path, each: ListedPhotograph, name: str, catalogue: Catalogue
) -> tuple[CaseSpec, str, NDArray[np.uint8]]:
    """The spec of a listed photograph, the hash of its file, and its pixels as they will be kept."""
    try:
        condition = resolve(each.condition, (), catalogue)
        if condition == NONE_OF_THESE:
            raise UserError("'none of these' is no condition; name what the photograph shows.")
        photograph = read_photograph(_inside(folder, each.file))
    except UserError as problem:
        raise off(each, name, str(problem)) from problem
    pixels = _scaled(photograph.pixels)
    tone = each.tone if each.tone is not None else _nearest(measure_tone(pixels, None).ita)
    mark = f"{each.patient} {condition}" if each.patient else photograph.sha
    spec = CaseSpec(
        condition=condition,
        tone=tone,
        # Photographs of one patient's disease share their seed, as the tones of one lesion do.
        seed=int(hashlib.sha256(mark.encode()).hexdigest()[:15], 16),
        source=Source.REAL,
        site=each.site.lower().replace(" ", "-") or UNSPECIFIED,
        size=max(pixels.shape[:2]),
        origin=photograph.sha,
    )
    return spec, photograph.sha, pixels


def _inside(folder: Path, file: str) -> Path:
    """The file, which must lie within the folder whatever its name says."""
    parts = PurePosixPath(file).parts
    if not parts or file.startswith("/") or ".." in parts or any(sign in file for sign in "\\:\0"):
        raise UserError("this name leads out of the folder; name a file in it.")
    path = folder.joinpath(*parts)
    if not path.is_file():
        raise UserError("there is no such file in the folder; add it, or take the line out.")
    if not path.resolve().is_relative_to(folder.resolve()):
        raise UserError("this link leads out of the folder; put the photograph itself there.")
    return path


def _scaled(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    size = fitted(width, height, MOST_PIXELS)
    if size == (width, height):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def _nearest(ita: float) -> MonkTone:
    """The tone that photographs most like a measured angle, where no rater named one."""
    return min(MonkTone.all(), key=lambda tone: abs(photographed_tone(tone).ita - ita))


def _kept(
    each: ListedPhotograph,
    spec: CaseSpec,
    sha: str,
    pixels: NDArray[np.uint8],
    media: MediaStore,
    made_at: datetime,
) -> SetCase:
    flags = () if each.tone is not None else (f"{ESTIMATED} ({_labelled(each.fitzpatrick)})",)
    ita = measure_tone(pixels, None).ita
    entries = {"Credit": each.credit, "Licence": each.licence, "PhotographSHA256": sha}
    if each.fitzpatrick is not None:
        entries["Fitzpatrick"] = each.fitzpatrick.name
    encoded = encode_photograph(pixels, spec, ita, entries)
    record = CaseRecord(
        spec=spec,
        image_sha=media.put(encoded.png),
        mask_sha=media.put(encoded.mask_png),
        requested_ita=ita,  # nothing was asked for: a photograph is as it is
        measured_ita=ita,
        flags=flags,
        weights="",
        reviewed=False,
        created_at=made_at,
    )
    return SetCase(
        record,
        Stem(each.age, "" if spec.site == UNSPECIFIED else spec.site),
        photograph=Photograph(sha, each.licence, each.credit, may_leave=each.may_leave),
    )


def _labelled(label: FitzpatrickType | None) -> str:
    return "no label" if label is None else f"labelled Fitzpatrick {label.name}"

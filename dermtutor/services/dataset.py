"""Data sets to train algorithms with: a folder of images, masks, ``cases.csv`` and a card that says what they are.

Made image by image, files first and then the line that names them, so that it can be stopped at any moment and gone on
with: a line whose files are there is done.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Final

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.services.encoding import EncodedCase
from dermtutor.services.ports import Cancelled, CancelToken, Progress

TABLE: Final = "cases.csv"
CARD: Final = "README.md"
REQUEST: Final = "request.json"
IMAGES: Final = "images"
MASKS: Final = "masks"
_PART: Final = ".part-"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``cases.csv``. Paths are relative to it, angles in degrees; ``photograph`` and ``plan`` are SHA-256,
    empty for an image that lies on no photograph.
    """

    image: str
    mask: str
    condition: str
    source: str
    tone_monk: str
    ita_requested: str
    ita_measured: str
    site: str
    severity: str
    seed: str
    spec_id: str
    photograph: str = ""
    plan: str = ""


COLUMNS: Final = tuple(each.name for each in fields(Row))


@dataclass(frozen=True, slots=True)
class Job:
    """One image to make: its name without an ending, and what makes it."""

    name: str
    make: Callable[[], tuple[Row, EncodedCase]]


@dataclass(frozen=True, slots=True)
class Made:
    """What a run did. ``total`` images lie in the folder, ``new`` of them were made now."""

    total: int
    new: int


def chance(seed: int, *parts: object) -> int:
    """A number from 0 to 2**63-1 that a seed and some names decide."""
    text = "/".join(map(str, (seed, *parts)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


class DataSet:
    """A data set in a folder."""

    def __init__(self, folder: Path, request: Mapping[str, object]) -> None:
        """``request`` is what was asked for; going on with another one is refused."""
        self._folder = folder
        self._request = json.dumps(request, sort_keys=True, indent=2, ensure_ascii=False) + "\n"

    def make(
        self,
        jobs: Sequence[Job],
        resume: bool,
        card: Callable[[Sequence[Row]], str],
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> Made:
        """Makes what is missing, then the table in the jobs' order and the card.

        Raises UserError when the folder holds something and ``resume`` is not set, or holds what another request made;
        Cancelled when the token was set: what was made until then stays.
        """
        rows = self._opened(resume)
        new = 0
        with self._writing(rows.values()) as table:
            for number, job in enumerate(jobs):
                if cancel is not None and cancel.is_set():
                    raise Cancelled
                if job.name not in rows:
                    row, files = job.make()
                    self._write(row.image, files.png)
                    self._write(row.mask, files.mask_png)
                    _append(table, row)
                    rows[job.name] = row
                    new += 1
                if progress is not None:
                    progress((number + 1) / len(jobs))
        ordered = [rows[job.name] for job in jobs]
        self._write(TABLE, _table(ordered).encode())
        self._write(CARD, card(ordered).encode())
        return Made(len(ordered), new)

    def _opened(self, resume: bool) -> dict[str, Row]:
        """The rows that are done, by name; the folder is ready afterwards."""
        folder = self._folder
        try:
            for part in (folder, folder / IMAGES, folder / MASKS):
                part.mkdir(parents=True, exist_ok=True)
            for part in folder.glob(f"{_PART}*"):  # what a killed run was writing
                shutil.rmtree(part, ignore_errors=True)
            there = [each for each in folder.iterdir() if each.is_file()]
            if not resume and (there or any((folder / IMAGES).iterdir())):
                raise UserError(f"{folder} is not empty; choose another folder, or go on with --resume.")
            request = folder / REQUEST
            if resume and request.exists():
                if request.read_text(encoding="utf-8") != self._request:
                    raise UserError(
                        f"{folder} holds a data set that was asked for differently; repeat its own options, "
                        "or choose another folder."
                    )
            else:
                self._write(REQUEST, self._request.encode())
            return self._done()
        except OSError as problem:
            raise self._unwritable(problem) from problem

    def _done(self) -> dict[str, Row]:
        table = self._folder / TABLE
        if not table.exists():
            return {}
        found: dict[str, Row] = {}
        # A run that was killed may have left half a line, or half of a letter.
        text = table.read_text(encoding="utf-8", errors="replace")
        for line in csv.DictReader(io.StringIO(text)):
            if set(line) != set(COLUMNS) or None in line.values():
                continue
            row = Row(**line)
            name = Path(row.image).stem
            if self._holds(f"{IMAGES}/{name}.png", row.image) and self._holds(
                f"{MASKS}/{name}.png", row.mask
            ):
                found[name] = row
        return found

    def _holds(self, expected: str, named: str) -> bool:
        return named == expected and (self._folder / expected).is_file()

    def _writing(self, rows: Iterable[Row]) -> io.TextIOWrapper:
        """The table, open for further lines, with those that are done."""
        self._write(TABLE, _table(rows).encode())
        try:
            return (self._folder / TABLE).open("a", encoding="utf-8", newline="")
        except OSError as problem:
            raise self._unwritable(problem) from problem

    def _write(self, name: str, content: bytes) -> None:
        """Writes a file whole or not at all."""
        target = self._folder / name
        try:
            with tempfile.TemporaryDirectory(dir=self._folder, prefix=_PART) as folder:
                part = Path(folder) / "part"
                part.write_bytes(content)
                part.replace(target)
        except OSError as problem:
            raise self._unwritable(problem) from problem

    def _unwritable(self, problem: OSError) -> EnvironmentProblem:
        reason = problem.strerror or str(problem)
        return EnvironmentProblem(f"{self._folder} cannot be written ({reason}); choose another folder.")


def _append(table: io.TextIOWrapper, row: Row) -> None:
    """Adds a line, durably."""
    csv.writer(table, lineterminator="\n").writerow(astuple(row))
    table.flush()
    os.fsync(table.fileno())


def _table(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(asdict, rows))
    return text.getvalue()


def data_card(rows: Sequence[Row], weights: str, permission: str, left_out: Sequence[str]) -> str:
    """The card of a data set: what it holds, how it was made, what it is not. Markdown."""
    transferred = sum(1 for row in rows if row.photograph)
    made = [
        "# Synthetic skin images",
        "",
        f"{len(rows)} images made by DermTutor with the weights {weights}. **No image shows a patient's disease, and "
        "none is for diagnosis.**",
        "",
        "| condition | " + " | ".join(f"Monk {tone}" for tone in range(1, 11)) + " | all |",
        "|---|" + "---:|" * 11,
    ]
    counts = Counter((row.condition, row.tone_monk) for row in rows)
    for condition in sorted({row.condition for row in rows}):
        cells = [counts[condition, str(tone)] for tone in range(1, 11)]
        made.append(f"| {condition} | " + " | ".join(map(str, (*cells, sum(cells)))) + " |")
    made += ["", *_about_files(), ""]
    if transferred:
        made += [
            f"{transferred} images are composites: a generated lesion on a photograph of healthy skin. Outside the "
            "mask every pixel is the photograph's. `tone_monk` is the tone whose photographed colour is nearest to the "
            "measured one; light and camera shift it by an unknown amount. The photographs are used by permission: "
            + " ".join(permission.split()),
            "",
        ]
    if left_out:
        made += ["Photographs that were left out:", "", *(f"- {each}" for each in left_out), ""]
    made += [
        "Skin tones are simulated with a model of the skin's pigments, not photographed. A classifier that is trained "
        "on these images alone learns what the generator and the recipes know; measure it on photographs of patients "
        "before anything is said of its skill.",
        "",
    ]
    return "\n".join(made)


def _about_files() -> list[str]:
    return [
        "`cases.csv` has one line an image: its file and its mask; the condition; `source` (`learned` by the network, "
        "drawn from a `recipe`, or a `transfer` onto a photograph); Monk tone; ITA asked for and measured, in degrees; "
        "body site; severity from 0 to 1; the seed; the id of the specification that makes the image again; for a "
        "transfer the SHA-256 of the photograph and of the plan.",
        "",
        "Masks are 8-bit PNG files: 0 outside, 255 inside, a soft edge between. What is below 128 is no lesion but may "
        "be changed by it, such as its halo or shadow. Every file names its source in its metadata.",
    ]

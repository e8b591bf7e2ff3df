"""Files that appear whole or not at all: written beside their place, brought to the disk, then put there."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import sync_folder

# The first day that a ZIP archive knows: equal contents give equal archives.
_DAY = (1980, 1, 1, 0, 0, 0)


@contextmanager
def saved(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """Places to write to, one for each target; they become the targets when the block ends well, else they vanish.

    Raises EnvironmentProblem when that is impossible; targets are then as they were.
    """
    try:
        with tempfile.TemporaryDirectory(dir=targets[0].parent, prefix=".dermtutor-") as folder:
            # A file made in there has the permissions that the person's umask asks for.
            drafts = tuple(Path(folder) / f"{number}{target.suffix}" for number, target in enumerate(targets))
            yield drafts
            for draft in drafts:
                _to_disk(draft)
            for draft, target in zip(drafts, targets, strict=True):
                draft.replace(target)
            sync_folder(targets[0].parent)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise EnvironmentProblem(
            f"{targets[0]} cannot be written ({reason}): name another file."
        ) from problem


def write_archive(stream: BinaryIO, entries: Iterable[tuple[str, bytes]]) -> None:
    """A ZIP archive for other programs; the same entries give the same bytes. Pictures are stored, texts packed."""
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in entries:
            information = zipfile.ZipInfo(name, _DAY)
            information.external_attr = 0o100644 << 16
            packed = not name.endswith(".png")
            information.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            archive.writestr(information, content)


def _to_disk(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())

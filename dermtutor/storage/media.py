"""Image files on disk, each named by the SHA-256 of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import write_atomically

_SUFFIX: Final = ".png"


class MediaFolder:
    """A folder of PNG files. Thread-safe: a file is complete or absent, and equal names mean equal content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keeps the content durably and returns its SHA-256. Raises EnvironmentProblem when it cannot."""
        sha = hashlib.sha256(content).hexdigest()
        if self.get(sha) is None:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_atomically(self._path(sha), content)
            except OSError as problem:
                reason = problem.strerror or str(problem)
                sentence = f"The image could not be kept in {self._folder} ({reason}); free space or make it writable."
                raise EnvironmentProblem(sentence) from problem
        return sha

    def get(self, sha: str) -> bytes | None:
        """The content, or None when the file is missing, unreadable, or no longer has that hash."""
        if not _is_sha256(sha):
            return None
        try:
            content = self._path(sha).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha else None

    def remove(self, sha: str) -> None:
        """Removes the file of that hash; one that is not there is no trouble."""
        if _is_sha256(sha):
            self._path(sha).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """The hashes that files are named by, sound or not."""
        return (file.stem for file in self._folder.glob(f"*{_SUFFIX}") if not file.name.startswith("."))

    def _path(self, sha: str) -> Path:
        return self._folder / f"{sha}{_SUFFIX}"


def _is_sha256(text: str) -> bool:
    """True for 64 hexadecimal digits; a name from a damaged row must not lead out of the folder."""
    return len(text) == 64 and set(text) <= set("0123456789abcdef")

"""Whose key signed a file: the keys that a person here has named.

A signature proves that a file is unchanged and that one key made it; whose key that is, only a person can say, by
comparing its fingerprint with its owner. A key nobody has named is therefore called unknown, never trusted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.paths import write_atomically

_LONGEST_NAME: Final = 100


class KnownKeys:
    """The keys that a person has named, in a file of their home folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> dict[str, str]:
        """Names by public key in hexadecimal digits. Raises EnvironmentProblem when the file cannot be read."""
        try:
            read = json.loads(self._path.read_text(encoding="utf-8"))
            if not isinstance(read, dict) or not all(isinstance(name, str) for name in read.values()):
                raise ValueError("not a table of names")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as problem:
            raise EnvironmentProblem(
                f"The names of known keys, {self._path}, cannot be read; move the file away and name them again."
            ) from problem
        return read

    def name_of(self, public_key: bytes) -> str | None:
        """The name a person gave the key, or None for an unknown one."""
        return self.names().get(public_key.hex())

    def remember(self, public_key: bytes, name: str) -> None:
        """Names a key. Raises UserError for an empty or overlong name, or one that another key has."""
        name = name.strip()
        if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
            raise UserError(f"Give the key a name of 1 to {_LONGEST_NAME} letters.")
        known = self.names()
        if any(other == name and key != public_key.hex() for key, other in known.items()):
            raise UserError(f"Another key is called {name} already; give this one another name.")
        self._keep({**known, public_key.hex(): name})

    def forget(self, name: str) -> None:
        """Makes a key unknown again. Raises UserError when no key has that name."""
        known = self.names()
        left = {key: other for key, other in known.items() if other != name}
        if len(left) == len(known):
            raise UserError(f"No key is called {name}; known are {', '.join(known.values()) or 'none'}.")
        self._keep(left)

    def _keep(self, known: dict[str, str]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            write_atomically(self._path, json.dumps(known, ensure_ascii=False, indent=2).encode())
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise EnvironmentProblem(
                f"The key could not be named in {self._path} ({reason}); make it writable."
            ) from problem

"""Signatures: a key of this person's own (Ed25519, RFC 8032), and the keys of others that are known by name.

A signature proves that a file is unchanged and that the holder of the key made it; whose key that is, only a person
can say, by comparing its fingerprint. A key nobody has named here is therefore called unknown, never trusted.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.paths import write_atomically

KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Signer:
    """Who says to have signed, and the public key (32 bytes) that proves only that it was one and the same person."""

    name: str
    public_key: bytes

    @property
    def fingerprint(self) -> str:
        """What two people compare, by telephone for example: 32 hexadecimal digits of the key's SHA-256."""
        digits = hashlib.sha256(self.public_key).hexdigest()[:32]
        return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


class SigningKey:
    """This person's key: a file that only they can read, made when something is signed for the first time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def exists(self) -> bool:
        """Whether anything was signed here before."""
        return self._path.exists()

    def public_key(self) -> bytes:
        """The 32 bytes that go into every signed file. Raises EnvironmentProblem when the key cannot be used."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._secret()).public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes; the same message always gets the same one."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._secret()).sign(message)

    def _secret(self) -> bytes:
        try:
            if not self._path.exists():
                self._make()
            secret = bytes.fromhex(self._path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as problem:
            raise EnvironmentProblem(
                f"The key for signing, {self._path}, cannot be used; move it away, and a new one is made."
            ) from problem
        if len(secret) != KEY_BYTES:
            raise EnvironmentProblem(
                f"The key for signing, {self._path}, is damaged; move it away, and a new one is made."
            )
        return secret

    def _make(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = Ed25519PrivateKey.generate().private_bytes_raw()
        write_atomically(self._path, secret.hex().encode() + b"\n")  # readable by its owner only


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


def signature_holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of the key signed exactly this message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

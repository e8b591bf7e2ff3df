"""Signatures of files that leave this computer: Ed25519 (RFC 8032), one key pair a home folder.

A signature shows that a file is as it was when it was written, and that two files come from the same computer; it
cannot say who sat there. The library is imported where it is first used.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import write_atomically

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PUBLIC_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64


class WrongSignature(Exception):
    """The content is not what was signed, or key or signature are none at all."""


@dataclass(frozen=True, slots=True)
class Signature:
    """``key`` is the signer's public key (32 bytes), ``value`` the signature (64 bytes)."""

    key: bytes
    value: bytes


class SigningKey:
    """The key of this computer. It is made when a file is first signed. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._making = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether anything was signed here before."""
        return self._path.exists()

    def sign(self, purpose: str, content: bytes) -> Signature:
        """Signs ``content`` for a ``purpose``, such as the format's name and version: it is valid for no other.

        Raises EnvironmentProblem where the key cannot be read or made.
        """
        key = self._key()
        return Signature(key.public_key().public_bytes_raw(), key.sign(_signed(purpose, content)))

    def public_key(self) -> bytes:
        """The 32 bytes by which others know what this computer signs. Raises what ``sign`` raises."""
        return self._key().public_key().public_bytes_raw()

    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            self._make_once()
            found = load_pem_private_key(self._path.read_bytes(), None)
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise EnvironmentProblem(
                f"The signing key {self._path} cannot be used ({reason}); make its folder writable and try again."
            ) from problem
        except (ValueError, TypeError) as problem:
            raise self._damaged() from problem
        if not isinstance(found, Ed25519PrivateKey):
            raise self._damaged()
        return found

    def _damaged(self) -> EnvironmentProblem:
        return EnvironmentProblem(
            f"The signing key {self._path} is damaged; move it away and a new one is made with the next file."
        )

    def _make_once(self) -> None:
        """A new key, unless there is one. Other processes do not come between: the records let in one at a time."""
        with self._making:
            if self._path.exists():
                return
            from cryptography.hazmat.primitives import serialization
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            content = Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path, content)


def verify(signature: Signature, purpose: str, content: bytes) -> None:
    """Raises WrongSignature unless ``content`` was signed for ``purpose`` with the key the signature names."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if len(signature.key) != _PUBLIC_BYTES or len(signature.value) != _SIGNATURE_BYTES:
        raise WrongSignature("key or signature has a wrong length")
    try:
        Ed25519PublicKey.from_public_bytes(signature.key).verify(signature.value, _signed(purpose, content))
    except (InvalidSignature, ValueError) as problem:
        raise WrongSignature("the signature does not fit") from problem


def fingerprint(key: bytes) -> str:
    """A public key as people compare it: sixteen hexadecimal digits of its SHA-256 in groups of four."""
    digits = hashlib.sha256(key).hexdigest()[:16]
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))


def _signed(purpose: str, content: bytes) -> bytes:
    """What is signed: the purpose, whose length comes first so that it cannot run into the content."""
    name = purpose.encode()
    return len(name).to_bytes(4, "big") + name + content

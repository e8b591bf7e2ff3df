"""Signatures of files that leave the computer."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.errors import EnvironmentProblem
from dermtutor.services.signing import Signature, SigningKey, WrongSignature, fingerprint, verify

PURPOSE = "a format 1"


def test_what_was_signed_verifies_and_the_key_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "home" / "signing-key.pem"
    first = SigningKey(path).sign(PURPOSE, b"content")
    verify(first, PURPOSE, b"content")
    again = SigningKey(path).sign(PURPOSE, b"other content")
    assert again.key == first.key
    assert again.value != first.value


def test_the_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "signing-key.pem"
    SigningKey(path).sign(PURPOSE, b"")
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@given(st.binary(max_size=80), st.integers(0, 79), st.integers(1, 255))
def test_an_altered_byte_an_added_one_and_another_purpose_are_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, place: int, change: int
) -> None:
    signature = SigningKey(tmp_path_factory.getbasetemp() / "one-key.pem").sign(PURPOSE, content)
    altered = bytearray(content or b"\0")
    altered[place % len(altered)] ^= change
    for purpose, text in ((PURPOSE, bytes(altered)), (PURPOSE, content + b"\0"), ("a format 2", content)):
        with pytest.raises(WrongSignature):
            verify(signature, purpose, text)


@given(st.binary(max_size=70), st.binary(max_size=70))
def test_no_key_and_no_signature_pass(key: bytes, value: bytes) -> None:
    with pytest.raises(WrongSignature):
        verify(Signature(key, value), PURPOSE, b"content")


def test_another_computers_signature_is_another_key(tmp_path: Path) -> None:
    one, other = (SigningKey(tmp_path / name).sign(PURPOSE, b"x") for name in ("one", "other"))
    with pytest.raises(WrongSignature):
        verify(Signature(one.key, other.value), PURPOSE, b"x")
    assert fingerprint(one.key) != fingerprint(other.key)
    assert [len(part) for part in fingerprint(one.key).split()] == [4, 4, 4, 4]


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "signing-key.pem"
    path.write_bytes(content)
    with pytest.raises(EnvironmentProblem, match="move it away"):
        SigningKey(path).sign(PURPOSE, b"")
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="signing key"):
        SigningKey(tmp_path / "file" / "signing-key.pem").sign(PURPOSE, b"")


def test_threads_that_sign_first_at_once_use_one_key(tmp_path: Path) -> None:
    signing = SigningKey(tmp_path / "signing-key.pem")
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(signing.sign(PURPOSE, b"").key)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert len(keys) == 6

"""Image files named by their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.errors import EnvironmentProblem
from dermtutor.storage import media as media_module
from dermtutor.storage.media import MediaFolder


def test_put_get_and_put_again(tmp_path: Path) -> None:
    media = MediaFolder(tmp_path / "media")
    sha = media.put(b"picture")
    assert sha == hashlib.sha256(b"picture").hexdigest()
    assert media.put(b"picture") == sha
    assert media.get(sha) == b"picture"
    assert list(media.names()) == [sha]


def test_altered_content_is_not_given_out_and_is_mended_by_putting_it_again(tmp_path: Path) -> None:
    media = MediaFolder(tmp_path)
    sha = media.put(b"picture")
    (tmp_path / f"{sha}.png").write_bytes(b"something else")
    assert media.get(sha) is None
    media.put(b"picture")
    assert media.get(sha) == b"picture"


@given(st.one_of(st.text(), st.sampled_from(["../secret", "/etc/passwd", "A" * 64, "..", ""])))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    assert MediaFolder(Path("/")).get(name) is None


@pytest.mark.parametrize("number", [28, 30, 13])
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(path: Path, content: bytes) -> None:
        raise OSError(number, "the reason")

    monkeypatch.setattr(media_module, "write_atomically", fail)
    with pytest.raises(EnvironmentProblem, match="the reason"):
        MediaFolder(tmp_path).put(b"picture")
    assert list(tmp_path.iterdir()) == []

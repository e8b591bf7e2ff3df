"""Folders and atomic writes."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor import paths
from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import Folders, assets_dir, resolve_folders, weights_dir, write_atomically


class TestResolve:
    def test_the_argument_wins_over_the_variable(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DERMTUTOR_HOME", str(tmp_path / "variable"))
        assert resolve_folders(tmp_path / "argument").home == tmp_path / "argument"

    def test_the_variable_wins_over_the_platform(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DERMTUTOR_HOME", str(tmp_path / "variable"))
        assert resolve_folders(None).home == tmp_path / "variable"

    @pytest.mark.parametrize("value", ["", "  "])
    def test_an_empty_variable_means_the_platforms_place(
        self, value: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DERMTUTOR_HOME", value)
        assert (
            resolve_folders(None).home == platformdirs.user_data_path("dermtutor", appauthor=False).absolute()
        )

    def test_a_tilde_is_the_persons_own_folder(self) -> None:
        assert resolve_folders(Path("~/x")).home == Path.home() / "x"

    def test_resolving_creates_nothing(self, tmp_path: Path) -> None:
        resolve_folders(tmp_path / "home")
        assert list(tmp_path.iterdir()) == []


class TestCreate:
    def test_makes_private_folders(self, tmp_path: Path) -> None:
        folders = Folders(tmp_path / "home")
        folders.create()
        folders.create()
        for folder in (folders.home, folders.media, folders.logs, folders.backups, folders.cache):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_a_file_in_the_way_is_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("not a folder")
        with pytest.raises(
            EnvironmentProblem, match=r"^Records cannot be kept in .*--home DIR or DERMTUTOR_HOME\.$"
        ):
            Folders(tmp_path / "home").create()

    def test_a_folder_that_cannot_be_written_is_one_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Root may write anywhere, so the refusal comes from the system call that a read-only disk refuses."""

        def refuse(*_: object, **__: object) -> None:
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr(paths.tempfile, "TemporaryFile", refuse)
        with pytest.raises(EnvironmentProblem, match="Read-only file system"):
            Folders(tmp_path / "home").create()


class TestShippedData:
    def test_a_checkout_has_its_assets_beside_the_package(self) -> None:
        assert (assets_dir() / "conditions" / "melanoma.toml").is_file()
        assert weights_dir().parent == assets_dir().parent

    def test_a_frozen_application_has_them_where_it_unpacks(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
        assert assets_dir() == tmp_path / "assets"

    def test_an_installed_wheel_carries_them_inside(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = tmp_path / "site-packages" / "dermtutor"
        monkeypatch.setattr(paths, "__file__", str(package / "paths.py"))
        assert weights_dir() == package / "_data" / "weights"


class TestWriteAtomically:
    @given(content=st.binary(max_size=5000))
    def test_what_is_written_is_read(self, content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
        path = tmp_path_factory.mktemp("atomic") / "file"
        write_atomically(path, b"before")
        write_atomically(path, content)
        assert path.read_bytes() == content
        assert [each.name for each in path.parent.iterdir()] == ["file"]

    @pytest.mark.parametrize("step", ["fsync", "replace"])
    def test_a_failure_leaves_the_old_file_and_nothing_else(
        self, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "file"
        write_atomically(path, b"before")

        def refuse(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), refuse)
        with pytest.raises(OSError, match="No space left"):
            write_atomically(path, b"after")
        monkeypatch.undo()
        assert path.read_bytes() == b"before"
        assert [each.name for each in tmp_path.iterdir()] == ["file"]

    def test_the_file_is_the_persons_alone(self, tmp_path: Path) -> None:
        write_atomically(tmp_path / "file", b"")
        assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600

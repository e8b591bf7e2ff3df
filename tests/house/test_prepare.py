"""``tools/prepare.py`` and ``tools/run.py``: which torch, which libraries, which sentence."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"


def load(name: str) -> ModuleType:
    """A script of ``tools`` as a module."""
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def prepare() -> ModuleType:
    return load("prepare")


class Pip:
    """Stands in for pip: notes what it was asked for, and finds only what it is told to."""

    def __init__(self, finds: str = "") -> None:
        self.calls: list[tuple[str, ...]] = []
        self.finds = finds

    def __call__(self, *arguments: str, quiet: bool = False) -> bool:
        self.calls.append(arguments)
        return self.finds in arguments


class TestTorch:
    @pytest.fixture(autouse=True)
    def linux_without_gpu(self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(prepare, "has_nvidia_gpu", lambda: False)
        versions = iter(["", "2.13.0+cpu"])
        monkeypatch.setattr(prepare, "installed_torch", lambda: next(versions))

    def test_a_wheel_that_pip_is_set_up_to_find_is_taken(
        self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pip = Pip(finds=f"torch=={prepare.TORCH}+cpu")
        monkeypatch.setattr(prepare, "pip", pip)
        assert prepare.install_torch() == "2.13.0+cpu"
        assert pip.calls == [("install", f"torch=={prepare.TORCH}+cpu")]

    def test_otherwise_only_the_index_without_cuda_is_asked(
        self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pip = Pip(finds=prepare.TORCH_CPU_INDEX)
        monkeypatch.setattr(prepare, "pip", pip)
        prepare.install_torch()
        assert all(f"torch=={prepare.TORCH}+cpu" in call for call in pip.calls)
        assert "--no-deps" in pip.calls[-1]

    def test_never_a_build_that_could_bring_cuda(
        self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pip = Pip(finds="nothing")
        monkeypatch.setattr(prepare, "pip", pip)
        with pytest.raises(SystemExit):
            prepare.install_torch()
        assert all(f"torch=={prepare.TORCH}" not in call for call in pip.calls)
        assert "could not be installed" in capsys.readouterr().err

    def test_with_a_gpu_the_ordinary_build(
        self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pip = Pip(finds=f"torch=={prepare.TORCH}")
        monkeypatch.setattr(prepare, "pip", pip)
        monkeypatch.setattr(prepare, "has_nvidia_gpu", lambda: True)
        prepare.install_torch()
        assert pip.calls == [("install", f"torch=={prepare.TORCH}")]

    def test_what_is_there_stays(self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(prepare, "installed_torch", lambda: f"{prepare.TORCH}+cpu")
        monkeypatch.setattr(prepare, "pip", Pip())
        assert prepare.install_torch() == f"{prepare.TORCH}+cpu"


class TestGpu:
    @pytest.mark.parametrize(
        ("script", "found"),
        [("echo 'GPU 0: NVIDIA T4'", True), ("exit 9", False), ("echo 'No devices found'", False)],
    )
    def test_only_a_driver_that_lists_one_counts(
        self, script: str, found: bool, prepare: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tool = tmp_path / "nvidia-smi"
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        assert prepare.has_nvidia_gpu() is found

    def test_no_driver_no_gpu(
        self, prepare: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert prepare.has_nvidia_gpu() is False


class TestLibraries:
    @pytest.fixture(autouse=True)
    def not_root(self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
        monkeypatch.setattr(prepare.shutil, "which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(prepare, "QT_ALWAYS", {"libc.so.6": "libc6"})
        monkeypatch.setattr(prepare, "QT_ON_A_SCREEN", {})

    def test_nothing_missing_nothing_said(
        self, prepare: ModuleType, capsys: pytest.CaptureFixture[str]
    ) -> None:
        prepare.prepare_qt()
        assert capsys.readouterr().err == ""

    def test_without_root_the_exact_command_is_printed(
        self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(prepare, "QT_ALWAYS", {"libnosuch.so.1": "libnosuch1", "libc.so.6": "libc6"})
        with pytest.raises(SystemExit) as ended:
            prepare.prepare_qt()
        assert ended.value.code == 1
        assert "sudo apt-get install -y libnosuch1\n" in capsys.readouterr().err

    @pytest.mark.parametrize("screen", [True, False])
    def test_a_screens_own_libraries_matter_only_with_a_screen(
        self, screen: bool, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(prepare, "QT_ON_A_SCREEN", {"libnosuch.so.1": "libnosuch1"})
        monkeypatch.setattr(prepare, "has_screen", lambda: screen)
        if screen:
            with pytest.raises(SystemExit):
                prepare.prepare_qt()
        else:
            prepare.prepare_qt()

    def test_root_installs_them(self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        commands: list[list[str]] = []
        monkeypatch.setattr(prepare.os, "geteuid", lambda: 0)
        monkeypatch.setattr(prepare, "QT_ON_A_SCREEN", {"libnosuch.so.1": "libnosuch1"})
        monkeypatch.setattr(prepare, "has_screen", lambda: False)
        monkeypatch.setattr(prepare.subprocess, "run", lambda command, **_: commands.append(command))
        prepare.prepare_qt()
        assert commands[-1][:2] == ["apt-get", "install"]
        assert commands[-1][-1] == "libnosuch1"


class TestBrowser:
    @pytest.fixture(autouse=True)
    def commands(self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """Debian without a browser; what was run."""
        commands: list[list[str]] = []
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(
            prepare.shutil, "which", lambda name: None if name in prepare.BROWSERS else f"/usr/bin/{name}"
        )
        monkeypatch.setattr(prepare.subprocess, "run", lambda command, **_: commands.append(command))
        monkeypatch.setattr(prepare, "prepare_qt", lambda: None)
        monkeypatch.setattr(prepare, "prepare_environment", lambda purpose: None)
        return commands

    @pytest.mark.parametrize("purpose", ["dev", "run"])
    def test_root_installs_it_for_tests_and_never_to_run(
        self, purpose: str, prepare: ModuleType, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(prepare.os, "geteuid", lambda: 0)
        monkeypatch.setattr(sys, "argv", ["prepare.py", purpose])
        prepare.main()
        assert [command[-1] for command in commands[1:]] == (["chromium"] if purpose == "dev" else [])

    def test_others_are_told_the_command_and_go_on(
        self, prepare: ModuleType, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
        prepare.prepare_browser()
        assert commands == []
        assert "sudo apt-get install -y chromium\n" in capsys.readouterr().err


class TestEnvironment:
    @pytest.fixture(autouse=True)
    def checkout(self, prepare: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A checkout with an environment in it, of this test alone."""
        (tmp_path / "checkout" / ".venv").mkdir(parents=True)
        (tmp_path / "checkout" / "pyproject.toml").write_text("")
        monkeypatch.setattr(prepare, "ROOT", tmp_path / "checkout")
        monkeypatch.setattr(prepare, "ENVIRONMENT", tmp_path / "checkout" / ".venv")
        return tmp_path / "checkout"

    def test_the_stamp_makes_the_second_time_instant(
        self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(prepare, "runs", lambda python: True)
        monkeypatch.setattr(prepare, "install_torch", lambda: "2.13.0+cpu")
        pip = Pip(finds="install")
        monkeypatch.setattr(prepare, "pip", pip)
        prepare.prepare_environment("dev")
        prepare.prepare_environment("dev")
        assert len(pip.calls) == 1
        assert pip.calls[0][1] == "torch==2.13.0+cpu"
        assert pip.calls[0][-1].endswith("[dev,train]")

    def test_a_failed_installation_leaves_no_stamp(
        self, prepare: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(prepare, "runs", lambda python: True)
        monkeypatch.setattr(prepare, "install_torch", lambda: "2.13.0+cpu")
        monkeypatch.setattr(prepare, "pip", Pip(finds="nothing"))
        with pytest.raises(SystemExit):
            prepare.prepare_environment("run")
        assert list((checkout / ".venv").iterdir()) == []

    def test_debian_without_venv_is_told_the_exact_command(
        self, prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(prepare.importlib.util, "find_spec", lambda name: None)
        monkeypatch.setattr(prepare, "apt_install", lambda packages: None)
        with pytest.raises(SystemExit):
            prepare.make_environment()
        assert "sudo apt-get install -y python3-venv\n" in capsys.readouterr().err

    def test_an_environment_that_was_moved_is_made_anew(self, prepare: ModuleType, tmp_path: Path) -> None:
        assert prepare.runs(tmp_path / "bin" / "python") is False


class TestRun:
    def test_without_a_display_it_says_so_and_takes_the_tour(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(sys, "platform", "linux")
        commands: list[list[str]] = []
        run = load("run")
        monkeypatch.setattr(run.subprocess, "call", lambda command: commands.append(command) or 0)
        assert run.main() == 0
        assert commands[0][2:4] == ["dermtutor", "tour"]
        said = capsys.readouterr().err
        assert "no display" in said
        assert str(run.PICTURES) in said

    def test_with_one_it_opens_the_window(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DISPLAY", ":0")
        commands: list[list[str]] = []
        run = load("run")
        monkeypatch.setattr(run.subprocess, "call", lambda command: commands.append(command) or 0)
        run.main()
        assert commands[0][1:] == ["-m", "dermtutor"]


def test_continuous_integration_runs_linters_and_suite() -> None:
    script = (TOOLS.parent / ".ci" / "run").read_text()
    assert "make lint" in script
    assert "make test" in script
    assert subprocess.run(["sh", "-n", TOOLS.parent / ".ci" / "run"], check=False).returncode == 0

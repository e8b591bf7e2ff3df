"""The root command: exit codes, sentences, laziness, the display."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from dermtutor import __version__
from dermtutor.cli import root
from dermtutor.cli.display import display_problem
from dermtutor.errors import UserError

Run = Callable[..., Any]


def fresh_process(code: str) -> str:
    """What ``code`` prints in an interpreter that has imported nothing of dermtutor yet."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


class TestLaziness:
    def test_listing_conditions_loads_no_heavy_library(self) -> None:
        heavy = ("torch", "PySide6", "sqlalchemy", "alembic", "matplotlib", "scipy", "rich")
        printed = fresh_process(
            "import sys; from dermtutor.cli import main; code = main(['conditions', '--json'])\n"
            f"print([code, *(name for name in {heavy!r} if name in sys.modules)])"
        )
        assert printed.splitlines()[-1] == "[0]"

    def test_help_names_every_command_without_importing_one(self) -> None:
        printed = fresh_process(
            "import sys; from dermtutor.cli import main; main(['--help'])\n"
            "print(sorted(name for name in sys.modules if name.startswith('dermtutor.training')))"
        )
        for name in root.COMMANDS:
            assert f"  {name} " in printed
        assert printed.splitlines()[-1] == "[]"

    @pytest.mark.parametrize("name", sorted(root.COMMANDS))
    def test_every_command_is_where_it_is_said_to_be(self, name: str, dermtutor: Run) -> None:
        ran = dermtutor(name, "--help")
        assert ran.code == 0
        assert ran.out.startswith(f"Usage: dermtutor {name}")


class TestExitCodes:
    def test_the_version(self, dermtutor: Run) -> None:
        ran = dermtutor("--version")
        assert (ran.code, ran.out) == (0, f"dermtutor, version {__version__}\n")

    def test_an_unknown_command_is_wrong_usage(self, dermtutor: Run) -> None:
        ran = dermtutor("diagnose")
        assert ran.code == 2
        assert ran.sentence == "No such command 'diagnose'; see dermtutor --help."

    def test_what_a_person_can_mend_is_one_sentence(
        self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise UserError("Do this instead.")

        monkeypatch.setattr(root.root, "main", fail)
        ran = dermtutor("conditions")
        assert (ran.code, ran.sentence) == (1, "Do this instead.")

    def test_an_interruption_is_told(self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def stop(*_: object, **__: object) -> None:
            raise click.Abort

        monkeypatch.setattr(root.root, "main", stop)
        assert dermtutor("conditions").sentence == "Stopped."

    def test_a_missing_training_package_names_the_extra(
        self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn.metrics")

        monkeypatch.setattr(root.root, "main", fail)
        ran = dermtutor("evaluate")
        assert ran.code == 1
        assert "dermtutor[train]" in ran.sentence

    def test_a_bug_keeps_its_traceback(self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object, **__: object) -> None:
            raise ModuleNotFoundError("No module named 'oops'", name="oops")

        monkeypatch.setattr(root.root, "main", fail)
        with pytest.raises(ModuleNotFoundError):
            dermtutor("conditions")

    def test_as_a_module_the_process_ends_with_the_code(self) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "dermtutor", "nothing"], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 2

    def test_a_reader_that_goes_away_is_no_crash(self) -> None:
        piped = f"{sys.executable} -m dermtutor conditions --json | head -c 1"
        ran = subprocess.run(["sh", "-c", piped], capture_output=True, text=True, check=False)
        assert (ran.stdout, ran.stderr) == ("[", "")


class TestDisplay:
    def test_without_one_the_window_is_refused_in_a_sentence(
        self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            monkeypatch.delenv(name, raising=False)
        ran = dermtutor()
        assert ran.code == 1
        assert "dermtutor tour" in ran.sentence

    def test_one_that_does_not_answer_is_named(self) -> None:
        assert ":4711" in (display_problem({"DISPLAY": ":4711"}) or "")

    @pytest.mark.parametrize("display", [":x", ":", "::"])
    def test_nonsense_is_none(self, display: str) -> None:
        assert display_problem({"DISPLAY": display}) is not None

    def test_a_wayland_compositor_that_answers_will_do(self, tmp_path: Path) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
            server.bind(str(tmp_path / "wayland-7"))
            server.listen()
            environment = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
            assert display_problem(environment) is None

    def test_a_remote_x_server_is_believed(self) -> None:
        assert display_problem({"DISPLAY": "other.example:0"}) is None

    def test_whoever_names_a_qt_platform_knows_why(self) -> None:
        assert display_problem({"QT_QPA_PLATFORM": "offscreen"}) is None


def test_a_second_window_brings_the_first_forward_and_says_so(dermtutor: Run, home: Path) -> None:
    holder = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication\n"
        "from dermtutor.ui.single_instance import SingleInstance\n"
        f"app = QCoreApplication([]); first = SingleInstance(Path({str(home)!r}))\n"
        "first.raise_wanted.connect(app.quit); print(first.listening, flush=True); app.exec(); first.close()"
    )
    with subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "True\n"
        ran = dermtutor()
        assert first.wait(timeout=20) == 0
    assert ran.code == 0
    assert "already open" in ran.sentence


def test_a_window_without_a_writable_home_is_refused_in_a_sentence(dermtutor: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = dermtutor("--home", tmp_path / "file" / "home")
    assert ran.code == 1
    assert "--home DIR or DERMTUTOR_HOME" in ran.sentence


class TestRecords:
    def test_check_backup_restore(self, dermtutor: Run, home: Path) -> None:
        assert json.loads(dermtutor("records", "check", "--json").out)["sound"] is True
        made = json.loads(dermtutor("records", "backup", "--json").out)
        assert Path(made["path"]).is_file()
        restored = json.loads(dermtutor("records", "restore", "--json").out)
        assert restored["path"] == made["path"]
        assert Path(restored["set_aside"]).parent == home

    def test_home_is_where_the_option_says(self, dermtutor: Run, home: Path, tmp_path: Path) -> None:
        dermtutor("--home", tmp_path / "other", "records", "check")
        assert (tmp_path / "other" / "records.sqlite3").is_file()
        assert not home.exists()

    def test_a_home_that_cannot_be_written(self, dermtutor: Run, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        ran = dermtutor("--home", tmp_path / "file" / "home", "records", "check")
        assert ran.code == 1
        assert "--home" in ran.sentence

    def test_damaged_records_are_told_and_kept(self, dermtutor: Run, home: Path) -> None:
        home.mkdir()
        (home / "records.sqlite3").write_bytes(b"no database at all" * 100)
        ran = dermtutor("records", "check")
        assert ran.code == 1
        assert "damaged" in ran.sentence
        assert (home / "records.sqlite3").read_bytes() == b"no database at all" * 100

    def test_damaged_records_without_a_backup_are_begun_afresh(self, dermtutor: Run, home: Path) -> None:
        home.mkdir()
        (home / "records.sqlite3").write_bytes(b"no database at all" * 100)
        assert "records begin-afresh" in dermtutor("records", "check").sentence
        begun = json.loads(dermtutor("records", "begin-afresh", "--yes", "--json").out)
        assert Path(begun["set_aside"]).read_bytes() == b"no database at all" * 100
        assert json.loads(dermtutor("records", "check", "--json").out)["sound"] is True

    def test_a_restore_from_nothing(self, dermtutor: Run) -> None:
        ran = dermtutor("records", "restore")
        assert ran.code == 1
        assert "no sound backup" in ran.sentence

    def test_a_second_instance_is_told(self, dermtutor: Run, home: Path) -> None:
        held = (
            "import sys; from pathlib import Path; from dermtutor.bootstrap import build_services\n"
            "from dermtutor.paths import Folders\n"
            f"services = build_services(Folders(Path({str(home)!r})))\n"
            "services.profiles.learners(); print('open', flush=True); sys.stdin.read(); services.close()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "open\n"
            ran = dermtutor("records", "check")
            other.communicate("")
        assert ran.code == 1
        assert "already" in ran.sentence

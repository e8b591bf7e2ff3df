"""What the documents say is so: links lead somewhere, commands and dependencies exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dermtutor import __version__
from dermtutor.cli.root import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")] + sorted(
    ROOT.glob("docs/*.md")
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_links_within_the_project_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    for target in targets:
        if not target.startswith("https://"):
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_commands_that_are_named_exist(document: Path) -> None:
    for name in re.findall(r"`(?:\.venv/bin/)?dermtutor ([a-z]+)", document.read_text(encoding="utf-8")):
        assert name in COMMANDS


def test_the_readme_lists_every_command_and_every_dependency() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert re.search(rf"`{name}\b", readme), name
    table = "\n".join(line for line in readme.splitlines() if line.startswith("|"))
    extras = [each for extra in PROJECT["optional-dependencies"].values() for each in extra]
    for requirement in [*PROJECT["dependencies"], *extras]:
        name = re.split(r"[><=]", requirement)[0]
        assert re.sub(r"lite[012]", "lite0/1/2", name) in table, name


def test_the_changelog_has_the_version_at_its_top() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == __version__


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")

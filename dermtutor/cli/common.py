"""What the commands share: parameter types, answers as text or JSON, progress, files."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.paths import Folders, resolve_folders
from dermtutor.skin.scales import MonkTone

if TYPE_CHECKING:
    from dermtutor.services.ports import Progress

Command = TypeVar("Command", bound=Callable[..., Any])
MAX_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Context:
    """What the root command's options say."""

    home: Path | None

    @property
    def folders(self) -> Folders:
        """The person's folders; none is created by asking."""
        return resolve_folders(self.home)


pass_context = click.make_pass_decorator(Context)


class MonkToneType(click.ParamType[MonkTone]):
    """A tone of the Monk scale."""

    name = "tone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> MonkTone:
        """Accepts 1 to 10."""
        if isinstance(value, MonkTone):
            return value
        try:
            return MonkTone(int(value))
        except ValueError:
            self.fail(f"{value} is not a Monk tone, which is a whole number from 1 to 10", param, ctx)


class MonkTonesType(click.ParamType[tuple[MonkTone, ...]]):
    """Several tones: ``1,4,7`` or ``1-10`` or both."""

    name = "tones"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[MonkTone, ...]:
        """Each tone once, lightest first."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(MonkTone(number) for number in sorted(set(_numbers(str(value)))))
        except ValueError:
            self.fail(f"{value} is not a list of Monk tones from 1 to 10, such as 1,4,7 or 1-10", param, ctx)


def _numbers(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low, high = int(first), int(last if dash else first)
        if not 1 <= low <= high <= 10:
            raise ValueError(part)
        yield from range(low, high + 1)


def json_option(command: Command) -> Command:
    """Adds ``--json``, passed on as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON on stdout.")(command)


def answer(as_json: bool, data: object, text: str) -> None:
    """Say the result on stdout, as JSON or in words."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)


def table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    """Columns padded to their widest entry, under their heads."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in (heads, *rows))
    return "\n".join(line.rstrip() for line in lines)


def described(facts: Mapping[str, object]) -> str:
    """One fact a line, names padded to one column."""
    width = max(len(name) for name in facts)
    return "\n".join(f"{name.ljust(width)}  {value}" for name, value in facts.items())


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """A bar on stderr while something is done; nothing when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def write_output(path: Path, content: bytes) -> None:
    """Write a file the person asked for, whole or not at all. Raises EnvironmentProblem when that is impossible."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".dermtutor-") as folder:
            # A file made here, unlike one of mkstemp, has the permissions that the person's umask asks for.
            temporary = Path(folder) / "output"
            temporary.write_bytes(content)
            temporary.replace(path)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise EnvironmentProblem(f"{path} cannot be written ({reason}): name another file.") from problem


def output_folder(path: Path) -> Path:
    """Make a folder the person named for output. Raises EnvironmentProblem when that is impossible."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise EnvironmentProblem(f"The folder {path} cannot be made ({reason}): name another.") from problem
    if not os.access(path, os.W_OK):
        raise EnvironmentProblem(f"The folder {path} cannot be written: name another.")
    return path


def expect(condition: bool, sentence: str) -> None:
    """Raise UserError with ``sentence`` unless ``condition`` holds."""
    if not condition:
        raise UserError(sentence)

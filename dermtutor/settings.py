"""Settings of one person: a small JSON file, read tolerantly and written whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import write_atomically

Theme = Literal["system", "light", "dark"]
THEMES: tuple[Theme, ...] = ("system", "light", "dark")
DEVICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the window remembers between starts.

    ``conditions`` and ``tones`` (Monk, 1 to 10) are the last quiz's choice, empty for all; ``questions`` its length,
    1 to 200; ``mode`` its mode; ``auto_submit`` checks an answer without Enter; ``device`` is ``auto``, ``cpu``,
    ``cuda`` or ``mps``; ``options`` what else is set on the set-up page, by name; ``last_learner`` a learner's id.
    """

    theme: Theme = "system"
    last_learner: str | None = None
    acknowledged_not_for_diagnosis: bool = False
    conditions: tuple[str, ...] = ()
    tones: tuple[int, ...] = ()
    questions: int = 10
    mode: str = "practice"
    auto_submit: bool = False
    options: Mapping[str, int] = field(default_factory=dict)
    device: str = "auto"


class LoadedSettings(NamedTuple):
    """Settings, and one sentence for the person when the file could not be read as it was."""

    settings: Settings
    warning: str | None


def load_settings(path: Path) -> LoadedSettings:
    """The settings in ``path``, defaults when there is no such file.

    A damaged file is set aside beside itself, never overwritten; the warning names where. A key that this version
    does not know is ignored, and a value out of range takes its default, so that versions can follow each other.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return LoadedSettings(Settings(), None)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        return LoadedSettings(
            Settings(), f"The settings in {path} cannot be read ({reason}); defaults are used."
        )
    try:
        fields = json.loads(content)
        if not isinstance(fields, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError):
        return LoadedSettings(Settings(), _set_aside(path))
    return LoadedSettings(_from_fields(fields), None)


def save_settings(path: Path, settings: Settings) -> None:
    """Write ``settings`` whole to ``path``. Raises EnvironmentProblem when that is impossible."""
    text = json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n"
    try:
        write_atomically(path, text.encode())
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise EnvironmentProblem(
            f"The settings cannot be saved in {path.parent} ({reason}): free some space or make it writable."
        ) from problem


def _set_aside(path: Path) -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    try:
        path.replace(aside)
    except OSError:
        return f"The settings in {path} are damaged; defaults are used."
    return f"The settings were damaged; they lie in {aside.name} and defaults are used."


def _from_fields(fields: dict[str, Any]) -> Settings:
    """Settings from untrusted JSON values, each kept only when it has the right type and range."""
    settings = Settings()
    if fields.get("theme") in THEMES:
        settings = replace(settings, theme=cast(Theme, fields["theme"]))
    if isinstance(fields.get("last_learner"), str):
        settings = replace(settings, last_learner=fields["last_learner"])
    if isinstance(fields.get("acknowledged_not_for_diagnosis"), bool):
        settings = replace(settings, acknowledged_not_for_diagnosis=fields["acknowledged_not_for_diagnosis"])
    if isinstance(fields.get("mode"), str):
        settings = replace(settings, mode=fields["mode"])
    if isinstance(fields.get("auto_submit"), bool):
        settings = replace(settings, auto_submit=fields["auto_submit"])
    options = fields.get("options")
    if isinstance(options, dict) and all(_is_whole(value, 0, 1000) for value in options.values()):
        settings = replace(settings, options=options)
    if fields.get("device") in DEVICES:
        settings = replace(settings, device=fields["device"])
    if _is_whole(fields.get("questions"), 1, 200):
        settings = replace(settings, questions=fields["questions"])
    conditions, tones = fields.get("conditions"), fields.get("tones")
    if isinstance(conditions, list) and all(isinstance(each, str) for each in conditions):
        settings = replace(settings, conditions=tuple(conditions))
    if isinstance(tones, list) and all(_is_whole(each, 1, 10) for each in tones):
        settings = replace(settings, tones=tuple(sorted(set(tones))))
    return settings


def _is_whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high

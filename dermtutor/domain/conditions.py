"""Conditions that can be taught, and the catalogue read from the shipped TOML files."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

from dermtutor.domain.cases import Source
from dermtutor.errors import EnvironmentProblem, UserError

HEALTHY_SKIN: Final = "healthy-skin"
"""The condition id of skin without a lesion."""

ToneGroup = Literal["light", "dark"]
ConditionSource = Literal["learned", "recipe", "both"]
ConditionGroup = Literal["inflammatory", "infectious", "pigmentary", "vascular", "tumour", "other", "normal"]
GROUPS: Final[tuple[ConditionGroup, ...]] = get_args(ConditionGroup)
"""In the order they are shown."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A published source: ``key`` is what findings cite, ``detail`` authors, journal, year or DOI."""

    key: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class ToneFinding:
    """What a condition looks like on lighter or darker skin, with the keys of the references that say so."""

    group: ToneGroup
    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """One form that a condition takes: a stage, a site or a subtype. ``id`` is its name in the condition's recipe."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Dermoscopy:
    """What a dermatoscope shows; ``sources`` are keys of the references that say so."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its code, its teaching content, and how its images are made.

    ``own`` marks one that exists only as this person's own recipe.
    ``id`` is a kebab-case field term, ``icd11`` the code and ``icd11_title`` the official title, ``features`` are
    SkinCon descriptors, ``look_alikes`` condition ids, most alike first, ``reviewed`` whether a clinician signed the
    content off. ``history`` is a typical one, in a sentence that does not name the disease.
    """

    id: str
    name: str
    icd11: str
    icd11_title: str
    modality: str
    source: ConditionSource
    group: ConditionGroup = "other"
    reviewed: bool = False
    synonyms: tuple[str, ...] = ()
    look_alikes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    history: str = ""
    summary: str = ""
    why: str = ""
    on_light: tuple[ToneFinding, ...] = ()
    on_dark: tuple[ToneFinding, ...] = ()
    red_flags: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    sources: tuple[Reference, ...] = ()
    sites: tuple[str, ...] = ()
    own: bool = False
    dermoscopy: Dermoscopy | None = None
    """None where there are no dermoscopic images."""

    @property
    def image_source(self) -> Source:
        """How quiz images of the condition are made: learned wherever the network knows it."""
        return Source.RECIPE if self.source == "recipe" else Source.LEARNED


@dataclass(slots=True)
class Catalogue:
    """All conditions, in a stable order: the shipped ones, then the person's own.

    One catalogue serves the open application. When the own recipes change, the tuple is replaced as a whole.
    """

    conditions: tuple[Condition, ...]
    on_faces: tuple[Condition, ...] = ()
    """What only photographs of faces can show. They have names and texts, and cannot be asked for."""

    @property
    def nameable(self) -> tuple[Condition, ...]:
        """Every condition that a case may turn out to be."""
        return (*self.conditions, *self.on_faces)

    def replace_own(self, own: Iterable[Condition]) -> None:
        """Other conditions of the person's own; those that are shipped stay, and none of them is ever replaced."""
        shipped = [condition for condition in self.conditions if not condition.own]
        taken = {condition.id for condition in shipped}
        self.conditions = (*shipped, *(condition for condition in own if condition.id not in taken))

    def get(self, condition_id: str) -> Condition:
        """The condition of an id. Raises UserError for an unknown one, naming close matches."""
        for condition in self.conditions:
            if condition.id == condition_id:
                return condition
        known = [condition.id for condition in self.conditions]
        close = difflib.get_close_matches(condition_id.lower(), known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(close)}?" if close else f"choose one of {', '.join(known)}."
        raise UserError(f"No condition is called {condition_id!r}; {hint}")

    def described(self, condition_id: str) -> Condition:
        """The condition of an id, or a stand-in with its id for a name: a recipe may be gone whose answers stay."""
        for condition in self.nameable:
            if condition.id == condition_id:
                return condition
        name = condition_id.replace("-", " ").capitalize()
        return Condition(condition_id, name, "", "", "", "recipe", own=True)

    def __contains__(self, condition_id: object) -> bool:
        return any(condition.id == condition_id for condition in self.conditions)

    def look_alikes(self, condition_id: str) -> tuple[Condition, ...]:
        """The look-alikes of a condition that are themselves in the catalogue, most alike first."""
        return tuple(self.get(other) for other in self.described(condition_id).look_alikes if other in self)

    def quizzable(self) -> tuple[Condition, ...]:
        """Everything a quiz can ask for: diseases first, healthy skin last."""
        return tuple(sorted(self.conditions, key=lambda condition: condition.id == HEALTHY_SKIN))

    def grouped(self) -> tuple[tuple[ConditionGroup, tuple[Condition, ...]], ...]:
        """What a quiz can ask for, by group and by name within it; groups without a condition are left out."""
        ordered = sorted(self.quizzable(), key=lambda condition: condition.name.lower())
        groups = ((group, tuple(c for c in ordered if c.group == group)) for group in GROUPS)
        return tuple((group, conditions) for group, conditions in groups if conditions)

    def learned(self) -> tuple[Condition, ...]:
        """Conditions whose lesions the network draws."""
        return tuple(condition for condition in self.conditions if condition.source in ("learned", "both"))

    def recipes(self) -> tuple[Condition, ...]:
        """Conditions whose lesions a recipe draws."""
        return tuple(condition for condition in self.conditions if condition.source in ("recipe", "both"))


def load_catalogue(
    folder: Path, recipes: Collection[str] | None = None, on_faces: Collection[str] = ()
) -> Catalogue:
    """The catalogue of every ``*.toml`` file in ``folder``, by file name.

    ``recipes`` are the ids that can be drawn; a condition that only a recipe could show and that has none is left out,
    since nobody can be asked about it. None takes every text. ``on_faces`` are the ids that can be drawn on faces.
    Raises EnvironmentProblem when the folder has no condition or a file does not hold what it must.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise EnvironmentProblem(f"No conditions were found in {folder}; reinstall DermTutor.")
    conditions = tuple(_read(file) for file in files)
    if len({condition.id for condition in conditions}) != len(conditions):
        raise EnvironmentProblem(f"Two files in {folder} describe the same condition; remove one of them.")
    shown = tuple(
        each for each in conditions if recipes is None or each.source != "recipe" or each.id in recipes
    )
    return Catalogue(shown, tuple(each for each in conditions if each.id in on_faces and each not in shown))


def _read(file: Path) -> Condition:
    try:
        return condition_from_table(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as problem:
        reason = f"{problem.args[0]!r} is missing" if isinstance(problem, KeyError) else str(problem)
        raise EnvironmentProblem(
            f"The condition file {file} cannot be used ({reason}); mend or remove it."
        ) from problem


def condition_from_table(table: Mapping[str, Any]) -> Condition:
    """A condition from a parsed TOML table. Raises KeyError, TypeError or ValueError when the table is not sound."""
    unknown = set(table) - (set(Condition.__dataclass_fields__) - {"variants", "own"} | {"variant"})
    if unknown:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    source = _one_of(table["source"], get_args(ConditionSource))
    group = _one_of(table.get("group", "other"), GROUPS)
    references = tuple(Reference(**_texts_of(row)) for row in table.get("sources", ()))
    cited = {reference.key for reference in references}
    return Condition(
        id=_text(table["id"]),
        name=_text(table["name"]),
        icd11=_text(table["icd11"]),
        icd11_title=_text(table["icd11_title"]),
        modality=_text(table["modality"]),
        source=cast(ConditionSource, source),
        group=cast(ConditionGroup, group),
        reviewed=table.get("reviewed", False) is True,
        synonyms=_texts(table, "synonyms"),
        look_alikes=_texts(table, "look_alikes"),
        features=_texts(table, "features"),
        history=_text(table.get("history", "")),
        summary=_text(table.get("summary", "")),
        why=_text(table.get("why", "")),
        on_light=_findings(table.get("on_light", ()), "light", cited),
        on_dark=_findings(table.get("on_dark", ()), "dark", cited),
        red_flags=_texts(table, "red_flags"),
        variants=tuple(Variant(**_texts_of(row)) for row in table.get("variant", ())),
        sources=references,
        sites=_texts(table, "sites"),
        dermoscopy=_dermoscopy(table.get("dermoscopy"), cited),
    )


def _dermoscopy(value: object, cited: set[str]) -> Dermoscopy | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise TypeError("dermoscopy must be a table with text and sources")
    found = Dermoscopy(_text(value["text"]), _texts(value, "sources"))
    missing = set(found.sources) - cited
    if missing:
        raise ValueError(f"dermoscopy cites unknown sources: {', '.join(sorted(missing))}")
    return found


def _findings(value: object, group: ToneGroup, cited: set[str]) -> tuple[ToneFinding, ...]:
    """One table, or an array of tables, of ``text`` and ``sources``; every source must be a reference's key."""
    rows = [value] if isinstance(value, Mapping) else value
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, Mapping) for row in rows):
        raise TypeError(f"on_{group} must be tables with text and sources")
    findings = tuple(ToneFinding(group, _text(row["text"]), _texts(row, "sources")) for row in rows)
    missing = {key for finding in findings for key in finding.sources} - cited
    if missing:
        raise ValueError(f"on_{group} cites unknown sources: {', '.join(sorted(missing))}")
    return findings


def _texts_of(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: _text(value) for key, value in row.items()}


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = table.get(key, ())
    if not isinstance(values, (list, tuple)):
        raise TypeError(f"{key} must be a list of texts")
    return tuple(_text(value) for value in values)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value.strip()


def _one_of(value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
    return _text(value)

"""The weights and their manifest: name, size and SHA-256 are compared before a byte is parsed. Imports no torch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import write_atomically

MANIFEST = "manifest.json"
FORMAT = 1
FACES = "faces"
"""A folder of weights may hold others, in a folder of this name, that find faces."""


@dataclass(frozen=True, slots=True)
class LesionGeometry:
    """Where and how large the lesions of a condition are in the training photographs.

    Means and standard deviations of size, horizontal and vertical position, in the units of the network's geometry
    input; all zero for healthy skin.
    """

    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a weights file is: identity, integrity, licence, and how to build the network that it fills.

    ``geometry`` and ``regions`` are by condition. The latter are shares of its training photographs from each of the
    network's body regions, in their order; what they lack of 1 is of no known region. Conditions that are not there
    have none that is known.
    """

    name: str
    version: str
    file: str
    size: int
    sha256: str
    licence: str
    attribution: str
    resolution: int
    conditions: tuple[str, ...]
    network: dict[str, Any]
    geometry: dict[str, LesionGeometry]
    training: dict[str, Any]
    regions: dict[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Name and version as one text."""
        return f"{self.name} {self.version}"

    def to_json(self) -> str:
        """Indented, key-sorted JSON with the format number."""
        return json.dumps({"format": FORMAT} | asdict(self), indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The manifest of a text. Raises ValueError, KeyError or TypeError for anything else."""
        fields = json.loads(text)
        if not isinstance(fields, dict) or fields.pop("format", None) != FORMAT:
            raise ValueError("not a manifest of this format")
        geometry = {
            name: LesionGeometry(tuple(g["mean"]), tuple(g["deviation"]))
            for name, g in dict(fields["geometry"]).items()
        }
        regions = {
            name: tuple(map(float, shares)) for name, shares in dict(fields.get("regions", {})).items()
        }
        name = fields["file"]
        if not isinstance(name, str) or Path(name).name != name or not name.endswith(".safetensors"):
            raise ValueError("the file is not a plain name")
        conditions = tuple(fields["conditions"])
        return cls(**fields | {"conditions": conditions, "geometry": geometry, "regions": regions})


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a weights file differs from its manifest, in words."""

    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}."


def has_manifest(weights_dir: Path) -> bool:
    """Whether there are weights in a folder."""
    return (weights_dir / MANIFEST).is_file()


def load_manifest(weights_dir: Path) -> Manifest:
    """The manifest in ``weights_dir``. Raises EnvironmentProblem when it is missing or unreadable."""
    path = weights_dir / MANIFEST
    try:
        return Manifest.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise EnvironmentProblem(
            f"The generator's weights are missing: there is no {MANIFEST} in {weights_dir}; install DermTutor again."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EnvironmentProblem(
            f"The manifest of the generator's weights cannot be read ({path}); install DermTutor again."
        ) from error


def verify_weights(weights_dir: Path) -> tuple[Finding, ...]:
    """How the weights, and those of faces beside them, differ from their manifests; empty when they do not.

    Raises EnvironmentProblem without a manifest.
    """
    faces = weights_dir / FACES
    folders = [weights_dir, *([faces] if has_manifest(faces) else [])]
    found = []
    for folder in folders:
        manifest = load_manifest(folder)
        finding = _compare(manifest, _read(folder, manifest))
        if finding is not None:
            found.append(finding)
    return tuple(found)


def read_verified(weights_dir: Path, manifest: Manifest) -> bytes:
    """The weights file's bytes, size and SHA-256 compared first. Raises EnvironmentProblem when they differ."""
    content = _read(weights_dir, manifest)
    finding = _compare(manifest, content)
    if finding is not None:
        raise EnvironmentProblem(
            f"The generator's weights are not the published ones: {finding} Install DermTutor again."
        )
    assert content is not None
    return content


def write_weights(weights_dir: Path, content: bytes, manifest: Manifest) -> None:
    """Write the weights, then the manifest that names them, each whole or not at all."""
    weights_dir.mkdir(parents=True, exist_ok=True)
    write_atomically(weights_dir / manifest.file, content)
    write_atomically(weights_dir / MANIFEST, manifest.to_json().encode())


def sha256_of(content: bytes) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _read(weights_dir: Path, manifest: Manifest) -> bytes | None:
    try:
        return (weights_dir / manifest.file).read_bytes()
    except OSError:
        return None


def _compare(manifest: Manifest, content: bytes | None) -> Finding | None:
    if content is None:
        return Finding(manifest.file, "the file is missing or cannot be read")
    if len(content) != manifest.size:
        return Finding(manifest.file, f"it has {len(content)} bytes, the manifest says {manifest.size}")
    if sha256_of(content) != manifest.sha256:
        return Finding(manifest.file, "its content differs from the manifest's SHA-256")
    return None

"""Where things lie: the shipped data, and one person's records, settings and cache."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from dermtutor.errors import EnvironmentProblem

HOME_VARIABLE = "DERMTUTOR_HOME"


def _data_root() -> Path:
    """Folder that holds ``assets`` and ``weights``: the frozen application, a checkout, or an installed wheel."""
    if getattr(sys, "frozen", False):
        return Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent))
    package = Path(__file__).resolve().parent
    checkout = package.parent
    return checkout if (checkout / "assets").is_dir() else package / "_data"


def assets_dir() -> Path:
    """The shipped content: conditions, recipes, icons, fonts."""
    return _data_root() / "assets"


def weights_dir() -> Path:
    """The shipped weights: manifest, safetensors, model card."""
    return _data_root() / "weights"


@dataclass(frozen=True, slots=True)
class Folders:
    """The places under one home folder. Nothing is created until :meth:`create`."""

    home: Path

    @property
    def database(self) -> Path:
        """The record database."""
        return self.home / "records.sqlite3"

    @property
    def media(self) -> Path:
        """Case images, each named by its SHA-256."""
        return self.home / "media"

    @property
    def recipes(self) -> Path:
        """The person's own recipes, one file each."""
        return self.home / "recipes"

    @property
    def known_keys(self) -> Path:
        """The names of other people's keys."""
        return self.home / "known-keys.json"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.home / "settings.json"

    @property
    def transfer_draft(self) -> Path:
        """What was put on a photograph and not saved."""
        return self.home / "transfer-draft.json"

    @property
    def signing_key(self) -> Path:
        """The private key that signs what leaves this computer."""
        return self.home / "signing-key.pem"

    @property
    def logs(self) -> Path:
        """Log files."""
        return self.home / "logs"

    @property
    def backups(self) -> Path:
        """Backups of the record database."""
        return self.home / "backups"

    @property
    def cache(self) -> Path:
        """Files that may be deleted at any time."""
        return self.home / "cache"

    def create(self) -> None:
        """Make the folders, private to the person. Raises EnvironmentProblem when the home cannot be written."""
        try:
            for folder in (self.home, self.media, self.logs, self.backups, self.cache):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.home):
                pass
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise EnvironmentProblem(
                f"Records cannot be kept in {self.home} ({reason}): make that folder writable, "
                f"or choose another with --home DIR or {HOME_VARIABLE}."
            ) from problem


def resolve_folders(home: Path | None = None) -> Folders:
    """The folders of ``home``, else of the variable DERMTUTOR_HOME, else the platform's place for user data."""
    if home is None:
        from_environment = os.environ.get(HOME_VARIABLE, "").strip()
        home = Path(from_environment or platformdirs.user_data_path("dermtutor", appauthor=False))
    return Folders(home.expanduser().absolute())


def write_atomically(path: Path, content: bytes) -> None:
    """Replace ``path`` with ``content``: a reader sees the old file or the whole new one, even after a power cut.

    The new file is readable by its owner only. Raises OSError; the old file and no temporary file are left then.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable. Windows cannot open a folder and needs no such step."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

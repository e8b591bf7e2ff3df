"""The application: one instance a home folder, its theme, its log, its window."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from dermtutor import __version__
from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import Folders, assets_dir
from dermtutor.settings import LoadedSettings, load_settings
from dermtutor.ui import resources
from dermtutor.ui.opening import OpenServices, Recovery
from dermtutor.ui.single_instance import SingleInstance, raise_running
from dermtutor.ui.theme import Theme, ThemeName
from dermtutor.ui.window import MainWindow

LOG_BYTES = 1_000_000
LOG_FILES = 3

_log = logging.getLogger(__name__)


def create_application(argv: Sequence[str] = ()) -> QApplication:
    """The QApplication with the bundled face. Raises EnvironmentProblem when the face is missing."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["dermtutor", *argv])
    app.setApplicationName("DermTutor")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("dermtutor")
    app.setWindowIcon(QIcon(str(assets_dir() / "icons" / "dermtutor.svg")))
    resources.load_fonts()
    return app


def build_window(
    app: QApplication,
    open_services: OpenServices,
    folders: Folders,
    loaded: LoadedSettings,
    theme_name: ThemeName | None = None,
    recovery: Recovery | None = None,
) -> MainWindow:
    """The window, themed and shown; its records open as soon as the event loop runs."""
    theme = Theme(theme_name or loaded.settings.theme, app)
    theme.apply(app)
    window = MainWindow(open_services, folders, loaded.settings, theme, log_path(folders), recovery)
    window.show()
    window.open()
    if loaded.warning:
        window.tell(loaded.warning)
    return window


def run(
    open_services: OpenServices, folders: Folders, argv: Sequence[str] = (), recovery: Recovery | None = None
) -> int:
    """Open the window and run until it closes. ``open_services`` is called off the window's thread.

    ``recovery`` is offered when the records are damaged.

    When a window already uses the home folder, that one comes forward and this call returns at once. Raises
    EnvironmentProblem when the home folder cannot be written.
    """
    folders.create()
    app = create_application(argv)
    if raise_running(folders.home):
        return 0
    with _logging_to(folders):
        instance = SingleInstance(folders.home)
        window = build_window(app, open_services, folders, load_settings(folders.settings), recovery=recovery)
        instance.raise_wanted.connect(window.come_forward)
        with _bugs_told(window.tell_error):
            code = app.exec()
        instance.close()
    return code


def log_path(folders: Folders) -> Path:
    """The log file of a home folder."""
    return folders.logs / "dermtutor.log"


@contextmanager
def _logging_to(folders: Folders) -> Iterator[None]:
    """The program's own messages go to a rotating file while the window is open."""
    try:
        handler = RotatingFileHandler(
            log_path(folders), maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True
        )
    except OSError as problem:
        raise EnvironmentProblem(
            f"No log can be written in {folders.logs} ({problem.strerror}); make that folder writable."
        ) from problem
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("dermtutor")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()


@contextmanager
def _bugs_told(tell: Callable[[Exception], None]) -> Iterator[None]:
    """An exception that nothing caught is logged and told in the banner; the window stays."""
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            before(kind, error, trace)
            return
        _log.error("uncaught", exc_info=(kind, error, trace))
        tell(error)

    sys.excepthook = hook
    try:
        yield
    finally:
        sys.excepthook = before

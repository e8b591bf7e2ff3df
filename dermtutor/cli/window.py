"""``dermtutor`` without a command: the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click

from dermtutor.bootstrap import build_services, open_maintenance
from dermtutor.cli.common import Context
from dermtutor.cli.display import display_problem
from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import Folders
from dermtutor.services.maintenance import Maintenance
from dermtutor.settings import load_settings


def open_window(context: Context) -> int:
    """Open the window and run until it closes; when one is open on these records, bring that one forward and say so.

    Raises EnvironmentProblem where no window can be shown.
    """
    problem = display_problem()
    if problem is not None:
        raise EnvironmentProblem(problem)
    from dermtutor.ui.app import run
    from dermtutor.ui.opening import Recovery
    from dermtutor.ui.single_instance import raise_running

    folders = context.folders
    if raise_running(folders.home):
        click.echo(
            f"DermTutor is already open on {folders.home}; its window was brought to the front.", err=True
        )
        return 0
    device = load_settings(folders.settings).settings.device
    recovery = Recovery(
        restore=partial(maintain, folders, Maintenance.restore),
        begin_afresh=partial(maintain, folders, Maintenance.begin_afresh),
    )
    return run(partial(build_services, folders, device), folders, recovery=recovery)


def maintain(folders: Folders, work: Callable[[Maintenance], object]) -> None:
    """Do something about records that are too damaged to open. Raises UserError when that cannot be done."""
    maintenance, close = open_maintenance(folders)
    try:
        work(maintenance)
    finally:
        close()

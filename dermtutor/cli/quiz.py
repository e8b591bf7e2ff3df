"""``dermtutor quiz``: a whole quiz from a file of answers, through the same use cases as the window."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict, Unpack

import click

from dermtutor.bootstrap import Services, build_services
from dermtutor.cli.cases import device_option, named_conditions
from dermtutor.cli.common import (
    MAX_SEED,
    Context,
    MonkTonesType,
    answer,
    json_option,
    pass_context,
    progress_bar,
)
from dermtutor.cli.set_exchange import is_file
from dermtutor.domain.case_sets import CaseSet
from dermtutor.domain.learners import Learner
from dermtutor.domain.modes import AnswerKind, Mode, QuizOptions
from dermtutor.domain.quiz import CHOICES_RANGE, QuizPlan
from dermtutor.domain.set_quiz import set_plan
from dermtutor.errors import UserError
from dermtutor.services.answer_sheet import read_sheet
from dermtutor.services.scripted import take
from dermtutor.skin.scales import MonkTone


class _Options(TypedDict):
    """The options that say what is asked."""

    conditions: str | None
    set_name: str | None
    tones: tuple[MonkTone, ...]
    mode: str
    kind: str
    choices: int
    form: str | None


@click.command()
@click.option("--conditions", metavar="A,B", help="Condition ids, or the groups all, learned, recipes.")
@click.option(
    "--set",
    "set_name",
    metavar="SET",
    help="Ask the cases of this set instead: its name, or a case-set file.",
)
@click.option("--tones", type=MonkTonesType(), default="1-10", show_default=True, help="Monk tones.")
@click.option(
    "--answers",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="CSV with the columns chosen, confidence (1-5) and seconds; one line a question.",
)
@click.option("--learner", required=True, metavar="NAME", help="Who answers; added when unknown.")
@click.option(
    "--mode", type=click.Choice([mode.value for mode in Mode]), default="practice", show_default=True
)
@click.option(
    "--kind", type=click.Choice([kind.value for kind in AnswerKind]), default="single", show_default=True
)
@click.option(
    "--choices", type=click.IntRange(*CHOICES_RANGE), default=4, show_default=True, help="Answer options."
)
@click.option("--form", type=click.Choice(["A", "B"]), help="Which of the two forms, in that mode.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), help="The same seed plans the same quiz.")
@device_option
@json_option
@pass_context
def quiz(
    context: Context,
    answers: Path,
    learner: str,
    seed: int | None,
    device: str,
    as_json: bool,
    **options: Unpack[_Options],
) -> None:
    """Take a quiz without a window, from given answers, and keep them under the learner's name.

    An answer is a condition's id, name or synonym, the number of an option, or none-of-these; in a differential
    several, the likeliest first, with > between them. Adaptive choice is off, so that a seed says what is asked.
    """
    if (options["conditions"] is None) is (options["set_name"] is None):
        raise click.UsageError("Name either conditions or a case set.")
    sheet = read_sheet(_text(answers))
    services = build_services(context.folders, device)
    try:
        if options["mode"] == Mode.REVIEW:
            raise UserError(
                "A review asks what is due, which no file of answers can know; use the window for it."
            )
        plan = _plan(services, len(sheet), options)
        who = _learner(services, learner)
        with progress_bar("questions") as progress:
            taken = take(
                services.quiz,
                services.exam,
                services.catalogue,
                who.id,
                plan,
                sheet,
                seed=seed,
                progress=progress,
            )
    finally:
        services.close()
    facts = {"session": taken.session, "asked": taken.asked, "correct": taken.correct}
    answer(as_json, facts, f"{taken.correct} of {taken.asked} right, kept for {who.name}.")


def _plan(services: Services, questions: int, options: _Options) -> QuizPlan:
    """The quiz that the options describe, on conditions or on a case set."""
    mode, choices = Mode(options["mode"]), options["choices"]
    kind = AnswerKind(options["kind"])
    further = QuizOptions(kind=kind, adaptive=False, form=options["form"] or "")
    if options["set_name"] is not None:
        return set_plan(_set(services, options["set_name"]), mode, questions, choices, further)
    conditions = named_conditions(options["conditions"] or "", services.catalogue)
    return QuizPlan(conditions, options["tones"], questions, choices, mode, further)


def _set(services: Services, name: str) -> CaseSet:
    """The set of that name. That of a file is verified, and taken into the records unless it is there."""
    if not is_file(name):
        return services.case_sets.named(name)
    set_id = services.set_exchange.verify(Path(name)).imported.case_set.set_id
    if all(known.case_set.set_id != set_id for known in services.case_sets.summaries()):
        services.set_exchange.take(Path(name))
    return services.case_sets.get(set_id)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        raise UserError(
            f"The answers in {path} cannot be read ({problem.strerror}); name another file."
        ) from problem
    except UnicodeDecodeError as problem:
        raise UserError(f"The answers in {path} are not UTF-8 text; save them as CSV in UTF-8.") from problem


def _learner(services: Services, name: str) -> Learner:
    wanted = " ".join(name.split()).casefold()
    known = next((who for who in services.profiles.learners() if who.name.casefold() == wanted), None)
    return known or services.profiles.create(name)

"""Results leave as a signed file, and come in from others. Imported answers never count among one's own."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from dermtutor.domain.learners import Learner
from dermtutor.domain.modes import Mode
from dermtutor.domain.results import (
    LONGEST_NAME,
    MOST_ANSWERS,
    ImportedLearner,
    Results,
    SentSession,
    pseudonym,
    results_id,
)
from dermtutor.errors import UserError
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.own_data import Deletion
from dermtutor.services.ports import Cancelled, CancelToken, Progress, Records
from dermtutor.services.ports_answers import AnswerHistory
from dermtutor.services.ports_keeping import LearnerData

ENDING: Final = ".dermresults"


@dataclass(frozen=True, slots=True)
class SignedResults:
    """What a verified file says, who signed it (public key, and as people compare it), and the SHA-256 of the file."""

    results: Results
    key: str
    fingerprint: str
    sha: str


class ResultsFormat(Protocol):
    """The file format."""

    def written(self, results: Results) -> bytes:
        """The file of the results, signed by this computer."""
        ...

    def read(self, content: bytes) -> SignedResults:
        """What a file says, once all of it is verified. Raises UserError, one sentence, for anything that is off."""
        ...


class ImportedResults(Protocol):
    """The imported results in the records."""

    def add(self, signed: SignedResults, when: datetime) -> int:
        """Keeps the answers that are new, all or none, and returns how many there were.

        Raises UserError where they contradict what was imported before.
        """
        ...

    def learners(self) -> tuple[ImportedLearner, ...]:
        """Everybody whose results were imported, by name."""
        ...


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of results, the name that others will see, and how many answers it holds."""

    content: bytes
    name: str
    answers: int


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported file: whose it is, how many answers it holds, and how many of them were new."""

    file: str
    name: str
    answers: int
    new: int


@dataclass(frozen=True, slots=True)
class Refused:
    """One file that was not imported, and why, in one sentence."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the files."""

    imported: tuple[Imported, ...]
    refused: tuple[Refused, ...]

    @property
    def new(self) -> int:
        """Answers that were not there before."""
        return sum(each.new for each in self.imported)


class ResultsExchange:
    """Sends and takes results. Thread-safe; calls block until done."""

    def __init__(
        self,
        records: Records,
        history: AnswerHistory,
        format: ResultsFormat,  # noqa: A002 - the field's own word
        imported: ImportedResults,
        data: LearnerData,
        table: AnswerTable,
    ) -> None:
        """``history`` is of the own records, ``table`` of the imported ones."""
        self._records, self._history = records, history
        self._format, self._imported = format, imported
        self._data, self._table = data, table

    def export(self, learner: Learner, name: str = "") -> SentFile:
        """The learner's results as a file. ``name`` is what others will see, empty for a pseudonym.

        Raises UserError for a name that is none, or without an answer.
        """
        who = results_id(learner.id)
        shown = " ".join(name.split()) or pseudonym(who)
        if len(shown) > LONGEST_NAME or not shown.isprintable():
            raise UserError(f"Choose a name of at most {LONGEST_NAME} letters.")
        answers = self._records.answers(learner.id)[-MOST_ANSWERS:]
        if not answers:
            raise UserError(f"{learner.name} has no answers to send yet; answer some cases first.")
        asked = {record.session_id for record in answers}
        sessions = self._history.sessions(learner.id)
        reviewed = set(self._history.reviewed_cases().tolist())
        cases = {record.spec.spec_id for record in answers}
        content = self._format.written(
            Results(
                learner=who,
                name=shown,
                written_at=datetime.now(UTC),
                sessions={
                    session: SentSession(Mode(mode), case_set)
                    for session, (mode, case_set) in sessions.items()
                    if session in asked
                },
                reviewed=frozenset(case for case in cases if int(case[:15], 16) in reviewed),
                answers=tuple(replace(record, learner_id=who) for record in answers),
            )
        )
        return SentFile(content, shown, len(answers))

    def take(
        self, files: Sequence[Path], cancel: CancelToken | None = None, progress: Progress | None = None
    ) -> ImportReport:
        """Imports files, each whole or not at all; one that is refused keeps none of the others out.

        Raises Cancelled when the token was set; what was imported before stays.
        """
        imported, refused = [], []
        for number, (file, read) in enumerate(self._read_ahead(files), 1):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            try:
                signed = read.result()
                new = self._imported.add(signed, datetime.now(UTC))
                results = signed.results
                imported.append(Imported(file.name, results.name, len(results.answers), new))
            except UserError as problem:
                refused.append(Refused(file.name, str(problem)))
            if progress is not None:
                progress(number / len(files))
        return ImportReport(tuple(imported), tuple(refused))

    def _read_ahead(self, files: Sequence[Path]) -> Iterator[tuple[Path, Future[SignedResults]]]:
        """Each file with what it says; the next one is read and verified while this one is written."""
        waiting: deque[tuple[Path, Future[SignedResults]]] = deque()
        with ThreadPoolExecutor(1, "results") as reader:
            for file in files:
                waiting.append((file, reader.submit(self._read, file)))
                if len(waiting) > 1:
                    yield waiting.popleft()
            yield from waiting

    def _read(self, file: Path) -> SignedResults:
        try:
            content = file.read_bytes()
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise UserError(f"It cannot be read ({reason}); choose another file.") from problem
        return self._format.read(content)

    def learners(self) -> tuple[ImportedLearner, ...]:
        """Everybody whose results were imported, by name."""
        return self._imported.learners()

    def named(self, name: str) -> ImportedLearner:
        """The imported learner of a name. Raises UserError when there is none, or more than one."""
        wanted = " ".join(name.split()).casefold()
        found = [learner for learner in self.learners() if wanted in (learner.name.casefold(), learner.id)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UserError(f"Several imported learners are called {name!r}; give one of their ids.")
        names = ", ".join(learner.name for learner in self.learners()) or "none yet"
        raise UserError(f"No imported learner is called {name!r}; there are: {names}.")

    def remove(self, learner: ImportedLearner) -> Deletion:
        """Removes what was imported of a learner, from the backups too."""
        removed = self._data.delete(learner.id)
        self._table.forget()
        return Deletion(learner, removed, datetime.now(UTC))

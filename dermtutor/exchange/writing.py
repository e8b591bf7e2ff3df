"""Which writer makes which format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from dermtutor.domain.case_sets import CaseSet
from dermtutor.domain.conditions import Catalogue
from dermtutor.exchange import anki, dataset, moodle, printed, qti, scorm
from dermtutor.exchange.forms import Form
from dermtutor.exchange.leaving import LeftOut
from dermtutor.exchange.questions import Media, Sheet
from dermtutor.exchange.saving import write_archive


def write_form(
    form: Form,
    case_set: CaseSet,
    catalogue: Catalogue,
    media: Media,
    left_out: LeftOut,
    targets: Sequence[Path],
) -> None:
    """Writes a set that may leave as it is in any format but its own. ``left_out`` is told in a data set's card."""
    if form is Form.DATASET:
        with targets[0].open("wb") as stream:
            write_archive(stream, dataset.dataset_files(case_set, catalogue, media, left_out))
    else:
        _WRITERS[form](Sheet(case_set, catalogue, media), *targets)


def _pieces(write: Callable[[Sheet], Iterable[bytes]]) -> Callable[..., None]:
    def writer(sheet: Sheet, target: Path) -> None:
        with target.open("wb") as stream:
            stream.writelines(write(sheet))

    return writer


def _archive(files: Callable[[Sheet], Iterable[tuple[str, bytes]]]) -> Callable[..., None]:
    def writer(sheet: Sheet, target: Path) -> None:
        with target.open("wb") as stream:
            write_archive(stream, files(sheet))

    return writer


_WRITERS: Final[Mapping[Form, Callable[..., None]]] = {
    Form.MOODLE: _pieces(moodle.moodle_xml),
    Form.GIFT: _pieces(moodle.gift),
    Form.QTI3: _archive(lambda sheet: qti.qti_package(sheet, qti.QTI_3)),
    Form.QTI21: _archive(lambda sheet: qti.qti_package(sheet, qti.QTI_21)),
    Form.SCORM: _archive(scorm.scorm_package),
    Form.ANKI: anki.write_anki,
    Form.PDF: printed.write_handout,
}

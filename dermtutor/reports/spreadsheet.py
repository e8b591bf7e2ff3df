"""The report as a spreadsheet (XLSX): one sheet a table, numbers as numbers, no text taken for a formula."""

from __future__ import annotations

import io
from typing import Any, Final

import xlsxwriter

from dermtutor.reports.columns import Column, Table, Value, guarded
from dermtutor.reports.report import Report
from dermtutor.reports.words import filter_said

_FORMATS: Final = {
    "share": "0 %", "interval": "0 %", "points": "+0 %;\u22120 %;0 %", "span": "+0 %;\u22120 %;0 %",
    "count": "0", "number": "0.000", "p": "0.000", "seconds": "0.0",
}  # fmt: skip
_WIDEST: Final = 48


def spreadsheet(report: Report) -> bytes:
    """The file. Shares are fractions shown in percent; intervals have two columns."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {"title": f"DermTutor report: {report.title}", "created": report.made_at.replace(tzinfo=None)}
    )
    styles = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
    styles["head"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    _about(book.add_worksheet("About"), report, styles)
    for table in report.sheets():
        _sheet(book.add_worksheet(table.name.capitalize()), table, styles)
    book.close()
    return buffer.getvalue()


def _about(sheet: Any, report: Report, styles: dict[str, Any]) -> None:
    lines = [
        ("Report on", report.title),
        ("Made", report.made_at.astimezone().strftime("%Y-%m-%d %H:%M")),
        ("Answers that count", filter_said(report.chosen)),
        ("Answers", str(report.figures.total.n)),
        ("Read with care", "Accuracy on synthetic images is not skill with patients. Not for diagnosis."),
        ("Intervals", "95 % throughout; a blank cell means too few answers to say."),
        *((table.title, table.note) for table in report.sheets()),
    ]
    for number, (name, text) in enumerate(lines):
        sheet.write_string(number, 0, guarded(name), styles["head"])
        sheet.write_string(number, 1, guarded(text))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 120)


def _sheet(sheet: Any, table: Table, styles: dict[str, Any]) -> None:
    place = 0
    for number, column in enumerate(table.columns):
        for title, cells in _spread(column, [row[number] for row in table.rows]):
            sheet.write_string(0, place, guarded(title), styles["head"])
            width = len(title)
            for line, cell in enumerate(cells, 1):
                if isinstance(cell, str):
                    sheet.write_string(line, place, guarded(cell))
                    width = max(width, len(cell))
                elif cell is not None:
                    sheet.write_number(line, place, cell, styles[column.kind])
            sheet.set_column(place, place, min(_WIDEST, width + 2))
            place += 1
    sheet.freeze_panes(1, 1)


def _spread(column: Column, values: list[Value]) -> list[tuple[str, list[Any]]]:
    """The column as one or, for an interval, two of the sheet."""
    if column.kind not in ("interval", "span"):
        return [(column.title, values)]
    return [
        (f"{column.title}, {side}", [value[place] if isinstance(value, tuple) else None for value in values])
        for place, side in enumerate(("from", "to"))
    ]

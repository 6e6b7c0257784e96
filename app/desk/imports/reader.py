"""Read an uploaded table as rows of text: a CSV file, or the one sheet of an .xlsx workbook.

A worker process with limits on time and memory reads it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import PurePath
from typing import IO, Any
from zipfile import ZipFile

from app.desk.csv import MAX_CELL_CHARACTERS
from app.documents import clean
from app.files import escape_formula
from app.i18n.translate import _
from app.worker_pool import DESK, POOL, PoolFullError, TaskLimitError

MAX_ROWS = 200
MAX_LINES = 10_000
"""Rows with the blank ones: one cell far down a sheet creates a million of these."""
MAX_COLUMNS = 200
MAX_CHARACTERS = 5_000_000
MAX_READ_SECONDS = 60
MAX_WORKBOOK_BYTES = 100_000_000
"""Unpacked size of a workbook. openpyxl reads all shared strings before the first row."""
ENDINGS = (".csv", ".tsv", ".xlsx")

Line = tuple[int, list[str]]
"""Number of a row in the file, and its cells."""


class UnreadableUploadError(Exception):
    """The upload can't be read. The message says why, and what to do."""


@dataclass(frozen=True)
class UploadedTable:
    header: Sequence[str]
    lines: Sequence[Line]
    """The rows that are not blank, without the header."""


def read_upload(name: str, file: IO[bytes]) -> UploadedTable:
    """Read a file in a worker process. Raises UnreadableUploadError."""
    file.seek(0)
    file.fileno()  # moves an upload that is held in memory into a file
    file.flush()
    try:
        return POOL.run(DESK, MAX_READ_SECONDS, read_table, name, files=[file])
    except TaskLimitError:
        words = _("Reading the file took too long or too much memory. Upload it in parts.")
        raise UnreadableUploadError(words) from None
    except PoolFullError:
        words = _("The server is busy reading other files. Nothing was imported. Try again later.")
        raise UnreadableUploadError(words) from None


def read_table(name: str, file: IO[bytes]) -> UploadedTable:
    """Read a file. Runs in a worker."""
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise UnreadableUploadError(_("The file is not a table. Upload a CSV or .xlsx file."))
    lines = list(_sheet_lines(file) if ending == ".xlsx" else _csv_lines(file))
    header = [cell.strip() for cell in lines[0][1]] if lines and lines[0][0] == 1 else []
    while header and not header[-1]:
        header.pop()
    if not header:
        raise UnreadableUploadError(_("The file has no column names in its first line. Add them."))
    return UploadedTable(header, lines[1:])


def _limited(lines: Iterator[tuple[int, Sequence[str]]]) -> Iterator[Line]:
    """Yield the rows that are not blank, without blank cells at their ends, up to the limits."""
    count = characters = 0
    for number, row in lines:
        cells = [clean(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        count += bool(cells)
        characters += sum(map(len, cells))
        if number > MAX_LINES or count > MAX_ROWS + 1:
            words = _(
                "The file has more than {most} rows. Remove blank rows, or upload it in parts."
            )
            raise UnreadableUploadError(words.format(most=MAX_ROWS))
        if characters > MAX_CHARACTERS or len(cells) > MAX_COLUMNS:
            words = _("Line {line} has too much text, or more than {most} columns. Shorten it.")
            raise UnreadableUploadError(words.format(line=number, most=MAX_COLUMNS))
        if cells:
            yield number, [_without_escape(cell) for cell in cells]


def _without_escape(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and escape_formula(cell[1:]) == cell else cell


# CSV --------------------------------------------------------------------------------------------


def _csv_lines(file: IO[bytes]) -> Iterator[Line]:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        first = text.readline()
        rows = csv.reader(chain([first], text), strict=True, delimiter=max(",;\t", key=first.count))
        yield from _limited(_numbered(rows))
    except UnicodeDecodeError as error:
        words = _("The file is not UTF-8. Save it as “CSV UTF-8”.")
        raise UnreadableUploadError(words) from error
    except csv.Error as error:
        words = _("The file is not valid CSV at line {line}: {reason}.")
        raise UnreadableUploadError(words.format(line=rows.line_num, reason=error)) from error
    finally:
        text.detach()


def _numbered(rows: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its first line."""
    number = 1
    for row in rows:
        yield number, row
        number = rows.line_num + 1


# Workbooks --------------------------------------------------------------------------------------


def _sheet_lines(file: IO[bytes]) -> Iterator[Line]:
    """Yield the rows of a workbook's only sheet. A formula is read as its saved value."""
    # Imported here: openpyxl slows down the start of the site.
    from openpyxl import load_workbook

    try:
        # Python never unpacks more than the declared size of a part.
        if sum(part.file_size for part in ZipFile(file).infolist()) > MAX_WORKBOOK_BYTES:
            words = _(
                "Uncompressed, the workbook is too large. Save its sheet as CSV, or in parts."
            )
            raise UnreadableUploadError(words)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # the size declared in a sheet is often wrong
        # openpyxl fills a gap with blank rows up to `max_row`; without it, with 2,000 million.
        sheets = [
            sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=MAX_LINES + 1)
            for sheet in book.worksheets
        ]
        first, *others = sheets
        if any(cell.value is not None for rows in others for row in rows for cell in row):
            raise UnreadableUploadError(
                _("The workbook has several sheets. Save each as a file of its own.")
            )
        yield from _limited(
            (number, [_cell_text(number, cell) for cell in row])
            for number, row in enumerate(first, 1)
        )
    except UnreadableUploadError:
        raise
    except Exception as error:  # openpyxl raises many kinds of error for damaged files
        words = _("The file can’t be read as a workbook. Save it again as .xlsx, or as CSV.")
        raise UnreadableUploadError(words) from error


def _cell_text(number: int, cell: Any) -> str:
    if cell.data_type == "e":
        words = _("In line {line}, a formula results in {value}. Correct the formula.")
        raise UnreadableUploadError(words.format(line=number, value=cell.value))
    return cell_as_text(cell.value)


def cell_as_text(value: Any) -> str:
    """Return the value of a cell as an editor would type it into a CSV file."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.0f}" if value.is_integer() else repr(value)
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return str(value)

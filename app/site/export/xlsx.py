"""Lists as XLSX: a sheet of rows, and a sheet on filter, edition, licence and columns."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

from app.i18n.translate import _
from app.site.export.column_types import Column, ColumnType, plain_value

R = TypeVar("R")

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_575
"""The limit of a sheet, less the line of column names."""
MAX_CELL_CHARACTERS = 32_767
CHUNK_BYTES = 128 * 1024
MEASURED_ROWS = 100
"""Columns are as wide as the widest value in this many rows at the start."""
MIN_WIDTH, MAX_WIDTH = 8, 60
"""Widths of columns, in characters."""
FILTER_BUTTON_WIDTH = 4
DAY_FORMATS = {ColumnType.DAY: "yyyy-mm-dd", ColumnType.MOMENT: "yyyy-mm-dd hh:mm:ss"}
FIRST_DAY = date(1900, 3, 1)
"""The day from which Excel counts without its leap year of 1900; earlier days are text."""


def as_xlsx(
    columns: Sequence[Column[R]], rows: Iterable[R], about: Sequence[tuple[str, str]], at: datetime
) -> Iterator[bytes]:
    """Yield the workbook in chunks. It is written to disk, so memory has one row at a time.

    The first chunk comes after the last row: an archive lists its files with their lengths.
    """
    with TemporaryFile() as file:
        _write_workbook(file, columns, rows, about, at)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _write_workbook(
    file: IO[bytes],
    columns: Sequence[Column[R]],
    rows: Iterable[R],
    about: Sequence[tuple[str, str]],
    at: datetime,
) -> None:
    # Imported here: XlsxWriter slows down the start of the site.
    from xlsxwriter import Workbook

    # Not closed after an error: the file would look complete.
    book = Workbook(file, {"constant_memory": True})
    # The day of the edition, not today, so that the same query gives the same file.
    book.set_properties({"title": about[0][1], "created": at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    formats = {kind: book.add_format({"num_format": words}) for kind, words in DAY_FORMATS.items()}
    sheet = book.add_worksheet(_("Rows"))
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, [column.name for column in columns], bold)
    widths = [len(column.name) + FILTER_BUTTON_WIDTH for column in columns]
    line = 0
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = plain_value(column.of(row))
            _write_cell(sheet, line, place, value, formats.get(column.holds))
            if line <= MEASURED_ROWS:
                widths[place] = max(widths[place], len(str(value)))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(MIN_WIDTH, width), MAX_WIDTH))
    sheet.autofilter(0, 0, max(line, 1), len(columns) - 1)
    sheet = book.add_worksheet(_("About"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    described = ((column.name, column.description) for column in columns)
    for line, (name, words) in enumerate([*about, ("", ""), *described]):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, words)
    book.close()


def _write_cell(
    sheet: Any, line: int, place: int, value: str | float | bool, day_format: Any
) -> None:
    """Write a cell. Text that looks like a formula or a link stays text, which is safe to open."""
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif not isinstance(value, str):
        sheet.write_number(line, place, value)
    elif value and day_format and (moment := _moment(value)).date() >= FIRST_DAY:
        sheet.write_datetime(line, place, moment, day_format)
    elif value:
        is_long = len(value) > MAX_CELL_CHARACTERS
        text = f"{value[: MAX_CELL_CHARACTERS - 1]}…" if is_long else value
        sheet.write_string(line, place, text)


def _moment(text: str) -> datetime:
    """Return a day or moment in UTC without a zone, because spreadsheets know none."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
